"""What counts as having exercised a documented error: it came, and it is known to be that one."""

from __future__ import annotations

import json

import pytest

from pytest_apierrors.attribution import Attribution
from pytest_apierrors.catalog.find import Catalogs
from pytest_apierrors.check import check
from pytest_apierrors.reports.run import Summary
from pytest_apierrors.response import Headers, Response
from pytest_apierrors.results import How, check_file, checked_of

SINCH, NEUTRINO, TELEPHONY, HTTP = map(
    Catalogs().get, ("sinch", "neutrino", "telephony-io", "http")
)
BODY = b'{"errorCode": 40200, "message": "Not enough credit"}'
JSON = Headers([("Content-Type", "application/json")])


@pytest.mark.parametrize(
    ("catalog", "response", "exercised"),
    [
        (SINCH, Response(402, BODY, JSON), "40200"),
        (SINCH, Response(402, BODY, JSON, declared=True), None),
        (SINCH, Response(402, BODY, JSON, lost=True), "status-402"),
        (NEUTRINO, Response(403, b'{"api-error": 2, "api-error-msg": "LIMIT"}', JSON), "02"),
        (NEUTRINO, Response(403, b"", JSON, lost=True), "status-403"),
        (TELEPHONY, Response(402, b"", JSON, lost=True), None),
        (SINCH, Response(200, b"{}", JSON), None),
        (SINCH, Response(418, b"{}", JSON), None),
        (HTTP, Response(404, b"", JSON), "status-404"),
        (HTTP, Response(404, b"", JSON, lost=True), "status-404"),
        (HTTP, Response(404, b"", JSON, declared=True), None),
    ],
)
def test_evidence(catalog, response, exercised):
    assert checked_of(response, check(response, catalog)).exercised == exercised


def test_a_contract_exercises_nothing(tmp_path):
    answer = {"status": 402, "body": json.loads(BODY)}
    contract = tmp_path / "contract.json"
    contract.write_text(
        json.dumps({"consumer": {}, "interactions": [{"response": answer}], "provider": {}})
    )
    recording = tmp_path / "recording.ndjson"
    recording.write_text(json.dumps({"response": {"status": 402, "body": BODY.decode()}}))
    reached = {}
    for file in (contract, recording):
        summary = Summary([SINCH])
        results = check_file(str(file), How(Attribution([SINCH])))
        assert len(list(summary.counted(results))) >= 1
        reached[file.name] = summary.coverage.providers["sinch"].reached

    assert reached == {"contract.json": [], "recording.ndjson": ["40200"]}
