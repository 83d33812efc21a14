"""A socket that TLS cannot be spoken over is closed, whoever has it by then."""

import gc
import socket
import ssl
import struct
import warnings

import pytest

from pytest_apierrors.clock import virtual_time
from pytest_apierrors.seams import inject, ok
from pytest_apierrors.tlswrap import wrapped

AT_ONCE = struct.pack("ii", 1, 0)


def reset_connection():
    """Return a socket whose peer has reset the connection."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        near = socket.create_connection(listening.getsockname())
        far, _ = listening.accept()
        far.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, AT_ONCE)
        far.close()
    return near


def lost(wrap):
    """Return what is said of sockets that were never closed."""
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        near = reset_connection()
        with pytest.raises(OSError, match=r"reset|not connected"):
            wrap(near)
        near.close()
        gc.collect()
    return [str(one.message) for one in said]


def secured(near):
    return ssl.create_default_context().wrap_socket(near, server_hostname="localhost")


def test_a_reset_before_the_handshake_leaves_nothing_open():
    assert lost(lambda near: wrapped(lambda: secured(near))) == []


def test_a_client_loses_none_while_faults_are_injected():
    with virtual_time() as clock, inject(ok({}), clock=clock):
        assert lost(secured) == []
