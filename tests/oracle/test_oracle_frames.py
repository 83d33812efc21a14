"""Where in the client's code it went wrong, and which bugs are the same."""

import json
from pathlib import Path

from breaking_clients import (
    exits,
    leaks_key_error,
)
from oracle_runs import (
    NO_RETRY,
    STRICT,
    fault_of,
    judged,
)

from pytest_apierrors.oracle import Run, judge


class TestFrames:
    def test_the_innermost_place_in_the_clients_code_is_shown(self):
        def client(api):
            return json.loads(api.ask().body.decode() + "}")

        (broken,) = judged(client, NO_RETRY)

        assert broken.frame.function == "client"
        assert Path(broken.frame.file) == Path(__file__)
        assert "escaped from client (test_oracle_frames.py:" in broken.sentence

    def test_of_a_recursion_it_is_where_it_began_however_deep_the_stack_was(self):
        def inner(value):
            return [outer(value)]

        def outer(value):
            return {len(str(value)): inner([value])}

        def nested(api, levels):
            return nested(api, levels - 1) if levels else [outer(api.ask().body)]

        found = [judged(lambda api, n=n: nested(api, n), NO_RETRY)[0] for n in range(9)]

        assert {one.exception.__class__ for one in found} == {RecursionError}
        assert {one.frame.function for one in found} == {"outer"}
        assert len({one.key for one in found}) == 1

    def test_a_place_in_a_class_has_its_name(self):
        class VoiceClient:
            def _request(self, api):
                return json.loads(api.ask().body)["errorCode"]

        (broken,) = judged(lambda api: VoiceClient()._request(api), NO_RETRY)

        assert broken.sentence.startswith(
            "KeyError: 'errorCode' escaped from VoiceClient._request (test_oracle_frames.py:"
        )

    def test_without_a_client_it_is_the_library(self):
        error = None
        try:
            exec(compile("import json\njson.loads('{')", "x.py", "exec"), {"__name__": "requests"})
        except ValueError as raised:
            error = raised.with_traceback(raised.__traceback__.tb_next)

        (broken,) = judge(STRICT, None, fault_of(NO_RETRY), Run(raised=error))

        assert broken.frame.function == "JSONDecoder.raw_decode"

    def test_one_that_was_never_raised_has_none(self):
        (broken,) = judge(STRICT, None, fault_of(NO_RETRY), Run(raised=KeyError("x")))

        assert broken.frame is None
        assert broken.sentence == (
            "KeyError: 'x' escaped from unknown code; the test promises ApiError"
        )

    def test_the_same_bug_has_the_same_key(self):
        first, second = (
            judged(leaks_key_error, name)[0] for name in (NO_RETRY, "acme-bad_request")
        )
        other = judged(exits, NO_RETRY)[0]

        assert first.exception is not second.exception
        assert first.key == second.key
        assert first.key != other.key
        assert first.key[:2] == ("undeclared-exception", "KeyError")
