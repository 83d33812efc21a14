"""The oracle: for each part a client that breaks exactly it, and clients that break nothing."""

import pytest
from breaking_clients import (
    Blank,
    Mute,
    Unpicklable,
    asks_at_all,
    asks_three_times_more,
    asks_too_early,
    exits,
    gives_up,
    hangs,
    leaks_key_error,
    posts_again,
    shows_credential,
    sleeps_a_day,
    swallows,
    warns,
    without,
)
from oracle_runs import (
    KINDS,
    NO_RETRY,
    SECRET,
    STRICT,
    SUCCESS,
    URL,
    ApiError,
    fault_of,
    good,
    judged,
    parts,
    raises,
    read,
    run,
)

from pytest_apierrors.oracle import PARTS, Promise, judge

BREAKING = [
    ("undeclared-exception", leaks_key_error, NO_RETRY, "KeyError: 'errorCode' escaped from"),
    (
        "undeclared-exception",
        exits,
        NO_RETRY,
        "SystemExit: 1 escaped from exits (breaking_clients.py:",
    ),
    (
        "exception-text",
        raises(lambda fault: Mute(**read(fault))),
        NO_RETRY,
        (
            "str() of breaking_clients.Mute raises KeyError: 'text' "
            "in Mute.__str__ (breaking_clients.py:"
        ),
    ),
    (
        "exception-text",
        raises(lambda fault: Blank(**read(fault))),
        NO_RETRY,
        "repr() of breaking_clients.Blank raises RuntimeError: half made in Blank.__repr__",
    ),
    (
        "pickling",
        raises(lambda fault: Unpicklable(fault, wait=3)),
        NO_RETRY,
        "breaking_clients.Unpicklable cannot be pickled: TypeError",
    ),
    (
        "swallowed",
        swallows,
        NO_RETRY,
        (
            "returned {'status': 'queued', 'code': 401} for 401 (code \"unauthorized\"); "
            "the test promises ApiError"
        ),
    ),
    (
        "false-alarm",
        gives_up,
        "success",
        "ApiError: (None, 200, None, None) was raised for a success, 200",
    ),
    (
        "lost-code",
        without(code=None),
        NO_RETRY,
        'code is lost: ApiError has nothing, the answer carried "unauthorized"',
    ),
    (
        "lost-code",
        without(code="unknown"),
        NO_RETRY,
        'code is wrong: ApiError has "unknown", the answer carried "unauthorized"',
    ),
    (
        "lost-status",
        without(status=500),
        NO_RETRY,
        "status is wrong: ApiError has 500, the answer carried 401",
    ),
    (
        "lost-message",
        without(message="sign in first"),
        NO_RETRY,
        'message is wrong: ApiError has "sign in first", the answer carried "Sign in first"',
    ),
    (
        "lost-retry-after",
        without(retry_after=4),
        "acme-rate_limited",
        "retry_after is wrong: ApiError has 4, the answer carried 3.0",
    ),
    (
        "slept-too-long",
        sleeps_a_day,
        "acme-rate_limited",
        "slept 86400 s, 86400 s of it at once; the budget is 60 s",
    ),
    (
        "too-many-attempts",
        asks_three_times_more,
        "acme-rate_limited",
        f"4 requests of GET {URL}; the test promises at most 2 retries",
    ),
    (
        "retried-too-early",
        asks_too_early,
        "acme-rate_limited",
        f'GET {URL} was sent again after 2.5 s; 429 (code "rate_limited") said to wait 3 s',
    ),
    (
        "retried-unasked",
        asks_at_all,
        NO_RETRY,
        f'GET {URL} was sent again after 401 (code "unauthorized"), which is not to be retried',
    ),
    (
        "retried-unasked",
        posts_again,
        "acme-rate_limited",
        f'POST {URL} was sent again after 429 (code "rate_limited"); POST is not idempotent',
    ),
    (
        "not-retried",
        gives_up,
        "acme-rate_limited",
        (
            f'GET {URL} was given up after 429 (code "rate_limited"), which says to wait 3 s; '
            "the test promises 2 retries"
        ),
    ),
    (
        "hung",
        hangs,
        NO_RETRY,
        "the call was still running at its deadline of 0.1 s in hangs (breaking_clients.py:",
    ),
    (
        "credential",
        raises(shows_credential),
        NO_RETRY,
        "oracle_runs.ApiError shows a credential of the request in a note",
    ),
    ("leak", warns, "acme-rate_limited", "ResourceWarning: unclosed <socket>"),
]


@pytest.mark.parametrize(
    ("part", "client", "name", "sentence"),
    BREAKING,
    ids=[f"{part}-{number}" for number, (part, *_) in enumerate(BREAKING)],
)
def test_each_part_is_broken_by_a_client_that_breaks_nothing_else(part, client, name, sentence):
    fault = SUCCESS if name == "success" else None
    seconds = 0.1 if part == "hung" else 5

    broken = judged(client, name, fault=fault, seconds=seconds)

    assert [one.part for one in broken] == [part]
    assert broken[0].sentence.startswith(sentence)
    assert SECRET not in broken[0].sentence

    off = Promise(**{**vars(STRICT), "off": frozenset({part})})
    assert parts(client, name, off, fault=fault, seconds=seconds) == []


def test_no_timeout_is_broken_by_a_run_that_waited_without_one():
    done = run(good, fault_of("acme-rate_limited"))
    done.no_timeout = True
    done.raised = OSError("interrupted by the seam")

    broken = judge(STRICT, None, fault_of("acme-rate_limited"), done)

    assert [one.part for one in broken] == ["no-timeout"]
    assert broken[0].sentence == "waited for an answer without a timeout, for ever if need be"


def test_every_part_has_a_client_that_breaks_it():
    assert {part for part, *_ in BREAKING} | {"no-timeout"} == set(PARTS)


@pytest.mark.parametrize("name", [name for name in KINDS if KINDS[name].ring == "documented"])
def test_a_good_client_breaks_nothing(name):
    assert judged(good, name) == []


def test_a_good_client_breaks_nothing_when_a_sequence_ends_well():
    faults = (fault_of("acme-rate_limited"), SUCCESS)

    assert judge(STRICT, None, faults, run(good, *faults)) == []
    assert judge(STRICT, None, faults, run(swallows, *faults))[0].part == "swallowed"


def test_options_are_off_unless_asked_for():
    plain = Promise(raises=ApiError)

    assert parts(raises(lambda fault: Unpicklable(fault, wait=3)), NO_RETRY, plain) == []
    assert parts(warns, "acme-rate_limited", plain) == []
    for client in (posts_again, asks_at_all, asks_too_early, gives_up, asks_three_times_more):
        assert parts(client, "acme-rate_limited", plain) == []


def test_several_parts_come_in_their_order():
    def client(api):
        api.ask("POST")
        api.sleep(100)
        raise ValueError(api.ask("POST"), SECRET)

    found = parts(client, "acme-rate_limited")

    assert found == ["undeclared-exception", "slept-too-long", "retried-unasked", "credential"]
