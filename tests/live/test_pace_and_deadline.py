"""Time: how fast requests follow each other, and what ends a run; on a clock of the test's own."""

import pytest

from pytest_apierrors.errors import UsageProblem
from pytest_apierrors.live.deadline import Deadline, NoAnswer
from pytest_apierrors.live.pace import FASTEST, Pace, seconds_between


class Clock:
    def __init__(self):
        self.now = 100.0
        self.slept = []

    def __call__(self):
        return self.now

    def sleep(self, seconds):
        self.slept.append(round(seconds, 6))
        self.now += seconds


@pytest.fixture
def clock():
    return Clock()


@pytest.mark.parametrize(
    ("rate", "seconds"),
    [("1/s", 1), ("1", 1), ("10/s", 0.1), ("0.5/s", 2), ("20/m", 3), ("30/h", 120), ("600/m", 0.1)],
)
def test_a_rate_is_a_distance(rate, seconds):
    assert seconds_between(rate) == pytest.approx(seconds)


@pytest.mark.parametrize(
    "rate",
    [
        "",
        "0",
        "0/s",
        "-1/s",
        "1/d",
        "fast",
        "1 /s",
        "nan",
        "inf",
        "1e3",
        "\uff11/s",
        "11/s",
        "601/m",
    ],
)
def test_what_is_no_rate_or_too_fast_is_refused(rate):
    with pytest.raises(UsageProblem, match=r"^--rate: "):
        seconds_between(rate)


def test_the_fastest_rate_is_allowed():
    assert seconds_between(f"{FASTEST}/s") == 1 / FASTEST


def test_the_first_goes_at_once_and_others_wait_for_what_is_left(clock):
    pace, run = Pace(2.0, clock, clock.sleep), Deadline(100, clock)

    pace.wait(run)
    assert clock.slept == []
    clock.now += 0.5
    pace.wait(run)
    assert clock.slept == [1.5]
    clock.now += 5
    pace.wait(run)
    assert clock.slept == [1.5]


def test_fifty_requests_take_their_time(clock):
    pace, run = Pace(1.0, clock, clock.sleep), Deadline(100, clock)

    for _ in range(50):
        pace.wait(run)

    assert clock.now == pytest.approx(149)


def test_a_sleep_that_ends_early_is_not_enough(clock):
    pace = Pace(1.0, clock, lambda seconds: clock.sleep(seconds / 2 if seconds > 0.01 else seconds))
    run = Deadline(100, clock)

    pace.wait(run)
    pace.wait(run)

    assert clock.now >= 101


def test_nobody_waits_for_a_turn_past_the_deadline(clock):
    pace, run = Pace(60.0, clock, clock.sleep), Deadline(10, clock)

    pace.wait(run)
    with pytest.raises(NoAnswer, match="not sent: the deadline of the run comes before its turn"):
        pace.wait(run)
    assert clock.slept == []


def test_a_deadline_passes(clock):
    deadline = Deadline(2, clock)
    assert deadline.left("x") == 2
    assert deadline.within(5) == 2
    assert deadline.within(1) == 1
    clock.now += 2

    assert deadline.within(1) == 0
    with pytest.raises(NoAnswer, match=r"no answer within 2 s \(reading\)"):
        deadline.left("reading")
