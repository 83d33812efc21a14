"""Probes of a catalog that extends another one."""

import json

import pytest

from pytest_apierrors.catalog.find import Catalogs
from pytest_apierrors.errors import CatalogError

PROBE = {
    "name": "unknown-path",
    "method": "GET",
    "path": "/elsewhere",
    "expect": {"status": [404]},
    "source": "voice-a",
}


def extending(tmp_path, *probes, name="sinch"):
    raw = {"title": "Ours", "extends": name}
    raw.update({"probes": list(probes)} if probes else {})
    (tmp_path / "ours.json").write_text(json.dumps(raw), encoding="utf-8")
    return Catalogs([tmp_path]).get("ours")


def told(catalog):
    return [(probe.name, probe.path) for probe in catalog.probes]


def test_probes_are_inherited_and_added(tmp_path):
    above = told(Catalogs().get("sinch"))
    assert above

    assert told(extending(tmp_path)) == above
    assert told(extending(tmp_path, PROBE)) == [*above, ("unknown-path", "/elsewhere")]


def test_a_probe_of_the_same_name_takes_its_place(tmp_path):
    found = extending(tmp_path, {**PROBE, "name": "no-credentials"})

    assert told(found) == [("no-credentials", "/elsewhere")]


def test_the_base_catalog_s_probes_are_its_own():
    """What holds for HTTP at large is no promise of a provider."""
    assert Catalogs().get("http").probes
    assert Catalogs().get("toku").extends == "http"
    assert Catalogs().get("toku").probes == ()


def test_inherited_ones_count_towards_the_most(tmp_path):
    many = [{**PROBE, "name": f"p{number}"} for number in range(50)]

    with pytest.raises(CatalogError, match=r"\$\.probes: 51 probes; a catalog has at most 50"):
        extending(tmp_path, *many)


def test_only_secondary_sources_make_a_probe_secondary(tmp_path):
    primary, both, secondary = (
        extending(tmp_path, {**PROBE, "source": source}).probes[-1].secondary
        for source in ("voice-a", ["sdk-python", "voice-a"], ["sdk-python", "sdk-enum"])
    )

    assert (primary, both, secondary) == (False, False, True)
