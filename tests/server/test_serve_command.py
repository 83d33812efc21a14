"""`pytest-apierrors serve`: every kind of fault on a real socket, for clients in any language."""

import json
import re
import signal
import ssl
import subprocess
import sys
import urllib.error
import urllib.request
from contextlib import contextmanager

import pytest

from pytest_apierrors import _cli

RUN = [sys.executable, "-m", "pytest_apierrors", "serve"]


@contextmanager
def serving(*arguments, how=signal.SIGINT):
    """Run the command; yield its base URL and what it said."""
    with subprocess.Popen([*RUN, *arguments], stdout=subprocess.PIPE, text=True) as process:
        try:
            said = []
            while not said or said[-1] != "stop with Ctrl-C\n":
                said.append(process.stdout.readline())
                assert said[-1], said
            yield re.search(r"https?://[\d.:]+", said[0])[0], "".join(said)
        finally:
            process.send_signal(how)
            try:
                assert process.wait(10) == 0
            finally:
                process.kill()


def ask(url, context=None, **headers):
    request = urllib.request.Request(url, headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=5, context=context) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


def test_a_path_or_a_header_names_the_kind():
    with serving("sinch") as (url, said):
        assert said.startswith("sinch: ")
        status, body = ask(f"{url}/sinch-40101/calling/v1/callouts?x=1")
        assert (status, json.loads(body)["errorCode"]) == (401, 40101)
        assert ask(f"{url}/calling/v1/callouts", **{"X-Apierrors-Kind": "html-502"})[0] == 502
        status, kinds = ask(f"{url}/")
        assert status == 200
        assert "sinch-40101\tThe documented error 40101" in kinds
        status, body = ask(f"{url}/sinc-40101/x")
        assert status == 501
        assert body == "no kind of fault named 'sinc-40101'; did you mean \"sinch-40101\"?\n"


def test_what_strikes_before_a_request_says_how_to_be_served():
    with serving("sinch") as (url, _):
        status, said = ask(f"{url}/connection-refused/x")

    assert status == 501
    assert said.endswith("strikes before a request is read: serve --kind connection-refused\n")


def test_it_ends_when_it_is_told_to_even_in_the_background():
    ignored = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with serving("sinch"):
            pass
    finally:
        signal.signal(signal.SIGINT, ignored)
    with serving("sinch", how=signal.SIGTERM):
        pass


def test_named_kinds_come_in_turn_and_the_last_repeats():
    with serving("sinch", "--kind", "text-429", "--kind", "sinch-40001") as (url, said):
        assert said.startswith(f"text-429, then sinch-40001 at {url}\n")
        assert [ask(f"{url}/any")[0] for _ in range(3)] == [429, 400, 400]


def test_a_client_in_another_language_gets_faults_of_the_wire(tmp_path):
    with serving("--kind", "closed-in-body") as (url, _):
        done = subprocess.run(
            ["curl", "-s", "-o", str(tmp_path / "body"), url], timeout=10, check=False
        )
    assert done.returncode == 18  # what curl says to a transfer that ends too early


def test_tls_names_the_certificate_to_trust():
    pytest.importorskip("trustme")
    with serving("sinch", "--tls") as (url, said):
        file = re.search(r"trust the certificate in (\S+)", said)[1]
        context = ssl.create_default_context(cafile=file)
        assert url.startswith("https://")
        assert ask(f"{url}/sinch-50000/x", context)[0] == 500


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["sinc"], 'no catalog named "sinc"; did you mean "sinch"?'),
        (["--kind", "htm-502"], 'no fault kind or ring "htm-502"; did you mean "html-502"?'),
        (["--kind", "broken"], '--kind: "broken" is a ring; name the kinds'),
        (["--port", "99999"], 'a port from 0 to 65535 is needed; found "99999"'),
        (["--port", "x"], 'a port from 0 to 65535 is needed; found "x"'),
    ],
)
def test_mistakes_are_one_sentence(capsys, arguments, sentence):
    assert _cli.main(["serve", *arguments]) == 2
    assert sentence in capsys.readouterr().err


def test_a_port_that_is_taken_is_said_to_be(capsys):
    with serving("sinch") as (url, _):
        port = url.rpartition(":")[2]
        assert _cli.main(["serve", "--port", port]) == 2
    assert f"--port {port}: cannot be used: Address already in use" in capsys.readouterr().err
