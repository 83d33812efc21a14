"""Virtual time: what a call sleeps passes at once, and nobody else notices."""

import asyncio
import queue
import select
import socket
import sys
import threading
import time
import types
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import wait as wait_for
from datetime import timedelta
from time import monotonic as now_by_name
from time import sleep as sleep_by_name

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from loopback import loopback
from urllib3.util.retry import Retry

from pytest_apierrors.clock import virtual_time
from pytest_apierrors.errors import UsageProblem
from pytest_apierrors.faults.model import Fault
from pytest_apierrors.server import FaultServer

YEAR = 86_400.0 * 365
CLOCKS = ["time", "time_ns", "monotonic", "monotonic_ns", "perf_counter", "perf_counter_ns"]
NAMES = ["sleep", *CLOCKS]


@pytest.fixture(autouse=True)
def quick():
    """None of these tests may really sleep."""
    started = time.monotonic()
    yield
    assert time.monotonic() - started < 8


def lengths(clock):
    return [round(seconds, 3) for _, seconds in clock.sleeps]


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


def test_time_never_goes_back():
    with virtual_time() as clock:
        time.sleep(100)
        clock.sleep(0, 5.0)

        assert clock.now() >= 100


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


class TestAsync:
    def test_a_sleep_passes_at_once(self):
        async def call():
            before = time.time()
            await asyncio.sleep(YEAR)
            return time.time() - before

        with virtual_time() as clock:
            assert clock.run_async(call()) == pytest.approx(YEAR, abs=1)

        assert lengths(clock) == [YEAR]

    def test_tasks_wake_in_order(self):
        woke = []

        async def one(seconds):
            await asyncio.sleep(seconds)
            woke.append(seconds)

        async def call():
            await asyncio.gather(*(one(seconds) for seconds in (30, 10, 20)))

        with virtual_time() as clock:
            clock.run_async(call())

        assert woke == [10, 20, 30]
        assert clock.slept == pytest.approx(30, abs=1)

    @pytest.mark.parametrize("seconds", [100, 1e12, float("inf")])
    def test_a_sleep_that_is_cut_counts_as_far_as_it_went(self, seconds):
        async def call():
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(asyncio.sleep(seconds), 7)
            async with asyncio.timeout(100):
                await asyncio.sleep(1)

        with virtual_time() as clock:
            clock.run_async(call())

        assert clock.slept == pytest.approx(8, abs=1)

    def test_an_endless_sleep_ends_when_nothing_else_can_happen(self):
        async def call():
            helper = asyncio.create_task(asyncio.sleep(20))
            await asyncio.sleep(float("inf"))
            return helper.done()

        with virtual_time() as clock:
            assert clock.run_async(call()) is True

        assert clock.slept == float("inf")
        assert clock.now() == pytest.approx(20, abs=1)

    def test_of_endless_sleeps_the_shortest_ends_first(self):
        async def call():
            tasks = [asyncio.create_task(asyncio.sleep(n, n)) for n in (float("inf"), 1e15, 1e14)]
            done, rest = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in rest:
                task.cancel()
            return [task.result() for task in done]

        with virtual_time() as clock:
            assert clock.run_async(call()) == [1e14]

    def test_endless_sleeps_end_beside_a_thread_that_has_nothing_to_say(self):
        async def call():
            done, rest = await asyncio.wait(
                [asyncio.create_task(asyncio.sleep(n, n)) for n in (float("inf"), 1e14)],
                return_when=asyncio.FIRST_COMPLETED,
            )
            for task in rest:
                task.cancel()
            return [task.result() for task in done]

        over = threading.Event()
        idle = threading.Thread(target=over.wait, daemon=True)
        idle.start()
        try:
            with virtual_time(patience=0.1) as clock:
                assert clock.run_async(call()) == [1e14]
        finally:
            over.set()
            idle.join()

    def test_a_loop_of_the_clients_own_jumps_too(self):
        async def call():
            await asyncio.sleep(3000)

        with virtual_time() as clock:
            asyncio.run(call())

        assert lengths(clock) == [3000]

    def test_a_loop_in_a_thread_of_the_call_jumps_too(self):
        async def call():
            await asyncio.sleep(3000)
            return "slept"

        with virtual_time(patience=0.1) as clock, ThreadPoolExecutor(1) as pool:
            assert pool.submit(asyncio.run, call()).result() == "slept"

        assert lengths(clock) == [3000]

    def test_a_socket_that_is_waited_for_is_given_time(self):
        async def call():
            ours.setblocking(False)
            return await asyncio.wait_for(asyncio.get_running_loop().sock_recv(ours, 9), 60)

        def send():
            done = threading.Lock()
            done.acquire()
            done.acquire(timeout=0.1)
            theirs.send(b"here")

        ours, theirs = socket.socketpair()
        thread = threading.Thread(target=send, name="apierrors-of-a-test")
        thread.start()
        with ours, theirs, virtual_time() as clock:
            got = clock.run_async(call())
            thread.join()

        assert got == b"here"
        assert clock.now() < 60

    def test_the_thread_of_the_fault_server_is_not_waited_for(self):
        async def call():
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(asyncio.Event().wait(), 3600)

        started = time.monotonic()
        with FaultServer(), virtual_time(patience=5) as clock:
            clock.run_async(call())

        assert clock.now() >= 3600
        assert time.monotonic() - started < 4

    def test_a_loop_in_a_thread_that_has_no_task_does_not_jump(self):
        rang = []
        with virtual_time(patience=0.02) as clock:
            loop = asyncio.new_event_loop()
            loop.call_later(3600, rang.append, "rang")
            thread = threading.Thread(target=loop.run_forever)
            thread.start()
            with pytest.raises(queue.Empty):
                queue.Queue().get(timeout=1)
            loop.call_soon_threadsafe(loop.stop)
            thread.join()
            loop.close()

        assert clock.now() < 100
        assert rang == []

    def test_a_loop_gets_its_selector_back(self):
        loop = asyncio.new_event_loop()
        selector = loop._selector

        with virtual_time() as clock:
            loop.run_until_complete(asyncio.sleep(50))
        again = loop._selector
        loop.close()

        assert again is selector
        assert lengths(clock) == [50]

    def test_tasks_that_await_sleepers_cost_no_patience(self):
        async def call():
            await asyncio.gather(asyncio.sleep(30), asyncio.create_task(asyncio.sleep(20)))
            await asyncio.create_task(asyncio.sleep(10))

        stop = threading.Event()
        thread = threading.Thread(target=stop.wait)
        thread.start()
        started = time.monotonic()
        with virtual_time() as clock:
            clock.run_async(call())
        took = time.monotonic() - started
        stop.set()
        thread.join()

        assert clock.slept == pytest.approx(40, abs=1)
        assert took < 0.9

    def test_on_a_loop_that_was_running_before_a_sleep_passes_at_once(self):
        async def call():
            with virtual_time() as clock:
                await asyncio.sleep(3000)
                assert await asyncio.sleep(1, "result") == "result"
            return lengths(clock)

        assert asyncio.run(call()) == [3000, 1]

    def test_timers_without_a_sleep_are_jumped_to(self):
        async def call():
            future = asyncio.get_running_loop().create_future()
            asyncio.get_running_loop().call_later(500, future.set_result, "rang")
            return await future

        with virtual_time() as clock:
            assert clock.run_async(call()) == "rang"

        assert clock.sleeps == []
        assert clock.now() == pytest.approx(500, abs=1)

    def test_a_timer_beyond_what_a_loop_waits_for_is_reached_in_one_jump(self):
        async def call():
            await asyncio.sleep(900_000_000)
            return "reached"

        with virtual_time() as clock:
            assert clock.run_async(call()) == "reached"

    def test_what_another_thread_answers_in_time_is_no_timeout(self):
        def work():
            ours, theirs = socket.socketpair()
            with ours, theirs:
                ours.settimeout(0.2)
                with pytest.raises(TimeoutError):
                    ours.recv(1)
            return "answer"

        async def call():
            loop = asyncio.get_running_loop()
            return await asyncio.wait_for(loop.run_in_executor(None, work), 60)

        with virtual_time() as clock:
            assert clock.run_async(call()) == "answer"

        assert clock.now() < 60

    def test_a_real_answer_arrives_before_a_timeout(self):
        async def call(url):
            async with httpx.AsyncClient(timeout=20) as client:
                first = await client.get(url)
                await asyncio.sleep(30)
                return first.status_code, (await client.get(url)).status_code

        with (
            loopback({"/slow": (429, [("Retry-After", "30")], b"{}")}) as url,
            virtual_time() as clock,
        ):
            assert clock.run_async(call(f"{url}/slow")) == (429, 429)

        assert lengths(clock) == [30]

    def test_while_a_connection_idles_a_sleep_costs_no_patience(self):
        async def call(url):
            async with httpx.AsyncClient(timeout=20) as client:
                await client.get(url)
                started = real()
                for _ in range(20):
                    await asyncio.sleep(30)
                return real() - started

        real = type("Real", (), {"read": staticmethod(time.monotonic)}).read
        with loopback({"/": (200, [], b"{}")}) as url, virtual_time() as clock:
            assert clock.run_async(call(f"{url}/")) < 1

    def test_a_stalled_answer_times_out_after_the_patience(self):
        async def call(port):
            async with httpx.AsyncClient(timeout=25) as client:
                with pytest.raises(httpx.ReadTimeout):
                    await client.get(f"http://127.0.0.1:{port}/")

        with (
            socket.create_server(("127.0.0.1", 0)) as server,
            virtual_time(patience=0.1) as clock,
        ):
            clock.run_async(call(server.getsockname()[1]))

        assert clock.now() == pytest.approx(25, abs=1)
        assert clock.sleeps == []


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
