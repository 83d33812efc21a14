from neutrino_api.neutrino_api_client import NeutrinoAPIClient

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
    "code": lambda answer: answer.error_code,
    "status": lambda answer: answer.status_code,
}
BUGS = {
    "the code is lost without a message": (
        "message-empty",
        "message-missing",
        "message-null",
        "message-type",
    ),
    "the code is lost without the media type": ("wrong-content-type", "no-content-type"),
    "the status is lost": (
        "empty-body",
        "blank-body",
        "truncated-body",
        "not-json",
        "prefixed-json",
        "suffixed-json",
        "null-body",
        "list-body",
        "wrapped-in-list",
        "string-body",
        "number-body",
        "true-body",
        "deep-nesting",
        "huge-integer",
        "bom",
        "utf-16",
        "html-as-json",
        "no-content",
        "empty-401",
        "empty-403",
        "empty-429",
        "empty-502",
        "text-untyped-500",
        "redirect-nowhere",
    ),
    "any JSON under 200 is data": ("error-under-200",),
}


@fuzz(
    "neutrino",
    returns=lambda answer: not answer.is_ok(),
    expect=EXPECT,
    kinds=KINDS,
    max_examples=10,
    xfail={kind: reason for reason, kinds in BUGS.items() for kind in kinds},
)
def test_ip_info():
    return NeutrinoAPIClient("some-user", "some-key").ip_info({"ip": "192.0.2.1"})
