"""Clients that break one part each."""

import json
import warnings

from oracle_runs import (
    SECRET,
    ApiError,
    good,
    raises,
    read,
)


def leaks_key_error(api):
    raise ApiError(json.loads(api.ask().body)["errorCode"])


def exits(api):
    api.ask()
    raise SystemExit(1)


class Mute(ApiError):
    def __str__(self):
        return self.details["text"]

    @property
    def details(self):
        return {}


class Blank(ApiError):
    def __repr__(self):
        raise RuntimeError("half made")


class Unpicklable(ApiError):
    def __init__(self, fault, *, wait):
        super().__init__(**read(fault))
        self.wait = wait


def without(**changed):
    return raises(lambda fault: ApiError(**{**read(fault), **changed}))


def swallows(api):
    return {"status": "queued", "code": api.ask().status}


def sleeps_a_day(api):
    api.ask()
    api.sleep(86_400)
    raise ApiError(**read(api.ask()))


def asks_three_times_more(api):
    for _ in range(4):
        fault = api.ask()
        api.sleep(3)
    raise ApiError(**read(fault))


def asks_too_early(api):
    api.ask()
    api.sleep(2.5)
    raise ApiError(**read(api.ask()))


def asks_at_all(api):
    api.ask()
    api.sleep(60)
    raise ApiError(**read(api.ask()))


def posts_again(api):
    api.ask("POST")
    api.sleep(3)
    raise ApiError(**read(api.ask("POST")))


def gives_up(api):
    raise ApiError(**read(api.ask()))


def hangs(api):
    api.ask()
    while True:
        pass


def shows_credential(fault):
    error = ApiError(**read(fault))
    error.add_note(f"sent with Authorization: Bearer {SECRET}")
    return error


def warns(api):
    warnings.warn("unclosed <socket>", ResourceWarning, stacklevel=1)
    good(api)
