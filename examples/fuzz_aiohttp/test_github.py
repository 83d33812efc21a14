from aiogithubapi import GitHubAPI, GitHubException

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
BUGS = {
    "what is no object is a repository": (
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
        "huge-integer",
        "bom",
        "wrong-content-type",
        "no-content-type",
        "no-content",
        "html-502",
        "html-503",
        "html-504",
        "empty-429",
        "empty-502",
        "text-429",
        "text-503",
        "text-untyped-500",
        "xml-503",
        "login-page",
        "redirect-nowhere",
    ),
    "an object without a message is a repository": (
        "empty-object",
        "wrapped-in-object",
        "code-missing",
        "code-null",
        "code-type",
        "message-missing",
        "message-null",
        "deep-nesting",
        "duplicate-key",
        "nan",
        "number-overflow",
        "lone-surrogate",
        "error-under-200",
    ),
    "a message that is no text": ("message-type",),
}


@fuzz(
    raises=GitHubException,
    kinds=KINDS,
    max_examples=15,
    xfail={kind: reason for reason, kinds in BUGS.items() for kind in kinds},
)
async def test_repository():
    async with GitHubAPI() as github:
        return await github.repos.get("some/repository")
