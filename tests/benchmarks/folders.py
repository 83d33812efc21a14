"""Rows about a folder of many recordings of several formats, on one core and on two."""

from __future__ import annotations

import base64
import json
import sys
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml
from contract import HOST, PATH
from table import Goal, Row, mebibytes, seconds
from timing import in_turn, middle, peak_of_all, run_process
from traffic import Exchange, as_vcr, exchanges, har_entry
from vcr.serialize import serialize
from vcr.serializers import yamlserializer

if TYPE_CHECKING:
    from collections.abc import Iterator

MIB = 2**20
LOADER = Path(__file__).with_name("safeloader.py")
EACH = 20
"""Exchanges of a file: 2,000 files are about 60 MB."""


def rows(folder: Path, *, quick: bool) -> Iterator[Row]:
    """A folder of mixed cassettes against PyYAML's loader on its YAML, and one core against two."""
    count, rounds = (100, 1) if quick else (2_000, 3)
    recordings = folder / "recordings"
    size = write_folder(recordings, count)
    script = str(Path(sys.executable).parent / "pytest-apierrors")
    check = [script, "check", "recordings", "--provider", "sinch"]
    jobs = {
        name: partial(run_process, command, folder, ok=(0, 1))
        for name, command in (
            ("one", [*check, "--jobs", "1"]),
            ("two", [*check, "--jobs", "2"]),
            ("loader", [sys.executable, str(LOADER), "recordings"]),
        )
    }
    spent = {name: middle(runs) for name, runs in in_turn(jobs, rounds, warm=True).items()}
    one, two, loader = spent["one"], spent["two"], spent["loader"]
    work = f"{count:,} mixed recordings, {size / 1e6:.0f} MB, to verdicts"
    yield Row(
        work,
        seconds(one.wall),
        "PyYAML CSafeLoader, the YAML alone",
        seconds(loader.wall),
        loader.wall / one.wall,
        Goal(3),
    )
    yield Row(
        f"{work}: on two cores",
        seconds(two.wall),
        "ours on one",
        seconds(one.wall),
        one.wall / two.wall,
        None if quick else Goal(1.6),
    )
    most, alone = (peak_of_all([*check, "--jobs", jobs], folder) for jobs in ("2", "1"))
    yield Row(
        f"{work}: peak memory of all processes",
        mebibytes(most),
        "one process",
        mebibytes(alone),
        most / MIB,
        Goal(300, less=True, unit=" MiB"),
        " MiB",
    )


def write_folder(folder: Path, count: int) -> int:
    """Write recordings in four formats, half of them vcrpy's YAML; return their size."""
    folder.mkdir()
    source = exchanges()
    for number in range(count):
        some = list(islice(source, EACH))
        name, text = _written(some, number)
        (folder / f"{number:05}-{name}").write_text(text, encoding="utf-8")
    return sum(file.stat().st_size for file in folder.iterdir())


def _written(some: list[Exchange], number: int) -> tuple[str, str]:
    if number % 2 == 0:
        return "vcrpy.yaml", serialize(as_vcr(some), yamlserializer)
    if number % 4 == 1:
        value = {"http_interactions": [_ruby(one) for one in some], "recorded_with": "VCR 6.3.1"}
        return "ruby.yml", "---\n" + yaml.dump(value, Dumper=yaml.CSafeDumper, sort_keys=False)
    if number % 8 == 3:
        value = {
            "http_interactions": [_betamax(one) for one in some],
            "recorded_with": "betamax/0.9.0",
        }
        return "betamax.json", json.dumps(value)
    head = {"version": "1.2", "creator": {"name": "Playwright", "version": "1.62.0"}}
    return "archive.har", json.dumps({"log": {**head, "entries": [har_entry(one) for one in some]}})


def _request(one: Exchange) -> dict[str, Any]:
    return {
        "method": "post",
        "uri": HOST + PATH,
        "body": {"encoding": "UTF-8", "string": one.request_body.decode()},
        "headers": {name: [value] for name, value in one.request_headers.items()},
    }


def _answer(one: Exchange) -> dict[str, Any]:
    body: dict[str, str] = {"encoding": "UTF-8"}
    if one.coded:
        body["base64_string"] = base64.b64encode(one.wire).decode()
    else:
        body["string"] = one.body.decode()
    return {
        "status": {"code": one.status, "message": "-"},
        "headers": {name: [value] for name, value in one.response_headers.items()},
        "body": body,
    }


def _ruby(one: Exchange) -> dict[str, Any]:
    return {
        "request": _request(one),
        "response": _answer(one),
        "recorded_at": "Tue, 14 Jul 2026 09:00:00 GMT",
    }


def _betamax(one: Exchange) -> dict[str, Any]:
    response = {**_answer(one), "url": HOST + PATH}
    return {"request": _request(one), "response": response, "recorded_at": "2026-07-14T09:00:00"}
