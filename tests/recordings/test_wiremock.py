"""WireMock's stubs: what it records itself, every way to give a body, and hostile stubs."""

from __future__ import annotations

import base64
import json
import os
from pathlib import Path

import pytest

from pytest_apierrors.errors import RecordingError
from pytest_apierrors.recordings import Limits, read, recognise
from pytest_apierrors.recordings.parsed import PARSED
from pytest_apierrors.recordings.wiremock_stub import TEMPLATE
from pytest_apierrors.response import Response

DATA = Path(__file__).parent / "data" / "wiremock-3.13.2"
ASKED = {"method": "GET", "urlPath": "/a"}


def _stub(response=None, request=ASKED, **more):
    return {"id": "x", "request": request, "response": response, **more}


def _one(items, response, **more):
    [found] = items(json.dumps(_stub(response, **more)))
    return found


def test_what_wiremock_records(as_sent):
    found = [item for file in sorted(DATA.glob("mappings/*")) for item in read(file)]

    assert len(found) == 9
    for response in found:
        path = response.url.partition("?")[0]
        as_sent(response, response.method, path, unlike=["Content-Encoding"])
        assert (response.altered, response.origin.line, response.origin.index) == (None, 1, 0)
        assert "fake-header-t0ken" in response.credentials()
    assert {(one.method, one.url) for one in found} >= {
        ("POST", "/rate?token=fake"),
        ("HEAD", "/rate"),
        ("GET", "/unicode"),
    }


def test_many_stubs_in_one_file(as_sent):
    """The admin API lists them; the folder of bodies lies beside the file."""
    text = (DATA / "snapshot.json").read_text().split("\n")
    found = list(read(DATA / "snapshot.json"))

    for response in found:
        path = response.url.partition("?")[0]
        as_sent(response, response.method, path, unlike=["Content-Encoding"])
    assert [one.origin.index for one in found] == list(range(9))
    ids = [number for number, line in enumerate(text, 1) if line.startswith('    "id"')]
    assert [one.origin.line + 1 for one in found] == ids


def test_a_folder_of_stubs_is_read_without_its_bodies():
    from pytest_apierrors.results import files_of

    assert [Path(file).parent.name for file in files_of([str(DATA)])] == [
        "wiremock-3.13.2",
        *["mappings"] * 9,
    ]


@pytest.mark.parametrize(
    ("response", "body", "altered"),
    [
        ({"body": '{"a": 1}'}, b'{"a": 1}', None),
        ({"body": "é"}, "é".encode(), None),
        ({"body": "é", "headers": {"content-type": "a/b; charset=ISO-8859-1"}}, b"\xe9", None),
        ({"body": "", "headers": {"A": ["1", "2"]}}, b"", None),
        ({"jsonBody": {"a": [1, None, "é"]}}, '{"a":[1,null,"é"]}'.encode(), PARSED),
        ({"jsonBody": "a"}, b'"a"', PARSED),
        ({"jsonBody": None, "body": "x"}, b"x", None),
        ({"base64Body": base64.b64encode(b"\x00\xff").decode()}, b"\x00\xff", None),
        ({}, b"", None),
        (None, b"", None),
    ],
)
def test_bodies(items, response, body, altered):
    found = _one(items, {**response, "status": 400} if response is not None else None)

    assert (found.body, found.altered, found.lost) == (body, altered, False)
    assert found.status == (200 if response is None else 400)


def test_headers_are_kept_with_repetitions(items):
    found = _one(items, {"headers": {"Set-Cookie": ["a=1", "b=2"], "Retry-After": 7}})

    assert list(found.headers) == [
        ("Set-Cookie", "a=1"),
        ("Set-Cookie", "b=2"),
        ("Retry-After", "7"),
    ]


@pytest.mark.parametrize(
    ("request_", "method", "url"),
    [
        ({"method": "ANY", "url": "/a?b=1"}, None, "/a?b=1"),
        ({"method": "GET", "urlPathPattern": "/a/.*"}, "GET", None),
        (
            {"urlPath": "/a", "queryParameters": {"b": {"equalTo": "1 2"}, "c": {"matches": "x"}}},
            None,
            "/a?b=1%202",
        ),
        (
            {"url": "/a", "host": {"equalTo": "api.acme.test"}, "scheme": "http", "port": 8080},
            None,
            "http://api.acme.test:8080/a",
        ),
        ({"url": "/a", "host": {"equalTo": "api.acme.test"}}, None, "https://api.acme.test/a"),
        (None, None, None),
    ],
)
def test_requests(items, request_, method, url):
    found = _one(items, {}, request=request_)

    assert (found.method, found.url) == (method, url)


def test_credentials_are_in_what_a_request_has_to_have(items):
    request = {
        "url": "/a",
        "headers": {"X-Api-Key": {"contains": "header-k3y"}, "Accept": {"matches": ".*"}},
        "cookies": {"sid": {"equalTo": "cookie-v4lue"}},
        "basicAuthCredentials": {"username": "bob", "password": "basic-passw0rd"},
        "bodyPatterns": [{"matches": ".*"}, {"equalToJson": {"client_secret": "body-s3cret"}}],
    }

    found = _one(items, {}, request=request)

    wanted = {"header-k3y", "cookie-v4lue", "basic-passw0rd", "body-s3cret"}
    assert found.credentials() >= wanted


@pytest.mark.parametrize("response", [{"fault": "EMPTY_RESPONSE"}, {"proxyBaseUrl": "http://h"}])
def test_what_has_no_response_of_its_own_is_passed_over(items, response):
    found = items(json.dumps({"mappings": [_stub(response), _stub({"status": 500})]}))

    assert [(one.status, one.origin.index) for one in found] == [(500, 1)]


def test_templates_are_no_values_of_the_provider(items):
    body = '{"at": "{{now}}"}'

    filled = _one(items, {"body": body, "transformers": ["response-template"]})
    unsaid = _one(items, {"body": body})
    other = _one(items, {"body": body, "transformers": ["mine"]})
    header = _one(items, {"body": "{}", "headers": {"Retry-After": "{{randomInt}}", "A": "b"}})

    assert (filled.altered, filled.lost) == (TEMPLATE, True)
    assert (unsaid.altered, unsaid.lost) == (TEMPLATE, True)
    assert (other.altered, other.lost) == (None, False)
    assert (header.headers, header.altered, header.lost) == (None, TEMPLATE, False)


@pytest.fixture
def folder(tmp_path):
    """A folder of WireMock, and a function that reads a stub with this name of a body."""
    (tmp_path / "wm" / "mappings" / "deep").mkdir(parents=True)
    (tmp_path / "wm" / "__files").mkdir()
    (tmp_path / "wm" / "secret.json").write_text("secret")
    (tmp_path / "wm" / "__files" / "sub").mkdir()
    (tmp_path / "wm" / "__files" / "sub" / "body.json").write_text('{"a": 1}')

    def run(name, place="mappings/deep/stub.json", **options):
        file = tmp_path / "wm" / place
        stub = _stub({"status": 400, "bodyFileName": name})
        file.write_text(json.dumps({"mappings": [stub, _stub({"status": 500})]}))
        first, last = read(file, **options)
        assert last.status == 500
        return first

    run.path = tmp_path / "wm"
    return run


@pytest.mark.parametrize("name", ["sub/body.json", "/sub/body.json"])
@pytest.mark.parametrize("place", ["mappings/deep/stub.json", "stub.json"])
def test_a_body_in_a_file_of_its_own(folder, name, place):
    found = folder(name, place)

    assert (found.body, found.altered) == (b'{"a": 1}', None)


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("../secret.json", "is not beside the recording"),
        ("sub/../../secret.json", "is not beside the recording"),
        ("//etc/passwd", "is not beside the recording"),
        ("..\\secret.json", "is not beside the recording"),
        ("C:/secret.json", "is not beside the recording"),
        ("a\nb", "is not beside the recording"),
        ("nul\0", "is not beside the recording"),
        ("", "is not beside the recording"),
        ("sub", "is a folder"),
        ("missing-" + "x" * 60 + ".json", "cannot be opened: No such file or directory"),
        ("{{request.path}}.json", "has a name that is a template"),
        ("x" * 300, "cannot be opened: File name too long"),
    ],
)
def test_no_other_file_is_read(folder, name, reason):
    error = folder(name)

    assert isinstance(error, RecordingError)
    assert error.reason.endswith(reason)
    assert error.reason.startswith(f"file {ascii(name.removeprefix('/')[:200])[:-1]}")
    assert (error.index, error.line) == (0, 1)


def test_links_pipes_and_devices_are_not_read(folder):
    files = folder.path / "__files"
    (files / "out").symlink_to(folder.path / "secret.json")
    (files / "device").symlink_to("/dev/zero")
    os.mkfifo(files / "pipe")

    assert "leads out of" in folder("out").reason
    assert "leads out of" in folder("device").reason
    assert "is not a regular file" in folder("pipe").reason


def test_a_link_in_the_place_of_the_folder_is_not_followed(folder, tmp_path):
    (folder.path / "__files").rename(tmp_path / "elsewhere")
    (folder.path / "__files").symlink_to(tmp_path / "elsewhere")

    assert folder("sub/body.json").reason.endswith("__files is a link")


def test_a_huge_file_is_not_read(folder):
    with (folder.path / "__files" / "huge").open("wb") as file:
        file.truncate(1 << 40)

    error = folder("huge")

    assert error.reason == "file 'huge' is over the limit of 8 MiB (--max-body-bytes)"
    assert "over the limit of 7" in folder("sub/body.json", limits=Limits(max_body_bytes=7)).reason


@pytest.mark.parametrize(
    ("stub", "reason"),
    [
        (7, "stub is 7, not a mapping"),
        (None, "stub is None, not a mapping"),
        ({"request": ASKED}, "stub has no response"),
        (_stub([]), "response is a list, not a mapping"),
        (_stub({}, request=7), "request is 7, not a mapping"),
        (_stub({"status": "soon"}), "status 'soon' is not an HTTP status"),
        (_stub({"status": True}), "status True is not an HTTP status"),
        (_stub({"headers": ["a"]}), "headers are a list, not a mapping"),
        (_stub({"headers": {"a": {}}}), "header 'a' has a mapping as its value"),
        (_stub({"body": {}}), "body is a mapping, not a text"),
        (_stub({"body": "\ud800"}), None),
        (_stub({"base64Body": "?"}), "base64Body is not base64"),
        (_stub({"base64Body": 7}), "base64Body is 7, not a text"),
        (_stub({"bodyFileName": ["a"]}), "bodyFileName is a list, not a text"),
        (_stub({"body": "{{a}}", "transformers": 7}), "transformers is 7, not a list"),
        (_stub({}, request={"method": 7}), "method is 7, not a text"),
        (_stub({}, request={"url": 7}), "url is 7, not a text"),
    ],
)
def test_wrong_types_are_that_stub_s_problem(items, stub, reason):
    text = json.dumps({"mappings": [_stub({}), stub, _stub({"status": 500})]}, indent=1)

    first, error, last = items(text)

    assert (first.status, last.status, last.origin.index) == (200, 500, 2)
    assert reason in (error.reason, None)
    assert error.index == 1
    assert text.split("\n")[error.line - 1].startswith(("  {", "  7", "  null", "   "))


def test_a_single_stub_of_wrong_types_names_its_place(items):
    error = _one(items, {"status": "soon"})

    assert (error.index, error.line) == (0, 1)


def test_what_is_cut_short_yields_what_it_has(items):
    text = json.dumps({"mappings": [_stub({}), _stub({})]})

    first, error = items(text[:-30])

    assert first.status == 200
    assert error.reason == "cut short: the file ends within JSON"
    [error] = items(json.dumps(_stub({}))[:-3])
    assert error.reason.startswith("not sound JSON")


def test_odd_matchers_do_no_harm(items):
    odd = [7, None, "x", [], {"equalTo": 7}, {"hasExactly": 7}, {"hasExactly": [7]}]
    for one in odd:
        request = {
            "url": "/a",
            **{name: {"a": one} for name in ("headers", "cookies", "queryParameters")},
            "host": one,
            "basicAuthCredentials": one,
            "scheme": one,
            "port": one,
            "bodyPatterns": [one],
        }
        found = _one(items, {}, request=request)
        assert isinstance(found, Response)
        assert found.url == "/a"
        assert isinstance(found.credentials(), frozenset)


@pytest.mark.parametrize(
    ("head", "name"),
    [
        (b'{\n  "request": {"url": "/"},\n  "response": {}\n}', "wiremock"),
        (b'{"request": {"url": "/"}, "response": {"jsonBody": {}}}', "wiremock"),
        (b'{"request": {"urlPath": "/"}, "response": {}}', "wiremock"),
        (b'{"uuid": "x", "request": {"url": "/"}, "response": {}}', "wiremock"),
        (b'{"mappings": [{"request": {}}], "meta": {"total": 1}}', "wiremock"),
        (b'{"request": {"url": "http://h/"}, "response": {"status": 404}}\n', "ndjson"),
        (b'{"mappings": {"properties": {"request": {}}}}', None),
        (b'{"mappings": [1]}', None),
    ],
)
def test_stubs_are_told_from_exchange_logs(head, name):
    reader = recognise(head, Path("a.json"))

    assert (reader.name if reader else None) == name
