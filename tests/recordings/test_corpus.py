"""Reads a folder of foreign recordings, where APIERRORS_CORPUS names one with an index.json."""

from __future__ import annotations

import json
import os
from collections import Counter
from pathlib import Path

import pytest

from pytest_apierrors.errors import RecordingError
from pytest_apierrors.recordings import read

CORPUS = os.environ.get("APIERRORS_CORPUS")
INDEX = json.loads(Path(CORPUS, "index.json").read_text(encoding="utf-8")) if CORPUS else []
FILES = [one for one in INDEX if one["format"] in ("vcrpy", "har")]


@pytest.mark.skipif(not CORPUS, reason="APIERRORS_CORPUS is not set")
def test_the_corpus_has_files_of_these_formats():
    assert len(FILES) >= 10


@pytest.mark.parametrize("entry", FILES, ids=lambda entry: entry["file"])
def test_every_exchange_is_read(entry):
    items = list(read(Path(CORPUS, entry["file"])))
    statuses = Counter(str(one.status) for one in items)

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
