import pytest

from pytest_apierrors import ErrorMismatch

pytestmark = pytest.mark.apierrors(provider="acme")

JSON = {"Content-Type": "application/json"}
CLOSED = {"error": {"code": "depot_closed", "message": "Depot MMX1 is closed"}}


def test_the_delay_stands_in_a_header(assert_error):
    headers = JSON | {"Retry-After": "3600"}

    depot_closed = assert_error(CLOSED, "depot_closed", status=503, headers=headers, retryable=True)

    assert depot_closed.category == "unavailable"


def test_a_missing_header_is_named(assert_error):
    with pytest.raises(ErrorMismatch, match="Retry-After"):
        assert_error(CLOSED, "depot_closed", status=503, headers=JSON)


def test_a_field_that_one_error_has_more_than_others(assert_error):
    body = {"error": {"code": "address_incomplete", "message": "city is missing", "field": "city"}}

    assert_error(body, "address_incomplete", status=422, retryable=False)
