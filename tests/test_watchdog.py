"""A call that hangs is interrupted, and whoever else uses the timer gets it back."""

import asyncio
import signal
import socket
import threading
import time
from contextlib import nullcontext

import pytest

from pytest_apierrors.clock import virtual_time
from pytest_apierrors.oracle.frames import frame_of
from pytest_apierrors.watchdog import Hung, deadline

pytestmark = pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="needs setitimer")


def spin():
    while True:
        pass


def receive():
    ours, theirs = socket.socketpair()
    with ours, theirs:
        ours.recv(1)


def lock():
    held = threading.Lock()
    held.acquire()
    held.acquire()


@pytest.fixture
def own_timer():
    """A timer of somebody else, such as a plug-in with timeouts."""
    rang = []
    handler = signal.signal(signal.SIGALRM, lambda *_: rang.append(time.monotonic()))
    yield rang
    signal.setitimer(signal.ITIMER_REAL, 0)
    signal.signal(signal.SIGALRM, handler)


@pytest.mark.parametrize("hang", [spin, receive, lock, lambda: time.sleep(30)])
def test_whatever_hangs_is_interrupted(hang):
    started = time.monotonic()

    with pytest.raises(Hung), deadline(0.05):
        hang()

    assert time.monotonic() - started < 5


def test_the_stack_names_the_line_that_hung():
    with pytest.raises(Hung) as caught, deadline(0.05):
        receive()

    assert "in receive" in caught.value.stack
    assert "ours.recv(1)" in caught.value.stack.splitlines()[-1]
    assert str(caught.value).startswith("still running after 0.05 s:\n")


def test_a_client_does_not_take_it_for_an_error_of_its_own():
    taken = []

    def client():
        try:
            spin()
        except Exception as error:  # noqa: BLE001
            taken.append(error)

    with pytest.raises(Hung), deadline(0.05):
        client()

    assert taken == []


def test_what_is_swallowed_comes_out_at_the_end():
    def swallow():
        try:
            spin()
        except BaseException:  # noqa: BLE001
            return "fine"

    with pytest.raises(Hung, match="spin"), deadline(0.05):
        swallow()


def test_what_is_replaced_comes_out_with_the_replacement_as_its_cause():
    def client():
        try:
            spin()
        except BaseException as error:
            raise ValueError("no answer") from error

    with pytest.raises(Hung) as caught, deadline(0.05):
        client()

    assert isinstance(caught.value.__cause__, ValueError)


def test_a_loop_that_swallows_everything_is_interrupted_again(monkeypatch):
    monkeypatch.setattr("pytest_apierrors.watchdog._AGAIN", 0.05)
    swallowed = []

    def client():
        while len(swallowed) < 3:
            try:
                spin()
            except BaseException as error:  # noqa: BLE001
                swallowed.append(error)

    with pytest.raises(Hung), deadline(0.05):
        client()

    assert len(swallowed) == 3


@pytest.mark.parametrize("inside", [virtual_time, nullcontext])
def test_of_a_loop_that_waits_for_ever_the_tasks_are_shown(inside):
    async def request():
        await asyncio.get_running_loop().create_future()

    async def call():
        await asyncio.create_task(request(), name="zz")

    with inside(), pytest.raises(Hung) as caught, deadline(0.05):
        asyncio.run(call())

    lines = caught.value.stack.splitlines()
    waits = lines.index("where the loop waits for:")
    assert "in call" in lines[waits + 1]
    assert "in request" in lines[waits + 3]
    assert frame_of(caught.value).function == "request"


def test_of_a_task_that_spins_the_stack_is_enough():
    async def call():
        spin()

    with pytest.raises(Hung) as caught, deadline(0.05):
        asyncio.run(call())

    assert "in spin" in caught.value.stack
    assert "where the loop waits" not in caught.value.stack
    assert frame_of(caught.value).function == "spin"


def test_in_time_nothing_happens():
    with deadline(0.05):
        pass
    time.sleep(0.1)

    with pytest.raises(KeyError, match="code"), deadline(5):
        {}["code"]


def test_handler_and_timer_of_somebody_else_are_put_back(own_timer):
    signal.setitimer(signal.ITIMER_REAL, 0.2)
    handler = signal.getsignal(signal.SIGALRM)

    with pytest.raises(Hung), deadline(0.05):
        spin()

    assert signal.getsignal(signal.SIGALRM) is handler
    assert 0 < signal.getitimer(signal.ITIMER_REAL)[0] <= 0.2
    time.sleep(0.3)
    assert len(own_timer) == 1


def test_a_timer_that_rings_earlier_stays_in_force(own_timer):
    signal.setitimer(signal.ITIMER_REAL, 0.05)

    with deadline(10):
        time.sleep(0.1)

    assert len(own_timer) == 1


def test_nothing_is_left_of_it():
    before = signal.getsignal(signal.SIGALRM)

    with deadline(5):
        assert signal.getsignal(signal.SIGALRM) is not before

    assert signal.getsignal(signal.SIGALRM) is before
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)


def in_thread(work):
    done = []

    def run():
        try:
            work()
        except BaseException as error:  # noqa: BLE001
            done.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    return done


def test_in_another_thread_the_stack_is_told_and_the_end_awaited(capsys):
    def work():
        with deadline(0.05):
            time.sleep(0.3)

    (error,) = in_thread(work)

    assert isinstance(error, Hung)
    assert "time.sleep(0.3)" in error.stack
    told = capsys.readouterr().err
    assert told.startswith("still running after 0.05 s, and it cannot be interrupted here")
    assert "time.sleep(0.3)" in told


def test_in_another_thread_nothing_happens_in_time(capsys):
    def work():
        with deadline(0.05):
            pass
        time.sleep(0.1)

    before = threading.active_count()
    assert in_thread(work) == []
    assert threading.active_count() == before
    assert capsys.readouterr().err == ""


def test_without_setitimer_the_main_thread_is_like_any_other(monkeypatch, capsys):
    monkeypatch.delattr(signal, "setitimer")

    with pytest.raises(Hung), deadline(0.05):
        time.sleep(0.2)

    assert "cannot be interrupted here" in capsys.readouterr().err
