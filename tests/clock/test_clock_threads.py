"""Virtual time and threads: those of a call have its time, all others keep real time."""

import asyncio
import queue
import socket
import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import wait as wait_for

import pytest
from clock_readings import lengths

from pytest_apierrors.clock import virtual_time


def test_other_threads_keep_real_time():
    went, slept = threading.Event(), []

    def outside():
        went.wait(5)
        started = time.monotonic()
        time.sleep(0.05)
        slept.append(time.monotonic() - started)

    thread = threading.Thread(target=outside)
    thread.start()
    with virtual_time() as clock:
        went.set()
        thread.join()

    assert 0.05 <= slept[0] < 5
    assert clock.sleeps == []


def test_threads_of_the_call_have_its_time():
    with virtual_time() as clock:
        thread = threading.Thread(target=time.sleep, args=(40,))
        thread.start()
        thread.join()

        assert clock.now() == pytest.approx(40, abs=1)
    assert lengths(clock) == [40]


def test_a_pool_that_is_older_than_the_call_works_in_its_time():
    with ThreadPoolExecutor(1) as pool:
        pool.submit(int).result()
        with virtual_time() as clock:
            pool.submit(time.sleep, 40).result()
        started = time.monotonic()
        pool.submit(time.sleep, 0.05).result()

    assert lengths(clock) == [40]
    assert time.monotonic() - started >= 0.05


def test_sleeps_side_by_side_count_once():
    with virtual_time() as clock:
        clock.sleep(0, 40.0)
        clock.sleep(10 * 10**9, 40.0)
        clock.sleep(20 * 10**9, 5.0)
        clock.sleep(100 * 10**9, 1.0)

    assert clock.slept == 51


@pytest.mark.parametrize(
    "wait",
    [
        lambda: threading.Event().wait(50),
        lambda: bool(wait_for([Future()], 50).done),
        lambda: threading.Semaphore(0).acquire(timeout=50),
    ],
    ids=["event", "future", "semaphore"],
)
def test_a_timeout_that_nobody_ends_passes_at_once(wait):
    with virtual_time() as clock:
        assert wait() is False

    assert clock.slept == pytest.approx(50, abs=1)


def test_a_queue_that_stays_empty_is_given_up_at_once():
    with virtual_time() as clock, pytest.raises(queue.Empty):
        queue.Queue().get(timeout=50)

    assert clock.slept == pytest.approx(50, abs=1)


def test_whom_a_thread_of_the_call_wakes_is_woken():
    answer = queue.Queue()

    def answer_late():
        lock = threading.Lock()
        lock.acquire()
        lock.acquire(timeout=0.2)
        answer.put("here")

    with virtual_time() as clock:
        thread = threading.Thread(target=answer_late)
        thread.start()
        got = answer.get(timeout=30)
        thread.join()

    assert got == "here"
    assert clock.sleeps == []


def test_a_result_of_a_thread_that_was_there_before_is_awaited():
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()

    async def work():
        await asyncio.sleep(3000)
        ours, theirs = socket.socketpair()
        with ours, theirs:
            ours.settimeout(0.2)
            with pytest.raises(TimeoutError):
                ours.recv(1)
        return "done"

    with virtual_time() as clock:
        result = asyncio.run_coroutine_threadsafe(work(), loop).result(timeout=10)
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()

    assert result == "done"
    assert lengths(clock) == [3000]


def test_an_event_that_only_strangers_could_set_is_a_sleep():
    stop = threading.Event()
    thread = threading.Thread(target=stop.wait)
    thread.start()
    started = time.monotonic()
    with virtual_time() as clock:
        for _ in range(3):
            threading.Event().wait(30)
    stop.set()
    thread.join()

    assert lengths(clock) == [30, 30, 30]
    assert time.monotonic() - started < 1


def test_a_wait_that_is_over_after_the_call_ends_in_real_time():
    stop, came = threading.Event(), []

    with virtual_time(patience=0.05):
        thread = threading.Thread(target=lambda: came.append(stop.wait(10)))
        thread.start()
    time.sleep(0.15)
    stop.set()
    thread.join()

    assert came == [True]


def test_a_wait_without_a_timeout_is_a_wait():
    event = threading.Event()

    with virtual_time() as clock:
        thread = threading.Thread(target=event.set)
        thread.start()
        event.wait()
        thread.join()

    assert clock.sleeps == []


def test_a_thread_that_outlives_the_call_keeps_real_time():
    go, slept = threading.Lock(), []

    def late():
        go.acquire()
        started = time.monotonic()
        time.sleep(0.05)
        slept.append(time.monotonic() - started)

    go.acquire()
    with virtual_time() as clock:
        thread = threading.Thread(target=late)
        thread.start()
        time.sleep(9)
    go.release()
    thread.join()

    assert 0.05 <= slept[0] < 5
    assert lengths(clock) == [9]


def test_what_was_really_waited_is_no_extra():
    go = threading.Lock()
    go.acquire()
    with virtual_time(patience=0.4) as clock:
        thread = threading.Thread(target=go.acquire)
        thread.start()
        threading.Event().wait(50)
        time.monotonic()
        passed = clock.now()
        go.release()
        thread.join()

    assert passed == pytest.approx(50, abs=0.2)


def test_alone_nobody_is_waited_for(monkeypatch):
    server = threading.Thread(name="apierrors-server")
    with virtual_time() as clock:
        monkeypatch.setattr(threading, "enumerate", lambda: [threading.main_thread(), server])
        assert clock.grace(sleeping=False) == clock.grace(sleeping=True) == 0
        monkeypatch.setattr(threading, "enumerate", lambda: [threading.Thread()])
        assert clock.grace(sleeping=False) > clock.grace(sleeping=True) > 0


def test_a_loop_that_polls_a_thread_lets_it_work():
    done = []

    def work():
        ours, theirs = socket.socketpair()
        with ours, theirs:
            ours.settimeout(0.1)
            with pytest.raises(TimeoutError):
                ours.recv(1)
        done.append(True)

    with virtual_time() as clock:
        thread = threading.Thread(target=work)
        thread.start()
        end = time.monotonic() + 30
        while not done and time.monotonic() < end:
            time.sleep(1)
        thread.join()

    assert clock.now() < 15
