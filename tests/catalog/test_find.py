"""Where catalogs are looked for, which one stands before which, and what is said of bad places."""

from __future__ import annotations

import json
import os
import zipfile
from pathlib import Path

import pytest

from pytest_apierrors.catalog import find
from pytest_apierrors.catalog.find import Catalogs, builtin_root, installed_places, load_file
from pytest_apierrors.errors import CatalogError

ROOT = Path(__file__).parents[2]
ENTRY = {"code": "gone", "status": [404], "source": "page", "example": None, "no_example": "short"}
ACME = {
    "title": "Acme",
    "sources": {"page": {"kind": "page", "url": "https://docs.acme.test"}},
    "error": {"status": ["4xx"], "source": "page"},
    "errors": {"gone": ENTRY},
}


def write(folder, name, **changes):
    folder.mkdir(exist_ok=True)
    file = folder / f"{name}.json"
    file.write_text(json.dumps({**ACME, **changes}), encoding="utf-8")
    return file


def refused(call):
    with pytest.raises(CatalogError) as caught:
        call()
    return str(caught.value)


def test_the_built_in_ones_are_always_there():
    assert set(Catalogs().names()) >= {"http", "neutrino", "sinch", "telephony-io", "toku"}
    assert Catalogs().base.name == "http"


def test_a_catalog_is_read_once_and_only_when_asked_for(tmp_path):
    write(tmp_path, "acme")
    (tmp_path / "broken.json").write_text("{", encoding="utf-8")

    catalogs = Catalogs([tmp_path])

    assert "broken" in catalogs.names()
    assert catalogs.get("acme") is catalogs.get("acme")


@pytest.mark.parametrize("kind", [str, Path])
def test_a_place_is_a_file_or_a_folder(tmp_path, kind):
    file = write(tmp_path, "acme")

    assert "acme" in Catalogs([kind(file)]).names()
    assert "acme" in Catalogs([kind(tmp_path)]).names()


def test_other_files_of_a_folder_are_left_alone(tmp_path):
    write(tmp_path, "acme")
    for name in ("_catalog.schema.json", "Acme.json", "1.json", "notes.md", "x.yaml", "acme"):
        (tmp_path / name).write_text("no catalog", encoding="utf-8")

    assert set(Catalogs([tmp_path]).names()) == {*Catalogs().names(), "acme"}


def test_a_wrong_name_is_told_with_the_nearest(tmp_path):
    write(tmp_path, "acme")

    said = refused(lambda: Catalogs([tmp_path]).get("acmee"))

    assert said.startswith('no catalog named "acmee"; did you mean "acme"?')
    assert "http, myob, neutrino" in said


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda at: at / "nowhere", "no such file or folder"),
        (lambda at: at / "nowhere.json", "no such file or folder"),
        (lambda at: at, "no catalog in this folder"),
    ],
)
def test_a_bad_place_is_one_sentence(tmp_path, make, said):
    place = make(tmp_path)

    assert refused(lambda: Catalogs([place])).startswith(f"{place}: {said}")


@pytest.mark.parametrize("name", ["Acme.json", "acme.yaml", "acme", "1acme.json", "acme.json.json"])
def test_a_file_that_is_no_catalog_by_its_name(tmp_path, name):
    file = tmp_path / name
    file.write_text(json.dumps(ACME), encoding="utf-8")

    for call in (lambda: Catalogs([file]), lambda: load_file(file)):
        assert "the file's name is the provider's" in refused(call)


def test_a_folder_of_other_files_only(tmp_path):
    (tmp_path / "Acme.json").write_text("{}", encoding="utf-8")

    assert "no catalog in this folder" in refused(lambda: Catalogs([tmp_path]))


def test_a_folder_that_is_called_like_a_catalog(tmp_path):
    (tmp_path / "acme.json").mkdir()

    assert refused(lambda: Catalogs([tmp_path]).get("acme")).endswith("not a regular file")


def test_a_pipe_is_not_waited_for(tmp_path):
    pipe = tmp_path / "acme.json"
    os.mkfifo(pipe)

    assert refused(lambda: Catalogs([tmp_path]).get("acme")).endswith("not a regular file")
    assert refused(lambda: load_file(pipe)).endswith("not a regular file")


def test_a_loop_of_links(tmp_path):
    (tmp_path / "acme.json").symlink_to(tmp_path / "acme.json")

    for call in (
        lambda: Catalogs([tmp_path]).get("acme"),
        lambda: Catalogs([tmp_path / "acme.json"]).get("acme"),
        lambda: load_file(tmp_path / "acme.json"),
    ):
        assert "cannot be read: " in refused(call)


def test_a_folder_that_is_a_loop_of_links(tmp_path):
    (tmp_path / "loop").symlink_to(tmp_path / "loop")

    assert refused(lambda: Catalogs([tmp_path / "loop"]))


def test_a_link_to_a_catalog_is_called_as_the_link_is(tmp_path):
    file = write(tmp_path / "real", "other")
    link = tmp_path / "acme.json"
    link.symlink_to(file)

    assert load_file(link).name == "acme"


@pytest.mark.parametrize("call", ["stat", "read_bytes"])
def test_a_file_that_may_not_be_read(tmp_path, monkeypatch, call):
    file = write(tmp_path, "acme")
    catalogs = Catalogs([file])

    def refuse(*_, **__):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, call, refuse)

    assert refused(lambda: catalogs.get("acme")).endswith("cannot be read: Permission denied")


def test_a_folder_that_may_not_be_listed(tmp_path, monkeypatch):
    def refuse(_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "iterdir", refuse)

    assert refused(lambda: Catalogs([tmp_path])).endswith("cannot be read: Permission denied")


def test_a_huge_file_is_not_read(tmp_path):
    file = tmp_path / "acme.json"
    with file.open("wb") as stream:
        stream.truncate(1 << 34)

    assert "bytes; a catalog has at most" in refused(lambda: load_file(file))


def test_an_own_catalog_stands_before_a_built_in_one(tmp_path):
    write(tmp_path, "sinch")

    assert Catalogs([tmp_path]).get("sinch").title == "Acme"
    assert Catalogs().get("sinch").title != "Acme"


def test_the_first_place_stands_before_the_second(tmp_path):
    write(tmp_path / "one", "acme", title="First")
    write(tmp_path / "two", "acme", title="Second")

    catalogs = Catalogs([tmp_path / "one", tmp_path / "two"])

    assert catalogs.get("acme").title == "First"


def extending(folder, name, above, **changes):
    folder.mkdir(exist_ok=True)
    file = folder / f"{name}.json"
    file.write_text(json.dumps({"title": "Mine", "extends": above, **changes}), encoding="utf-8")
    return file


def test_an_own_catalog_extends_the_built_in_one_of_its_name(tmp_path):
    extending(tmp_path, "sinch", "sinch", hosts=["sinch.test"])
    built_in = Catalogs().get("sinch")

    mine = Catalogs([tmp_path]).get("sinch")

    assert mine.title == "Mine"
    assert mine.hosts == ("sinch.test",)
    assert mine.errors == built_in.errors
    assert mine.envelopes == built_in.envelopes
    assert mine.rules == built_in.rules
    assert not mine.own_rules


def test_what_an_extending_catalog_says_replaces_what_it_inherits(tmp_path):
    entry = {**ENTRY, "source": "voice-a", "code": "40400"}
    extending(tmp_path, "sinch", "sinch", errors={"40400": entry, "gone": {**entry, "code": "g"}})
    built_in = Catalogs().get("sinch")

    mine = Catalogs([tmp_path]).get("sinch")

    assert len(mine.errors) == len(built_in.errors) + 1
    assert mine.errors["40400"].no_example == "short"
    assert mine.hosts == built_in.hosts
    assert mine.success == built_in.success


def test_from_the_base_only_rules_and_gateways_are_inherited(tmp_path):
    file = extending(tmp_path, "acme", "http", **{k: v for k, v in ACME.items() if k != "title"})
    base = Catalogs().base

    acme = load_file(file)

    assert acme.rules == base.rules
    assert acme.gateways == base.gateways
    assert list(acme.errors) == ["gone"]
    assert acme.success == frozenset()


def test_a_place_may_be_inside_an_archive(tmp_path):
    archive = tmp_path / "catalogs.zip"
    with zipfile.ZipFile(archive, "w") as held:
        held.writestr("acme/acme.json", json.dumps(ACME))

    folder = zipfile.Path(archive, "acme/")

    assert Catalogs([folder]).get("acme").title == "Acme"
    assert Catalogs([folder / "acme.json"]).get("acme").title == "Acme"


def test_a_name_of_a_file_beside_it_can_be_extended(tmp_path):
    write(tmp_path, "above")
    file = extending(tmp_path, "acme", "above")

    assert list(load_file(file).errors) == ["gone"]


def test_a_broken_neighbour_is_no_obstacle(tmp_path):
    file = write(tmp_path, "acme")
    (tmp_path / "broken.json").write_text("{", encoding="utf-8")

    assert load_file(file).name == "acme"


def test_a_mistake_in_what_is_extended_is_told_at_the_place_that_names_it(tmp_path):
    (tmp_path / "above.json").write_text("{", encoding="utf-8")
    file = extending(tmp_path, "acme", "above")

    assert refused(lambda: load_file(file)).startswith(f"{file}: $.extends: not a JSON catalog")


def test_catalogs_can_be_read_by_a_relative_path(tmp_path, monkeypatch):
    write(tmp_path, "acme")
    monkeypatch.chdir(tmp_path)

    assert load_file("acme.json").name == "acme"


def installed_in(folder, monkeypatch):
    monkeypatch.setattr(find, "__file__", str(folder / "pytest_apierrors" / "catalog" / "find.py"))


def test_a_wheel_has_its_catalogs_inside(tmp_path, monkeypatch):
    write(tmp_path / "pytest_apierrors", "x")
    inside = tmp_path / "pytest_apierrors" / "schemas"
    write(inside, "acme")
    write(tmp_path / "schemas", "foreign")
    (tmp_path / "pyproject.toml").write_text("", encoding="utf-8")
    installed_in(tmp_path, monkeypatch)

    assert builtin_root() == inside


def test_a_checkout_has_them_beside_the_package(tmp_path, monkeypatch):
    (tmp_path / "pytest_apierrors").mkdir()
    write(tmp_path / "schemas", "acme")
    (tmp_path / "pyproject.toml").write_text("", encoding="utf-8")
    installed_in(tmp_path, monkeypatch)

    assert builtin_root() == tmp_path / "schemas"


@pytest.mark.parametrize("marked", [True, False])
def test_a_strange_folder_beside_the_package_is_not_taken(tmp_path, monkeypatch, marked):
    (tmp_path / "pytest_apierrors").mkdir()
    if marked:
        (tmp_path / "pyproject.toml").write_text("", encoding="utf-8")
    else:
        write(tmp_path / "schemas", "acme")
    installed_in(tmp_path, monkeypatch)

    assert "this installation has no built-in catalogs" in refused(builtin_root)


def distribute(folder, package, monkeypatch):
    """Put a distribution where Python finds it, with an entry point that names a package."""
    metadata = folder / f"{package or 'none'}-1.0.dist-info"
    metadata.mkdir(parents=True)
    name = f"Metadata-Version: 2.1\nName: {package or 'none'}\nVersion: 1.0\n"
    (metadata / "METADATA").write_text(name, encoding="utf-8")
    points = f"[{find.ENTRY_POINTS}]\nacme-catalogs = {package}\n"
    (metadata / "entry_points.txt").write_text(points, encoding="utf-8")
    monkeypatch.syspath_prepend(folder)


def test_packages_may_ship_catalogs(tmp_path, monkeypatch):
    package = tmp_path / "acme_catalogs_of_a_test"
    write(package, "acme")
    (package / "__init__.py").write_text("", encoding="utf-8")
    distribute(tmp_path, package.name, monkeypatch)

    assert [place.name for place in installed_places()] == [package.name]
    assert Catalogs().get("acme").title == "Acme"


def test_an_own_catalog_stands_before_one_of_a_package(tmp_path, monkeypatch):
    package = tmp_path / "acme_catalogs_of_another_test"
    write(package, "acme", title="Theirs")
    write(tmp_path / "mine", "acme", title="Mine")
    (package / "__init__.py").write_text("", encoding="utf-8")
    distribute(tmp_path, package.name, monkeypatch)

    assert Catalogs([tmp_path / "mine"]).get("acme").title == "Mine"
    assert Catalogs().get("acme").title == "Theirs"


@pytest.mark.parametrize("package", ["no_such_package_anywhere", "json.decoder"])
def test_a_package_that_cannot_be_found_is_one_sentence(tmp_path, monkeypatch, package):
    distribute(tmp_path, package, monkeypatch)

    assert refused(Catalogs).startswith(f'acme-catalogs: the package "{package}" that ships')


def test_folders_that_python_looks_into_need_not_be_there(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(tmp_path / "nowhere")
    (tmp_path / "empty-1.0.dist-info").mkdir()
    monkeypatch.syspath_prepend(tmp_path)

    assert installed_places() == []


def test_no_package_ships_catalogs_here_unasked():
    assert all(place.is_dir() for place in installed_places())
