"""The server that probes are sent to, and the command that sends them."""

import json
import os

import pytest
import trustme
from live_site import CATALOG, GET, Server

from pytest_apierrors import _cli


@pytest.fixture(scope="session")
def authority():
    return trustme.CA()


@pytest.fixture(scope="session")
def ca_file(authority, tmp_path_factory):
    file = tmp_path_factory.mktemp("ca") / "ca.pem"
    authority.cert_pem.write_to_path(str(file))
    return str(file)


@pytest.fixture
def serve(authority):
    """Return what starts a server; all are stopped at the end."""
    servers = []

    def make(**how):
        servers.append(Server(authority, **how))
        return servers[-1]

    yield make
    for one in servers:
        one.close()


@pytest.fixture
def server(serve):
    return serve()


@pytest.fixture
def catalog_file(tmp_path):
    """Return a function that writes the catalog, changed or with other probes."""

    def write(*probes, **changes):
        raw = {**CATALOG, **changes}
        raw.update({"probes": list(probes)} if probes else {})
        file = tmp_path / "acme.json"
        file.write_text(json.dumps(raw), encoding="utf-8")
        return str(file)

    return write


@pytest.fixture(autouse=True)
def not_in_ci(monkeypatch):
    """Keep what stands around the tests out of them."""
    monkeypatch.delenv("CI", raising=False)
    for name in [name for name in os.environ if name.lower().endswith("_proxy")]:
        monkeypatch.delenv(name)


@pytest.fixture
def probe(capsys, catalog_file, ca_file):
    """Return what runs the command against a server, quickly; (status, output, errors)."""

    def run(server, *arguments, catalog=None, allow=None, rate="10/s"):
        url = server if isinstance(server, str) else server.url
        allowed = [url] if allow is None else allow
        status = _cli.main(
            [
                *("probe", "acme", "--catalogs", catalog or catalog_file(), "--base-url", url),
                *(word for host in allowed for word in ("--allow", host)),
                *("--ca-file", ca_file, "--rate", rate, *map(str, arguments)),
            ]
        )
        captured = capsys.readouterr()
        return status, captured.out, captured.err

    return run


@pytest.fixture
def one(catalog_file):
    """Return a catalog of a single probe."""

    def make(**changes):
        return catalog_file({**GET, **changes})

    return make
