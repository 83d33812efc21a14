from myob import Myob
from myob.credentials import PartnerCredentials
from myob.exceptions import MyobException
from requests import exceptions

from pytest_apierrors import fuzz

KINDS = [
    "broken",
    "intermediary",
    "connection-refused",
    "closed-without-answer",
    "closed-in-body",
    "gzip-bad",
    "tls-expired-certificate",
]
RAISES = (
    MyobException,
    exceptions.ConnectionError,
    exceptions.ChunkedEncodingError,
    exceptions.ContentDecodingError,
    exceptions.TooManyRedirects,
)
BUGS = {
    "a 403 without Errors": (
        "empty-object",
        "wrapped-in-object",
        "code-missing",
        "code-null",
        "code-type",
        "message-missing",
        "message-null",
        "message-type",
        "deep-nesting",
        "duplicate-key",
        "nan",
        "number-overflow",
        "lone-surrogate",
        "invalid-utf-8",
        "wrong-content-type",
        "no-content-type",
        "json-of-gateway",
    ),
    "a 403 that is no object": (
        "null-body",
        "list-body",
        "wrapped-in-list",
        "string-body",
        "number-body",
        "true-body",
    ),
    "a 403 that is no JSON": (
        "empty-body",
        "blank-body",
        "truncated-body",
        "not-json",
        "prefixed-json",
        "suffixed-json",
        "huge-integer",
        "bom",
        "utf-16",
        "html-403",
        "empty-403",
    ),
    "a page of HTML is a list of contacts": ("login-page",),
    "whatever comes under 200 is a list of contacts": ("error-under-200",),
}


def myob():
    credentials = PartnerCredentials(
        "some-key", "some-secret", "https://example.com", "some-business", oauth_token="some-token"
    )
    return Myob(credentials)


@fuzz(
    raises=RAISES,
    client=myob,
    kinds=KINDS,
    max_examples=30,
    xfail={kind: reason for reason, kinds in BUGS.items() for kind in kinds},
)
def test_contacts(client):
    return client.contacts.all()
