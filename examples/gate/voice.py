"""A small client of Sinch Voice: it reads a text out on the phone, and says what went wrong."""

from __future__ import annotations

import os

import requests

BASE = "https://calling.api.sinch.com/calling/v1"
AUTH = (os.environ.get("SINCH_KEY", "key"), os.environ.get("SINCH_SECRET", "secret"))


class VoiceError(Exception):
    """Sinch refused; `code` is its own."""

    def __init__(self, error: dict) -> None:
        self.code = error["errorCode"]
        super().__init__(error.get("message", "Sinch does not say why"))


class OutOfCreditError(VoiceError):
    """Somebody has to pay first."""


class UnknownCallError(VoiceError):
    """There is no such call."""


class TryLaterError(VoiceError):
    """The same call may succeed later."""


ERRORS = {40200: OutOfCreditError, 40400: UnknownCallError}
ERRORS |= dict.fromkeys((42900, 42901, 50000), TryLaterError)


def say(text: str, number: str) -> str:
    """Read a text out to a number, and return the id of the call."""
    callout = {"destination": {"type": "number", "endpoint": number}, "text": text}
    return _ask("POST", "/callouts", {"method": "ttsCallout", "ttsCallout": callout})["callId"]


def duration(call: str) -> int:
    """Return how many seconds a call took."""
    return _ask("GET", f"/calls/id/{call}")["duration"]


def _ask(method: str, path: str, body: object = None) -> dict:
    response = requests.request(method, BASE + path, json=body, auth=AUTH, timeout=10)
    answer = response.json()
    if response.ok:
        return answer
    raise ERRORS.get(answer["errorCode"], VoiceError)(answer)
