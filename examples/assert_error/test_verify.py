import pytest
import requests
import responses
from verify import URL, OutOfCreditError, TryLaterError, VerifyError, send_code

NUMBER = "+46700000001"


@responses.activate
def test_a_documented_error_is_recognised_by_its_code(assert_error):
    responses.post(URL, json={"error": "Invalid number", "code": "invalid_parameter"}, status=400)

    response = requests.post(URL, timeout=10)

    assert_error(response, "invalid_parameter")


@responses.activate
def test_an_exception_that_carries_the_response_will_do(assert_error):
    body = {"error": {"code": "unauthorized", "message": "Invalid or missing API key"}}
    responses.post(URL, json=body, status=401, headers={"WWW-Authenticate": "Bearer"})

    with pytest.raises(VerifyError) as caught:
        send_code(NUMBER, "wrong")

    assert_error(caught.value, "unauthorized")
    assert caught.value.code == "unauthorized"


@responses.activate
def test_the_documented_example_makes_an_honest_mock(assert_error, apierrors_catalog):
    documented = apierrors_catalog().errors["insufficient_balance"]
    responses.post(URL, json=documented.example.body, status=402)

    with pytest.raises(OutOfCreditError) as caught:
        send_code(NUMBER, "key")

    assert assert_error(caught.value, category="failed_precondition") == documented


@responses.activate
def test_what_is_raised_as_retryable_is_documented_as_retryable(assert_error):
    body = {"error": "Too many requests", "code": "rate_limited"}
    responses.post(URL, json=body, status=429, headers={"Retry-After": "3"})

    with pytest.raises(TryLaterError) as caught:
        send_code(NUMBER, "key")

    assert_error(caught.value, status=429, category="resource_exhausted", retryable=True)
    assert caught.value.seconds == 3


def test_a_body_with_its_status_will_do(assert_error):
    body = b'{"error": "Not enough", "code": "insufficient_balance", "required_credits": 1.5}'

    assert_error(body, "insufficient_balance", status=402)


@responses.activate
def test_a_proxy_in_front_of_the_api_documents_nothing(assert_error):
    responses.post(URL, body="<html><h1>503</h1></html>", status=503, content_type="text/html")

    with pytest.raises(TryLaterError) as caught:
        send_code(NUMBER, "key")

    assert assert_error(caught.value, status=503) is None
    assert caught.value.code is None
