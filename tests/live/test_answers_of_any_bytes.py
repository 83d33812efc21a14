"""Whatever bytes a server sends: a response or a sentence, and never more than the limits."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pytest_apierrors.live.deadline import NoAnswer
from pytest_apierrors.live.exchange import LARGEST_BODY, LARGEST_HEAD, Request, exchange
from pytest_apierrors.live.hosts import Origin

REQUEST = Request("GET", Origin("https", "api.acme.test", 443), "/none")
PARTS = [
    b"HTTP/1.1 404 X\r\n",
    b"HTTP/1.1 100 Continue\r\n\r\n",
    b"HTTP/1.1 103 Early Hints\r\n",
    b"HTTP/1.0 200\r\n",
    b"Content-Length: 5\r\n",
    b"Content-Length: -1\r\n",
    b"Content-Length: 9" + b"9" * 5000 + b"\r\n",
    b"Transfer-Encoding: chunked\r\n",
    b"Transfer-Encoding: gzip, chunked\r\n",
    b"X-A: b\r\n  folded\r\n",
    b"\xff\xfe: \x00\r\n",
    b"no colon\r\n",
    b"\r\n",
    b"\n",
    b"5\r\nabcde\r\n",
    b"-1\r\n",
    b"-5\r\n",
    b"ffffffffffffffffffffff\r\n",
    b"0\r\n\r\n",
    b"{}",
]
STARTS = [
    b"",
    b"HTTP/1.1 404 X\r\nTransfer-Encoding: chunked\r\n\r\n",
    b"HTTP/1.1 404 X\r\nContent-Length: 5\r\n\r\n",
    b"HTTP/1.1 404 X\r\n",
]
RESTS = st.lists(st.sampled_from(PARTS) | st.binary(max_size=20), max_size=9).map(b"".join)
ANSWERS = st.builds(bytes.__add__, st.sampled_from(STARTS), RESTS)


class Wire:
    """A connection over which these bytes come, in pieces, and perhaps for ever."""

    def __init__(self, data, piece, endless=b""):
        self.data = data
        self.piece = piece
        self.endless = endless
        self.taken = 0
        self.doing = ""
        self.sent = b""

    def send(self, data):
        self.sent += data

    def receive(self, most):
        if len(self.data) < most and self.endless:
            self.data += self.endless * (1 + 4096 // len(self.endless))
        part = self.data[: min(most, self.piece)]
        self.data = self.data[len(part) :]
        self.taken += len(part)
        return part


@settings(max_examples=600, deadline=None)
@given(ANSWERS, st.sampled_from([1, 3, 1 << 16]), st.sampled_from(["GET", "HEAD"]))
def test_any_bytes_are_a_response_or_a_sentence(data, piece, method):
    wire = Wire(data, piece)

    try:
        found = exchange(wire, REQUEST._replace(method=method))
    except NoAnswer as nothing:
        said = str(nothing)
        assert said.isprintable()
        assert len(said) < 400
    else:
        assert 100 <= found.status <= 999
        assert method == "GET" or found.body == b""
        assert not any(mark in value for _, value in found.headers for mark in "\r\n")


@settings(max_examples=60, deadline=None)
@given(ANSWERS, st.sampled_from(PARTS) | st.binary(min_size=1, max_size=20))
def test_no_more_is_read_than_the_limits(data, endless):
    wire = Wire(data, 1 << 16, endless)

    try:
        found = exchange(wire, REQUEST)
    except NoAnswer:
        pass
    else:
        assert len(found.body) <= LARGEST_BODY
    assert wire.taken <= LARGEST_HEAD + 2 * LARGEST_BODY


@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_a_request_is_ascii_and_ends(method):
    wire = Wire(b"HTTP/1.1 404 X\r\n\r\n", 9)

    exchange(wire, REQUEST._replace(method=method))

    assert wire.sent.startswith(f"{method} /none HTTP/1.1\r\nHost: api.acme.test\r\n".encode())
    assert wire.sent.endswith(b"\r\nConnection: close\r\n\r\n")
    assert wire.sent.count(b"\r\n\r\n") == 1
