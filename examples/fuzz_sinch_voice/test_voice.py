from sinch import SinchClient
from sinch.core.exceptions import SinchException

from pytest_apierrors import fuzz

KINDS = [
    "documented",
    "unseen",
    "broken",
    "intermediary",
    "retry-after",
    "connection-refused",
    "closed-without-answer",
    "closed-in-body",
    "gzip-bad",
    "tls-expired-certificate",
]
EXPECT = {
    "status": lambda error: error.response_status_code,
    "message": lambda error: error.args[0],
}
BUGS = {
    "no message, no VoiceException": (
        "empty-body",
        "empty-object",
        "wrapped-in-object",
        "message-missing",
        "deep-nesting",
        "empty-401",
        "empty-403",
        "empty-429",
        "empty-502",
    ),
    "no object, no VoiceException": (
        "null-body",
        "list-body",
        "wrapped-in-list",
        "string-body",
        "number-body",
        "true-body",
    ),
    "the status is lost": (
        "blank-body",
        "truncated-body",
        "not-json",
        "prefixed-json",
        "suffixed-json",
        "bom",
        "utf-16",
        "html-502",
        "html-503",
        "html-504",
        "html-403",
        "html-as-json",
        "text-429",
        "text-503",
        "text-untyped-500",
        "xml-503",
    ),
    "not every ValueError has msg": ("huge-integer",),
    "exceptions of requests escape": (
        "redirect-loop",
        "connection-refused",
        "closed-without-answer",
        "closed-in-body",
        "gzip-bad",
        "tls-expired-certificate",
    ),
}
NO_CALL_ID = {"no callId, no exception": ("error-under-200", "no-content", "redirect-nowhere")}
UNREAD = {"below 400 nothing is read": ("error-under-200", "redirect-nowhere")}


def known(*bugs):
    return {kind: reason for each in bugs for reason, kinds in each.items() for kind in kinds}


def sinch():
    return SinchClient(application_key="some-key", application_secret="c29tZS1zZWNyZXQ=")


PROMISE = {"raises": SinchException, "expect": EXPECT, "kinds": KINDS, "max_examples": 10}


@fuzz("sinch", client=sinch, xfail=known(BUGS, NO_CALL_ID), **PROMISE)
def test_callout(client):
    to = {"type": "number", "endpoint": "+46700000000"}
    return client.voice.callouts.text_to_speech(destination=to, text="hello")


@fuzz("sinch", client=sinch, xfail=known(BUGS, UNREAD), **PROMISE)
def test_hang_up(client):
    return client.voice.calls.update("some-call", instructions=[], action={"name": "hangup"})
