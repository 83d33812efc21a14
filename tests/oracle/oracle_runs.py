"""One run of a client on a clock of its own, and what the oracle says of it."""

import json
import warnings
from base64 import b64encode
from dataclasses import dataclass
from pathlib import Path

from pytest_apierrors.catalog.find import load_file
from pytest_apierrors.clock import virtual_time
from pytest_apierrors.faults.kinds import kinds_of
from pytest_apierrors.faults.model import Fault
from pytest_apierrors.faults.pick import First
from pytest_apierrors.oracle import Promise, Run, judge
from pytest_apierrors.response import Headers
from pytest_apierrors.watchdog import Hung, deadline

ACME = load_file(Path(__file__).parents[1] / "messages" / "acme.json")
KINDS = {kind.name: kind for kind in kinds_of(ACME)}
URL = "https://api.acme.test/v1/messages"
SECRET = "Zx81pQ77sLmn40"
NO_RETRY = "acme-unauthorized"
SUCCESS = Fault("success", 200, (), b"{}", {"status": 200, "code": 7}, "success")


class ApiError(Exception):
    """What the clients of these tests promise to raise."""

    def __init__(self, code=None, status=None, message=None, retry_after=None):
        super().__init__(code, status, message, retry_after)
        self.code = code
        self.status = status
        self.message = message
        self.retry_after = retry_after


class AuthError(ApiError):
    """Of a category."""


class RateLimit(ApiError):
    """Of another one."""


@dataclass
class Call:
    method: str
    url: str
    headers: Headers
    at: float
    fault: Fault | None


@dataclass
class Api:
    """What the clients of these tests talk to: it answers with the faults in turn."""

    faults: tuple
    clock: object
    calls: list

    def ask(self, method="GET", url=URL, **headers):
        fault = self.faults[min(len(self.calls), len(self.faults) - 1)]
        pairs = Headers(tuple((name.replace("_", "-"), value) for name, value in headers.items()))
        self.calls.append(Call(method, url, pairs, self.clock.now(), fault))
        return fault

    def sleep(self, seconds):
        self.clock.sleep(self.clock.tick(), seconds)


def run(client, *faults, secrets=frozenset({SECRET}), seconds=5):
    """Call a client on a clock of its own, and tell what it did."""
    done = Run(secrets=secrets, calls=[])
    with warnings.catch_warnings(record=True) as caught, virtual_time() as clock:
        warnings.simplefilter("always")
        api = Api(faults, clock, done.calls)
        try:
            with deadline(seconds):
                done.returned = client(api)
        except Hung as hung:
            done.raised, done.hung = hung, hung.stack
        except BaseException as error:  # noqa: BLE001
            done.raised = error
    done.slept, done.sleeps, done.warnings = clock.slept, clock.sleeps, caught
    return done


def read(fault):
    """Read a fault of the invented provider, as a good client does."""
    try:
        error = json.loads(fault.body)["error"]
    except (ValueError, KeyError, TypeError):
        error = {}
    wait = dict(fault.headers).get("Retry-After", "")
    return {
        "code": error.get("code"),
        "status": fault.status,
        "message": error.get("message"),
        "retry_after": float(wait) if wait.isdigit() else None,
    }


def basic(user, password):
    return f"Basic {b64encode(f'{user}:{password}'.encode()).decode()}"


def good(api):
    for attempt in range(3):
        fault = api.ask()
        wait = read(fault)["retry_after"]
        if fault.status != 429 or wait is None or wait > 60 or attempt == 2:
            break
        api.sleep(wait)
    if fault.expect == "success":
        return {}
    raise ApiError(**read(fault))


STRICT = Promise(
    raises=ApiError,
    expect={name: lambda error, name=name: getattr(error, name) for name in vars(ApiError(1))},
    retries=2,
    pickling=True,
    leaks=True,
)


def fault_of(name):
    return KINDS[name].make(First())


def judged(client, name="acme-rate_limited", promise=STRICT, fault=None, **options):
    kind = KINDS.get(name)
    fault = fault or fault_of(name)
    return judge(promise, kind, fault, run(client, fault, **options))


def parts(*args, **options):
    return [broken.part for broken in judged(*args, **options)]


def raises(make):
    """Return a client that retries as it should, and raises what is made of the last answer."""

    def client(api):
        fault = api.ask()
        if fault.status == 429:
            api.sleep(read(fault)["retry_after"] or 0)
            fault = api.ask()
        raise make(fault)

    return client
