"""Virtual time beside Hypothesis and the fault server, and what entering it costs."""

import time

import httpx
from clock_readings import lengths
from hypothesis import given, settings
from hypothesis import strategies as st

from pytest_apierrors.clock import virtual_time
from pytest_apierrors.faults.model import Fault
from pytest_apierrors.server import FaultServer


def test_hypothesis_measures_its_deadline_in_real_time():
    @settings(deadline=5000, max_examples=5, database=None)
    @given(st.integers())
    def call(_):
        with virtual_time():
            time.sleep(100_000)

    call()


def test_hypothesis_draws_inside_a_call_in_real_time():
    @settings(deadline=None, max_examples=5, database=None)
    @given(st.data())
    def call(data):
        with virtual_time() as clock:
            data.draw(st.integers())
            drawn.append(clock.now())

    drawn = []
    call()

    assert set(drawn) == {0.0}


def test_the_fault_server_keeps_real_time_wherever_it_is_started():
    def told(seen):
        times.append(seen.at)
        return fault

    times, fault = [], Fault("slow", 429, (("Retry-After", "50"),))
    started = time.monotonic()
    with virtual_time() as clock, FaultServer() as server:
        server.answer_with(told)
        for _ in range(2):
            assert httpx.get(server.url).status_code == 429
            time.sleep(50)

    assert lengths(clock) == [50, 50]
    assert started < times[0] < times[1] < time.monotonic()


def test_entering_is_cheap():
    def entered():
        started = time.perf_counter()
        with virtual_time():
            pass
        return time.perf_counter() - started

    assert min(entered() for _ in range(50)) < 0.001
