"""Virtual time on asyncio's loops: timers are jumped to, answers have their while."""

import asyncio
import queue
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from clock_readings import YEAR, lengths
from loopback import loopback

from pytest_apierrors.clock import virtual_time
from pytest_apierrors.server import FaultServer


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
