"""What OpenAPI and Swagger declare, composed after the specifications, and hostile documents."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml

from pytest_apierrors._cli import main
from pytest_apierrors.errors import RecordingError
from pytest_apierrors.recordings import Limits, read, recognise
from pytest_apierrors.recordings.openapi_examples import NO_EXAMPLE

THREE = """\
openapi: 3.0.3
info: {title: Acme, version: "1"}
servers:
- url: https://{region}.acme.test/v1/
  variables: {region: {default: eu}}
paths:
  /messages/{id}:
    parameters: []
    post:
      responses:
        '200': {description: fine}
        400:
          description: bad
          content:
            application/json:
              examples:
                one: {value: {code: 1}}
                two: {$ref: '#/components/examples/two'}
                elsewhere: {externalValue: 'http://127.0.0.1:9/x.json'}
            text/html:
              example: <p>bad</p>
        '429': {$ref: '#/components/responses/Slow'}
        default: {description: any, content: {application/json: {example: {code: 0}}}}
        4XX: {description: any}
    get:
      responses:
        '404':
          description: gone
          content:
            application/problem+json:
              schema: {$ref: '#/components/schemas/Error'}
components:
  examples:
    two:
      value: '{"code": 2}'
  schemas:
    Error: {type: object, example: {code: 3}}
  responses:
    Slow:
      description: slow
      headers:
        Retry-After: {schema: {type: integer, example: 7}}
        X-Rate: {example: many}
        X-None: {schema: {type: string}}
      content:
        application/json: {example: [1, null]}
"""
SWAGGER = {
    "swagger": "2.0",
    "host": "api.acme.test",
    "basePath": "/v2",
    "schemes": ["https", "http"],
    "paths": {
        "/a": {
            "delete": {
                "responses": {
                    "400": {"description": "", "examples": {"application/json": {"code": 1}}},
                    "404": {"description": "", "schema": {"$ref": "#/definitions/E"}},
                    "500": {"$ref": "#/responses/R"},
                    "default": {"description": ""},
                }
            }
        }
    },
    "definitions": {"E": {"example": {"code": 2}}},
    "responses": {"R": {"description": "", "headers": {"A": {"type": "string"}}}},
}


def _as_json(text):
    return json.dumps(yaml.safe_load(text.replace("        400:", "        '400':")), indent=1)


def _document(responses, **more):
    paths = {"/a": {"get": {"responses": responses}}}
    return {"openapi": "3.1.0", "info": {}, "paths": paths, **more}


@pytest.mark.parametrize("text", [THREE, _as_json(THREE)], ids=["yaml", "json"])
def test_openapi_3(items, text):
    found = items(text)

    url = "https://eu.acme.test/v1/messages/{id}"
    assert [(one.method, one.url) for one in found] == [("GET", url), *[("POST", url)] * 5]
    assert [(one.status, one.body, one.header("Content-Type")) for one in found] == [
        (404, b'{"code":3}', "application/problem+json"),
        (200, b"", None),
        (400, b'{"code":1}', "application/json"),
        (400, b'{"code": 2}', "application/json"),
        (400, b"<p>bad</p>", "text/html"),
        (429, b"[1,null]", "application/json"),
    ]
    assert all(one.declared for one in found)
    assert [one.origin.index for one in found] == list(range(6))
    assert [(one.altered, one.lost) for one in found] == [
        ((NO_EXAMPLE, True) if one.status == 200 else (None, False)) for one in found
    ]
    assert list(found[-1].headers)[1:] == [("Retry-After", "7"), ("X-Rate", "many")]


def test_lines_are_where_the_examples_stand(items):
    found = items(THREE)

    lines = THREE.split("\n")
    shown = [lines[one.origin.line - 1].strip() for one in found]
    assert shown == [
        "Error: {type: object, example: {code: 3}}",
        "'200': {description: fine}",
        "one: {value: {code: 1}}",
        """value: '{"code": 2}'""",
        "example: <p>bad</p>",
        "application/json: {example: [1, null]}",
    ]


@pytest.mark.parametrize("write", [json.dumps, yaml.safe_dump])
def test_swagger_2(items, write):
    found = items(write(SWAGGER))

    assert [(one.status, one.body, one.lost) for one in found] == [
        (400, b'{"code":1}', False),
        (404, b'{"code":2}', False),
        (500, b"", True),
    ]
    assert {(one.method, one.url) for one in found} == {("DELETE", "https://api.acme.test/v2/a")}
    assert found[0].header("Content-Type") == "application/json"


def test_examples_of_a_schema_in_3_1(items):
    content = {"application/json": {"schema": {"examples": [{"a": 1}, "b"]}}}

    found = items(json.dumps(_document({"400": {"content": content}})))

    assert [one.body for one in found] == [b'{"a":1}', b'"b"']


def test_without_a_server_the_path_is_known(items):
    [found] = items(json.dumps(_document({"400": {}})))

    assert found.url == "/a"


@pytest.mark.parametrize(
    ("response", "reason"),
    [
        (7, "response 400 is 7, not a mapping"),
        ({"content": []}, "content is a list, not a mapping"),
        ({"content": {"a/json": 7}}, "content 'a/json' is 7, not a mapping"),
        ({"content": {"a/json": {"examples": []}}}, "examples is a list, not a mapping"),
        ({"content": {"a/json": {"examples": {"x": 7}}}}, "example 'x' is 7, not a mapping"),
        ({"headers": 7}, "headers is 7, not a mapping"),
        ({"headers": {"A": 7}}, "header 'A' is 7, not a mapping"),
        ({"examples": 7}, "examples is 7, not a mapping"),
        ({"$ref": "http://127.0.0.1:9/x"}, "leads out of the file"),
        ({"$ref": "file:///etc/passwd"}, "leads out of the file"),
        ({"$ref": "other.yaml#/a"}, "leads out of the file"),
        ({"$ref": "#/nowhere"}, "names nothing in the file"),
        ({"$ref": "#/info/x/y"}, "names nothing in the file"),
        ({"$ref": "#/loop"}, "references lead from one to the next without an end"),
        ({"$ref": "#/" + "a/" * 2000}, "has 4002 characters"),
    ],
)
def test_wrong_types_are_that_response_s_problem(items, response, reason):
    more = {"loop": {"$ref": "#/loop2"}, "loop2": {"$ref": "#/loop"}}
    responses = {"401": {}, "400": response, "500": {}}

    first, error, last = items(json.dumps(_document(responses, **more), indent=1))

    assert (first.status, last.status, last.origin.index) == (401, 500, 2)
    assert isinstance(error, RecordingError)
    assert error.reason.endswith(reason)
    assert error.index == 1


@pytest.mark.parametrize(
    ("paths", "reasons"),
    [
        ({"/a": 7}, ["path '/a' is 7, not a mapping"]),
        ({"/a": {"get": 7, "post": {"responses": []}}}, ["GET", "responses of POST"]),
        ({"/a": {"$ref": "#/x"}}, ["reference '#/x' names nothing in the file"]),
        ({"/a": {"get": {}}}, []),
    ],
)
def test_operations_of_wrong_types(items, paths, reasons):
    found = items(json.dumps({"openapi": "3.0.0", "paths": {**paths, "/z": {}}}))

    assert len(found) == len(reasons)
    assert all(one.reason.startswith(said) for one, said in zip(found, reasons, strict=True))


def test_a_document_without_paths(items):
    assert items("openapi: 3.1.0\ninfo: {}\n") == []
    [error] = items("openapi: 3.1.0\npaths: []\n")
    assert error.reason == "paths is a list, not a mapping"


def test_a_document_that_repeats_a_large_example_is_bounded(items):
    """By itself each example is small enough; a megabyte written out for a reference is not."""
    large = {"big": {"content": {"application/json": {"example": "x" * 1_000_000}}}}
    responses = {str(status): {"$ref": "#/components/responses/big"} for status in range(400, 500)}
    document = _document(responses, components={"responses": large})

    found = items(json.dumps(document), limits=Limits(max_file_bytes=5_000_000))

    assert [isinstance(one, RecordingError) for one in found] == [False] * 4 + [True] * 96
    assert "--max-file-bytes" in found[-1].reason


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("openapi: 3.0.0\npaths: {a: &a [*a, *a]}\n", None),
        ("openapi: 3.0.0\npaths: " + "{a: " * 100 + "1" + "}" * 100, "--max-depth"),
        ("openapi: 3.0.0\npaths: !!python/object/apply:os.system [ls]\n", "is not allowed"),
        ("openapi: 3.0.0\na: 1\na: 2\n", "came before"),
        ("openapi: 3.0.0\npaths: {", "not YAML"),
        ('{"openapi": "3.0.0", "paths": {', "not sound JSON"),
        ('{"openapi": "3.0.0", "a": 1, "a": 2}', "not sound JSON"),
        ('{"openapi": "3.0.0", "paths": ' + '{"a":' * 100, "not sound JSON"),
    ],
)
def test_hostile_documents_are_one_problem(items, text, reason):
    [error] = items(text)

    assert isinstance(error, RecordingError)
    assert reason is None or reason in error.reason


def test_many_nodes_are_refused_before_they_are_built(items):
    text = '{"openapi": "3.0.0", "x": [' + "{}," * 5000 + "{}]}"

    [error] = items(text, limits=Limits(max_nodes=5000))

    assert error.reason == "nodes are over the limit of 5000 (--max-nodes)"


def test_commas_in_texts_are_no_nodes(items):
    text = json.dumps(_document({"400": {"description": ",[{" * 5000}}))

    [found] = items(text, limits=Limits(max_nodes=5000))

    assert found.status == 400


def test_nothing_is_fetched(tmp_path, monkeypatch):
    import socket

    def refuse(*_):
        raise AssertionError("a socket was opened")

    monkeypatch.setattr(socket, "socket", refuse)
    file = tmp_path / "api.yaml"
    file.write_text(THREE)

    assert len(list(read(file))) == 6


@pytest.mark.parametrize(
    ("head", "known"),
    [
        (b"openapi: 3.1.0\n", True),
        (b"openapi: '3.0.3'\n", True),
        (b'# an API\n---\nswagger: "2.0"\n', True),
        (b'{"info": {}, "openapi": "3.0.1", "paths": {', True),
        (b'{"components": {"schemas": {"A": {', True),
        (b"components:\n  responses: {}\n  schemas:\n", True),
        (b"openapi: 1.0\n", False),
        (b'{"a": {"openapi": "3.0.0"}}', False),
        (b"x:\n  openapi: 3.0.0\n", False),
        (b"asyncapi: 3.0.0\n", False),
    ],
)
def test_recognised_by_its_version(head, known):
    reader = recognise(head, Path("a.txt"))

    assert (reader is not None and reader.name == "openapi") is known


@pytest.mark.parametrize("write", [json.dumps, yaml.safe_dump])
@pytest.mark.parametrize("version", ["swagger", "zopenapi"])
def test_the_version_may_come_last(items, write, version):
    responses = {"404": {"description": "gone " * 400}}
    paths = {f"/a/{number}": {"get": {"responses": responses}} for number in range(10, 50)}

    found = items(write({"info": {"title": "a"}, "paths": paths, version: "2.0"}))

    assert [(one.status, one.url, one.lost) for one in found] == [
        (404, path, True) for path in paths
    ]


@pytest.mark.parametrize(
    "value",
    [
        {"paths": {"/a": {"get": {}}}},
        {"paths": ["/a", {"responses": 1}]},
        {"paths": {"a": {"get": {"responses": {}}}}},
        {"a": {"paths": {"/a": {"get": {"responses": {}}}}}},
        {"paths": {"/a": {"find": {"responses": {}}}}},
    ],
)
@pytest.mark.parametrize("write", [json.dumps, yaml.safe_dump])
def test_paths_of_something_else(tmp_path, write, value):
    assert recognise(write(value).encode(), tmp_path) is None


def test_many_mappings_of_yaml_are_refused(items):
    [error] = items("openapi: 3.0.0\nx:\n" + "- {}\n" * 2000, limits=Limits(max_nodes=5000))

    assert error.reason == "nodes are over the limit of 5000 (--max-nodes)"


def test_the_report_says_that_nobody_sent_it(tmp_path, capsys):
    """The fixed JSON format has no member for it: there it is a response like any other."""
    file = tmp_path / "api.yaml"
    file.write_text(THREE)
    check = ["check", str(file), "--provider", "http", "--all"]

    main(check)
    lines = capsys.readouterr().out.splitlines()
    main([*check, "--format", "json"])
    report = json.loads(capsys.readouterr().out)

    assert lines[0].startswith(f"{file}:37 #0 declared: http 404: ")
    assert [line.partition(": ")[0].endswith(" declared") for line in lines[:6]] == [True] * 6
    assert len(report["responses"]) == 6
    assert all("declared" not in one for one in report["responses"])
