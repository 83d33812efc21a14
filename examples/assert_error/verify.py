"""A small client of Telephony.io: it sends a code by SMS, and says what went wrong."""

from __future__ import annotations

import requests

URL = "https://www.telephony.io/api/verify/send"


class VerifyError(Exception):
    """The code was not sent."""

    def __init__(self, response: requests.Response) -> None:
        self.response = response
        self.code, message = code_and_message(response)
        super().__init__(message)


class OutOfCreditError(VerifyError):
    """Somebody has to pay first."""


class TryLaterError(VerifyError):
    """The same request may succeed later, after so many seconds if the API says so."""

    @property
    def seconds(self) -> int | None:
        after = self.response.headers.get("Retry-After", "")
        return int(after) if after.isdecimal() else None


def send_code(number: str, key: str) -> str:
    """Send a code and return the id of the verification."""
    response = requests.post(
        URL,
        json={"phone_number": number, "channel": "sms"},
        headers={"Authorization": f"Bearer {key}"},
        timeout=10,
    )
    if response.ok:
        return response.json()["verification_id"]
    if response.status_code == 402:
        raise OutOfCreditError(response)
    if response.status_code in (429, 500, 502, 503, 504):
        raise TryLaterError(response)
    raise VerifyError(response)


def code_and_message(response: requests.Response) -> tuple[str | None, str]:
    """Read an error in both shapes that the documentation shows; a proxy's page has neither."""
    try:
        body = response.json()
    except requests.JSONDecodeError:
        body = None
    if not isinstance(body, dict):
        return None, f"HTTP {response.status_code}"
    error = body.get("error")
    if isinstance(error, dict):
        return error.get("code"), str(error.get("message"))
    return body.get("code"), str(error)
