"""
The short way through: a response that is plainly as documented, or plainly no error.

Everything here is a proof that the long way would find nothing at all, or only that headers are
missing; what cannot be proved cheaply is left to it. The tests hold the two against each other.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from pytest_apierrors.check.plans import made
from pytest_apierrors.check.rules import is_printed
from pytest_apierrors.check.verdict import EVERYTHING, Policy, Verdict
from pytest_apierrors.strictjson import NotPlain, decode_fast

if TYPE_CHECKING:
    from pytest_apierrors.catalog.compile import Compiled
    from pytest_apierrors.check.plans import Plan, Plans
    from pytest_apierrors.response import Headers, Response

MAX_BODY = 64 * 1024
_CODED = re.compile(rb"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f\x7f]")
"""What makes bytes under a Content-Encoding be taken for coded ones, however they begin."""
_DELETE = 0x7F
"""The only one of them that may stand in JSON."""


def accept(response: Response, form: Compiled, policy: Policy = EVERYTHING) -> Verdict | None:
    """Return the verdict of a response that is as documented, or None: look closer."""
    plans: Plans | None = form.plans.get("fast")
    if plans is None:
        plans = form.plans["fast"] = made(form)
    body = response.body
    status = response.status
    if response.method == "HEAD":
        return None
    if status in plans.harmless_statuses:
        return plans.harmless if _no_error_in(body, response, plans) else None
    if not plans.by_code or len(body) > MAX_BODY or body[:1] != b"{":
        return None
    try:
        value = decode_fast(body)
    except NotPlain:
        return None
    if _DELETE in body and response.header("Content-Encoding") is not None:
        return None
    for key, by_code in plans.by_code.items():
        code = value.get(key)
        if code.__class__ is int or code.__class__ is str:
            plan = by_code.get(code)
            if plan is not None and status in plan.expected and _fits(plan, value):
                return _with_headers(plan, status, response.headers, policy)
    return None


def _fits(plan: Plan, value: dict[str, Any]) -> bool:
    if plan.message_key is not None and value.get(plan.message_key) != plan.message:
        return False
    if not plan.strangers.isdisjoint(value) or not plan.validator.is_valid(value):
        return False
    return not plan.rivals or not any(
        is_printed(rival, plan.envelope, value) for rival in plan.rivals
    )


def _with_headers(
    plan: Plan, status: int, headers: Headers | None, policy: Policy
) -> Verdict | None:
    if headers is None:
        return plan.verdict
    expected = plan.expected[status]
    by_name = expected.by_name
    seen = 0
    for name, value in headers.pairs:
        held = by_name.get(name.lower())
        if held is not None:
            bit = held.bit
            if seen & bit or (value not in held.known and not held.fits(value)):
                return None  # on several lines it is one value, made of all of them
            seen |= bit
    needed = seen & expected.bits
    if needed == expected.bits:
        return plan.verdict
    return expected.bare if needed == expected.least and policy == EVERYTHING else None


def _coded(body: bytes, response: Response) -> bool:
    """Whether a body that begins as JSON does may be coded all the same."""
    if body.isascii() and body.decode().isprintable():
        return False  # as most are, and this is quicker than to look for the header
    coding = response.header("Content-Encoding")
    return coding is not None and _CODED.search(body) is not None


def _no_error_in(body: bytes, response: Response, plans: Plans) -> bool:
    """Whether a body under a status that is no error cannot fit the error predicate."""
    if not body or not plans.error_words:
        return True
    if body[:1] not in b"{[" or b"\\u" in body or _coded(body, response):
        return False
    for word in plans.error_words:  # noqa: SIM110 - any() takes twice as long
        if word in body:
            return False
    return True
