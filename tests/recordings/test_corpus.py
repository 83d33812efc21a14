"""Reads a folder of foreign recordings, where APIERRORS_CORPUS names one with an index.json."""

from __future__ import annotations

import json
import os
from collections import Counter
from pathlib import Path

import pytest

from pytest_apierrors.errors import RecordingError
from pytest_apierrors.recordings import read, recognise

CORPUS = os.environ.get("APIERRORS_CORPUS")
INDEX = json.loads(Path(CORPUS, "index.json").read_text(encoding="utf-8")) if CORPUS else []
# which readers may take a file that the index calls so
FORMATS = {
    "vcrpy": ["vcrpy"],
    "har": ["har"],
    "betamax": ["betamax"],
    "vcr-ruby": ["vcr-ruby"],
    "cassetter": ["cassetter"],
    "responses": ["responses"],
    "go-vcr": ["go-vcr"],
    "easyvcr": ["easyvcr"],
    "exvcr": ["exvcr"],
    "php-vcr": ["php-vcr", "vcr-ruby"],  # the list that VCR 1 for Ruby wrote is filed there
    "nock": ["nock"],
    "wiremock": ["wiremock"],
    "placebo": ["placebo"],
    "pygithub-replay": ["pygithub"],
    "raw-http": ["http"],
}
FILES = [one for one in INDEX if one["format"] in FORMATS]


@pytest.mark.skipif(not CORPUS, reason="APIERRORS_CORPUS is not set")
def test_the_corpus_has_files_of_these_formats():
    assert len(FILES) >= 10


@pytest.mark.parametrize("entry", FILES, ids=lambda entry: entry["file"])
def test_every_exchange_is_read(entry):
    items = list(read(Path(CORPUS, entry["file"])))
    statuses = Counter(str(one.status) for one in items)
    with Path(CORPUS, entry["file"]).open("rb") as file:
        reader = recognise(file.read(1 << 16), Path(CORPUS, entry["file"]))

    assert reader.name in FORMATS[entry["format"]]
    assert not [one for one in items if isinstance(one, RecordingError)]
    assert len(items) == entry["n_interactions"]
    assert statuses == {key: n for key, n in entry["statuses"].items() if key.isdigit()}
    assert all(one.origin.line for one in items)


@pytest.mark.parametrize("entry", INDEX, ids=lambda entry: entry["file"])
def test_other_formats_end_in_a_sentence(entry):
    items = list(read(Path(CORPUS, entry["file"])))

    assert items
    if entry not in FILES:
        assert all(isinstance(one, RecordingError) and one.reason for one in items)
