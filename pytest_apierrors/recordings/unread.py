"""Recordings of tools that no reader knows: what to do with them."""

from __future__ import annotations

import re
from typing import Final

_LOG: Final = "write its responses as lines of an exchange log (NDJSON), or a reader of your own"
_HAR: Final = "export it as HAR (HTTP Archive)"
_START: Final = rb"\A(?:\xef\xbb\xbf)?\s*+"
_KNOWN: Final = tuple(
    (re.compile(pattern), said)
    for pattern, said in (
        (
            (
                rb"- request: !!python/object:vcr\.request\.Request\b"
                rb'|\[\s*\{\s*"request":\s*\{[^{}]*"protocol"'
            ),
            "a cassette of vcrpy before 1.0; convert it: python -m vcr.migration FILE",
        ),
        (
            rb'\[\s*\{\s*"status":\s*"[A-Z_]{1,40}",\s*"method":[^{}]*"protocolVersion"',
            f"a session of Charles; {_HAR}",
        ),
        (
            rb"<\?xml[^<]*(?:<!DOCTYPE[^<]*(?:<![^<]*)*+)?<items burpVersion=",
            f"an export of Burp; {_LOG}",
        ),
        (
            rb"(?:(?:[*{}]|[ \t]*[0-9%])[^\n]*\n)*+> [A-Z]{3,10} \S+ HTTP/[0-9]",
            "what curl -v prints; save what curl -i prints",
        ),
        (rb"WARC/[01]\.[0-9]\r?\n", f"a web archive (WARC); {_LOG}"),
        (rb'\{\s*"data":\s*\{\s*"pairs":', f"a simulation of Hoverfly; {_LOG}"),
        (rb'\{\s*"(?:imposters"|port":[^{}\[\]]*"stubs"):?', f"imposters of mountebank; {_LOG}"),
        (rb'(?:\[\s*)?\{(?:[^{}]*,)?\s*"httpRequest":', f"expectations of MockServer; {_LOG}"),
        (rb'\{\s*"Entries":\s*\[\s*\{\s*"Request', f"a recording of Azure's test proxy; {_LOG}"),
        (
            rb'\{\s*"requests":\s*\[\s*\{[^{}]*"request":\s*\{',
            "a journal of WireMock; have it write mappings: POST /__admin/recordings/snapshot",
        ),
        (rb'\{\s*"collection":(?s:.*)"run":\s*\{', f"a report of newman; {_LOG}"),
        (
            rb'\{\s*"_type":\s*"export"|type: collection\.insomnia',
            "an export of Insomnia without responses; export its responses as HAR",
        ),
        (
            rb"(?:(?:const|var|let)\s+)?nock\s*[(=]",
            "code of nock's recorder; record with output_objects: true, and write the list as JSON",
        ),
    )
)


def advice(head: bytes) -> str | None:
    """Return what a file is and what to do with it, None where that is not known."""
    start = re.match(_START, head)
    at = start.end() if start else 0
    return next((said for pattern, said in _KNOWN if pattern.match(head, at)), None)
