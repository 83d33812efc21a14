"""Bytes to a fault server and back, answers, and plans."""

import contextlib
import socket
import ssl
import time

from pytest_apierrors.faults.model import Fault, Step
from pytest_apierrors.response import Headers, Response


def wire(server, *parts, pause=0.0, keep=False, patience=5):
    with contextlib.closing(socket.create_connection(("127.0.0.1", server.port))) as channel:
        channel.settimeout(patience)
        for part in parts:
            channel.sendall(part)
            time.sleep(pause)
        if not keep:
            channel.shutdown(socket.SHUT_WR)
        return read_all(channel)


def read_all(channel):
    found = b""
    while part := channel.recv(65536):
        found += part
    return found


def until(true, seconds=5):
    """Wait for something that happens in the server's thread after the client has its answer."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not come true"
        time.sleep(0.002)


def planned(*steps, kind="made-up", status=None):
    """Return a fault with a plan; bytes stand for sending them, other texts for themselves."""
    made = [Step("send", one) if isinstance(one, bytes) else one for one in steps]
    made = [Step(one) if isinstance(one, str) else one for one in made]
    return Fault(kind, status, steps=tuple(made))


def ok(body=b"{}", status=200, **headers):
    pairs = [(name.replace("_", "-"), value) for name, value in headers.items()]
    return Response(status, body, Headers(pairs))


def shaken(server, name="127.0.0.1"):
    """Return a socket that speaks TLS with a server."""
    context = ssl.create_default_context(cafile=str(server.ca_file))
    channel = socket.create_connection(("127.0.0.1", server.port), timeout=5)
    try:
        return context.wrap_socket(channel, server_hostname=name, suppress_ragged_eofs=False)
    except BaseException:
        channel.close()
        raise


def happened(server):
    """Return what the transcript says happened, in order."""
    return [event.what for event in server.transcript]
