"""Exchanges with an invented provider, as the commands read them."""

import json
from pathlib import Path

ACME = str(Path(__file__).parents[1] / "messages" / "acme.json")


def exchange(status, body, headers=None, url="https://api.acme.test/v1"):
    known = {"Content-Type": "application/json", **(headers or {})}
    response = {"status": status, "headers": known, "body": json.dumps(body)}
    return {"request": {"method": "POST", "url": url}, "response": response}


def error(code, **more):
    return {"error": {"code": code, "message": "Wait 3 seconds", **more}}


FINE = exchange(200, {"id": 1})
LIMITED = exchange(429, error("rate_limited"), {"Retry-After": "3"})
WARNED = exchange(429, error("rate_limited", x=1), {"Retry-After": "3"})
BROKEN = exchange(429, error("rate_limited"))
ELSEWHERE = exchange(400, {}, url="https://nobody.test/")
