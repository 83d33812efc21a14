"""Options, ini lines, markers: what they accept, which one holds, how a mistake is told."""

import itertools
import json

import pytest

from pytest_apierrors._options import OPTIONS, Setting, Settings

USAGE = pytest.ExitCode.USAGE_ERROR
CALL = """
    def test_it(assert_error):
        body = {"error": {"code": "unauthorized", "message": "Sign in first"}}
        assert_error(body, "unauthorized", status=401)
"""


@pytest.mark.parametrize("said", list(itertools.product([True, False], repeat=5)))
def test_the_nearest_setting_holds(said):
    """Call, nearest marker, outer marker, command line, ini: the first that says something."""
    layers = [Setting((name,), name) for name in ("call", "inner", "outer", "cli", "ini")]
    call, inner, outer, cli, ini = (
        layer if one else None for layer, one in zip(layers, said, strict=True)
    )
    markers = tuple({} if one is None else {"ignore": one} for one in (inner, outer))
    settings = Settings(
        {} if cli is None else {"ignore": cli}, {} if ini is None else {"ignore": ini}
    )

    found = settings.get("ignore", call=call, markers=markers)

    assert found == next((one for one in (call, inner, outer, cli, ini) if one), None)


def unauthorized(how, **more):
    """A test that asserts an error, marked and called as told."""
    arguments = "".join(f", {name}={value!r}" for name, value in more.items())
    return f"""
        import pytest

        {how}
        def test_it(assert_error):
            body = {{"error": {{"code": "unauthorized", "message": "Sign in first"}}}}
            assert_error(body, "unauthorized", status=401{arguments})
    """


@pytest.mark.parametrize(
    ("call", "marker", "command_line", "ini"),
    [
        ("acme", "sinch", "sinch", "sinch"),
        (None, "acme", "sinch", "sinch"),
        (None, None, "acme", "sinch"),
        (None, None, None, "acme"),
    ],
)
def test_a_provider_is_chosen_in_four_ways(project, call, marker, command_line, ini):
    project.ini(apierrors_provider=ini)
    mark = "" if marker is None else f"@pytest.mark.apierrors(provider={marker!r})"
    project.test(unauthorized(mark, **({} if call is None else {"provider": call})))
    args = [] if command_line is None else [f"--apierrors-provider={command_line}"]

    result = project.run("--strict-markers", "--strict-config", *args)

    result.assert_outcomes(passed=1)


def test_no_provider_names_all_four_ways(project):
    project.ini()
    project.test(CALL)

    result = project.run()

    result.assert_outcomes(failed=1)
    said = "*UsageError: no provider chosen: choose one with --apierrors-provider NAME, "
    said += "apierrors_provider in the ini file, @pytest.mark.apierrors(provider=...), "
    said += "or assert_error(..., provider=...)"
    result.stdout.fnmatch_lines([said])


def test_recordings_without_a_provider_are_a_usage_error(project, errors):
    project.ini(apierrors_recordings="cassettes")
    project.record("cassettes/a.ndjson", errors["documented"])

    result = project.run()

    assert result.ret == USAGE
    result.stderr.fnmatch_lines(["ERROR: no provider chosen: choose one with *"])


@pytest.mark.parametrize("args", [(), ("-n2",)])
def test_an_unknown_provider_is_told_with_what_there_is(project, args):
    project.ini()
    project.test(CALL)

    result = project.run_apart("--apierrors-provider=acmee", *args)

    assert result.ret == USAGE
    assert result.stderr.lines == [
        'ERROR: --apierrors-provider: no catalog named "acmee"; did you mean "acme"?',
        "  built in: http, myob, neutrino, sinch, telephony-io, toku   from ./catalogs: acme",
        "",
    ]
    result.stdout.no_fnmatch_line("*INTERNALERROR*")


@pytest.mark.parametrize(
    ("ini", "said"),
    [
        ({"apierrors_provider": "acmee"}, "apierrors_provider in pytest.ini: no catalog named*"),
        (
            {"apierrors_catalogs": "nowhere"},
            "apierrors_catalogs in pytest.ini: no such file or folder: nowhere",
        ),
        (
            {"apierrors_recordings": "nowhere", "apierrors_provider": "sinch"},
            "apierrors_recordings in pytest.ini: no such file or folder: nowhere",
        ),
        (
            {"apierrors_ignore": "field-mising"},
            'apierrors_ignore in pytest.ini: no rule named "field-mising"; did you mean "field-*',
        ),
        (
            {"apierrors_severity": "undecided"},
            "*RULE=LEVEL is needed, LEVEL one of error, warning*",
        ),
        ({"apierrors_severity": "undecided=fatal"}, '*no severity "fatal" (there are: error, *'),
        ({"apierrors_only_hosts": "perhaps"}, "*perhaps*"),
    ],
)
def test_a_wrong_ini_value_is_one_sentence(project, ini, said):
    project.ini(**{"apierrors_provider": "acme", **ini})
    project.test("def test_yes(): pass")

    result = project.run()

    assert result.ret == USAGE
    result.stderr.fnmatch_lines([f"ERROR: {said}"])
    result.stdout.no_fnmatch_line("*INTERNALERROR*")


@pytest.mark.parametrize("option", [one for one in OPTIONS if one.kind != "flag"])
@pytest.mark.parametrize("value", ["3", "[3]", "true"])
def test_a_wrong_type_in_toml_is_one_sentence(project, option, value):
    text = f"[tool.pytest]\n{option.ini} = {value}\n"
    if int(pytest.__version__.split(".", maxsplit=1)[0]) < 9:
        text = text.replace("tool.pytest", "tool.pytest.ini_options")
    (project.path / "pyproject.toml").write_text(text, encoding="utf-8")
    project.test("def test_yes(): pass")

    result = project.run_apart()

    assert "INTERNALERROR" not in result.stdout.str() + result.stderr.str()
    assert result.ret == USAGE
    assert option.ini in result.stderr.str()


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["--apierrors-catalogs=nowhere"], "--apierrors-catalogs: no such file or folder: nowhere"),
        (
            ["--apierrors-recordings=nowhere", "--apierrors-provider=acme"],
            "--apierrors-recordings: no such file or folder: nowhere",
        ),
        (["--apierrors-select=nothing"], '--apierrors-select: no rule named "nothing"'),
        (["--apierrors-severity=x=error"], '--apierrors-severity: no rule named "x"'),
    ],
)
def test_a_wrong_argument_is_one_sentence(project, args, said):
    project.ini()

    result = project.run(*args)

    assert result.ret == USAGE
    result.stderr.fnmatch_lines([f"ERROR: {said}*"])


def test_a_broken_catalog_is_told_with_its_place(project):
    project.ini(apierrors_provider="acme")
    (project.path / "catalogs" / "acme.json").write_text('{"title": ', encoding="utf-8")

    result = project.run()

    assert result.ret == USAGE
    result.stderr.fnmatch_lines(["ERROR: apierrors_provider in pytest.ini: catalogs/acme.json: *"])


@pytest.mark.parametrize(
    ("mark", "said"),
    [
        ('"acme"', "marker apierrors: takes keywords only (provider=..., select=..., *"),
        ('provder="acme"', "marker apierrors: no keyword 'provder'; it takes provider=..., *"),
        ("provider=3", "marker apierrors: provider is a text or a list of texts; found 3"),
        ('provider="acmee"', 'marker apierrors(provider=...): no catalog named "acmee"; did you *'),
        ('provider="acme", ignore="x"', 'marker apierrors(ignore=...): no rule named "x"'),
        ('provider="acme", severity={"undecided": 3}', '*: no severity "3" (there are: *'),
        ('provider=["acme", "sinch"]', "assert_error: the host (unknown) belongs to none of *"),
    ],
)
def test_a_wrong_marker_fails_its_test_with_one_sentence(project, mark, said):
    project.ini()
    project.test(unauthorized(f"@pytest.mark.apierrors({mark})"))

    result = project.run("--tb=short")

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines([f"E   *UsageError: {said}"])
    result.stdout.no_fnmatch_line("*_session.py*")


@pytest.mark.parametrize(
    ("mark", "passed"),
    [
        ("", True),
        ('severity="message-differs=error"', False),
        ('severity={"message-differs": "error"}', False),
        ('severity={"message-differs": "error"}, ignore="message-differs"', True),
        ('severity={"message-differs": "error"}, select=["status-mismatch"]', True),
    ],
)
def test_rules_are_chosen_by_the_marker(project, mark, passed):
    project.ini(apierrors_provider="acme")
    project.test(f"""
        import pytest

        @pytest.mark.apierrors({mark})
        def test_it(assert_error):
            body = {{"error": {{"code": "unauthorized", "message": "other"}}}}
            assert_error(body, "unauthorized", status=401)
    """)

    result = project.run()

    result.assert_outcomes(passed=int(passed), failed=int(not passed))


def test_each_test_has_its_own_marker_although_the_fixture_lives_longer(project):
    project.ini(apierrors_provider="sinch")
    project.test("""
        import pytest

        BODY = {"error": {"code": "unauthorized", "message": "Sign in first"}}

        @pytest.mark.apierrors(provider="acme")
        class TestAcme:
            def test_acme(self, assert_error, apierrors_catalog):
                assert assert_error(BODY, status=401).key == "unauthorized"
                assert apierrors_catalog().name == "acme"

            @pytest.mark.apierrors(ignore="message-differs")
            def test_provider_of_the_class(self, assert_error):
                assert assert_error(BODY, status=401).key == "unauthorized"

            @pytest.mark.apierrors(provider="http")
            def test_http(self, assert_error, apierrors_catalog):
                assert assert_error(BODY, status=401).key == "status-401"
                assert apierrors_catalog().name == "http"
                assert apierrors_catalog("toku").name == "toku"

        def test_sinch(apierrors_catalog):
            assert apierrors_catalog().name == "sinch"
    """)

    result = project.run()

    result.assert_outcomes(passed=4)


def test_passing_over_hosts_is_about_recordings_only(project):
    project.ini(apierrors_only_hosts="true")
    project.test(CALL)

    result = project.run("--apierrors-provider=acme")

    result.assert_outcomes(passed=1)


def test_options_are_repeatable_and_ini_values_are_lists(project):
    project.ini(apierrors_provider="acme sinch", apierrors_ignore="message-differs\n  undecided")
    project.test("""
        def test_it(pytestconfig):
            assert pytestconfig.getini("apierrors_ignore") == ["message-differs", "undecided"]
            assert pytestconfig.getoption("apierrors_select") == ["contested", "ambiguous"]
    """)

    result = project.run("--apierrors-select=contested", "--apierrors-select=ambiguous")

    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines(["apierrors: acme (8 errors), sinch (* errors)"])


def test_help_and_markers_name_everything(project):
    shown = project.run("--help").stdout.str()
    marked = project.run("--markers").stdout

    for option in OPTIONS:
        assert f"{option.flag}" in shown
        assert f"  {option.ini} (" in shown
    marked.fnmatch_lines(
        ["@pytest.mark.apierrors(provider=..., select=..., ignore=..., severity=..., claim=...):*"]
    )


def test_switched_off_the_plugin_leaves_nothing(project):
    project.test("def test_yes(): pass")

    off = project.run_apart("-p", "no:apierrors")
    mistaken = project.run_apart("-p", "no:apierrors", "--apierrors-provider=acme")

    off.assert_outcomes(passed=1)
    assert off.stderr.str() == ""
    assert mistaken.ret == USAGE
    mistaken.stderr.fnmatch_lines(["*unrecognized arguments: --apierrors-provider=acme"])


def test_not_used_the_plugin_says_nothing_and_loads_nothing(project):
    project.test("""
        import sys

        def test_it():
            heavy = ("pytest_apierrors.check", "pytest_apierrors.catalog", "jsonschema_rs", "yaml")
            assert not [name for name in heavy if name in sys.modules]
    """)

    result = project.run_apart("-p", "no:hypothesispytest", "-p", "no:anyio")

    result.assert_outcomes(passed=1)
    result.stdout.no_fnmatch_line("*apierrors:*")
    result.stdout.no_fnmatch_line("*= apierrors =*")


def test_a_provider_of_your_own_extends_a_built_in_one(project):
    own = {"title": "Ours", "extends": "sinch", "hosts": ["voice.ours.test"]}
    (project.path / "catalogs" / "ours.json").write_text(json.dumps(own), encoding="utf-8")
    project.ini()
    project.test("def test_it(apierrors_catalog): assert apierrors_catalog().title == 'Ours'")

    result = project.run("--apierrors-provider=ours")

    result.assert_outcomes(passed=1)


LED_AWAY = [
    ("pytest.ini", "[pytest]\n", "../out.json"),
    ("pytest.ini", "[pytest]\n", "../catalogs"),
    ("pyproject.toml", "[tool.pytest.ini_options]\n", "../out.json"),
    ("tox.ini", "[pytest]\n", "../out.json"),
    ("setup.cfg", "[tool:pytest]\n", "../out.json"),
]


@pytest.fixture
def service(project, monkeypatch):
    """A project inside of another folder, whose report of the last run lies above it."""
    (project.path / "service").mkdir()
    (project.path / "out.json").write_text("{}")
    project.test("def test_it(): pass", name="service/test_it")
    monkeypatch.chdir(project.path / "service")
    return project.path / "service"


@pytest.mark.parametrize(("name", "text", "value"), LED_AWAY)
def test_a_path_that_led_pytest_away_from_its_ini_file_is_told(project, service, name, text, value):
    """Else a gate that is set there would pass unsaid."""
    (service / name).write_text(text)
    flag = "--apierrors-report" if value.endswith("json") else "--apierrors-catalogs"

    result = project.run(flag, value)

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([f"ERROR: {flag}: write {flag}={value}: *not read service/{name}"])
    assert project.run(f"{flag}={value}").ret == 0


@pytest.mark.parametrize(
    "words",
    [
        ("--apierrors-report", "out.json"),
        ("--apierrors-report", "../new.json"),
        ("--apierrors-report", "../out.json", "-c", "pytest.ini"),
        ("--apierrors-report", "../out.json", "--rootdir=."),
        ("--apierrors-ignore", "field-type"),
    ],
)
def test_a_path_that_leads_nowhere_is_one_as_it_is(project, service, words):
    (service / "pytest.ini").write_text("[pytest]\n")

    assert project.run(*words).ret == 0


@pytest.mark.usefixtures("service")
def test_an_ini_file_above_both_is_read(project):
    project.ini()

    assert project.run("--apierrors-report", "../out.json").ret == 0
