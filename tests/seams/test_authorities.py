"""A context that loads authorities during an injection has them whenever they matter."""

from __future__ import annotations

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


@pytest.mark.usefixtures("injecting")
def test_the_authorities_of_the_system_are_there_when_asked_for(monkeypatch):
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    monkeypatch.delenv("SSL_CERT_DIR", raising=False)
    plain, default = (ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT) for _ in range(2))
    super(ssl.SSLContext, plain).set_default_verify_paths()
    default.load_default_certs()

    assert super(ssl.SSLContext, default).cert_store_stats()["x509_ca"] == 0
    assert default.cert_store_stats() == super(ssl.SSLContext, plain).cert_store_stats()


@pytest.mark.usefixtures("injecting")
def test_authorities_that_the_environment_names_are_loaded_while_it_does(monkeypatch):
    with monkeypatch.context() as changed:
        changed.setenv("SSL_CERT_FILE", BUNDLE)
        default = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        default.load_default_certs()

    assert default.cert_store_stats()["x509_ca"] == TRUSTED


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
