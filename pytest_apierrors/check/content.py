"""What a response's body is: decoded, told apart, parsed; its own defects as violations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import msgspec

from pytest_apierrors import body, strictjson
from pytest_apierrors.check.words import show_text

if TYPE_CHECKING:
    from pytest_apierrors.check.verdict import Rule
    from pytest_apierrors.response import Response

Kind = Literal["none", "empty", "json", "html", "text", "xml", "binary", "undecodable"]
Found = tuple["Rule", str, str, str]
"""A rule, where, documented, found: a violation whose severity is not decided yet."""


class Content(msgspec.Struct, frozen=True):
    """
    A body taken apart.

    `kind` "none" means that no body is looked at (HEAD); `usable` that `value` is the parsed
    JSON, whatever `defects` it has; `data` are the decoded bytes, or those that came.
    """

    kind: Kind
    value: Any = None
    usable: bool = False
    defects: tuple[Found, ...] = ()
    data: bytes = b""


def content_of(response: Response) -> Content:
    """Decode and parse a body; never raises."""
    decoded = body.decode(response)
    if decoded.problem is not None:
        found: Found = ("body-encoding", "body", "a body that can be decoded", decoded.problem)
        return Content("undecodable", defects=(found,), data=response.body)
    if response.method == "HEAD":
        return Content("none", data=decoded.data)
    kind = body.looks_like(decoded.data, response.header("Content-Type"))
    if kind != "json":
        return Content(kind, data=decoded.data)
    parsed = strictjson.loads(decoded.data)
    defects = tuple(_defect(problem, response) for problem in parsed.problems)
    return Content("json", parsed.value, parsed.usable, defects, decoded.data)


def _defect(problem: strictjson.Problem, response: Response) -> Found:
    if problem.kind == "encoding":
        rule: Rule = "body-encoding"
        wanted = "JSON in UTF-8"
    else:
        rule, wanted = "body-unparsable", "JSON"
    reason = show_text(response.scrubbed(problem.reason))
    return rule, "body", wanted, f"{reason} at byte {problem.offset}"
