"""placebo's responses of botocore: statuses and headers hold, the body is what botocore made."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pytest_apierrors.catalog.find import Catalogs
from pytest_apierrors.check import check
from pytest_apierrors.recordings import read
from pytest_apierrors.recordings.placebo import PARSED_BY_BOTOCORE

DATA = Path(__file__).parent / "data" / "placebo-0.10.0"


@pytest.mark.parametrize(
    ("name", "status", "code", "kind"),
    [
        (
            "dynamodb.DescribeTable_1",
            400,
            "ResourceNotFoundException",
            "application/x-amz-json-1.0",
        ),
        ("s3.GetObject_1", 404, "NoSuchKey", "application/xml"),
    ],
)
def test_what_placebo_records(name, status, code, kind):
    [found] = read(DATA / f"{name}.json")

    assert found.status == status
    assert found.header("Content-Type") == kind
    body = json.loads(found.body)
    assert body["Error"]["Code"] == code
    assert "ResponseMetadata" not in body
    assert (found.altered, found.lost) == (PARSED_BY_BOTOCORE, True)
    assert (found.origin.index, found.origin.line) == (0, 1)
    assert (found.method, found.url) == (None, None)


def test_a_body_that_botocore_parsed_breaks_no_rule():
    [found] = read(DATA / "s3.GetObject_1.json")

    for name in Catalogs().names():
        rules = {one.rule for one in check(found, Catalogs().get(name)).violations}
        assert not [rule for rule in rules if rule.startswith(("body-", "field-", "code-"))]


@pytest.mark.parametrize("metadata", [{}, None, {"HTTPHeaders": None}])
def test_without_headers_none_are_known(items, metadata):
    [found] = items(json.dumps({"status_code": 500, "data": {"ResponseMetadata": metadata}}))

    assert (found.status, found.headers) == (500, None)


def test_the_order_of_the_members_is_free(items):
    data = {"ResponseMetadata": {"HTTPHeaders": {"A": ["1", "2"]}}, "x": 1}

    [found] = items("\n" + json.dumps({"data": data, "status_code": 400}))

    assert list(found.headers) == [("A", "1"), ("A", "2")]
    assert (found.body, found.origin.line) == (b'{"x":1}', 2)


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ({"status_code": "no", "data": {}}, "status 'no' is not an HTTP status"),
        ({"status_code": None, "data": {}}, "status None is not an HTTP status"),
        ({"status_code": 400, "data": []}, "data is a list, not a mapping"),
        (
            {"status_code": 400, "data": {"ResponseMetadata": 7}},
            "ResponseMetadata is 7, not a mapping",
        ),
        (
            {"status_code": 400, "data": {"ResponseMetadata": {"HTTPHeaders": []}}},
            "headers are a list, not a mapping",
        ),
    ],
)
def test_wrong_types(items, answer, reason):
    [error] = items(json.dumps(answer))

    assert (error.reason, error.index, error.line) == (reason, 0, 1)


def test_what_is_cut_short(items):
    [error] = items('{"status_code": 400, "data": {"a": ')

    assert error.reason.startswith("not sound JSON: ")


@pytest.mark.parametrize("text", ['{"status_code": 400}', '{"status_code": 1, "data": 1, "x": 1}'])
def test_other_files_are_not_of_placebo(items, text):
    [error] = items(text)

    assert error.reason.startswith("not a recording of a known format")
