"""Damaged files: only responses and errors come out, soon, whatever the damage."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_spoiled_exchanges import FORMATS as SPOILED

from pytest_apierrors.errors import RecordingError
from pytest_apierrors.recordings import READERS, read, recognise
from pytest_apierrors.response import Response

DATA = Path(__file__).parent / "data"
SEEDS = [
    DATA / "vcrpy-9.4.2" / "requests.yaml",
    DATA / "vcrpy-4.1.1" / "httpx.yaml",
    DATA / "vcrpy-9.4.2" / "httpx.json",
    DATA / "playwright-1.65.1" / "full-embed.har",
    DATA / "playwright-1.65.1" / "attach.zip",
    DATA / "betamax-0.9.0" / "usual.json",
    DATA / "vcr-ruby-5.0.0" / "usual.yml",
    DATA / "vcr-ruby-5.0.0" / "packed.zz",
    DATA / "cassetter-0.16.1" / "recorded.yaml",
    DATA / "cassetter-0.16.1" / "recorded.toml",
    DATA / "responses-0.26.3" / "recorded.yaml",
    DATA / "responses-0.26.3" / "recorded.toml",
    DATA / "go-vcr-1.2.0" / "recorded.yaml",
    DATA / "wiremock-3.13.2" / "snapshot.json",
    DATA / "nock-13.5.6" / "fixture.json",
    DATA / "postman-collection-5.3.1" / "v2.1.json",
    DATA / "curl-7.88.1" / "post-rate-token-fake.http",
    DATA / "curl-7.88.1" / "redirected.http",
    DATA / "schemathesis-4.32.5" / "text.yaml",
    DATA / "schemathesis-4.32.5" / "bytes.ndjson",
    DATA / "placebo-0.10.0" / "s3.GetObject_1.json",
    DATA / "pact-python-4.2.0" / "client-V4-voice.json",
]
LOG = (
    b'{"request": {"method": "GET"}, '
    b'"response": {"status": 429, "headers": {"A": ["b"]}, "body": "x"}}\n'
)
REPLAYED = (
    b"https\nGET\napi.acme.test\nNone\n/a\n{'Authorization': 'token x'}\nNone\n404\n"
    b"""[('status', '404 Not Found'), ("etag", "'a'")]\n{"message": "Not Found"}\n\n"""
)
DESCRIBED = b"""openapi: 3.0.3
servers: [{url: 'https://{a}.acme.test', variables: {a: {default: eu}}}]
paths:
  /a:
    get:
      responses:
        '400': {content: {application/json: {examples: {b: {value: {code: 1}}}}}}
        '429': {$ref: '#/components/responses/Slow'}
components:
  responses:
    Slow: {headers: {Retry-After: {example: 7}}, content: {text/plain: {example: slow}}}
"""
HAR = b"""log:
  version: '1.2'
  entries:
  - request: {method: GET, url: 'http://h/a', headers: []}
    response: {status: 404, headers: [{name: A, value: b}], content: {text: x, mimeType: a/b}}
"""
TEXTS = {
    "log": LOG * 5,
    "pygithub": REPLAYED * 3,
    "openapi": DESCRIBED,
    "har-yaml": HAR,
    "mitmproxy": b"18:4:type;4:http,}" * 3,
    **{name: write([item] * 3).encode() for name, (item, write) in SPOILED.items()},
}
WORDS = rb"""' " \ { } [ ] , : # &a *a !!binary !!python/tuple <<: | > null -1 99999 true \ud800 NaN
 interactions: "interactions":[ "entries":[ ../x PK""".split()
PIECES = (
    st.sampled_from(WORDS)
    | st.sampled_from(
        [b"", b"\0", b"\xff", b"\r\n", b"\n", b"\n- ", b"  ", b"\t", b"---\n", b"...\n"]
    )
    | st.sampled_from([b"9" * 500, b"[" * 200, b'{"a":' * 200, b"- " * 200, b"\xef\xbb\xbf"])
    | st.binary(max_size=4)
)
DAMAGE = st.lists(st.tuples(st.floats(0, 1), st.integers(0, 40), PIECES), min_size=1, max_size=4)


def _damaged(content, damage):
    for place, removed, inserted in damage:
        at = int(place * len(content))
        content = content[:at] + inserted + content[at + removed :]
    return content


def _read(file, reader):
    """Read a file; that a reader of our own fails is no finding of the file's."""
    found = list(read(file, reader=reader))
    failed = [one.reason for one in found if isinstance(one, RecordingError)]
    assert [
        one for one in failed if " has failed: " in one or "cannot tell its format" in one
    ] == []
    return found


@pytest.mark.parametrize(
    "seed",
    [*SEEDS, *TEXTS],
    ids=lambda seed: seed if seed in TEXTS else f"{seed.parent.name}-{seed.name}",
)
@settings(
    max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(damage=DAMAGE, reader=st.none() | st.sampled_from(READERS), cut=st.floats(0.01, 1))
def test_damaged_files(tmp_path, seed, damage, reader, cut):
    content = TEXTS[seed] if seed in TEXTS else seed.read_bytes()
    content = _damaged(content, damage)
    file = tmp_path / "damaged"
    file.write_bytes(content[: int(cut * len(content)) + 1])
    start = time.process_time()

    found = _read(file, reader)

    assert all(isinstance(one, Response | RecordingError) for one in found)
    assert all(100 <= one.status <= 999 for one in found if isinstance(one, Response))
    assert all(repr(one) for one in found)  # which asks for the credentials of the request
    assert all(
        one.reason and "\n" not in one.reason for one in found if isinstance(one, RecordingError)
    )
    assert time.process_time() - start < 3


def test_each_reader_has_a_seed():
    """One that is not recognised is not fuzzed by its own files."""
    contents = [(seed.read_bytes(), seed) for seed in SEEDS]
    contents += [(text, Path(name)) for name, text in TEXTS.items()]
    known = {recognise(content[:65536], path) for content, path in contents}

    assert {one.name for one in READERS} - {one.name for one in known if one} == set()


@given(st.binary(max_size=300), st.sampled_from(READERS))
def test_any_bytes(tmp_path_factory, content, reader):
    file = tmp_path_factory.mktemp("any") / "file"
    file.write_bytes(content)

    assert all(isinstance(one, Response | RecordingError) for one in _read(file, reader))
