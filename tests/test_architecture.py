"""What holds the parts together: who imports whom, sizes, start-up, public names."""

import ast
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "pytest_apierrors"
SCHEMAS = ROOT / "schemas"
MODULES = sorted(PACKAGE.rglob("*.py"))

# Each row may import only from the rows above it; a package may import from itself.
ROWS = """
inert
_inifile atomic processes errors entrypoints repository secret_names strictjson tlswrap watchdog
clock
secret_text codings spellings
credentials
redact
response
body clients
live_requests
adapters
catalog
check
evidence baseline
attribution recordings faults
strategies
results
explain
records
server oracle live
seams
observe
asserting reports fuzzing
parallel
_ahead
commands
_options _tally _fuzz_sum _places _providers
_ledger _limits _unchecked
_session
_targets
_ending _live
_collect _fuzz_items _observe hookspecs
_sum
plugin _cli __init__
__main__
"""
RANKS = {unit: rank for rank, row in enumerate(ROWS.split("\n")) for unit in row.split()}
# _collect and _fuzz_items make pytest's items, so they stand beside the plug-in.
IMPORT_PYTEST = {
    *("plugin", "_session", "_options", "hookspecs", "_collect", "_fuzz_items"),
    *("_targets", "_ending", "_observe", "_live", "_sum"),
}
IMPORT_HYPOTHESIS = {"strategies", "fuzzing"}
PUBLIC = {
    "AssertError",
    "Catalog",
    "CatalogError",
    "CatalogOf",
    "Catalogs",
    "DocumentedError",
    "ErrorMismatch",
    "Fault",
    "FuzzFailure",
    "Headers",
    "Policy",
    "RecordingError",
    "Response",
    "ServerOf",
    "Step",
    "UsageProblem",
    "Verdict",
    "Violation",
    "answer",
    "every_fault",
    "fuzz",
    "inject",
    "ok",
}


def name_of(file):
    parts = file.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


NAMES = {name_of(file) for file in MODULES}


def unit_of(name):
    """The part of the package that a module belongs to: a row names these."""
    parts = name.split(".")
    return parts[1] if len(parts) > 1 else "__init__"


def imports_of(file):
    """Yield every module that a file imports, with the line, wherever in the file it does."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                full = f"{node.module}.{alias.name}"
                yield full if full in NAMES else node.module, node.lineno


def strings_of(file):
    """Yield the string literals of a file that are no docstrings, with their lines."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    loose = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in loose:
            yield node.value, node.lineno


def where(file, line):
    return f"{file.relative_to(ROOT)}:{line}"


@pytest.mark.parametrize("file", MODULES, ids=name_of)
def test_no_import_points_up(file):
    unit = unit_of(name_of(file))
    assert unit in RANKS, f"put {unit} into a row"

    wrong = [
        f"{where(file, line)} imports {name}"
        for name, line in imports_of(file)
        if name.partition(".")[0] == "pytest_apierrors"
        and (unit != "__init__" or name in NAMES)
        and unit_of(name) != unit
        and RANKS[unit_of(name)] >= RANKS[unit]
    ]

    assert wrong == []


@pytest.mark.parametrize(
    ("library", "allowed"), [("pytest", IMPORT_PYTEST), ("hypothesis", IMPORT_HYPOTHESIS)]
)
def test_only_a_few_parts_import_a_test_library(library, allowed):
    wrong = [
        where(file, line)
        for file in MODULES
        for name, line in imports_of(file)
        if name.partition(".")[0] == library and unit_of(name_of(file)) not in allowed
    ]

    assert wrong == []


def test_nothing_private_of_pytest_is_imported():
    wrong = [
        where(file, line)
        for file in MODULES
        for name, line in imports_of(file)
        if name.partition(".")[0] == "_pytest"
    ]

    assert wrong == []


@pytest.mark.parametrize("file", MODULES, ids=name_of)
def test_modules_are_of_a_size_to_be_read(file):
    most = 200 if file.name == "plugin.py" else 400

    assert len(file.read_text(encoding="utf-8").splitlines()) <= most


def test_hooks_and_fixtures_are_a_few_lines_each():
    tree = ast.parse((PACKAGE / "plugin.py").read_text(encoding="utf-8"))

    long = [
        node.name
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef) and node.end_lineno - node.body[0].lineno + 1 > 15
    ]

    assert long == []


def test_no_fixture_is_autouse_and_all_are_ours():
    tree = ast.parse((PACKAGE / "plugin.py").read_text(encoding="utf-8"))
    fixtures = {
        node.name: ast.unparse(one)
        for node in tree.body
        if isinstance(node, ast.FunctionDef)
        for one in node.decorator_list
        if "fixture" in ast.unparse(one)
    }

    assert all("session" in how and "autouse" not in how for how in fixtures.values())
    assert all(name == "assert_error" or name.startswith("apierrors_") for name in fixtures)


def test_code_knows_no_provider():
    """Knowledge of a provider is data; `http` is the base catalog."""
    providers = {file.stem for file in SCHEMAS.glob("[a-z]*.json")} - {"http"}
    assert len(providers) >= 4

    wrong = [
        f"{where(file, line)}: {text}"
        for file in MODULES
        for text, line in strings_of(file)
        if text.lower() in providers
    ]

    assert wrong == []


def test_schemas_hold_data_only():
    """One code file in a folder that is moved into the package breaks editable installs."""
    files = [file for file in SCHEMAS.rglob("*") if file.is_file()]

    assert {file.suffix for file in files} == {".json", ".md"}
    assert all(file.parent == SCHEMAS for file in files)


def fresh(code):
    """Run code in an interpreter of its own and return what it prints as JSON."""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def added():
    """The modules that the plug-in brings into an interpreter that has pytest."""
    return fresh(
        "import json, sys, pytest; before = set(sys.modules); import pytest_apierrors.plugin; "
        "print(json.dumps(sorted(set(sys.modules) - before)))"
    )


def test_the_plugin_adds_few_modules_and_none_of_others(added):
    foreign = [
        name
        for name in added
        if name.partition(".")[0] not in {*sys.stdlib_module_names, "pytest_apierrors"}
    ]

    assert len(added) < 20
    assert foreign == []


def test_the_plugin_brings_nothing_heavy(added):
    heavy = "hypothesis yaml jsonschema jsonschema_rs msgspec http.server httpx requests"

    assert not {*heavy.split()} & {*added}
    assert not [name for name in added if re.match(r"pytest_apierrors\.(check|catalog)", name)]


def test_public_names_are_those_documented_and_all_can_be_had():
    import pytest_apierrors

    assert set(pytest_apierrors.__all__) == PUBLIC
    assert sorted(pytest_apierrors.__all__) == pytest_apierrors.__all__
    for name in PUBLIC:
        value = getattr(pytest_apierrors, name)
        assert value.__name__ == name
        if isinstance(value, type) and issubclass(value, Exception):
            assert value.__module__ == "pytest_apierrors", "what a failure shows is what is caught"
        assert name in dir(pytest_apierrors)
    with pytest.raises(AttributeError, match="no attribute 'Nothing'"):
        _ = pytest_apierrors.Nothing


def test_public_names_shadow_no_module():
    """`from pytest_apierrors import x` must not depend on what was imported before."""
    assert not PUBLIC & {unit_of(name) for name in NAMES}
