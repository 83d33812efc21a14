"""Clients that count time by `datetime.now()` are held against the same clock as all others."""

import pytest

CLIENT = """
import datetime as dt
import time
from datetime import datetime, timedelta, timezone
from email.utils import parsedate_to_datetime

import requests

class GivenUp(Exception):
    pass

def asks():
    return requests.get("https://api.example.com/", timeout=5, allow_redirects=False)

def by_name():
    start = datetime.now()
    while datetime.now() - start < timedelta(seconds=5):
        asks()
        time.sleep(1)
    raise GivenUp

def by_module():
    end = dt.datetime.now(dt.timezone.utc) + dt.timedelta(seconds=5)
    while dt.datetime.now(dt.timezone.utc) < end:
        asks()
        time.sleep(1)
    raise GivenUp

def as_told():
    before = time.time(), datetime.now(timezone.utc).timestamp()
    assert abs(before[0] - before[1]) < 0.1
    response = asks()
    date = parsedate_to_datetime(response.headers["Retry-After"])
    wait = (date - datetime.now(timezone.utc)).total_seconds()
    assert 0 < wait <= 30, wait
    time.sleep(wait)
    assert asks() is not None
    raise GivenUp
"""
TEST = """
from client import *
from pytest_apierrors import fuzz

@fuzz(raises=GivenUp, kinds=["{kind}"], attempts=6, budget=31)
def test_it():
    {call}()
"""


@pytest.mark.parametrize(
    ("call", "kind"),
    [("by_name", "html-502"), ("by_module", "html-502"), ("as_told", "retry-after-date")],
)
def test_one_clock_is_enough_to_give_up_in_time(pytester: pytest.Pytester, call, kind):
    pytester.makepyfile(client=CLIENT, test_it=TEST.format(call=call, kind=kind))

    result = pytester.runpytest_subprocess("-q", "-p", "no:cacheprovider")

    assert result.parseoutcomes() == {"passed": 1}, result.stdout.str()
