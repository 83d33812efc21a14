"""A client that breaks only now and then is reported as any other, and said to be so."""

TEST = """
    import itertools
    import requests
    from pytest_apierrors import fuzz

    calls = itertools.count()

    @fuzz("sinch", raises=ValueError, kinds=["nan"]{arguments})
    def test_sometimes():
        requests.post("https://calling.api.sinch.com/calling/v1/callouts", timeout=5)
        raise KeyError("once") if next(calls) == 3 else ValueError
"""


def run(pytester, arguments=""):
    pytester.makepyfile(test_flaky=TEST.format(arguments=arguments))
    return pytester.runpytest_subprocess("-q", "-p", "no:cacheprovider")


def test_it_fails_with_the_fault_that_did_it_once(pytester):
    result = run(pytester)

    result.stdout.fnmatch_lines(
        [
            "nan: KeyError: 'once' escaped from test_sometimes (test_flaky.py:*); *",
            "  it did not happen again with the same response: *is not the same each time",
            "  replay it above the test:",
            "apierrors:   undeclared-exception KeyError at test_flaky.py:* in test_sometimes: nan",
        ]
    )
    assert "Flaky" not in result.stdout.str()
    assert result.parseoutcomes() == {"failed": 1}


def test_it_can_be_expected(pytester):
    assert run(pytester, ', xfail={"nan": "now and then"}').parseoutcomes() == {"xfailed": 1}
