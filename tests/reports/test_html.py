"""The page as text: what is in it, what cannot be in it, and that it is the same every time."""

import json
import re
import time
from base64 import b64encode
from hashlib import sha256
from html import unescape
from html.parser import HTMLParser

import pytest
from html_runs import (
    ACME,
    CLEAN,
    EXTRA,
    HOSTILE,
    KEYS,
    KNOWN,
    LONG,
    MISSING,
    ORDINARY,
    hostile,
    large,
    ordinary,
    page_of,
    record,
    run_of,
)

from pytest_apierrors.baseline import Accepted
from pytest_apierrors.catalog.find import Catalogs
from pytest_apierrors.check import check
from pytest_apierrors.errors import RecordingError
from pytest_apierrors.evidence import EVIDENCE, Matrix
from pytest_apierrors.reports import SUFFIXES
from pytest_apierrors.reports.run import Run, Summary
from pytest_apierrors.response import Headers, Response
from pytest_apierrors.results import Checked

SECRET = "s3cr3tvalue1"
CUT = RecordingError("cut.yaml", "the file ends in a string")


class Page(HTMLParser):
    """The elements of a page, with their attributes and texts, as a browser without scripts."""

    def __init__(self, text):
        super().__init__()
        self.elements = []
        self.open = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        element = (tag, dict(attrs), [])
        self.elements.append(element)
        if tag not in ("meta", "br"):
            self.open.append(element)

    def handle_endtag(self, tag):
        while self.open.pop()[0] != tag:
            pass

    def handle_data(self, data):
        for element in self.open:
            element[2].append(data)

    def all(self, tag, **wanted):
        return [
            "".join(text)
            for name, attributes, text in self.elements
            if name == tag and all(attributes.get(key) == one for key, one in wanted.items())
        ]

    @property
    def policy(self):
        return next(
            attributes["content"]
            for name, attributes, _ in self.elements
            if name == "meta" and "http-equiv" in attributes
        )

    @property
    def data(self):
        (text,) = self.all("script", type="application/json")
        return json.loads(text)


def parsed(run):
    return Page(page_of(run))


def hash_of(text):
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


def test_a_file_of_that_name_gets_a_page():
    assert SUFFIXES[".html"] == "html"


def test_the_policy_names_the_one_script_and_the_one_style_and_nothing_else():
    page = parsed(ordinary())

    scripts = [one for one in page.elements if one[0] == "script" and not one[1]]
    (script,), (style,) = scripts, page.all("style")
    rules = dict(rule.split(" ", 1) for rule in page.policy.split("; "))
    assert rules["default-src"] == "'none'"
    assert rules["script-src"] == hash_of("".join(script[2]))
    assert rules["style-src"] == hash_of(style)
    assert set(rules) == {
        "default-src",
        "script-src",
        "style-src",
        "base-uri",
        "form-action",
        "require-trusted-types-for",
        "trusted-types",
    }


@pytest.mark.parametrize("make", [ordinary, hostile], ids=["ordinary", "hostile"])
def test_nothing_in_it_acts_or_is_fetched(make):
    page = parsed(make())

    names = {name for name, _, _ in page.elements}
    assert not names & {"img", "svg", "iframe", "link", "object", "embed", "base", "form", "input"}
    assert len(page.all("script")) == 2
    for _, attributes, _ in page.elements:
        assert not [
            name for name in attributes if name.startswith("on") or name in ("style", "src")
        ]
        assert attributes.get("href", "#").startswith("#")


def test_its_style_fetches_nothing():
    (style,) = parsed(ordinary()).all("style")
    assert "url(" not in style
    assert "@import" not in style


def test_the_script_makes_text_of_everything():
    script = parsed(ordinary()).all("script")[-1]
    assert not re.search(
        r"innerHTML|outerHTML|insertAdjacent|document\.write|eval\(|\.style", script
    )


def test_the_same_run_gives_the_same_bytes_and_they_are_ascii():
    for make in (ordinary, hostile):
        text = page_of(make())
        assert text == page_of(make())
        assert text.isascii()
        assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f]", text)


def test_hostile_text_ends_no_element_and_is_there_to_be_read():
    page = parsed(hostile())

    assert len(page.all("h1")) == 1
    told = "".join(page.all("main"))
    assert told.count("</script><script>ran()") > 10
    assert "\u202e" not in told
    assert r"\u202e" in told
    assert page.data["records"][0]["place"].startswith("</script>")


def test_json_has_no_mark_that_html_knows():
    text = page_of(hostile())
    inner = text.split('id="data">', 1)[1].split("</script>", 1)[0]
    assert not set(inner) & set("<>&\u2028\u2029")
    assert json.loads(inner)["records"]


@pytest.mark.parametrize("text", [HOSTILE, "plain"])
def test_only_addresses_of_the_web_become_links(text):
    (entry,) = [one for of in parsed(hostile(text)).data["providers"] for one in of["entries"]]
    links = {source["id"][:4]: source.get("link") for source in entry["sources"]}
    assert links == {"good": True, "bad": False, text[:4]: None}
    assert {claim["source"].get("link") for claim in entry["claims"]} == {True, False, None}


def test_every_documented_error_has_a_row_also_where_nobody_tests_it():
    page = parsed(ordinary())

    rows = [one for one in page.elements if one[0] == "tr" and "data-entry" in one[1]]
    assert [attributes["data-entry"] for _, attributes, _ in rows] == KEYS
    told = {attributes["data-entry"]: "".join(text) for _, attributes, text in rows}
    assert "untested" in told["bad_request"]
    assert told["bad_request"].endswith("0" * len(EVIDENCE))
    assert "untested" not in told["rate_limited"]
    assert told["rate_limited"].endswith("20100")  # recorded twice, mocked once
    assert "2 of 8 documented errors exercised" in "".join(page.all("p", **{"class": "cover"}))


@pytest.mark.parametrize(
    ("number", "heat"), [(0, 0), (1, 1), (2, 2), (3, 2), (4, 3), (9, 3), (10, 4), (4000, 4)]
)
def test_heat_grows_with_the_count_that_stands_there(number, heat):
    matrix = Matrix()
    matrix.know([ACME])
    if number:
        matrix.count("acme", "frozen", "fuzzed", number)

    text = page_of(run_of(matrix=matrix))

    assert f'<td class="h{heat}" data-kind="fuzzed">{number}</td>' in text


def test_an_entry_that_its_catalog_does_not_have_is_shown_after_the_others():
    matrix = Matrix()
    matrix.count("made", "own", "asserted")

    page = parsed(run_of(matrix=matrix, catalogs=()))

    assert page.all("tr", **{"data-entry": "own"}) == ["own00001"]
    assert page.data["providers"] == [{"name": "made", "entries": []}]


def test_findings_stand_in_a_table_worst_first_without_any_script():
    cells = parsed(ordinary()).all("td")[len(KEYS) * len(EVIDENCE) :]

    rows = [cells[at : at + 7] for at in range(0, len(cells), 7)]
    assert [row[0] for row in rows] == ["error", "error", "warning", "note"]
    assert rows[0] == [
        "error",
        "header-missing",
        "acme 429 rate_limited",
        "Retry-After",
        "seconds",
        "nothing",
        "cassettes/send.yaml:12 #0",
    ]
    assert rows[3][-1] == "tests/test_client.py:31 #0tests/test_client.py::test_limit"


def test_more_findings_than_a_screen_takes_wait_in_a_noscript():
    text = page_of(large(600))
    first, rest = text.split('aria-label="more findings"')
    assert first.count("<td><span") == 200
    assert rest.count("<td><span") == 400
    assert first.rsplit("<noscript>", 1)[1].count("<") == 1


def test_what_a_baseline_accepts_says_why_and_until_when():
    page = parsed(ordinary())

    found = {one[0]: one[5] for one in page.data["findings"]}
    assert found["message-differs"] == "accepted until 2031-05-01: they know"
    assert found["header-missing"] is None
    assert any("accepted until 2031-05-01: they know" in cell for cell in page.all("td"))


def test_an_acceptance_that_has_expired_says_so():
    line = Accepted("acme", "rate_limited", "header-missing", MISSING.where, "soon", "2020-01-02")
    (found,) = parsed(run_of(record(), accepted=(line,))).data["findings"]
    assert found[5] == "its acceptance expired on 2020-01-02: soon"


def test_a_warning_needs_no_acceptance_and_gets_none():
    line = Accepted("acme", "rate_limited", EXTRA.rule, EXTRA.where, "soon")
    (found,) = parsed(run_of(record(violations=(EXTRA,)), accepted=(line,))).data["findings"]
    assert found[5] is None


def test_an_error_of_no_entry_is_accepted_by_its_status():
    line = Accepted("acme", "status-418", "message-differs", KNOWN.where, "a pot")
    odd = record(status=418, entry=None, violations=(KNOWN,))
    (found,) = parsed(run_of(odd, accepted=(line,))).data["findings"]
    assert found[5] == "accepted: a pot"


@pytest.mark.parametrize(
    ("run", "verdict", "reason"),
    [
        (run_of(record(**CLEAN)), "Passed", "1 error, all of them as documented or tolerated"),
        (run_of(record()), "Failed", "1 of 1 error breaks the contract"),
        (run_of(*ORDINARY, record()), "Failed", "3 of 6 errors break the contract"),
        (run_of(record(**CLEAN), failures=("3 tests failed",)), "Failed", "3 tests failed"),
        (run_of(record(**CLEAN), incomplete="2 workers died"), "Incomplete", "2 workers died"),
        (ordinary(incomplete="stopped"), "Incomplete", "could not be read"),
        (run_of(record(**CLEAN), problems=(CUT,)), "Failed", "1 could not be read"),
        (run_of(), "Nothing checked", "no responses were checked"),
        (
            run_of(record(status=200, entry=None, **{**CLEAN, "outcome": "not-an-error"})),
            "Passed",
            "1 response, no errors among them",
        ),
    ],
)
def test_the_head_says_what_came_of_the_run(run, verdict, reason):
    page = parsed(run)
    assert page.all("h1") == [verdict]
    assert any(reason in line for line in page.all("li"))
    assert f"<title>API errors: {verdict.lower().split()[0]}" in page_of(run)


def test_a_run_that_only_fuzzed_has_passed_what_it_did():
    matrix = Matrix()
    matrix.know([ACME])
    matrix.count("acme", "frozen", "fuzzed")
    page = parsed(run_of(matrix=matrix))
    assert page.all("h1") == ["Passed"]
    assert "no responses were checked; clients got 1 documented error" in page.all("li")


def test_what_is_empty_says_so():
    nobody = parsed(run_of(catalogs=(), matrix=Matrix()))
    nothing = parsed(run_of(record(**CLEAN)))

    told = " ".join(nobody.all("p", **{"class": "empty"}))
    assert "No provider was chosen" in told
    assert "no error response was checked" in told
    assert "No findings: 1 response as documented." in nothing.all("p", **{"class": "empty"})


def test_unreadable_files_and_remarks_are_there():
    page = parsed(ordinary())
    assert "cassettes/cut.yaml:9: the file ends in a string" in page.all("li")
    (remarks,) = page.all("pre", **{"class": "remarks"})
    assert remarks.splitlines()[1] == "  documented    fails (swallowed)  acme-rate_limited"


def test_recordings_that_exercise_too_little_fail_as_the_command_does():
    def head(percent):
        summary = Summary([ACME])
        results = [checked(429, "rate_limited", 0)]
        named = {"catalogs": [ACME], "named": ["acme"], "fail_under": percent}
        return parsed(Run(summary.counted(results), summary, "acme", **named)).all("li")

    told = "acme: 12.5 % of the documented errors were exercised (1 of 8), 13 % are required"
    assert told in head(13)
    assert told.replace("13", "12") not in head(12)


def test_many_unreadable_files_do_not_stand_in_the_way():
    few, many = (page_of(run_of(problems=[CUT] * number)) for number in (8, 9))
    assert "<details open><summary>which, and why" in few
    assert "<details><summary>which, and why" in many
    assert many.count("<li>cut.yaml: the file ends") == 9


def test_an_unknown_status_is_not_told():
    text = page_of(run_of(catalogs=(Catalogs().get("neutrino"),)))
    assert '<span class="key">01</span> <span class="name">INVALID_PARAMETER</span>' in text


def test_links_to_a_finding_last_from_run_to_run_and_are_never_the_same():
    first, second = parsed(ordinary()).data, parsed(run_of(ORDINARY[2], ORDINARY[0])).data
    ids = [one["id"] for one in first["records"]]
    assert len(set(ids)) == len(ids)
    assert {one["id"] for one in second["records"]} <= set(ids)

    twice = parsed(run_of(record(), record())).data["records"]
    assert twice[0]["id"] != twice[1]["id"]


def test_equal_exchanges_and_findings_are_written_once():
    data = parsed(run_of(*(record(index=number) for number in range(50)))).data
    assert len(data["exchanges"]) == 1
    assert len(data["findings"]) == 1
    assert len(data["records"]) == 50


def test_a_flood_of_headers_is_cut():
    odd = record(shown=record().shown.__class__((("X-A", "1"),) * 5000, ("nothing",)))
    (exchange,) = parsed(run_of(odd)).data["exchanges"]
    assert len(exchange["headers"]) == 101
    assert exchange["headers"][-1] == ["...", "4900 more headers"]


def test_very_long_texts_are_cut_with_their_size():
    text = page_of(hostile("x" * 300_000))
    assert "300000 characters, sha256" in text
    assert len(text) < 400_000


def test_no_credential_of_request_or_response_is_in_it():
    body = json.dumps({"error": {"code": "rate_limited", "message": "m", "token": SECRET}})
    headers = {
        "Content-Type": "application/json",
        "Set-Cookie": f"session={SECRET}; Path=/",
        "X-Api-Key": SECRET,
        "Location": f"https://u:{SECRET}@api.acme.test/?token={SECRET}",
    }
    url = f"https://u:{SECRET}@api.acme.test/v1?api_key={SECRET}"
    response = Response(429, body.encode(), Headers.of(headers), "GET", url)
    result = Checked("a.har", 0, 1, "GET", url, 429, check(response, ACME))
    result = Checked(*(getattr(result, one) for one in result.__struct_fields__[:-1]), response)
    summary = Summary([ACME])

    text = page_of(Run(summary.counted([result]), summary, "acme", catalogs=[ACME], named=["acme"]))

    assert "X-Api-Key" in text
    assert SECRET not in unescape(text)


def checked(status, code, index):
    body = json.dumps({"error": {"code": code, "message": "m"}}).encode()
    headers = Headers.of({"Content-Type": "application/json"})
    response = Response(status, body, headers, "GET", "https://api.acme.test/v1")
    verdict = check(response, ACME)
    return Checked("a.har", index, None, "GET", None, status, verdict, response)


def test_recordings_alone_have_a_matrix_too():
    results = [checked(429, "rate_limited", 0), checked(429, "rate_limited", 1)]
    results += [checked(418, "teapot", 2)]
    summary = Summary([ACME])

    page = parsed(Run(summary.counted(results), summary, "acme", catalogs=[ACME], named=["acme"]))

    assert page.all("tr", **{"data-entry": "rate_limited"})[0].endswith("20000")
    assert len([row for row in page.all("tr") if "untested" in row]) == len(KEYS) - 1


def test_what_is_no_error_exercises_none():
    fine = record(**{**CLEAN, "outcome": "not-an-error", "violations": (EXTRA,)})
    summary = Summary([ACME])

    page = parsed(Run(summary.counted([fine]), summary, "acme", catalogs=[ACME], named=["acme"]))

    assert len(page.data["records"]) == 1
    assert len([row for row in page.all("tr") if "untested" in row]) == len(KEYS)


def test_catalogs_that_nobody_asked_for_and_that_nothing_touched_are_left_out():
    summary = Summary([ACME])
    run = Run(summary.counted([]), summary, None, catalogs=[ACME])
    assert "No provider was chosen" in page_of(run)


def test_pages_grow_with_the_responses_and_not_faster():
    def seconds(number):
        run = large(number)
        start = time.perf_counter()
        page_of(run)
        return time.perf_counter() - start

    seconds(100)
    small = min(seconds(500) for _ in range(3))
    assert seconds(4000) < 8 * small * 3


def test_a_run_of_pytest_writes_it_the_same_from_one_process_or_two(project):
    project.test(
        """
        import pytest

        @pytest.mark.parametrize("number", range(4))
        def test_limit(assert_error, number):
            body = {"error": {"code": "rate_limited", "message": "Wait 3 seconds"}}
            headers = {"Content-Type": "application/json", "Retry-After": "3"}
            assert_error((body,), status=429, headers=headers if number else {})
        """.replace("(body,), status", "body, status")
    )
    project.ini(apierrors_provider="acme")
    pages = []
    for count in ("0", "2"):
        project.run_apart("-n", count, "--apierrors-report=out.html")
        pages.append((project.path / "out.html").read_bytes())

    assert pages[0] == pages[1]
    page = Page(pages[0].decode())
    assert page.all("h1") == ["Failed"]
    assert "1 test failed" in page.all("li")
    assert {one["evidence"] for one in page.data["records"]} == {"asserted"}


def test_fuzzed_clients_are_evidence_and_their_table_does_not_depend_on_q(project):
    project.test(
        """
        import pytest
        import requests
        from pytest_apierrors import fuzz

        @fuzz("acme", raises=requests.HTTPError, kinds=["acme-frozen", "not-json"])
        def test_call():
            requests.get("https://api.acme.test/v1").raise_for_status()

        @fuzz("acme", raises=requests.HTTPError, kinds=["acme-bad_request"])
        def test_nothing():
            pytest.skip("not today")
        """
    )
    project.ini()
    pages = []
    for word in ("-q", "-v"):
        project.run_apart(word, "--apierrors-report=out.html")
        pages.append((project.path / "out.html").read_text(encoding="ascii"))

    assert pages[0] == pages[1]
    page = Page(pages[0])
    assert page.all("h1") == ["Passed"]
    assert page.all("td", **{"data-kind": "fuzzed", "class": "h1"}) == ["1"]
    assert page.all("tr", **{"data-entry": "frozen"})[0].endswith("00010")
    (remarks,) = page.all("pre", **{"class": "remarks"})
    assert "test_call: 2 kinds of fault: 2 ok" in remarks
    assert "documented    [1] ok" in remarks


def test_words_that_never_end_are_kept_within_their_place():
    assert LONG in page_of(hostile(LONG))
