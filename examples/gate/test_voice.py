from pathlib import Path

import pytest
import responses
import vcr
from voice import BASE, OutOfCreditError, TryLaterError, UnknownCallError, VoiceError, duration, say

from pytest_apierrors import answer

NUMBER = "+46700000001"
TAPES = vcr.VCR(cassette_library_dir=str(Path(__file__).with_name("cassettes")), record_mode="none")
REFUSED = [40001, 40002, 40003, 40300, 40301, 40302, 40303, 42200, 42201, 42202]
KEYS = [40100, 40101, 40102, 40104, 40105, 40106, 40107, 40108]


@responses.activate
def test_a_text_is_read_out():
    responses.post(f"{BASE}/callouts", json={"callId": "4f1c9a52"})

    assert say("Hello", NUMBER) == "4f1c9a52"


@responses.activate
def test_somebody_has_to_pay():
    body = {"errorCode": 40200, "message": "Not enough credit"}
    responses.post(f"{BASE}/callouts", status=400, json=body)

    with pytest.raises(OutOfCreditError):
        say("Hello", NUMBER)


@TAPES.use_cassette("calls.yaml")
def test_a_call_is_known_by_its_id():
    assert duration("4f1c9a52") == 14
    with pytest.raises(UnknownCallError):
        duration("00000000")


@TAPES.use_cassette("conflict.yaml")
def test_a_conflict_is_told():
    with pytest.raises(VoiceError, match="A conflict"):
        say("Hello", NUMBER)


@pytest.mark.parametrize("code", REFUSED)
def test_what_sinch_will_not_do_is_told(code):
    with answer("sinch", code), pytest.raises(VoiceError) as caught:
        say("Hello", NUMBER)

    assert caught.value.code == code


@pytest.mark.parametrize("code", [42900, 42901, 50000])
def test_what_passes_can_be_tried_again(code):
    with answer("sinch", code), pytest.raises(TryLaterError):
        say("Hello", NUMBER)


@pytest.mark.skip(reason="until the new keys are there")
@pytest.mark.parametrize("code", KEYS)
def test_a_wrong_key_is_told(code):
    with answer("sinch", code), pytest.raises(VoiceError) as caught:
        say("Hello", NUMBER)

    assert caught.value.code == code
