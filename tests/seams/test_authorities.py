"""A context that loads authorities during an injection has them whenever they matter."""

from __future__ import annotations

import socket
import ssl
import threading

import certifi
import pytest
import trustme

from pytest_apierrors.clock import virtual_time
from pytest_apierrors.seams import inject, ok

BUNDLE = certifi.where()
TRUSTED = len(ssl.create_default_context(cafile=BUNDLE).get_ca_certs())


@pytest.fixture
def injecting():
    with virtual_time() as clock, inject(ok({}), clock=clock):
        ssl.create_default_context(cafile=BUNDLE)  # sound from now on
        yield


@pytest.mark.usefixtures("injecting")
def test_a_context_that_is_asked_knows_its_authorities():
    context = ssl.create_default_context(cafile=BUNDLE)

    assert len(context.get_ca_certs()) == TRUSTED
    assert context.cert_store_stats()["x509_ca"] == TRUSTED


def test_a_context_that_outlives_the_injection_has_them():
    ssl.create_default_context(cafile=BUNDLE)
    for _ in range(2):
        with virtual_time() as clock, inject(ok({}), clock=clock):
            kept = ssl.create_default_context(cafile=BUNDLE)

        assert len(kept.get_ca_certs()) == TRUSTED


@pytest.mark.usefixtures("injecting")
def test_a_file_that_cannot_be_loaded_fails_as_ever(tmp_path):
    broken = tmp_path / "broken.pem"
    broken.write_text("-----BEGIN CERTIFICATE-----\nno\n-----END CERTIFICATE-----\n")
    changed = tmp_path / "changed.pem"
    trustme.CA().cert_pem.write_to_path(changed)
    ssl.create_default_context(cafile=changed)
    changed.write_text("nothing")

    for file, error in ((broken, ssl.SSLError), (changed, ssl.SSLError), ("none", OSError)):
        for _ in range(2):
            with pytest.raises(error):
                ssl.create_default_context(cafile=file)


@pytest.mark.parametrize("trusted", [True, False])
@pytest.mark.usefixtures("injecting")
def test_a_connection_of_the_users_own_is_verified(tmp_path, trusted):
    """Over a pair of sockets, which no seam leads anywhere."""
    authority, other = trustme.CA(), trustme.CA()
    file = tmp_path / "ca.pem"
    (authority if trusted else other).cert_pem.write_to_path(file)
    ssl.create_default_context(cafile=file)  # the next one is put off
    context = ssl.create_default_context(cafile=file)
    serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("api.acme.test").configure_cert(serving)
    near, far = socket.socketpair()

    def serve():
        try:
            with serving.wrap_socket(far, server_side=True) as channel:
                channel.recv(1)
        except OSError:
            far.close()

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        with near:
            if trusted:
                context.wrap_socket(near, server_hostname="api.acme.test").close()
            else:
                with pytest.raises(ssl.SSLCertVerificationError):
                    context.wrap_socket(near, server_hostname="api.acme.test")
    finally:
        thread.join(10)
