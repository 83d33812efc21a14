"""Hooks and entry points through which others add catalogs, readers and clients."""

import json
import sys

import pytest

OWN = {
    "title": "Widgets",
    "extends": "http",
    "sources": {"page": {"kind": "page", "url": "https://docs.widgets.test/"}},
    "error": {"status": ["4xx", "5xx"], "source": "page"},
    "errors": {
        "status-404": {
            "code": None,
            "status": [404],
            "source": "page",
            "example": None,
            "no_example": "the page prints none",
        }
    },
}


def test_catalogs_of_a_conftest(project, monkeypatch):
    """Their paths count from the rootdir, wherever pytest is started."""
    (project.path / "more").mkdir()
    (project.path / "more" / "widgets.json").write_text(json.dumps(OWN), encoding="utf-8")
    project.ini(apierrors_provider="widgets")
    project.pytester.makeconftest("def pytest_apierrors_catalogs(config): return ['more']")
    project.test("def test_it(apierrors_catalog): assert apierrors_catalog().title == 'Widgets'")
    (project.path / "sub").mkdir()
    monkeypatch.chdir(project.path / "sub")

    result = project.run("..")

    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines(["apierrors: widgets (1 errors)"])


def test_catalogs_of_an_installed_package(project, monkeypatch):
    """A package that ships catalogs names itself in an entry point; nothing else is needed."""
    site = project.path / "site"
    (site / "widget_errors").mkdir(parents=True)
    (site / "widget_errors" / "__init__.py").touch()
    (site / "widget_errors" / "widgets.json").write_text(json.dumps(OWN), encoding="utf-8")
    info = site / "widget_errors-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: widget-errors\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[pytest_apierrors.catalogs]\nwidgets = widget_errors\n")
    monkeypatch.setenv("PYTHONPATH", str(site), prepend=":")
    project.ini(apierrors_provider="widgets")
    project.test("def test_it(assert_error): assert assert_error(None, status=404).code is None")

    result = project.run_apart()

    result.assert_outcomes(passed=1)


def test_readers_are_asked_before_the_built_in_ones(project):
    project.ini(apierrors_provider="acme", apierrors_recordings="cassettes")
    project.record("cassettes/a.txt", "429 rate_limited", "500 -", "501 -")
    project.pytester.makeconftest("""
        import json
        from pytest_apierrors.recordings import Reader
        from pytest_apierrors.response import Headers, Origin, Response

        def recognise(head, path):
            return path.suffix == ".txt"

        def read(source):
            for index, line in enumerate(source.stream.read().decode().splitlines()):
                status, code = line.split()
                body = {"error": {"code": code, "message": "Wait 3 seconds"}}
                headers = Headers.of({"Retry-After": "3", "Content-Type": "application/json"})
                origin = Origin(source.name, index, index + 1)
                if code == "-":
                    yield source.problem(f"no code in line {index + 1}")
                    continue
                yield Response(
                    int(status), json.dumps(body).encode(), headers, "GET", None, origin
                )

        def pytest_apierrors_readers(config):
            return [Reader(name="words", title="Words", recognise=recognise, read=read)]
    """)

    result = project.run("-v")

    result.assert_outcomes(passed=1, failed=2)
    result.stdout.fnmatch_lines(
        [
            "cassettes/a.txt::0000-GET-429 PASSED*",
            "cassettes/a.txt::unreadable FAILED*",
            "cassettes/a.txt::unreadable-2 FAILED*",
        ]
    )


def test_clients_nobody_knows_are_adapted(project):
    project.ini(apierrors_provider="acme")
    project.pytester.makeconftest("""
        from pytest_apierrors import Response

        def pytest_apierrors_as_response(obj):
            if isinstance(obj, complex):
                return Response(int(obj.real), b'{"error": {"code": "frozen", "message": "x"}}')
            return None
    """)
    project.test("""
        import pytest

        def test_adapted(assert_error):
            assert assert_error(423 + 0j).key == "frozen"

        def test_not_adapted(assert_error):
            with pytest.raises(pytest.UsageError):
                assert_error(object())
    """)

    result = project.run()

    result.assert_outcomes(passed=2)


def test_every_check_is_heard_of(project, errors):
    project.ini(apierrors_provider="acme", apierrors_recordings="cassettes")
    project.record("cassettes/a.ndjson", errors["fine"], errors["documented"], errors["deviating"])
    project.pytester.makeconftest("""
        def pytest_apierrors_checked(response, verdict):
            print(f"heard: {response.status} {verdict.outcome}")
    """)
    project.test("def test_it(assert_error): assert_error(b'', status=404, headers={})")

    result = project.run("-s")

    heard = [line.partition("heard: ")[2] for line in result.outlines if "heard: " in line]
    assert heard == ["429 documented", "400 deviating", "404 intermediary"]


@pytest.mark.parametrize(
    ("hook", "found", "sentence"),
    [
        ("readers", "5", "a list of Reader is needed; found int"),
        ("readers", "['x']", "a list of Reader is needed; found ['x']"),
        ("catalogs", "'folder'", "a list of paths is needed; found str"),
        ("catalogs", "[5]", "a list of paths is needed; found [5]"),
        ("catalogs", "[{}]", "a list of paths is needed; found [{}]"),
    ],
)
def test_what_a_hook_may_not_bring_is_refused_in_its_name(project, errors, hook, found, sentence):
    project.ini(apierrors_provider="acme", apierrors_recordings="cassettes")
    project.record("cassettes/a.ndjson", errors["fine"])
    project.pytester.makeconftest(f"def pytest_apierrors_{hook}(config): return {found}")

    result = project.run()

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert f"ERROR: pytest_apierrors_{hook}: {sentence}" in result.errlines


def test_the_hooks_have_one_line_each():
    from pytest_apierrors import hookspecs

    found = {
        name: getattr(hookspecs, name).__doc__
        for name in vars(hookspecs)
        if name.startswith("pytest_")
    }

    assert set(found) == {
        "pytest_apierrors_catalogs",
        "pytest_apierrors_readers",
        "pytest_apierrors_as_response",
        "pytest_apierrors_checked",
    }
    assert all(doc and "\n" not in doc for doc in found.values())
    assert sys.modules["pytest_apierrors.hookspecs"] is hookspecs
