"""What the tests of the command line share: a log, and the program run in this process."""

import json

import pytest
from acme_exchanges import ACME

from pytest_apierrors import _cli


@pytest.fixture
def log(tmp_path):
    def write(*exchanges, name="log.ndjson"):
        lines = [one if isinstance(one, str) else json.dumps(one) for one in exchanges]
        file = tmp_path / name
        file.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
        return str(file)

    return write


@pytest.fixture
def run(capsys):
    def main(*arguments):
        status = _cli.main([str(argument) for argument in arguments])
        captured = capsys.readouterr()
        return status, captured.out, captured.err

    return main


@pytest.fixture
def check(run):
    def main(*arguments, provider="acme"):
        chosen = [] if provider is None else ["--provider", provider]
        return run("check", "--catalogs", ACME, *chosen, *arguments)

    return main
