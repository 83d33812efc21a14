"""Ring 4: something in front of the API answers instead of it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pytest_apierrors.faults.rings import Line, meet

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pytest_apierrors.check.verdict import Rule
    from pytest_apierrors.faults.compose import Composed
    from pytest_apierrors.faults.model import Carried, Fault, Kind
    from pytest_apierrors.faults.rings import Making
    from pytest_apierrors.faults.subject import Subjects

_STATUS: tuple[Carried, ...] = ("status", "retry_after")
_PAGE = (
    "<!DOCTYPE html>\n<html><head><title>{0}</title></head>\n"
    "<body><center><h1>{0}</h1></center><hr></body></html>\n"
)
_LOGIN = (
    "<!DOCTYPE html>\n<html><head><title>Sign in</title></head><body>"
    '<form method="post" action="/login"><input name="user"><input name="password"></form>'
    "</body></html>\n"
)
_XML = '<?xml version="1.0"?>\n<Error><Code>ServiceUnavailable</Code></Error>\n'


def kinds(subjects: Subjects) -> Iterator[Kind]:
    """Yield the kinds of this ring for one catalog."""
    return meet("intermediary", _LINES, subjects)


def _answer(
    status: int, text: str, media: str | None, *headers: tuple[str, str]
) -> Callable[[Making], Fault]:
    typed = () if media is None else (("Content-Type", media),)

    def make(making: Making) -> Fault:
        return making.fault(data=text.encode(), status=status, headers=(*typed, *headers))

    return make


def _html(status: int, title: str) -> Callable[[Making], Fault]:
    return _answer(status, _PAGE.format(f"{status} {title}"), "text/html")


def _in_front(subjects: Subjects, _: tuple[Composed, ...]) -> Rule | None:
    return "intermediary-response" if subjects.catalog.envelopes else None


def _loop(making: Making) -> Fault:
    status = making.pick.one((302, 301, 307, 308, 303))
    return making.fault(data=b"", status=status, headers=(("Location", "?again=1"),))


def _nowhere(making: Making) -> Fault:
    status = making.pick.one((302, 301, 307, 308, 303))
    headers = making.pick.one(((), (("Location", ""),), (("Location", "http://"),)))
    fault = making.fault(data=b"", status=status, headers=headers)
    # Who follows a Location fails on the way: there is no status to tell.
    return replace(fault, carries={}) if headers else fault


_LINES = (
    Line(
        "html-502",
        "A gateway's HTML page, 502.",
        _html(502, "Bad Gateway"),
        rule=_in_front,
        carries=_STATUS,
    ),
    Line(
        "html-503",
        "A proxy's HTML page, 503.",
        _html(503, "Service Unavailable"),
        rule=_in_front,
        carries=_STATUS,
    ),
    Line(
        "html-504",
        "A gateway's HTML page, 504.",
        _html(504, "Gateway Timeout"),
        rule=_in_front,
        carries=_STATUS,
    ),
    Line(
        "html-403",
        "A firewall's HTML page, 403.",
        _html(403, "Forbidden"),
        rule=_in_front,
        carries=_STATUS,
    ),
    Line(
        "html-as-json",
        "An HTML page typed as JSON, 502.",
        _answer(502, _PAGE.format("502 Bad Gateway"), "application/json"),
        rule=_in_front,
        carries=_STATUS,
    ),
    Line(
        "empty-401",
        "401, a challenge and nothing else.",
        _answer(401, "", None, ("WWW-Authenticate", "Bearer")),
        rule=_in_front,
        carries=_STATUS,
    ),
    Line(
        "empty-403",
        "403 and nothing else.",
        _answer(403, "", None),
        rule=_in_front,
        carries=_STATUS,
    ),
    Line(
        "empty-429",
        "A rate limiter's 429 and nothing else.",
        _answer(429, "", None, ("x-envoy-ratelimited", "true")),
        rule=_in_front,
        carries=_STATUS,
    ),
    Line(
        "empty-502",
        "502 and nothing else.",
        _answer(502, "", None),
        rule=_in_front,
        carries=_STATUS,
    ),
    Line(
        "text-429",
        "A plain sentence, 429.",
        _answer(429, "Too many requests\n", "text/plain"),
        rule=_in_front,
        carries=_STATUS,
    ),
    Line(
        "text-503",
        "A plain sentence, 503.",
        _answer(503, "no healthy upstream", "text/plain"),
        rule=_in_front,
        carries=_STATUS,
    ),
    Line(
        "text-untyped-500",
        "A plain sentence without a media type, 500.",
        _answer(500, "upstream request timeout", None),
        rule=_in_front,
        carries=_STATUS,
    ),
    Line(
        "xml-503",
        "XML, 503.",
        _answer(503, _XML, "application/xml"),
        rule=_in_front,
        carries=_STATUS,
    ),
    Line(
        "json-of-gateway",
        "A gateway's own JSON, 403.",
        _answer(403, '{"message":"Forbidden"}', "application/json"),
        rule=_in_front,
        carries=_STATUS,
    ),
    Line(
        "login-page",
        "A login page under 200.",
        _answer(200, _LOGIN, "text/html"),
        carries=("status",),
    ),
    Line("redirect-loop", "A redirect to itself, without end.", _loop, carries=()),
    Line(
        "redirect-nowhere", "A redirect without a usable Location.", _nowhere, carries=("status",)
    ),
)
