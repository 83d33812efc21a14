from sinch import SinchClient
from sinch.core.exceptions import SinchException

from pytest_apierrors import fuzz, ok

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
TOKEN = {"access_token": "some-token", "expires_in": 3600, "scope": "", "token_type": "bearer"}
PROMISE = {
    "raises": SinchException,
    "expect": {"status": lambda error: error.response_status_code},
    "auxiliary": {"https://auth.sinch.com/*": ok(TOKEN)},
    "kinds": KINDS,
    "max_examples": 10,
}
BUGS = {
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
        "huge-integer",
    ),
    "what is nested too deep escapes": ("deep-nesting",),
    "Retry-After is believed": ("retry-after-huge", "retry-after-far-date"),
    "Retry-After is believed even if it is inf": ("retry-after-inf",),
    "exceptions of requests escape": (
        "redirect-loop",
        "connection-refused",
        "closed-without-answer",
        "closed-in-body",
        "gzip-bad",
        "tls-expired-certificate",
    ),
}
NO_OBJECT = {
    "no object, no exception of Sinch": ("wrapped-in-list", "string-body", "true-body"),
    "a null error, no exception of Sinch": ("duplicate-key",),
}
UNREAD = {"a success without a single field": ("error-under-200", "redirect-nowhere")}
NOT_FOUND = {"a 404 with a code in words": ("any-nested-404", "message-format")}
CALL = {
    "a detail that is no text": ("message-type",),
    "no call, no exception of Sinch": ("error-under-200", "no-content", "redirect-nowhere"),
}


def known(*bugs):
    return {kind: reason for each in bugs for reason, kinds in each.items() for kind in kinds}


def sinch():
    return SinchClient("some-id", "some-secret", "some-project", conversation_region="eu")


@fuzz(client=sinch, xfail=known(BUGS, NO_OBJECT, UNREAD, NOT_FOUND), **PROMISE)
def test_number(client):
    return client.numbers.get(phone_number="+46700000000")


@fuzz(client=sinch, xfail=known(BUGS, NO_OBJECT, UNREAD), **PROMISE)
def test_message(client):
    return client.conversation.messages.get("some-message")


@fuzz(client=sinch, xfail=known(BUGS, CALL), **PROMISE)
def test_call(client):
    return client.voice.v2.calls.get("some-call")
