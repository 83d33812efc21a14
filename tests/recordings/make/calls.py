"""The calls that every recorder of `record_others.py` records, in this order."""

from __future__ import annotations

import server

BASE = f"http://127.0.0.1:{server.PORT}"
CALLS = [
    ("POST", "/rate?token=fake"),
    ("GET", "/gzip"),
    ("GET", "/latin"),
    ("GET", "/empty"),
    ("GET", "/nothing"),
    ("HEAD", "/rate"),
    ("GET", "/redirect"),
    ("GET", "/unicode"),
    ("GET", "/binary"),
]
BODY = '{"a": "it\'s"}'
HEADERS = {"Content-Type": "application/json", "Authorization": "Bearer fake-header-t0ken"}
