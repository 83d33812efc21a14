"""Virtual time on trio's loops: sleeps and deadlines pass at once, answers have their while."""

from __future__ import annotations

import socket
import threading
import time

import pytest

from pytest_apierrors.clock import virtual_time

trio = pytest.importorskip("trio")
YEAR = 86_400.0 * 365


def test_sleeps_pass_at_once_and_are_written_down() -> None:
    async def call() -> float:
        began = time.time()
        await trio.sleep(YEAR)
        return time.time() - began

    started = time.monotonic()
    with virtual_time() as clock:
        passed = trio.run(call)

    assert passed == pytest.approx(YEAR, abs=1)
    assert clock.slept == pytest.approx(YEAR, abs=1)
    assert time.monotonic() - started < 3


def test_sleeps_side_by_side_count_once() -> None:
    async def call() -> None:
        async with trio.open_nursery() as nursery:
            for seconds in (30, 10, 20):
                nursery.start_soon(trio.sleep, seconds)

    with virtual_time() as clock:
        trio.run(call)

    assert clock.slept == pytest.approx(30, abs=0.01)


def test_a_deadline_passes_where_nothing_comes_and_is_no_sleep() -> None:
    async def call(quiet: socket.socket) -> bool:
        with trio.move_on_after(60) as scope:
            await trio.lowlevel.wait_readable(quiet)
        return bool(scope.cancelled_caught)

    one, other = socket.socketpair()
    with one, other, virtual_time(patience=0.1) as clock:
        assert trio.run(call, one)

    assert clock.now() == pytest.approx(60, abs=1)
    assert clock.slept == 0


def test_what_comes_late_is_waited_for() -> None:
    async def call(slow: socket.socket) -> bytes:
        with trio.fail_after(60):
            await trio.lowlevel.wait_readable(slow)
            return slow.recv(9)

    one, other = socket.socketpair()
    with one, other:
        timer = threading.Timer(0.3, other.send, [b"late"])
        timer.start()
        with virtual_time(patience=5) as clock:
            assert trio.run(call, one) == b"late"
        timer.join()

    assert clock.now() < 10


def test_a_sleep_beside_an_idle_thread_is_one_too() -> None:
    async def call() -> None:
        await trio.to_thread.run_sync(time.time)
        await trio.sleep(50)

    with virtual_time(patience=0.1) as clock:
        trio.run(call)

    assert clock.slept == pytest.approx(50, abs=1)


def test_outside_of_a_call_trio_has_its_own_clock() -> None:
    async def call() -> str:
        return type(trio.lowlevel.current_clock()).__name__

    before = trio.run(call)
    with virtual_time():
        assert trio.run(call) != before
    assert trio.run(call) == before
