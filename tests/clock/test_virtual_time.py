"""Virtual time: what a call sleeps passes at once, and nobody else notices."""

import asyncio
import select
import socket
import sys
import threading
import time
import types
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from time import monotonic as now_by_name
from time import sleep as sleep_by_name

import pytest
from clock_readings import CLOCKS, NAMES, YEAR, lengths
from urllib3.util.retry import Retry

from pytest_apierrors.clock import virtual_time
from pytest_apierrors.errors import UsageProblem


@pytest.mark.parametrize("name", CLOCKS)
def test_every_clock_advances_with_a_sleep(name):
    with virtual_time():
        before = getattr(time, name)()
        time.sleep(100)
        passed = getattr(time, name)() - before

    assert passed == pytest.approx(100 * 10**9 if name.endswith("_ns") else 100, rel=0.02)


def test_the_clocks_begin_where_the_real_ones_are():
    real = time.time(), time.monotonic(), time.perf_counter()
    with virtual_time():
        virtual = time.time(), time.monotonic(), time.perf_counter()

    assert virtual == pytest.approx(real, abs=1)


def test_wall_says_when_it_is():
    with virtual_time(wall=1_000_000_000):
        time.sleep(5)
        assert time.time() == pytest.approx(1_000_000_005, abs=1)
        assert time.time_ns() == pytest.approx(1_000_000_005 * 10**9, abs=10**9)


def test_sleeps_are_written_down_with_their_start():
    with virtual_time() as clock:
        time.sleep(2)
        time.sleep(30)

        assert clock.now() == clock.monotonic() == pytest.approx(32, abs=1)

    assert [tuple(round(n, 3) for n in one) for one in clock.sleeps] == [(0, 2), (2, 30)]
    assert clock.slept == pytest.approx(32)


def test_names_of_modules_are_found():
    with virtual_time() as clock:
        before = now_by_name()
        sleep_by_name(7)

        assert now_by_name() - before == pytest.approx(7, abs=1)
    assert lengths(clock) == [7]


def test_names_of_modules_that_come_later_are_found(monkeypatch):
    with virtual_time():
        pass
    late = types.ModuleType("late_module")
    exec("from time import sleep", late.__dict__)
    monkeypatch.setitem(sys.modules, "late_module", late)

    with virtual_time() as clock:
        late.sleep(9)

    assert lengths(clock) == [9]
    assert late.sleep is time.sleep


def test_a_module_of_the_same_name_is_looked_at_again(monkeypatch):
    for _ in range(2):
        module = types.ModuleType("reloaded_module")
        exec("from time import sleep", module.__dict__)
        monkeypatch.setitem(sys.modules, "reloaded_module", module)
        monkeypatch.setitem(sys.modules, f"other_{id(module)}", types.ModuleType("other"))
        with virtual_time() as clock:
            module.sleep(9)
        assert lengths(clock) == [9]


def test_a_retry_of_urllib3_sleeps_virtually():
    retry = Retry(total=3, backoff_factor=40).increment("GET", "/").increment("GET", "/")

    with virtual_time() as clock:
        retry.sleep()

    assert lengths(clock) == [80]


def test_everything_is_put_back():
    real = {name: getattr(time, name) for name in NAMES}
    async_sleep = asyncio.sleep

    def call():
        with virtual_time():
            assert time.sleep is not real["sleep"]
            raise KeyError

    with pytest.raises(KeyError):
        call()

    assert {name: getattr(time, name) for name in NAMES} == real
    assert sleep_by_name is real["sleep"]
    assert asyncio.sleep is async_sleep
    # Not compared with what was there before: an earlier test may have left it behind.
    for method in (
        threading.Condition.wait,
        threading.Thread.start,
        ThreadPoolExecutor.submit,
        asyncio.BaseEventLoop.run_forever,
    ):
        assert not method.__module__.startswith("pytest_apierrors")


def test_a_name_that_was_taken_inside_keeps_real_time_afterwards():
    with virtual_time():
        from time import sleep as kept

    started = time.monotonic()
    kept(0.05)

    assert time.monotonic() - started >= 0.05


def test_what_somebody_else_has_replaced_is_left_alone(monkeypatch):
    slept = []
    monkeypatch.setattr(time, "sleep", slept.append)

    with virtual_time() as clock:
        time.sleep(5)

    assert slept == [5]
    assert clock.sleeps == []


def test_there_is_one_at_a_time():
    with virtual_time() as clock:
        with pytest.raises(UsageProblem, match="in force already"), virtual_time():
            pass
        time.sleep(4)

    assert lengths(clock) == [4]
    with virtual_time():
        pass


@pytest.mark.parametrize(
    ("seconds", "error"),
    [
        (-1, ValueError),
        (-0.5, ValueError),
        (float("nan"), ValueError),
        (float("inf"), OverflowError),
        (10**12, OverflowError),
        ("1", TypeError),
        (None, TypeError),
        (timedelta(1), TypeError),
    ],
)
def test_what_cannot_be_slept_raises_what_it_always_does(seconds, error):
    with pytest.raises(error) as real:
        time.sleep(seconds)

    with virtual_time() as clock, pytest.raises(error) as virtual:
        time.sleep(seconds)

    assert str(virtual.value) == str(real.value)
    assert clock.sleeps == []


@pytest.mark.parametrize("seconds", [0, 0.25, True, 86_400, YEAR, 9_000_000_000])
def test_whatever_can_be_slept_passes_at_once(seconds):
    with virtual_time() as clock:
        time.sleep(seconds)

    assert clock.slept == seconds


def test_time_never_stands_still():
    """A client that divides by the time that passed, or waits in a loop, gets on."""
    with virtual_time():
        readings = [time.perf_counter() for _ in range(3)]
        end = time.monotonic() + 0.01
        while time.monotonic() < end:
            pass

    assert readings[0] < readings[1] < readings[2]


def test_what_is_waited_in_c_passes_too():
    """A loop that waits for a socket until a deadline comes to its end."""
    ours, theirs = socket.socketpair()
    with ours, theirs, virtual_time() as clock:
        end = time.monotonic() + 0.5
        while time.monotonic() < end:
            select.select([ours], [], [], 0.1)

    assert 0.5 <= clock.now() < 5
    assert clock.sleeps == []


def test_short_calls_have_the_same_times_in_every_run():
    def times():
        with virtual_time(wall=0) as clock:
            readings = [time.time(), threading.Event().wait(20), time.time(), time.sleep(3)]
        return readings, clock.sleeps

    assert times() == times()


def test_time_never_goes_back():
    with virtual_time() as clock:
        time.sleep(100)
        clock.sleep(0, 5.0)

        assert clock.now() >= 100
