"""Every shape of a VCR interaction, in YAML and in JSON."""

from __future__ import annotations

import base64
import json

import pytest

from pytest_apierrors.errors import RecordingError
from pytest_apierrors.recordings import Limits
from pytest_apierrors.response import Headers

REQUEST = {"method": "GET", "uri": "http://h/a"}
BODY = {"string": "x"}
STATUS = {"code": 404, "message": "Not Found"}
ALTERED = "the body was recorded parsed; its bytes are not known"


def _json(*responses, **more):
    interactions = [{"request": REQUEST, "response": response} for response in responses]
    return json.dumps({"interactions": interactions, "version": 1, **more}, indent=1)


@pytest.mark.parametrize(
    ("response", "body", "altered"),
    [
        ({"body": BODY, "status": STATUS}, b"x", None),
        ({"body": {"string": "é"}, "status": STATUS}, "é".encode(), None),
        ({"body": {"string": ""}, "status": STATUS}, b"", None),
        ({"body": {"string": None}, "status": STATUS}, b"", None),
        ({"body": {}, "status": STATUS}, b"", None),
        ({"body": None, "status": STATUS}, b"", None),
        ({"status": STATUS}, b"", None),
        ({"body": "plain", "status": STATUS}, b"plain", None),
        ({"body": {"base64_string": "AP8="}, "status": STATUS}, b"\0\xff", None),
        (
            {"body": {"base64_string": "AP\n8=\n", "string": "no"}, "status": STATUS},
            b"\0\xff",
            None,
        ),
        ({"body": {"base64_string": "", "string": "x"}, "status": STATUS}, b"x", None),
        ({"content": "old", "status_code": 404, "http_version": "HTTP/1.1"}, b"old", None),
        (
            {"parsed_body": {"a": [1, None, "é"]}, "status": STATUS},
            '{"a":[1,null,"é"]}'.encode(),
            ALTERED,
        ),
        ({"parsed_body": "text", "status": STATUS}, b"text", ALTERED),
        ({"body": BODY, "status": 404}, b"x", None),
        ({"body": BODY, "status": "404"}, b"x", None),
        ({"body": BODY, "status": {"code": "404"}}, b"x", None),
    ],
)
def test_shapes_of_status_and_body(items, response, body, altered):
    [read] = items(_json(response))

    assert (read.status, read.body, read.altered) == (404, body, altered)
    assert (read.method, read.url) == ("GET", "http://h/a")


@pytest.mark.parametrize(
    ("headers", "pairs"),
    [
        ({"A": "x"}, [("A", "x")]),
        ({"A": ["x", "y"], "b": ["z"]}, [("A", "x"), ("A", "y"), ("b", "z")]),
        (
            {"A": 7, "B": [1.5, True, False]},
            [("A", "7"), ("B", "1.5"), ("B", "true"), ("B", "false")],
        ),
        ({"A": []}, []),
        ({}, []),
        (None, []),
    ],
)
def test_shapes_of_headers(items, headers, pairs):
    [read] = items(_json({"body": BODY, "status": 404, "headers": headers}))

    assert read.headers == Headers(pairs)


@pytest.mark.parametrize(
    ("response", "reason"),
    [
        ([], "response is a list, not a mapping"),
        ("x", "response is 'x', not a mapping"),
        ({}, "status None is not an HTTP status"),
        ({"status": 99999}, "status 99999 is not an HTTP status"),
        ({"status": -1}, "status -1 is not an HTTP status"),
        ({"status": 10**30}, "status a huge number is not an HTTP status"),
        ({"status": True}, "status True is not an HTTP status"),
        ({"status": 404.0}, "status 404.0 is not an HTTP status"),
        ({"status": {"code": None}}, "status None is not an HTTP status"),
        ({"status": {"code": {}}}, "status a mapping is not an HTTP status"),
        ({"status": []}, "status a list is not an HTTP status"),
        ({"status": "404 Not Found"}, "status '404 Not Found' is not an HTTP status"),
        ({"status": "٤٠٤"}, r"status '\u0664\u0660\u0664' is not an HTTP status"),
        ({"status": 404, "body": 5}, "body is 5, not a text"),
        ({"status": 404, "body": {"string": [1]}}, "body is a list, not a text"),
        ({"status": 404, "body": {"type": "json"}}, "body has 'type' in place of a string"),
        ({"status": 404, "body": {"base64_string": "?"}}, "base64_string is not base64"),
        ({"status": 404, "headers": []}, "headers are a list, not a mapping"),
        ({"status": 404, "headers": {"A": None}}, "header 'A' has None as its value"),
        ({"status": 404, "headers": {"A": {"b": 1}}}, "header 'A' has a mapping as its value"),
        ({"status": 404, "headers": {"A": [["b"]]}}, "header 'A' has a list as its value"),
    ],
)
def test_wrong_types_are_that_exchange_s_problem(items, response, reason):
    first, error, last = items(_json({"status": 200}, response, {"status": 500}))

    assert (first.status, last.status, last.origin.index) == (200, 500, 2)
    assert (str(error.reason), error.index) == (reason, 1)
    assert error.line == 12


@pytest.mark.parametrize(
    ("interaction", "reason"),
    [
        (5, "interaction is 5, not a mapping"),
        (None, "interaction is None, not a mapping"),
        ([], "interaction is a list, not a mapping"),
        ({"request": REQUEST}, "interaction has no response"),
        ({"response": {"status": 404}}, "request is None, not a mapping"),
        ({"request": {"method": 1}, "response": {"status": 404}}, "method is 1, not a text"),
        ({"request": {"uri": [1]}, "response": {"status": 404}}, "uri is a list, not a text"),
    ],
)
def test_wrong_interactions(items, interaction, reason):
    [error] = items(json.dumps({"interactions": [interaction]}))

    assert (error.reason, error.index, error.line) == (reason, 0, 1)


def test_a_call_without_answer_is_no_error(items):
    assert [one.origin.index for one in items(_json(None, {"status": 404}))] == [1]


def test_json_that_the_fast_decoder_cannot_vouch_for(items):
    [read] = items(_json({"status": 404, "body": {"string": ":"}}).replace('":"', '"\\u003a"'))

    assert read.body == b":"


def test_the_url_of_aiohttp_stands_in_the_response(items):
    [read] = items(
        json.dumps(
            {"interactions": [{"request": {}, "response": {"status": 404, "url": "http://h/b"}}]}
        )
    )

    assert (read.url, read.method) == ("http://h/b", None)


@pytest.mark.parametrize(
    ("text", "index", "line", "reason"),
    [
        (
            '{"interactions": [{"request": {}, "request": {}}]}',
            0,
            1,
            'not sound JSON: key "request" came before',
        ),
        (
            '{"interactions": [\n{"request":\n {"a": NaN}}]}',
            0,
            3,
            "not sound JSON: NaN is no JSON number",
        ),
        ('{"interactions": [{"a": "\\ud800"}]}', 0, 1, "not sound JSON: half of a surrogate pair"),
        ('{"interactions": [{"a": 01}]}', 0, 1, "not sound JSON: number that JSON does not allow"),
        (
            '{"interactions": [{"a": ' + "[" * 100 + "]" * 100 + "}]}",
            0,
            1,
            "not sound JSON: nested deeper than 64 levels",
        ),
        (
            '{"interactions": [{"a": "\t"}]}',
            0,
            1,
            "not sound JSON: raw control character 0x09 in a string",
        ),
        ('{"interactions": [\n', None, 2, "cut short: the file ends within JSON"),
        ('{"interactions": [{"a": 1}', 0, 1, "interaction has no response"),
        ('{"interactions": {"a": 1}}', None, 1, '"interactions" is not a list'),
        ('{"interactions": [], "interactions": []}', None, 1, 'key "interactions" came before'),
        ('{"interactions": []} x', None, 1, "something follows the JSON object"),
        ('{"interactions": [], }', None, 1, "not JSON: unexpected '}'"),
        ('{"interactions": [] "a": 1}', None, 1, "not JSON: unexpected '\"'"),
        ('{"interactions": [],\n "a": 01}', None, 2, "not JSON: number that JSON does not allow"),
    ],
)
def test_hostile_json(items, text, index, line, reason):
    first = items(text, reader="vcrpy")[0]

    assert isinstance(first, RecordingError)
    assert (first.reason, first.index, first.line) == (reason, index, line)


def test_a_cassette_cut_short_gives_what_it_has(items):
    text = _json({"status": 404}, {"status": 405}, {"status": 406})

    first, second, error = items(text[: text.index("406")])

    assert (first.status, second.status) == (404, 405)
    assert error.reason == "cut short: the file ends within JSON"


HEAD = "version: 1\ninteractions:\n- request: {method: GET, uri: 'http://h/a'}\n  response:\n"


@pytest.mark.parametrize(
    ("response", "body"),
    [
        ("    {status: 404, body: {string: !!python/unicode 'é'}}", "é".encode()),
        ("    {status: 404, body: {string: !!python/str 'x'}}", b"x"),
        ("    {status: 404, body: {string: !!str 5}}", b"5"),
        ("    {status: 404, body: {string: ! 5}}", b"5"),
        ("    {status: 404, body: !!binary AP8=}", b"\0\xff"),
        ("    {status: 404, body: {string: !!binary ''}}", b""),
        ("    status: 404\n    body:\n      string: !!binary |\n        AP8=\n", b"\0\xff"),
        (
            "    {status: 404, parsed_body: {a: 1.5, b: [~, true, 'no', no, 1e5, 017]}}",
            b'{"a":1.5,"b":[null,true,"no","no","1e5","017"]}',
        ),
        ("    {status: 404, parsed_body: !!binary AP8=}", b"\0\xff"),
        ("    {status: !!python/unicode '404', body: {string: =}}", b"="),
        ("    {status: 404, body: {string: 2001-12-14}}", b"2001-12-14"),
        ("    {status: 404, body: {string: 12:30:45}}", b"12:30:45"),
        ("    {status: 404, body: {string: no}}", b"no"),
    ],
)
def test_yaml_tags_and_scalars(items, response, body):
    [read] = items(HEAD + response)

    assert (read.status, read.body) == (404, body)
    assert read.origin.line == 3


@pytest.mark.parametrize(
    "body",
    [
        "!!python/object/new:_io.BytesIO\n      state: !!python/tuple\n      - !!binary YQ==\n",
        "!!python/object/new:_io.BytesIO\n      state: !!python/tuple [text, 0, null]\n",
        "!!python/object/new:_io.BytesIO {}\n",
        "!!python/object/apply:builtins.iter\n      args:\n      - - x\n      state: 0\n",
        "!!python/object/apply:builtins.iter [[]]\n",
        "!!python/object/apply:builtins.iter []\n",
        "!!python/tuple [a]\n",
    ],
)
def test_the_harmless_python_tags_of_request_bodies(items, body):
    [read] = items(
        f"interactions:\n- request:\n    body: {body}    method: PUT\n    uri: http://h/\n"
        "  response: {status: 404}\n"
    )

    assert (read.status, read.method) == (404, "PUT")


@pytest.mark.parametrize(
    "tag",
    [
        "!!python/object/apply:os.system [echo]",
        "!!python/object/new:os.system [echo]",
        "!!python/object/new:_io.BytesIO [x]",
        "!!python/tuple {a: b}",
        "!!python/name:os.system ''",
        "!!python/module:os ''",
        "!!timestamp 2001-12-14",
        "!!set {a}",
        "!mine x",
        "!<tag:example.test,2002:x> x",
    ],
)
def test_other_tags_are_refused_with_their_line(items, tag):
    error, good = items(
        f"interactions:\n- request:\n    body:\n      {tag}\n  response: {{status: 404}}\n"
        "- request: {}\n  response: {status: 405}\n"
    )

    assert error.reason.startswith("tag ")
    assert (error.index, error.line, good.status) == (0, 4, 405)


def test_a_binary_that_is_not_base64(items):
    [error] = items(HEAD + "    {status: 404, body: !!binary '?'}")

    assert (error.reason, error.line) == ("!!binary is not base64", 5)


def test_headers_of_botocore_are_bytes(items):
    [read] = items(HEAD + "    {status: 404, headers: {A: [!!binary 6Q==]}}")

    assert read.header("a") == "é"


def test_headers_of_tornado_were_pairs(items):
    pairs = "[!!python/tuple [A, ['1', '2']], !!python/tuple [b, c], [a, 3]]"

    [read] = items(HEAD + f"    {{status: 404, headers: {pairs}}}")

    assert read.headers.pairs == (("A", "1"), ("A", "2"), ("b", "c"), ("a", "3"))


@pytest.mark.parametrize(
    "pairs", ["[[a]]", "[[a, b, c]]", "[a]", "[[1, a]]", "[{a: b}]", "[[a, b], c]"]
)
def test_lists_that_are_no_pairs(items, pairs):
    [error] = items(HEAD + f"    {{status: 404, headers: {pairs}}}")

    assert error.reason == "headers are a list, not a mapping"


def test_the_address_that_aiohttp_had_as_an_object(items):
    split = "!!python/object/new:urllib.parse.SplitResult [https, h, /a, b=c, '']"
    url = f"!!python/object/new:yarl.URL {{state: !!python/tuple [{split}, false]}}"

    [read] = items(HEAD + f"    {{status: 404, url: {url}}}")

    assert (read.status, read.url) == (404, "http://h/a")


def test_a_parsed_body_that_is_no_json(items):
    [error] = items(HEAD + "    {status: 404, parsed_body: {a: !!binary AA==}}")

    assert error.reason == "parsed_body is nothing that JSON can hold"


def test_a_parsed_body_over_the_limit(items):
    [error] = items(
        HEAD + "    {status: 404, parsed_body: [aaaa, bbbb]}", limits=Limits(max_body_bytes=10)
    )

    assert error.reason == "parsed_body is over the limit of 10 (--max-body-bytes)"


def test_a_body_that_json_gave_half_a_pair(items):
    body = base64.b64encode(b"x" * 20).decode()
    [error] = items(
        _json({"status": 404, "body": {"base64_string": body}}), limits=Limits(max_body_bytes=19)
    )

    assert error.reason == "body of 20 bytes is over the limit of 19 (--max-body-bytes)"


def test_crlf_bom_and_utf16(items):
    text = HEAD + "    status: 404\n    body: {string: 'a\n\n      b'}\n"
    crlf = text.replace("\n", "\r\n")

    for data in (
        text.encode(),
        crlf.encode(),
        b"\xef\xbb\xbf" + text.encode(),
        text.encode("utf-16"),
    ):
        [read] = items(data, reader="vcrpy")
        assert (read.status, read.body, read.origin.line) == (404, b"a\nb", 3)
