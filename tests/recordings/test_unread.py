"""Recordings of tools that no reader knows, composed as they write them, and what is said."""

from __future__ import annotations

import json
import time

import pytest

from pytest_apierrors.recordings.unread import advice

CHARLES = [{"status": "COMPLETE", "method": "GET", "protocolVersion": "HTTP/1.1", "request": {}}]
VCRPY = [{"request": {"body": None, "protocol": "http", "port": 80}, "response": {"status": {}}}]
AZURE = {"Entries": [{"RequestUri": "https://h/a", "StatusCode": 404}], "Variables": {}}
BURP = """\
<?xml version="1.0"?>
<!DOCTYPE items [
<!ELEMENT items (item*)>
<!ATTLIST items burpVersion CDATA "">
]>
<items burpVersion="2026.1" exportTime="now">
"""


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (VCRPY, "a cassette of vcrpy before 1.0; convert it: python -m vcr.migration FILE"),
        ("- request: !!python/object:vcr.request.Request\n    host: h\n", "a cassette of vcrpy"),
        (CHARLES, "a session of Charles; export it as HAR (HTTP Archive)"),
        (BURP, "an export of Burp; "),
        ("> GET /a HTTP/1.1\n> Host: h\n>\n< HTTP/1.1 404 Not Found\n", "what curl -v prints; "),
        ("*   Trying 127.0.0.1\n* Connected\n> POST /a HTTP/2\r\n", "what curl -v prints; "),
        ("WARC/1.0\r\nWARC-Type: response\r\n", "a web archive (WARC); "),
        ({"data": {"pairs": []}, "meta": {"schemaVersion": "v5"}}, "a simulation of Hoverfly; "),
        ({"imposters": []}, "imposters of mountebank; "),
        ({"port": 4545, "protocol": "http", "stubs": []}, "imposters of mountebank; "),
        ({"id": "a", "httpRequest": {"path": "/a"}}, "expectations of MockServer; "),
        ([{"httpRequest": {"path": "/a"}}], "expectations of MockServer; "),
        (AZURE, "a recording of Azure's test proxy; "),
        ({"collection": {"item": []}, "run": {"executions": []}}, "a report of newman; "),
        ({"requests": [{"id": "a", "request": {"url": "/a"}}]}, "a journal of WireMock; "),
        ({"_type": "export", "__export_format": 4}, "an export of Insomnia without responses; "),
        ("type: collection.insomnia.rest/5.0\n", "an export of Insomnia without responses; "),
        ("nock('https://h:443').get('/a').reply(404)", "code of nock's recorder; "),
        ("const nock = require('nock')\n", "code of nock's recorder; "),
    ],
)
@pytest.mark.parametrize("mark", ["", "\ufeff\n"])
def test_a_refusal_says_what_it_is_and_what_to_do(items, content, said, mark):
    text = content if isinstance(content, str) else json.dumps(content, indent=1)

    [error] = items(mark + text)

    assert (error.index, error.line) == (None, None)
    assert error.reason.startswith(said)


@pytest.mark.parametrize(
    "content", ['{"data": {}}', "nocks", '[{"status": "COMPLETE"}]', "<items>", "a\nWARC/1.0\n"]
)
def test_anything_else_is_not_known(items, content):
    [error] = items(content)

    assert error.reason.startswith("not a recording of a known format")


@pytest.mark.parametrize(
    "content",
    [
        b'[{"request": {' + b'"protoco' * 7000,
        b'{"collection":' + b'"run":' * 10000,
        b"<?xml" + b"<!DOCTYPE" + b"<!" * 30000,
        b"[{" + b"," * 60000,
        b'{"port":' + b'"stub' * 10000,
        b" " * 65000 + b"x",
        b"* \n" * 20000 + b"> GET",
    ],
)
def test_hostile_beginnings_take_no_time(content):
    before = time.process_time()

    assert advice(content) is None

    assert time.process_time() - before < 1
