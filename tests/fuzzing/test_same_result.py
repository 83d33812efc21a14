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

    EXPECT = {"code": lambda error: error.code}

    class ApiError(Exception):
        def __init__(self, code, text):
            super().__init__(f"{code} {text}")
            self.code = code

    def leaky(response):
        body = response.json()
        if response.status_code >= 400 and "errorCode" in body:
            raise ApiError(body["errorCode"], body["message"][:20])
        return body["callId"]

    @fuzz("sinch", raises=ApiError, kinds=KINDS, max_examples=8, expect=EXPECT)
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
    texts = (part.rstrip("=\n") for part in parts[1::2])
    return dict(zip(parts[::2], texts, strict=True)), table


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


RARE = """
    import requests
    from pytest_apierrors import fuzz

    @fuzz("sinch", raises=ValueError, kinds=["nan"])
    def test_rare():
        response = requests.post("https://calling.api.sinch.com/calling/v1/callouts", timeout=5)
        raise KeyError("rare") if b"-Infinity" in response.content else ValueError
"""


@pytest.mark.parametrize("database", ["DirectoryBasedExampleDatabase('kept')", "None"])
def test_profiles_and_the_example_database_are_respected(pytester, database):
    # Hypothesis' own profile for CI has neither: both are named.
    pytester.makeconftest(
        f"""
        from hypothesis import settings
        from hypothesis.database import DirectoryBasedExampleDatabase
        base = settings(derandomize=False, database={database})
        settings.register_profile("many", base, max_examples=200)
        settings.register_profile("one", base, max_examples=1)
        """
    )
    pytester.makepyfile(test_rare=RARE.replace('["nan"]', '["nan"], settings=settings()'))
    text = (pytester.path / "test_rare.py").read_text()
    (pytester.path / "test_rare.py").write_text(f"from hypothesis import settings\n{text}")

    found, again = (
        pytester.runpytest_subprocess("-q", f"--hypothesis-profile={profile}")
        for profile in ("many", "one")
    )

    assert found.parseoutcomes() == {"failed": 1}
    # One example would not find it: it comes from the database.
    assert again.parseoutcomes() == ({"passed": 1} if database == "None" else {"failed": 1})


def test_a_derandomized_profile_needs_no_seed(pytester):
    pytester.makeconftest(
        """
        from hypothesis import settings
        settings.register_profile("ours", settings(derandomize=True))
        settings.load_profile("ours")
        """
    )
    pytester.makepyfile(
        test_rare=RARE.replace('"nan"', '"nan", "truncated-body", "wrapped-in-object"')
    )

    texts = {
        re.sub(
            r" in [0-9.]+s",
            "",
            pytester.runpytest_subprocess("-q", "-p", "no:cacheprovider").stdout.str(),
        )
        for _ in range(2)
    }

    assert len(texts) == 1


@pytest.mark.parametrize(("profile", "examples"), [("few", 3), ("many", 45), ("silent", 20)])
def test_a_profile_says_how_many_examples_there_are_if_it_does(pytester, profile, examples):
    pytester.makeconftest(
        """
        from hypothesis import settings

        base = settings(derandomize=True, database=None)
        settings.register_profile("few", base, max_examples=3)
        settings.register_profile("many", base, max_examples=45)
        settings.register_profile("silent", base)
        """
    )
    pytester.makepyfile(
        test_it="""
        import requests
        from pytest_apierrors import fuzz

        asked = []

        @fuzz(raises=requests.HTTPError, kinds=["message-long"])
        def test_call():
            asked.append(requests.get("https://api.example.com", timeout=5).raise_for_status)
            asked[-1]()

        def test_count():
            print("asked", len(asked))
        """
    )

    arguments = ("-q", "-s", "-p", "no:randomly", f"--hypothesis-profile={profile}")
    result = pytester.runpytest_subprocess(*arguments)

    result.stdout.fnmatch_lines([f"*asked {1 + examples}"])
