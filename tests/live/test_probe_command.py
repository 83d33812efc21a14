"""`probe` against real servers: what is sent, what is said, what is kept, what is refused."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from live_site import FINE, answer

from pytest_apierrors import _cli
from pytest_apierrors.reports import FORMATS


def test_documented_answers_are_documented_errors(probe, server):
    status, out, err = probe(server)

    assert status == 0
    assert out.splitlines() == [
        "acme/no-credentials #0: acme 401: documented error unauthorized",
        "acme/unknown-path #1: acme 404: documented error gone",
        "acme/wrong-method #2: acme 405: documented error no",
        "0 of 3 live errors break the contract; 3 of 4 documented errors exercised",
    ]
    assert err.splitlines() == [
        f"no-credentials: GET {server.url}/account?x=1 -> 401",
        f"unknown-path: GET {server.url}/none -> 404",
        f"wrong-method: DELETE {server.url}/none -> 405",
    ]


def test_nothing_is_sent_but_the_request(probe, server, monkeypatch, tmp_path):
    """No body, no credentials, nothing that the environment or a file would add."""
    (tmp_path / ".netrc").write_text("default login me password s3cr3t\n", encoding="utf-8")
    (tmp_path / ".netrc").chmod(0o600)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))

    probe(server)

    whole = """{} HTTP/1.1
Host: localhost:{}
User-Agent: pytest-apierrors
Accept: {}
Accept-Encoding: identity{}
Connection: close

"""
    said = [
        ("GET /account?x=1", server.port, "application/json", ""),
        ("GET /none", server.port, "*/*", ""),
        ("DELETE /none", server.port, "*/*", "\nContent-Length: 0"),
    ]
    assert [one.replace("\r\n", "\n") for one in server.requests] == [
        whole.format(*one) for one in said
    ]


@pytest.mark.parametrize(
    ("how", "url"),
    [
        ({}, "https://127.0.0.1:{}"),
        ({}, "https://LocalHost.:{}"),
        ({"tls": False}, "http://localhost:{}"),
        ({"host": "::1", "names": ("::1",)}, "https://[::1]:{}"),
    ],
)
def test_hosts_of_every_form_are_reached(serve, probe, one, how, url):
    try:
        server = serve(**how)
    except OSError as error:
        pytest.skip(f"no such interface: {error}")

    status, out, _ = probe(url.format(server.port), catalog=one())

    assert (status, "documented error gone" in out) == (0, True), out


def test_the_next_address_is_tried(probe, server, one, monkeypatch):
    def lookup(_, port, **__):
        return [(0, 0, 0, "", (address, port)) for address in ("::1", "127.0.0.1")]

    monkeypatch.setattr(socket, "getaddrinfo", lookup)

    status, _, _ = probe(server, catalog=one())

    assert status == 0
    assert server.connections == 1


def test_a_proxy_in_the_environment_is_not_used(probe, serve, monkeypatch):
    proxy, server = serve(tls=False), serve()
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY"):
        monkeypatch.setenv(name, proxy.url)

    status, _, _ = probe(server)

    assert status == 0
    assert proxy.connections == 0


def test_the_path_of_the_base_url_stands_before(probe, serve, one):
    server = serve()
    server.answers["/v2/none"] = FINE["/none"]

    status, _, _ = probe(f"{server.url}/v2/", catalog=one(), allow=[server.url])

    assert status == 0
    assert server.requests[0].startswith("GET /v2/none HTTP/1.1\r\n")


def test_another_status_than_the_documented_one_is_said(probe, server, one):
    server.answers["/none"] = answer(200, {"code": "x"})

    status, out, _ = probe(server, catalog=one())

    assert status == 1
    told = "error status-mismatch (documented: 404 to the probe one)"
    assert out.splitlines()[0] == f"acme/one #0: acme 200: {told}"
    assert out.splitlines()[-1] == (
        "1 response, no errors among them; 1 response that is no error broke a rule"
    )


def test_another_error_than_the_documented_one_is_said(probe, server, one):
    server.answers["/none"] = answer(401, {"code": "expired"})

    status, out, _ = probe(server, catalog=one(expect={"entries": ["unauthorized"]}))

    assert status == 1
    told = "documented: unauthorized to the probe one, found: expired"
    assert f"acme 401: expired, error field-value $.code ({told})" in out


def test_an_answer_that_breaks_the_contract_is_reported_as_check_does(probe, server, one):
    server.answers["/none"] = answer(404, {"code": "gone", "x": 1})

    status, out, _ = probe(server, "--format", "json", catalog=one())

    report = json.loads(out)
    assert status == 0
    assert report["provider"] == "acme"
    assert [one["rule"] for one in report["responses"][0]["violations"]] == ["field-undocumented"]


@pytest.mark.parametrize("form", FORMATS)
def test_every_format_says_what_was_found(probe, server, form):
    server.answers["/account"] = answer(
        302, b"", "Location: https://\x1b[31m.evil.test/ ::error::x"
    )
    server.answers["DELETE /none"] = b""

    status, out, err = probe(server, "--format", form)

    assert status == 2
    assert "status-mismatch" in out
    assert "\x1b" not in out + err
    assert " ::error::x" not in out + err
    assert not re.search("^::error::x", out + err, re.MULTILINE)


def test_a_redirect_is_told_and_not_followed(probe, serve, one):
    elsewhere, server = serve(), serve()
    server.answers["/none"] = answer(302, b"", f"Location: {elsewhere.url}/x?token=s3cr3tvalue1")

    status, out, _ = probe(server, catalog=one(), allow=[server.url, elsewhere.url])

    assert status == 1
    assert elsewhere.connections == 0
    assert f"one: 302 redirects to {elsewhere.url}/x?token=[redacted] on another host: not" in out
    assert "error status-mismatch (documented: 404 to the probe one)" in out


def test_a_redirect_to_itself_is_told_too(probe, server, one):
    server.answers["/none"] = answer(301, b"", "Location: /login")

    _, out, _ = probe(server, catalog=one())

    assert f"one: 301 redirects to {server.url}/login: not followed" in out
    assert server.connections == 1


def test_a_dry_run_sends_nothing_even_in_ci(probe, server, monkeypatch):
    monkeypatch.setenv("CI", "true")

    status, out, err = probe(server, "--dry-run")

    assert (status, err) == (0, "")
    assert server.connections == 0
    assert out.splitlines() == [
        f"no-credentials: GET {server.url}/account?x=1, expecting unauthorized",
        f"unknown-path: GET {server.url}/none, expecting 404",
        f"wrong-method: DELETE {server.url}/none, expecting 405",
    ]


@pytest.mark.parametrize(("value", "refused"), [("true", True), ("0", True), ("", False)])
def test_ci_has_to_name_it(probe, server, monkeypatch, value, refused):
    monkeypatch.setenv("CI", value)

    status, _, err = probe(server)

    assert status == (2 if refused else 0)
    assert server.connections == (0 if refused else 3)
    assert err.endswith("unless it says --allow-in-ci\n") == refused
    assert probe(server, "--allow-in-ci")[0] == 0


def test_a_host_that_is_not_allowed_is_not_asked(probe, server):
    status, out, err = probe(server, allow=["api.acme.test"])

    assert (status, out) == (2, "")
    assert f"{server.url} is not on the allow-list (https://api.acme.test)" in err
    assert server.connections == 0


MISTAKES = [
    (["--rate", "fast"], '--rate: a rate such as "1/s" or "20/m"; found "fast"'),
    (["--rate", "0/s"], '--rate: a rate such as "1/s" or "20/m"; found "0/s"'),
    (["--rate", "11/s"], '--rate: at most 10/s; found "11/s"'),
    (["--deadline", "0"], '--deadline: seconds up to 3600 are needed; found "0"'),
    (["--timeout", "nan"], '--timeout: seconds up to 3600 are needed; found "nan"'),
    (["--timeout", "1e9"], '--timeout: seconds up to 3600 are needed; found "1e9"'),
    (["--format", "jsn"], '--format: no format named "jsn"; did you mean "json"?'),
    (["--record", "no/such/log"], "--record no/such/log: cannot be written: there is no such"),
    (["--record", "."], "--record .: cannot be written: is a folder"),
    (["--output", "no/such/out"], "--output no/such/out: cannot be written: there is no such"),
    (["--ca-file", "no.pem"], "--ca-file no.pem: cannot be read: No such file or directory"),
    (["--ca-file", os.devnull], f"--ca-file {os.devnull}: holds no certificate in PEM form"),
]


@pytest.mark.parametrize(("options", "said"), MISTAKES, ids=[" ".join(one[0]) for one in MISTAKES])
def test_a_mistake_is_a_sentence_before_anything_is_sent(probe, server, options, said):
    status, out, err = probe(server, *options)

    assert (status, out) == (2, "")
    assert said in err
    assert err.count("\n") == 1
    assert server.connections == 0


def test_a_catalog_without_probes_says_so(capsys):
    command = ["probe", "toku", "--base-url", "https://a.test", "--allow", "a.test"]

    assert _cli.main(command) == 2
    assert "the catalog toku has no probes" in capsys.readouterr().err


def test_no_allow_list_is_no_permission(capsys):
    assert _cli.main(["probe", "sinch", "--base-url", "https://a.test"]) == 2
    assert "--allow: name the host that may be asked: --allow https://a.test" in (
        capsys.readouterr().err
    )


def test_the_log_agrees_with_what_was_said(probe, server, tmp_path, capsys, catalog_file):
    server.answers["/account"] = answer(401, {"code": "unauthorized", "extra": 1})
    server.answers["DELETE /none"] = answer(503, b"<html>", "Retry-After: 3")
    log = tmp_path / "probes.ndjson"

    _, out, _ = probe(server, "--record", log, "--format", "json")

    live = json.loads(out)
    assert _cli.main(
        [
            *("check", str(log), "--catalogs", catalog_file(), "--provider", "acme"),
            *("--format", "json", "--all"),
        ]
    ) in (0, 1)
    checked = json.loads(capsys.readouterr().out)
    assert [one["line"] for one in live["responses"]] == [1, 2, 3]
    assert [one["file"] for one in live["responses"]] == [str(log)] * 3
    for mine, read in zip(live["responses"], checked["responses"], strict=True):
        unmet = [one for one in mine["violations"] if "to the probe" in one["documented"]]
        mine["violations"] = [one for one in mine["violations"] if one not in unmet]
        assert mine == read


def test_the_log_holds_no_secret(probe, server, tmp_path, one):
    server.answers["/none"] = answer(
        404,
        {"code": "gone", "token": "s3cr3tvalue1"},
        "Set-Cookie: session=s3cr3tvalue2",
        "X-Request-Id: r1",
    )
    log = tmp_path / "probes.ndjson"

    _, out, _ = probe(server, "--record", log, "--format", "json", catalog=one())

    kept = json.loads(log.read_text(encoding="utf-8"))
    assert "s3cr3t" not in log.read_text(encoding="utf-8") + out
    assert kept["response"]["headers"]["X-Request-Id"] == "r1"
    assert json.loads(kept["response"]["body"]) == {"code": "gone", "token": "[redacted]"}
    assert kept["request"]["headers"]["User-Agent"] == "pytest-apierrors"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device of Linux")
def test_a_log_that_cannot_be_written_says_so(probe, server):
    status, _, err = probe(server, "--record", "/dev/full")

    assert status == 2
    assert "--record /dev/full: cannot be written: No space left on device" in err


def test_an_old_log_stays_where_nothing_answered(probe, tmp_path, one):
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    log = tmp_path / "probes.ndjson"
    log.write_text("old\n", encoding="utf-8")

    status, out, _ = probe(f"https://localhost:{port}", "--record", log, catalog=one())

    assert status == 2
    assert "cannot connect" in out
    assert log.read_text(encoding="utf-8") == "old\n"


def test_one_that_does_not_answer_does_not_hide_the_others(probe, server):
    server.answers["/account"] = b""

    status, out, _ = probe(server)

    assert status == 2
    assert "acme/no-credentials: GET" in out
    assert "without the goodbye of TLS: it may have been cut (reading the head of the" in out
    assert "acme/unknown-path #1: acme 404: documented error gone" in out


def test_the_deadline_of_the_run_leaves_probes_unsent(probe, server):
    status, out, _ = probe(server, "--deadline", "0.3", rate="1/s")

    assert status == 2
    assert server.connections == 1
    assert out.count("not sent: the deadline of the run comes before its turn") == 2


def test_the_deadline_of_the_run_ends_a_request_too(probe, server):
    server.answers["/account"] = lambda _, done: done.wait(20)
    started = time.monotonic()

    status, out, _ = probe(server, "--deadline", "0.5", "--timeout", "30")

    assert status == 2
    assert time.monotonic() - started < 1
    assert "no answer within 0.5 s (reading the head of the answer)" in out
    assert out.count("(waiting for its turn)") == 2


def test_requests_keep_their_distance(probe, server):
    started = time.monotonic()

    probe(server, rate="5/s")

    assert time.monotonic() - started >= 0.4


def test_ctrl_c_is_honoured_within_a_second(server, tmp_path, catalog_file, ca_file):
    asked = threading.Event()

    def silent(_, done):
        asked.set()
        done.wait(20)

    server.answers["/account"] = silent
    log = tmp_path / "probes.ndjson"
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "pytest_apierrors", "probe", "acme"),
            *("--catalogs", catalog_file(), "--base-url", server.url, "--allow", server.url),
            *("--ca-file", ca_file, "--record", str(log), "--timeout", "30"),
        ],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    if not asked.wait(20):
        process.kill()
    started = time.monotonic()

    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=20)

    assert time.monotonic() - started < 1
    assert process.returncode == _cli.INTERRUPTED
    assert err.splitlines()[-1] == "pytest-apierrors: interrupted"
    assert "Traceback" not in out + err
    assert not log.exists()
