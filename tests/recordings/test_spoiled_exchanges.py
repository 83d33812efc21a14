"""One spoiled exchange in a recording: it is named with its reason, and the others are read."""

from __future__ import annotations

import copy
import json

import pytest
import yaml

from pytest_apierrors.errors import RecordingError
from pytest_apierrors.recordings import Limits, recognise
from pytest_apierrors.response import Response

URL = "http://h/a"
VCR_FAMILY = {
    "request": {"method": "get", "uri": URL, "body": {"encoding": "UTF-8", "string": ""}},
    "response": {
        "status": {"code": 404, "message": "Not Found"},
        "headers": {"A": ["b", "c"]},
        "body": {"encoding": "UTF-8", "string": "x"},
    },
}
ELIXIR = {
    "request": {"body": "", "headers": [], "method": "get", "options": [], "url": URL},
    "response": {
        "binary": False,
        "body": "x",
        "headers": {"A": "b"},
        "status_code": 404,
        "type": "ok",
    },
}
PHP = {
    "request": {"method": "GET", "url": URL, "headers": {"Host": "h"}},
    "response": {"status": 404, "headers": {"A": "b"}, "body": "x"},
    "index": 0,
}
CASSETTER = {
    "request": {"method": "GET", "uri": URL, "headers": {}, "body": {"type": "none"}},
    "response": {
        "status": 404,
        "headers": {"a": ["b"]},
        "body": {"type": "text", "content": "x"},
    },
    "recorded_at": "2026-11-22T10:00:00+00:00",
}
GO = {
    "request": {"body": "", "form": {}, "headers": {}, "url": URL, "method": "GET"},
    "response": {"body": "x", "headers": {"A": ["b"]}, "status": "404 Not Found", "code": 404},
}
SHARP = {
    "RecordedAt": "2026-11-22T10:00:00",
    "Request": {"Method": "GET", "Uri": URL, "RequestHeaders": {}, "Body": ""},
    "Response": {
        "Status": {"Code": 404, "Message": "Not Found"},
        "ResponseHeaders": {"A": "b"},
        "ContentHeaders": {"B": "c"},
        "Body": "x",
    },
}
JAVA = {
    "recordedAt": 1,
    "request": {"method": "GET", "uri": URL, "headers": {}, "body": "{}"},
    "response": {
        "body": "x",
        "headers": {"a": ["b"]},
        "status": {"code": 404},
        "httpVersion": None,
    },
}
RECORDER = {
    "response": {
        "auto_calculate_content_length": False,
        "body": "x",
        "content_type": "application/json",
        "headers": {"A": "b"},
        "method": "GET",
        "status": 404,
        "url": URL,
    }
}


def _under(name, write=json.dumps, **more):
    return lambda items: write({**more, name: items})


def _yaml(value):
    return yaml.safe_dump(value, sort_keys=False)


FORMATS = {
    "betamax": (VCR_FAMILY, _under("http_interactions", recorded_with="betamax/0.9.0")),
    "vcr-ruby": (VCR_FAMILY, _under("http_interactions", _yaml)),
    "vcr-ruby-json": (VCR_FAMILY, _under("http_interactions", recorded_with="VCR 6.1.0")),
    "cassetter": (CASSETTER, _under("interactions", _yaml, version=1)),
    "go-vcr": (GO, _under("interactions", _yaml, version=2)),
    "responses": (RECORDER, _under("responses", _yaml)),
    "easyvcr": (SHARP, json.dumps),
    "easyvcr-java": (JAVA, json.dumps),
    "exvcr": (ELIXIR, json.dumps),
    "php-vcr": (PHP, _yaml),
    "php-vcr-json": (PHP, json.dumps),
}
GONE = object()
NO_ANSWER = [(("response",), None), (("response", "status"), 0)]
FAMILY = [
    ("request", None, "request is None, not a mapping"),
    ("request", GONE, "request is None, not a mapping"),
    ("request.method", 7, "method is 7, not a text"),
    ("request.uri", [], "uri is a list, not a text"),
    ("response", GONE, "interaction has no response"),
    ("response", "x", "response is 'x', not a mapping"),
    ("response.status", GONE, "response has no status"),
    ("response.status", {}, "status has no code"),
    ("response.status", {"code": "abc"}, "status 'abc' is not an HTTP status"),
    ("response.status", True, "status True is not an HTTP status"),
    ("response.status", False, "status False is not an HTTP status"),
    ("response.status", 10**12, "status a huge number is not an HTTP status"),
    ("response.status", [404], "status a list is not an HTTP status"),
    ("response.headers", "x", "headers is 'x', not a mapping"),
    ("response.headers", ["x"], "headers is a list, not a mapping"),
    ("response.headers", {"A": {}}, "header 'A' has a mapping as its value"),
    ("response.headers", {"A": ["b", []]}, "header 'A' has a list as its value"),
    ("response.body", 7, "body is 7, not a text"),
    ("response.body.string", 7, "string is 7, not a text"),
    ("response.body.base64_string", "?", "base64_string is not base64"),
    ("response.body.encoding", {}, "encoding is a mapping, not a text"),
    ("response.body", {"zip": "x"}, "body has 'zip' in place of a string"),
]
LIST = [
    ("request", None, "request is None, not a mapping"),
    ("request.url", 7, "url is 7, not a text"),
    ("request.method", {}, "method is a mapping, not a text"),
    ("response", [], "response is a list, not a mapping"),
    ("response.headers", {"A": {}}, "header 'A' has a mapping as its value"),
    ("response.headers", 7, "headers is 7, not a mapping"),
    ("response.body", 7, "body is 7, not a text"),
]
SPOILED = {
    "betamax": FAMILY,
    "vcr-ruby": FAMILY,
    "vcr-ruby-json": FAMILY,
    "cassetter": [
        *[one for one in FAMILY if not one[0].startswith("response.body")],
        ("response.body", 7, "body is of type 7, not json, text, binary or none"),
        ("response.body.type", "zip", "body is of type 'zip', not json, text, binary or none"),
        ("response.body.content", 7, "content is 7, not a text"),
        ("response.body", {"type": "binary", "content": "0x"}, "content is not hexadecimal"),
        ("response.body", {"type": "binary", "content": []}, "content is a list, not a text"),
        (
            "response.body",
            {"type": "json", "content": float("inf")},
            "content is nothing that JSON can hold",
        ),
    ],
    "go-vcr": [
        *LIST,
        ("response", GONE, "interaction has no response"),
        ("response.code", GONE, "response has no code"),
        ("response.code", "404 x", "status '404 x' is not an HTTP status"),
    ],
    "responses": [
        ("response", GONE, "response is None, not a mapping"),
        ("response.status", GONE, "response has no status"),
        ("response.status", "x", "status 'x' is not an HTTP status"),
        ("response.headers", [1], "headers is a list, not a mapping"),
        ("response.content_type", 7, "content_type is 7, not a text"),
        ("response.body", {}, "body is a mapping, not a text"),
        ("response.url", [], "url is a list, not a text"),
    ],
    "easyvcr": [
        ("Request", 7, "request is 7, not a mapping"),
        ("Request.Uri", 7, "uri is 7, not a text"),
        ("Response", GONE, "interaction has no response"),
        ("Response", 7, "response is 7, not a mapping"),
        ("Response.Status", GONE, "response has no status"),
        ("Response.Status", {}, "status has no code"),
        ("Response.Status.Code", "x", "status 'x' is not an HTTP status"),
        ("Response.ResponseHeaders", [], "headers is a list, not a mapping"),
        ("Response.ContentHeaders", "x", "headers is 'x', not a mapping"),
        ("Response.ContentHeaders", {"A": {}}, "header 'A' has a mapping as its value"),
        ("Response.Body", 7, "body is 7, not a text"),
    ],
    "easyvcr-java": [
        ("request.headers", 7, "headers is 7, not a mapping"),
        ("response.status", "x", "status 'x' is not an HTTP status"),
        ("response.headers", {"a": [[]]}, "header 'a' has a list as its value"),
        ("response.body", True, "body is True, not a text"),
    ],
    "exvcr": [
        *LIST,
        ("response", GONE, "exchange has no response"),
        ("response.status_code", GONE, "response has no status_code"),
        ("response.status_code", ["HTTP/1.1", "x", "OK"], "status 'x' is not an HTTP status"),
        ("response.status_code", [200], "status a list is not an HTTP status"),
        ("response.headers", [["A", {}]], "header 'A' has a mapping as its value"),
        ("response.headers", [["A"]], "headers is a list, not a mapping"),
        ("response", {**ELIXIR["response"], "binary": True, "body": "?"}, "body is not base64"),
        (
            "response",
            {**ELIXIR["response"], "binary": True, "body": "g20AAAADYWI="},
            "body is not a binary of Erlang",
        ),
        ("response", {**ELIXIR["response"], "binary": True, "body": 7}, "body is 7, not a text"),
    ],
    "php-vcr": [
        *LIST,
        ("response", GONE, "recording has no response"),
        ("response.status", GONE, "response has no status"),
        ("response.status", {"message": "x"}, "status has no code"),
        ("response.status", "x", "status 'x' is not an HTTP status"),
    ],
    "php-vcr-json": LIST,
}
CASES = [(name, *case) for name, cases in SPOILED.items() for case in cases]


def _spoiled(good, path, value):
    item = copy.deepcopy(good)
    *above, last = path.split(".")
    holder = item
    for name in above:
        holder = holder[name]
    if value is GONE:
        del holder[last]
    else:
        holder[last] = value
    return item


def _exchanges(name):
    good, write = FORMATS[name]
    return good, lambda *items: write([copy.deepcopy(one) for one in items])


@pytest.mark.parametrize("name", FORMATS)
def test_a_sound_recording(items, tmp_path, name):
    good, write = _exchanges(name)
    content = write(good, good)

    found = items(content)

    reader = recognise(content.encode(), tmp_path)
    assert name.startswith(reader.name)
    assert [(one.status, one.method, one.url, one.body) for one in found] == [
        (404, "GET", URL, b"x")
    ] * 2
    assert [one.origin.index for one in found] == [0, 1]
    assert all(one.headers.get("a") == "b" for one in found)


@pytest.mark.parametrize(("name", "path", "value", "reason"), CASES)
def test_one_exchange_is_spoiled(items, name, path, value, reason):
    good, write = _exchanges(name)

    first, error, last = items(write(good, _spoiled(good, path, value), good))

    assert isinstance(error, RecordingError)
    assert (error.index, error.reason) == (1, reason)
    assert error.line is not None
    assert [one.origin.index for one in (first, last)] == [0, 2]


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize(
    ("value", "shown"), [(None, "None"), ([], "a list"), ("x", "'x'"), (7, "7")]
)
def test_one_exchange_is_something_else(items, name, value, shown):
    good, write = _exchanges(name)

    _, error, last = items(write(good, value, good))

    assert (error.index, error.reason.partition(" is ")[2]) == (1, f"{shown}, not a mapping")
    assert last.status == 404


@pytest.mark.parametrize("name", sorted(FORMATS.keys() - {"responses"}))
def test_a_call_without_an_answer_is_no_response(items, name):
    good, write = _exchanges(name)
    side = "Response" if "Response" in good else "response"

    found = items(write(good, _spoiled(good, side, None), good))

    assert [one.origin.index for one in found] == [0, 2]


STATUS = {
    "exvcr": "response.status_code",
    "go-vcr": "response.code",
    "easyvcr": "Response.Status.Code",
}


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("status", [0, "0", None])
def test_a_status_of_nothing_is_no_response(items, name, status):
    good, write = _exchanges(name)

    found = items(write(good, _spoiled(good, STATUS.get(name, "response.status"), status), good))

    assert [one.origin.index for one in found] == [0, 2]


@pytest.mark.parametrize("name", FORMATS)
def test_a_file_that_is_cut_short(items, name):
    """Wherever it ends, what came before is read and the end is told."""
    good, write = _exchanges(name)
    content = write(*[good] * 4).encode()
    third = content.rindex(b"404")

    *found, error = items(content[: third - 5], reader=name.removesuffix("-json").split("-java")[0])

    assert 1 <= len([one for one in found if isinstance(one, Response)]) <= 3
    assert isinstance(error, RecordingError)
    assert error.reason


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("odd", [r'"\ud800"', "NaN", "1e999", "9" * 5000])
def test_values_that_json_has_not(items, name, odd):
    """A body that is none of the texts a body can be; its value goes nowhere."""
    good, write = _exchanges(name)
    content = write(good, good)
    at = max(content.rfind('"x"'), content.rfind(" x\n") + 1)
    size = 3 if content[at] == '"' else 1

    first, error = items(f"{content[:at]}{odd}{content[at + size :]}".encode())

    assert (first.status, first.body) == (404, b"x")
    assert isinstance(error, RecordingError) or error.body == odd.encode()


@pytest.mark.parametrize("name", FORMATS)
def test_line_ends_of_windows(items, name):
    good, write = _exchanges(name)

    found = items(write(good, good).replace("\n", "\r\n").encode())

    assert [one.status for one in found] == [404, 404]


@pytest.mark.parametrize("name", FORMATS)
def test_a_body_over_the_limit(items, name):
    good, write = _exchanges(name)
    side = "Response.Body" if "Response" in good else "response.body"
    if isinstance(good.get("response", {}).get("body"), dict):
        side += ".content" if name == "cassetter" else ".string"

    _, error = items(
        write(good, _spoiled(good, side, "y" * 2000)), limits=Limits(max_body_bytes=1000)
    )

    assert error.index == 1
    assert error.reason == "body of 2000 bytes is over the limit of 1000 (--max-body-bytes)"


@pytest.mark.parametrize("name", FORMATS)
def test_nesting_over_the_limit(items, name):
    good, write = _exchanges(name)
    deep = "[" * 70 + "]" * 70
    content = write(good, {**good, "more": "MARK"}).replace('"MARK"', deep).replace("MARK", deep)

    first, *rest = items(content)

    assert first.status == 404
    assert any("over the limit of 64" in one.reason or "deep" in one.reason for one in rest)


@pytest.mark.parametrize("name", [name for name, (_, write) in FORMATS.items() if "json" in name])
def test_a_name_that_comes_twice(items, name):
    good, write = _exchanges(name)
    content = write(good, {**good, "twice": 1}).replace('"twice": 1', '"a": 1, "a": 2')

    _, error = items(content)

    assert "not sound JSON" in error.reason


@pytest.mark.parametrize("tag", ["!!python/object/apply:os.system", "!ruby/object:Gem::Installer"])
@pytest.mark.parametrize("name", ["vcr-ruby", "cassetter", "go-vcr", "responses", "php-vcr"])
def test_a_tag_that_could_do_harm(items, name, tag):
    good, write = _exchanges(name)
    content = write(good, {**good, "more": "MARK"}, good).replace("MARK", f"{tag} [x]")

    first, error, last = items(content)

    assert (first.status, last.status) == (404, 404)
    assert error.index == 1
    assert "is not allowed" in error.reason


@pytest.mark.parametrize("name", ["vcr-ruby", "cassetter", "go-vcr", "responses", "php-vcr"])
def test_aliases_that_multiply(items, name):
    good, write = _exchanges(name)
    lines = "".join(f", a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 9))
    content = write({**good, "more": "MARK"}, good).replace("MARK", f"{{a0: &a0 [x]{lines}}}")

    found = items(content)

    assert any("over the limit" in getattr(one, "reason", "") for one in found)
