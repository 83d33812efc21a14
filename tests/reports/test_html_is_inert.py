"""The page as text: nothing in it acts, is fetched, or was not there to be shown."""

import json
import re
from base64 import b64encode
from hashlib import sha256
from html import unescape

import pytest
from html_runs import (
    ACME,
    HOSTILE,
    LONG,
    hostile,
    ordinary,
    page_of,
    record,
    run_of,
)
from page_elements import parsed

from pytest_apierrors.check import check
from pytest_apierrors.reports.run import Run, Summary
from pytest_apierrors.response import Headers, Response
from pytest_apierrors.results import Checked

SECRET = "s3cr3tvalue1"


def hash_of(text):
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


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


def test_words_that_never_end_are_kept_within_their_place():
    assert LONG in page_of(hostile(LONG))
