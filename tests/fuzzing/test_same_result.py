"""Same Python, same Hypothesis, same seed: same result, whatever else differs."""

import re

import pytest

SUITE = """
    import httpx
    import requests
    from pytest_apierrors import fuzz

    URL = "https://calling.api.sinch.com/calling/v1/callouts"
    KINDS = [
        "unseen", "broken", "intermediary", "retry-after",
        "sinch-40101", "closed-in-body", "gzip-bad", "length-garbage",
    ]

    class ApiError(Exception):
        def __init__(self, code, text):
            super().__init__(f"{code} {text}")
            self.code = code

    def leaky(response):
        body = response.json()
        if response.status_code >= 400 and "errorCode" in body:
            raise ApiError(body["errorCode"], body["message"][:20])
        return body["callId"]

    @fuzz("sinch", raises=ApiError, kinds=KINDS, expect={"code": lambda error: error.code})
    def test_requests():
        leaky(requests.post(URL, json={}, timeout=5))

    @fuzz(raises=(ApiError, httpx.HTTPError), kinds=["unseen", "broken"], max_examples=5)
    async def test_httpx():
        async with httpx.AsyncClient() as client:
            leaky(await client.post(URL, json={}))
"""
FAILURE = re.compile(r"^_{3,} (test_\w+\[.+\]) _{3,}\n(?:\[gw\d\].*\n)?", re.MULTILINE)


def outcome(pytester, monkeypatch, hash_seed, *options):
    """Return the kind x result table with the bugs, and the text of each failure."""
    folder = pytester.path / f"{hash_seed}{len(options)}"
    folder.mkdir()
    (folder / "test_both.py").write_text(pytester.path.joinpath("test_both.py").read_text())
    (folder / "pytest.ini").write_text("[pytest]\n")
    monkeypatch.chdir(folder)
    monkeypatch.setenv("PYTHONHASHSEED", hash_seed)
    options = ("-v", "-p", "no:cacheprovider", "--hypothesis-seed=7", *options)
    text = pytester.runpytest_subprocess(*options).stdout.str()

    failures, _, rest = text.partition("= FAILURES =")[2].partition("= apierrors =")
    parts = FAILURE.split(failures)[1:]
    table = rest.partition("\n")[2].partition("\n= short test summary")[0]
    table = table[: table.index("\n====")]
    return dict(zip(parts[::2], parts[1::2], strict=True)), table


def test_two_runs_of_one_seed_are_alike(pytester, monkeypatch):
    pytester.makepyfile(test_both=SUITE)
    monkeypatch.setenv("COLUMNS", "120")

    failures, table = outcome(pytester, monkeypatch, "1")

    assert len(failures) > 40
    assert "undeclared-exception KeyError" in table
    assert "fails (lost-code)" in table or "fails (undeclared-exception)" in table
    for hash_seed, options in (("2", ()), ("3", ("-n2",))):
        again, other = outcome(pytester, monkeypatch, hash_seed, *options)
        assert again == failures
        assert other == table


@pytest.mark.parametrize("profile", ["derandomize=True", "database=None", "print_blob=True"])
def test_settings_and_profiles_are_respected(pytester, profile):
    pytester.makeconftest(
        f"""
        from hypothesis import settings
        settings.register_profile("ours", settings({profile}))
        settings.load_profile("ours")
        """
    )
    pytester.makepyfile(test_both=SUITE)

    texts = [
        pytester.runpytest_subprocess(
            "-q", "-p", "no:cacheprovider", "-k", "test_requests and code-", *seed
        ).stdout.str()
        for seed in ((), () if "derandomize" in profile else ("--hypothesis-seed=3",))
    ]

    failures = [text.partition("= FAILURES =")[2].partition("\napierrors")[0] for text in texts]
    assert "KeyError" in failures[0] or "lost-code" in failures[0]
    if "derandomize" in profile:
        assert failures[0] == failures[1]
    else:
        kept = (pytester.path / ".hypothesis" / "examples").exists()
        assert kept is ("database" not in profile)
