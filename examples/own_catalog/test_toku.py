import pytest

from pytest_apierrors import ErrorMismatch

pytestmark = pytest.mark.apierrors(provider="toku-rest")


def test_a_code_of_the_page_in_the_field_that_we_found(assert_error):
    low_balance = assert_error(
        {"result": -1100, "result_desc": "low credit balance"}, -1100, status=200
    )

    assert low_balance.description == "low credit balance"


def test_a_task_that_is_done_is_listed_with_the_errors_and_is_none(assert_error):
    done = assert_error({"result": -3005, "result_desc": "task completed"}, -3005, status=200)

    assert done.role == "state"
    with pytest.raises(ErrorMismatch, match="not an error"):
        assert_error({"result": -3005, "result_desc": "task completed"}, status=200)


def test_without_the_field_the_page_alone_cannot_tell(assert_error):
    with pytest.raises(ErrorMismatch, match="undecided whether it is an error"):
        assert_error({"result": -1100, "result_desc": "?"}, status=200, provider="toku")
