"""The server as a test sees it: answers, routes, functions, bad use."""

import http.client
import json
import threading
import time

import pytest
import requests
from wires import ok, planned, wire

from pytest_apierrors.errors import UsageProblem
from pytest_apierrors.faults.model import Fault
from pytest_apierrors.faults.pick import First
from pytest_apierrors.faults.transport import KINDS
from pytest_apierrors.response import Response
from pytest_apierrors.server import FaultServer

FAULTS = {kind.name: kind.make(First()) for kind in KINDS}
GET = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"


def test_a_response_is_answered_as_it_is(server):
    server.answer_with(ok(b'{"a": 1}', 418, Content_Type="application/json", X_A="b"))

    response = requests.post(f"{server.url}/calls?x=1", json={"q": 1}, headers={"X-Key": "k"})

    assert (response.status_code, response.json()) == (418, {"a": 1})
    assert response.headers["X-A"] == "b"
    assert response.headers["Content-Length"] == "8"
    (seen,) = server.calls
    assert (seen.method, seen.path, seen.body) == ("POST", "/calls?x=1", b'{"q": 1}')
    assert seen.headers.get("x-key") == "k"
    assert seen.connection == 1


def test_a_fault_without_steps_is_an_ordinary_response(server):
    headers = (("Retry-After", "3"), ("Set-Cookie", "a"), ("Set-Cookie", "b"))
    server.answer_with(Fault("limited", 429, headers, b"slow down"))

    response = requests.get(server.url)

    assert (response.status_code, response.text) == (429, "slow down")
    assert response.raw.headers.getlist("set-cookie") == ["a", "b"]


def test_answers_come_in_turn_and_the_last_repeats(server):
    server.answer_with([ok(status=429), ok(status=503), ok(status=200)])

    statuses = [requests.get(server.url).status_code for _ in range(5)]

    assert statuses == [429, 503, 200, 200, 200]


def test_a_function_answers(server):
    server.answer_with(lambda seen: ok(seen.body, len(seen.path) + 400))

    response = requests.post(f"{server.url}/abc", data=b"echo")

    assert (response.status_code, response.content) == (404, b"echo")


def test_setting_answers_forgets_what_was_seen(server):
    server.answer_with(ok())
    requests.get(server.url)
    assert server.calls
    assert len(server.transcript)

    server.answer_with(ok())

    assert server.calls == []


def test_one_connection_serves_many_requests(server):
    server.answer_with(ok())
    connection = http.client.HTTPConnection("127.0.0.1", server.port)

    for _ in range(3):
        connection.request("GET", "/")
        connection.getresponse().read()
    connection.close()

    assert [seen.connection for seen in server.calls] == [1, 1, 1]
    assert [seen.at for seen in server.calls] == sorted(seen.at for seen in server.calls)


def test_an_answer_is_sent_at_once(server):
    """Forty milliseconds are what a second small write costs beside a delayed acknowledgement."""
    server.answer_with(ok(b"x" * 500))
    connection = http.client.HTTPConnection("127.0.0.1", server.port)
    times = []
    for _ in range(20):
        start = time.perf_counter()
        connection.request("POST", "/", b"body")
        connection.getresponse().read()
        times.append(time.perf_counter() - start)
    connection.close()

    assert sorted(times)[10] < 0.03
    assert sum(event.what == "out" for event in server.transcript) == 20


def test_head_and_bodiless_statuses_get_no_body(server):
    server.answer_with([ok(b"body"), ok(b"body", 204), ok(b"body", 304)])

    head = wire(server, b"HEAD / HTTP/1.1\r\n\r\n")
    assert head == b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n"
    assert wire(server, GET) == b"HTTP/1.1 204 No Content\r\n\r\n"
    assert wire(server, GET) == b"HTTP/1.1 304 Not Modified\r\n\r\n"


def test_the_same_answer_to_another_method_is_another(server):
    server.answer_with(ok(b"body"))

    assert wire(server, GET).endswith(b"body")
    assert wire(server, GET.replace(b"GET", b"HEAD")).endswith(b"\r\n\r\n")
    assert b"Connection: close" in wire(server, GET.replace(b"Host: a", b"Connection: close"))
    assert b"Connection: close" not in wire(server, GET)


def test_a_length_that_is_given_stands_and_a_chunked_body_is_chunked(server):
    server.answer_with([ok(b"body", Content_Length="9"), ok(b"body", Transfer_Encoding="chunked")])

    assert wire(server, GET).endswith(b"Content-Length: 9\r\n\r\nbody")
    assert wire(server, GET).endswith(b"chunked\r\n\r\n4\r\nbody\r\n0\r\n\r\n")


@pytest.mark.parametrize(
    ("request_head", "announced"),
    [
        (b"GET / HTTP/1.1\r\nConnection: close\r\n\r\n", True),
        (b"GET / HTTP/1.0\r\n\r\n", True),
    ],
)
def test_the_connection_ends_when_the_client_wants_it(server, request_head, announced):
    server.answer_with(ok())

    answer = wire(server, request_head, keep=True)

    assert (b"Connection: close" in answer) == announced


def test_the_connection_ends_with_an_answer_that_says_so(server):
    server.answer_with(ok(Connection="close"))

    assert wire(server, GET, keep=True).count(b"Connection: close") == 1


def test_names_of_headers_outside_latin_1_travel_as_utf_8(server):
    server.answer_with(ok(X_A="\u20ac"))

    assert "X-A: \u20ac\r\n".encode() in wire(server, GET)


class TestRoutes:
    def test_by_method_and_path(self, server):
        server.answer_with(ok(status=404))
        server.on("GET", "/v1/calls/*").answer(ok(status=201))
        server.on(None, "/any").answer(ok(status=202))

        def status(method, path):
            return requests.request(method, server.url + path).status_code

        assert status("GET", "/v1/calls/7?x=1") == 201
        assert status("POST", "/v1/calls/7") == 404
        assert status("DELETE", "/any") == 202
        assert status("GET", "/anything") == 404

    def test_a_pattern_with_a_query_wants_it(self, server):
        server.answer_with(ok(status=404))
        server.on("GET", "/a?page=*").answer(ok(status=200))

        assert requests.get(f"{server.url}/a?page=2").status_code == 200
        assert requests.get(f"{server.url}/a").status_code == 404
        assert requests.get(f"{server.url}/aXpage=2").status_code == 404

    def test_the_latest_goes_first_and_is_removed_at_its_end(self, server):
        base = server.on("GET", "/*").answer(ok(status=200))

        with server.on("GET", "/a").answer([ok(status=503), ok(status=500)]) as route:
            got = [requests.get(f"{server.url}/a").status_code for _ in range(3)]
        after = requests.get(f"{server.url}/a").status_code

        assert (got, after) == ([503, 500, 500], 200)
        assert [seen.path for seen in route.calls] == ["/a"] * 3
        assert len(base.calls) == 1

    def test_one_without_answers_answers_nothing(self, server):
        server.on("GET", "/a")

        assert requests.get(f"{server.url}/a").status_code == 501
        assert server.complaints() == ["no answer was set for GET /a"]

    def test_clear_takes_them_away(self, server):
        server.on("GET", "/a").answer(ok())
        server.clear()

        assert requests.get(f"{server.url}/a").status_code == 501
        server.complaints()


def test_what_no_rule_is_about_is_no_answer_of_the_api(server):
    response = requests.get(f"{server.url}/a?api_key=hunter2hunter2")

    assert response.status_code == 501
    assert response.headers["X-Apierrors"] == "no answer was set for this request"
    assert "no answer was set" in response.text
    assert [seen.path for seen in server.unexpected] == ["/a?api_key=hunter2hunter2"]
    (sentence,) = server.complaints()
    assert sentence == "no answer was set for GET /a?api_key=[redacted]"
    assert server.complaints() == []


class TestFunctionsThatFail:
    def test_one_that_raises(self, server):
        def answer(_):
            raise KeyError("nope")

        server.answer_with(answer)

        response = requests.get(server.url)

        assert response.status_code == 501
        assert server.complaints() == ["the function that answers raised KeyError('nope')"]

    @pytest.mark.parametrize(
        ("answer", "sentence"),
        [
            ("a text", "answers with faults and responses, not with a str"),
            (FAULTS["connection-refused"], "strikes before a request is read"),
            (Fault("empty", None), "neither a status nor steps"),
        ],
    )
    def test_one_that_returns_what_cannot_be_sent(self, server, answer, sentence):
        server.answer_with(lambda _: answer)

        assert requests.get(server.url).status_code == 501
        (complaint,) = server.complaints()
        assert sentence in complaint

    def test_one_that_sets_answers(self, server):
        server.answer_with(lambda _: server.answer_with(FAULTS["connection-refused"]))

        assert requests.get(server.url).status_code == 501
        assert "cannot change the server that calls it" in server.complaints()[0]


class TestBadUse:
    @pytest.mark.parametrize("answers", [[], (), None, 7])
    def test_no_answer(self, server, answers):
        with pytest.raises(UsageProblem, match="needs at least one answer"):
            server.answer_with(answers)

    def test_something_else_among_the_answers(self, server):
        with pytest.raises(UsageProblem, match="not with a int"):
            server.answer_with([ok(), 500])

    def test_a_header_that_would_end_itself(self, server):
        with pytest.raises(UsageProblem, match="holds a line break"):
            server.answer_with(ok(X_A="b\r\nX-C: d"))

    def test_tls_faults_without_tls(self, server):
        with pytest.raises(UsageProblem, match=r"needs TLS: FaultServer\(tls=True\)"):
            server.answer_with([ok(), FAULTS["tls-alert"]])

    def test_no_tls_no_authority(self, server):
        with pytest.raises(UsageProblem, match="no ca_file"):
            _ = server.ca_file

    def test_a_route_cannot_strike_a_connection(self, server):
        with pytest.raises(UsageProblem, match="'connection-refused' strikes before a request"):
            server.on("GET", "/").answer(FAULTS["connection-refused"])

    def test_a_pattern_that_is_no_path(self, server):
        with pytest.raises(UsageProblem, match="'calls' is no path"):
            server.on("GET", "calls")

    def test_before_it_runs(self):
        with pytest.raises(UsageProblem, match="not running"):
            _ = FaultServer().url


def test_requests_from_many_threads(server):
    server.answer_with(lambda seen: ok(seen.body))
    found = {}

    def call(number):
        with requests.Session() as session:
            texts = [session.post(server.url, data=f"{number}-{i}").text for i in range(20)]
        found[number] = texts == [f"{number}-{i}" for i in range(20)]

    threads = [threading.Thread(target=call, args=(number,)) for number in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert found == dict.fromkeys(range(16), True)
    assert len(server.calls) == 320


def test_a_plan_can_leave_the_connection_open(server):
    whole = b"HTTP/1.1 429 No\r\nContent-Length: 2\r\n\r\n{}"
    server.answer_with([planned(whole[:20], whole[20:]), ok()])
    connection = http.client.HTTPConnection("127.0.0.1", server.port)

    statuses = []
    for _ in range(2):
        connection.request("GET", "/")
        response = connection.getresponse()
        response.read()
        statuses.append(response.status)
    connection.close()

    assert statuses == [429, 200]
    assert {seen.connection for seen in server.calls} == {1}


def test_json_of_a_recorded_answer_round_trips(server):
    body = json.dumps({"a": "\u20ac"}).encode()
    server.answer_with(Response(500, body))

    assert requests.get(server.url).json() == {"a": "\u20ac"}
