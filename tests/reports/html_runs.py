"""Runs to make pages of: an ordinary one, one that is hostile everywhere, a large one."""

import io
from datetime import date

from msgspec.structs import replace

from pytest_apierrors.baseline import Accepted
from pytest_apierrors.catalog.find import load_file
from pytest_apierrors.catalog.model import Claim, Example, Message, Source
from pytest_apierrors.check.verdict import Violation
from pytest_apierrors.errors import RecordingError
from pytest_apierrors.evidence import Matrix
from pytest_apierrors.records import Record, Shown
from pytest_apierrors.reports import renderer
from pytest_apierrors.reports.run import Run, Summary

ACME = load_file("tests/messages/acme.json")
KEYS = [key for key, entry in ACME.errors.items() if entry.role == "error"]
HEADERS = (("Content-Type", "application/json"), ("Date", "Thu, 01 Jan 2026 00:00:00 GMT"))
MISSING = Violation("header-missing", "error", "header:Retry-After", "seconds", "nothing")
EXTRA = Violation("field-undocumented", "warning", "$.error.x", "nothing", "1")
KNOWN = Violation("message-differs", "note", "$.error.message", "Slow down", '"Calm down"')
HOSTILE = (
    "</script><script>ran()</script><img src=x onerror=ran()>"
    "<svg/onload=ran()>\"' onfocus=ran() autofocus x='`${ran()}` {{7*7}} ]]> --> <!-- "
    "\x00\x1b[31m\u202egpj.exe\u2066\ufeff\u2028\u2029\ud800 &lt;b&gt; javascript:ran()\r\n"
    "\u00e9\u6f22\U0001f4a5"
)
LONG = "W" * 1500


def record(**more):
    """One deviating response of the invented provider, unless told otherwise."""
    given = {
        "provider": "acme",
        "evidence": "recorded",
        "file": "cassettes/send.yaml",
        "index": 0,
        "line": 12,
        "test": "cassettes/send.yaml::0000-GET-429",
        "method": "GET",
        "url": "https://api.acme.test/v1/messages",
        "status": 429,
        "outcome": "deviating",
        "entry": "rate_limited",
        "code": "rate_limited",
        "violations": (MISSING,),
        "sentence": "deviates from rate_limited: Retry-After missing",
        "shown": Shown(HEADERS, ("{", '  "error": {"code": "rate_limited"}', "}")),
    }
    return Record(**{**given, **more})


def summary_of(records, catalogs=(ACME,), problems=()):
    """The sums that a run of tests brings along."""
    summary = Summary(catalogs)
    for one in records:
        summary.outcomes[one.outcome] += 1
        summary.violations.update(violation.severity for violation in one.violations)
        summary.broken += any(violation.severity == "error" for violation in one.violations)
    summary.responses = summary.outcomes.total()
    summary.unreadable = len(problems)
    return summary


def run_of(*records, problems=(), catalogs=(ACME,), matrix=None, **more):
    """A run of tests that brought these records."""
    known = Matrix()
    known.know(catalogs)
    for one in records:
        if one.entry is not None:
            known.count(one.provider, one.entry, one.evidence)
    summary = summary_of(records, catalogs, problems)
    results = [*records, *problems]
    return Run(
        results, summary, catalogs=catalogs, matrix=known if matrix is None else matrix, **more
    )


def page_of(run):
    """The page of a run."""
    out = io.StringIO()
    renderer("html")(run, out)
    return out.getvalue()


CLEAN = {"outcome": "documented", "violations": (), "sentence": "documented error"}
ORDINARY = (
    record(),
    record(index=1, line=40, violations=(EXTRA,), outcome="documented", sentence="with 1 warning"),
    record(
        evidence="mocked",
        file="tests/test_client.py",
        line=31,
        test="tests/test_client.py::test_limit",
        violations=(KNOWN,),
        outcome="documented",
    ),
    record(
        evidence="asserted",
        file="tests/test_client.py",
        line=57,
        test="tests/test_client.py::test_frozen",
        status=423,
        entry="frozen",
        code="frozen",
        shown=None,
        **CLEAN,
    ),
    record(index=2, line=77, entry=None, code="teapot", status=418, outcome="undocumented"),
)
ACCEPTED = Accepted(
    "acme", "rate_limited", "message-differs", "$.error.message", "they know", date(2031, 5, 1)
)
REMARKS = (
    "tests/test_client.py::test_call: 3 kinds of fault: 1 fails, 2 ok",
    "  documented    fails (swallowed)  acme-rate_limited",
    "  broken        ok                 empty, truncated",
)


def ordinary(**more):
    """What a run of a small suite looks like."""
    problem = RecordingError("cassettes/cut.yaml", "the file ends in a string", index=None, line=9)
    given = {"problems": (problem,), "accepted": (ACCEPTED,), "remarks": REMARKS}
    return run_of(*ORDINARY, **{**given, **more})


def hostile(text=HOSTILE):
    """A run with the same text in every place that holds one."""
    entry = replace(
        ACME.errors["rate_limited"],
        key=text,
        code=text,
        name=text,
        description=text,
        message=Message(text, "exact"),
        example=Example("printed", {text: [text]}, headers=((text, text),)),
        sources=("good", "bad", text),
        claims=tuple(
            Claim(text, text, source, state, text)
            for source in ("good", "bad", text)
            for state in ("live", "rejected")
        ),
    )
    sources = {
        "good": Source("good", "page", "https://acme.test/errors?a=1&b=2", text, text, text),
        "bad": Source("bad", "page", f"javascript:ran()//{text}", text, text, text),
    }
    catalog = replace(ACME, title=text, file=text, sources=sources, errors={text: entry}, cache={})
    violation = Violation("field-value", "error", text, text, text)
    known = violation._replace(severity="note", rule="message-differs")
    ours = record(
        file=text.encode("utf-8", "backslashreplace").decode(),
        test=text,
        method=text,
        url=f"javascript:ran()//{text}",
        entry=text,
        code=text,
        category=text,
        evidence="mocked",
        violations=(violation, known),
        sentence=text,
        shown=Shown(((text, text),) * 3, (text, f"    {text}")),
    )
    strange = replace(ours, provider=text, index=1)
    matrix = Matrix()
    matrix.know([catalog])
    for name in ("acme", text):
        matrix.count(name, text, "mocked")
    return run_of(
        ours,
        strange,
        problems=(RecordingError(text, text, index=3, line=4),),
        catalogs=(catalog,),
        matrix=matrix,
        incomplete=text,
        remarks=(text, f"  {text}"),
        failures=(text,),
        accepted=(Accepted("acme", text, "message-differs", text, text),),
    )


def large(number):
    """A run of so many responses, two of three with violations, no two of them equal."""
    found = [(), (MISSING,), (MISSING, EXTRA)]
    return run_of(
        *(
            record(
                index=place % 10,
                file=f"cassettes/case_{place // 10}.yaml",
                url=f"https://api.acme.test/v1/messages/{place}",
                entry=KEYS[place % len(KEYS)],
                violations=found[place % 3],
                outcome="deviating" if place % 3 else "documented",
                shown=Shown((*HEADERS, ("X-Request-Id", str(place))), ("{", f'  "{place}"', "}")),
            )
            for place in range(number)
        )
    )
