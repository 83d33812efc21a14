"""A context that loads authorities during an injection has them whenever they matter."""

from __future__ import annotations

import os
import socket
import ssl
import threading
from pathlib import Path

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
        assert type(kept) is ssl.SSLContext


@pytest.mark.usefixtures("injecting")
def test_no_bundle_is_read_for_a_context_that_is_kept_and_never_used():
    """As a client that an exception's traceback keeps alive."""
    kept = [ssl.create_default_context(cafile=BUNDLE) for _ in range(3)]

    assert [super(ssl.SSLContext, one).cert_store_stats()["x509_ca"] for one in kept] == [0, 0, 0]


@pytest.mark.parametrize("named", [True, False])
@pytest.mark.usefixtures("injecting")
def test_the_authorities_of_the_system_are_those_that_were_named_then(monkeypatch, named):
    for name in ("SSL_CERT_FILE", "SSL_CERT_DIR"):
        monkeypatch.delenv(name, raising=False)
    if named:
        monkeypatch.setenv("SSL_CERT_FILE", BUNDLE)
    at_once, later, asked = (ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT) for _ in range(3))
    super(ssl.SSLContext, at_once).set_default_verify_paths()
    known = at_once.cert_store_stats()
    for context in (later, asked):
        context.load_default_certs()

    assert asked.cert_store_stats() == known
    monkeypatch.setenv("SSL_CERT_FILE", "none")
    assert super(ssl.SSLContext, later).cert_store_stats()["x509_ca"] == 0
    assert later.cert_store_stats() == known
    assert os.environ["SSL_CERT_FILE"] == "none"
    assert known["x509_ca"] == TRUSTED or not named


@pytest.mark.usefixtures("injecting")
def test_a_context_of_another_class_loads_at_once():
    class Other(ssl.SSLContext):
        pass

    context = Other(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(BUNDLE)

    assert super(ssl.SSLContext, context).cert_store_stats()["x509_ca"] == TRUSTED


@pytest.mark.usefixtures("injecting")
def test_several_threads_that_need_it_find_it_loaded():
    context = ssl.create_default_context(cafile=BUNDLE)
    found = []
    threads = [
        threading.Thread(target=lambda: found.append(context.cert_store_stats()["x509_ca"]))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)

    assert found == [TRUSTED] * 8


@pytest.mark.usefixtures("injecting")
def test_a_file_that_cannot_be_loaded_fails_as_ever(tmp_path):
    broken = tmp_path / "broken.pem"
    broken.write_text("-----BEGIN CERTIFICATE-----\nno\n-----END CERTIFICATE-----\n")
    changed = tmp_path / "changed.pem"
    changed.write_text(Path(BUNDLE).read_text(encoding="utf-8"))
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
    mine = (authority if trusted else other).cert_pem.bytes()
    file.write_bytes(Path(BUNDLE).read_bytes() + mine)
    ssl.create_default_context(cafile=file)  # the next one is put off
    context = ssl.create_default_context(cafile=file)
    assert type(context) is not ssl.SSLContext
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
