"""Servers that would keep a client for ever, flood it, or break off: each costs one sentence."""

import pytest
from hostile_answers import CUT, FLOODS, SLOW, TIMEOUT, WHOLE, in_time
from live_site import answer


@pytest.fixture
def ask(probe, server, one):
    """Return what asks a server that answers so."""

    def run(how, timeout=10.0, catalog=None):
        server.answers["/none"] = how
        status, out, err = probe(server, "--timeout", timeout, catalog=catalog or one())
        return status, out + err

    return run


@pytest.mark.parametrize("name", SLOW)
def test_no_server_outlasts_the_deadline(ask, name):
    def run():
        status, said = ask(SLOW[name], TIMEOUT)

        assert status == 2
        assert f"no answer within {TIMEOUT} s (reading the " in said

    assert in_time(run, TIMEOUT + 0.5) is True


@pytest.mark.parametrize("name", FLOODS)
def test_no_server_floods(ask, name):
    how, told = FLOODS[name]

    status, said = ask(how)

    assert status == 2
    assert told in said


@pytest.mark.parametrize("name", CUT)
def test_what_breaks_off_is_no_answer(ask, name):
    how, told = CUT[name]

    status, said = ask(how)

    assert status == 2
    assert told in said
    assert "\x1b" not in said
    assert " ::error" not in said


@pytest.mark.parametrize("name", WHOLE)
def test_what_is_whole_is_an_answer(ask, name):
    status, said = ask(WHOLE[name])

    assert status in (0, 1)
    assert "no answer" not in said
    assert " -> " in said
    assert "Traceback" not in said


def test_a_header_over_several_lines_is_one_line(tmp_path, probe, server, one):
    log = tmp_path / "log"
    server.answers["/none"] = answer(404, {"code": "gone"}, "X-A: one\r\n two")

    status, _, _ = probe(server, "--record", log, catalog=one())

    assert status == 0
    assert '"X-A":"one two"' in log.read_text(encoding="utf-8")
