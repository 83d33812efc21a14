"""HAR files, made of the entries that a test needs."""

from __future__ import annotations

import json


def har_entry(content=None, **response):
    return {
        "startedDateTime": "2026-11-22T10:00:00.000Z",
        "request": {"method": "GET", "url": "http://h/a", "postData": {"text": "x"}},
        "response": {"status": 404, "headers": [], "content": content or {}, **response},
    }


def har_text(*entries, indent=None, **more):
    log = {"version": "1.2", "pages": [{"id": '{["\\'}], "entries": list(entries), **more}
    return json.dumps({"log": log}, indent=indent, ensure_ascii=False)
