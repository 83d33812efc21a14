"""`datetime.now()` and its kin follow virtual time, and what they give is real."""
# Naive moments, asked for where the names stand, are what is tested:
# ruff: noqa: DTZ001, DTZ002, DTZ003, DTZ005, DTZ007, DTZ011, DTZ012, PLW0108

import copy
import datetime as module  # noqa: ICN001 - only a name for the module
import pickle
import sys
import threading
import time
import types
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from types import SimpleNamespace

import pytest

from pytest_apierrors.clock import virtual_time

# Not as names of this module: those would be replaced, too.
REAL = SimpleNamespace(moment=datetime, day=date, module=module)
WALL = 1_767_268_800  # 2026-01-01 12:00 UTC


def made(name, text, monkeypatch, file=None):
    """A module that is loaded while the test runs."""
    one = types.ModuleType(name)
    if file is not None:
        file.write_text(text)
        one.__file__ = str(file)
    exec(text, one.__dict__)
    monkeypatch.setitem(sys.modules, name, one)
    return one


NOWS = {
    "now": lambda: datetime.now(),
    "now, UTC": lambda: datetime.now(UTC),
    "now, by name": lambda: datetime.now(tz=timezone(timedelta(hours=2))),
    "utcnow": lambda: datetime.utcnow(),
    "today": lambda: datetime.today(),
    "module, now": lambda: module.datetime.now(),
    "module, utcnow": lambda: module.datetime.utcnow(),
}


@pytest.mark.parametrize("now", NOWS.values(), ids=NOWS)
def test_a_moment_advances_with_a_sleep_and_agrees_with_the_clock(now):
    with virtual_time(wall=WALL):
        before = now()
        time.sleep(100)
        after, clock = now(), time.time()

    assert after - before == pytest.approx(timedelta(seconds=100), abs=timedelta(seconds=1))
    assert type(after) is REAL.moment
    utc = after.tzinfo is None and now in (NOWS["utcnow"], NOWS["module, utcnow"])
    stamp = after.replace(tzinfo=UTC).timestamp() if utc else after.timestamp()
    assert stamp == pytest.approx(clock, abs=0.01)
    assert clock == pytest.approx(WALL + 100, abs=1)


def test_a_zone_that_is_none_is_what_it_always_is():
    with pytest.raises(TypeError) as real:
        datetime.now("UTC")
    with virtual_time(), pytest.raises(TypeError) as virtual:
        datetime.now("UTC")

    assert str(virtual.value) == str(real.value)


@pytest.mark.parametrize("today", [lambda: date.today(), lambda: module.date.today()])
def test_a_day_passes_with_a_sleep(today):
    with virtual_time(wall=WALL):
        before = today()
        time.sleep(86_400 * 3)
        after = today()

    assert after - before == timedelta(days=3)
    assert type(after) is REAL.day


def test_everything_is_put_back():
    def call():
        with virtual_time():
            assert datetime is not REAL.moment
            assert date is not REAL.day
            assert module is not REAL.module
            raise KeyError

    with pytest.raises(KeyError):
        call()

    assert datetime is REAL.moment is module.datetime
    assert date is REAL.day is module.date
    assert module is REAL.module is sys.modules["datetime"]


def test_what_is_made_is_real():
    with virtual_time():
        some = [
            datetime(2026, 1, 1),
            datetime.fromisoformat("2026-01-01T00:00:00+00:00"),
            datetime.fromtimestamp(0, UTC),
            datetime.strptime("2026", "%Y"),
            datetime.combine(date(2026, 1, 1), datetime.min.time()),
            datetime.now() + timedelta(1),
        ]
        days = [date(2026, 1, 1), date.fromisoformat("2026-01-01"), date.fromtimestamp(0)]
        copies = [pickle.loads(pickle.dumps(one)) for one in (*some, *days)]
        copies += [copy.deepcopy(one) for one in some]

    assert {type(one) for one in some} == {REAL.moment}
    assert {type(one) for one in days} == {REAL.day}
    assert copies == [*some, *days, *some]
    assert {type(one) for one in copies} == {REAL.moment, REAL.day}


def test_a_stand_in_passes_for_its_class():
    with virtual_time():
        assert isinstance(REAL.moment(2026, 1, 1), datetime)
        assert isinstance(REAL.moment(2026, 1, 1), date)
        assert isinstance(REAL.moment(2026, 1, 1), (str, datetime | None))
        assert not isinstance(REAL.day(2026, 1, 1), datetime)
        assert issubclass(REAL.moment, datetime)
        assert issubclass(datetime, REAL.moment)
        assert issubclass(datetime, date)
        assert not issubclass(REAL.day, datetime)
        assert datetime == REAL.moment == datetime
        assert datetime != date
        assert {REAL.moment: "found"}[datetime] == {datetime: "found"}[REAL.moment] == "found"
        assert repr(datetime) == "<class 'datetime.datetime'>"
        match datetime.now():
            case datetime(year=year):
                assert year >= 2026


def test_a_class_that_is_derived_in_the_call_is_a_class_of_its_own():
    with virtual_time(wall=WALL):

        class Moment(datetime):
            pass

        class Day(date):
            pass

        now, day = Moment.now(UTC), Day.today()
        assert isinstance(now, Moment)
        assert isinstance(now, datetime)
        assert not isinstance(datetime.now(), Moment)
        assert not issubclass(REAL.moment, Moment)
        assert {Moment: 1}.get(datetime) is None

    assert (type(now), type(day)) == (Moment, Day)
    assert isinstance(now, REAL.moment)
    assert now.timestamp() == pytest.approx(WALL, abs=1)


def test_other_threads_keep_the_real_moment():
    went, seen = threading.Event(), []

    def outside():
        went.wait(5)
        seen.extend([datetime.now(UTC), datetime.today(), date.today()])

    thread = threading.Thread(target=outside)
    thread.start()
    with virtual_time(wall=0):
        went.set()
        thread.join()

    assert abs(seen[0] - datetime.now(UTC)) < timedelta(seconds=10)
    assert abs(seen[1] - datetime.now()) < timedelta(seconds=10)
    assert seen[2].year > 2000


@pytest.mark.parametrize("name", ["trustme.late", "cryptography.late", "_pytest.late", "msgspec.x"])
def test_who_needs_the_real_moment_keeps_it(name, monkeypatch):
    one = made(name, "from datetime import datetime\nnow = lambda: datetime.now()", monkeypatch)

    with virtual_time(wall=0):
        assert one.datetime is REAL.moment
        assert one.now().year > 2000


def test_a_module_that_never_asks_keeps_its_names(monkeypatch, tmp_path):
    text = "import datetime\nfrom datetime import date\nday = date(2026, 1, 1)\n"
    never = made("never_asks", text, monkeypatch, tmp_path / "never.py")
    asks = made(
        "asks", text + "def now(): return date.today()\n", monkeypatch, tmp_path / "asks.py"
    )

    with virtual_time():
        assert never.date is REAL.day
        assert never.datetime is REAL.module
        assert asks.date is not REAL.day


def test_a_module_of_models_keeps_its_names(monkeypatch):
    """Their annotations may be read for the first time within the call."""
    text = (
        "from __future__ import annotations\nimport msgspec\nfrom datetime import datetime\n"
        "class Event(msgspec.Struct):\n    at: datetime\n"
        "def read(data): return msgspec.json.decode(data, type=Event), datetime.now()\n"
    )
    one = made("with_models", text, monkeypatch)

    with virtual_time():
        event, _ = one.read(b'{"at": "2026-01-01T00:00:00Z"}')

    assert event.at == datetime(2026, 1, 1, tzinfo=UTC)


def test_a_file_that_cannot_be_read_may_ask(monkeypatch):
    one = made("no_file", "from datetime import date", monkeypatch)
    one.__file__ = str(Path("nowhere") / "no_file.py")

    with virtual_time():
        assert one.date is not REAL.day
