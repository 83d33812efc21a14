"""What each rule means, in the words of the README."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pytest_apierrors.check.verdict import Rule

MEANINGS: Mapping[Rule, str] = {
    "status-undocumented": "The response has no code, and no source mentions its status.",
    "status-mismatch": (
        "The code is documented, under another status; or a probe got another status than the "
        "documented one."
    ),
    "code-undocumented": (
        "No entry of the catalog has this code. A note where the provider documents the status "
        "and says nothing of its codes."
    ),
    "code-missing": (
        'The body is an error of the provider\'s shape, and the code is absent or means "no code".'
    ),
    "content-type": (
        "The media type is not the documented one, or the header is absent. A warning where no "
        "source names a media type."
    ),
    "body-empty": "A body typed as JSON is empty.",
    "body-unparsable": (
        "The body should be JSON and is not, or is not sound: cut short, duplicate keys, NaN, "
        "too deep, lone surrogates, integers of hundreds of digits. The byte offset is named."
    ),
    "body-encoding": (
        "The body cannot be decoded (a cut or bad gzip stream, an unknown coding, more than the "
        "limits allow), or its JSON is not UTF-8 (a byte order mark included)."
    ),
    "body-unexpected": (
        "A body after a status or method that allows none: 1xx, 204, 205, 304, HEAD. A warning, "
        "unless the catalog is `http` itself."
    ),
    "field-missing": "A field that a source requires is absent.",
    "field-type": "A field has another JSON type than documented.",
    "field-value": (
        "A field has a value that the documentation excludes; or a probe got another code than "
        "the documented one."
    ),
    "field-undocumented": (
        "The documentation lists the fields, and this one is not among them. A warning."
    ),
    "message-differs": (
        "The documentation gives the exact text (or a template), and the message is another. A "
        "warning."
    ),
    "header-missing": (
        "A header that a source promises is absent. What HTTP itself requires is a warning, "
        "what it recommends a note."
    ),
    "header-value": (
        "A header has a value that its definition excludes. What is sent on several lines is one "
        "value, made of all of them, so that two delays are none."
    ),
    "error-in-success": (
        "An error under a 2xx, though the provider says that 2xx is success or documents the "
        "error under other statuses."
    ),
    "intermediary-response": (
        "Something in front of the API answered. A warning where the provider promises a body "
        "for that status, else a note."
    ),
    "ambiguous": "Several documented errors fit equally well. A note.",
    "contested": "The response fits what one source says and another contradicts. A note.",
    "source-secondary": (
        "The error is known from an SDK or a capture, not from the provider's documentation. A "
        "note."
    ),
    "undecided": (
        "Whether this is an error cannot be decided, because the documentation does not name "
        "the field. A note; a catalog of your own can name it."
    ),
}
