"""The peers of one check, each as its own documentation uses it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import orjson
import requests
import schemathesis
from contract import HOST, PATH, one_of_schema, one_schema, openapi
from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match
from openapi_core import OpenAPI
from openapi_core.contrib.requests import RequestsOpenAPIRequest, RequestsOpenAPIResponse
from openapi_core.validation.response.exceptions import ResponseValidationError
from schemathesis.core.failures import Failure, FailureGroup
from urllib3 import HTTPResponse

if TYPE_CHECKING:
    from collections.abc import Callable

    from contract import Branch

Headers = tuple[tuple[str, str], ...]


class Peers:
    """Every peer, made ready once for the branches of a contract."""

    def __init__(
        self, found: list[Branch], hundred: list[Branch], key: str, headers: Headers
    ) -> None:
        self._key = key
        self._headers = dict(headers)
        self._raw = HTTPResponse(headers=self._headers, preload_content=False)
        self._request = requests.Request("POST", HOST + PATH, json={}).prepare()
        document = openapi(found, key)
        self._operation = schemathesis.openapi.from_dict(document)[PATH]["POST"]
        self._api = OpenAPI.from_dict(document)
        self._openapi_request = RequestsOpenAPIRequest(self._request)
        self._by_code = {
            code: (frozenset(branch.statuses), Draft202012Validator(branch.schema))
            for branch in found
            for code in branch.codes
        }
        self.if_then = Draft202012Validator(one_schema(hundred, key))
        self.one_of = Draft202012Validator(one_of_schema(hundred))

    def calls(self, status: int, body: bytes) -> dict[str, Callable[[], bool]]:
        """Return a call for each peer: whether status and bytes are as documented."""
        return {
            "schemathesis": lambda: self._schemathesis(status, body) == [],
            "openapi-core": lambda: self._openapi_core(status, body),
            "jsonschema, dispatched by code": lambda: self._dispatched(status, body),
            "jsonschema, 100 branches": lambda: self.if_then.is_valid(self._whole(status, body)),
        }

    def explanations(self, status: int, body: bytes) -> dict[str, Callable[[], object]]:
        """Return a call for each peer: what is wrong with status and bytes."""
        return {
            "jsonschema best_match, if/then": lambda: best_match(
                self._errors(self.if_then, status, body)
            ),
            "jsonschema best_match, oneOf": lambda: best_match(
                self._errors(self.one_of, status, body)
            ),
            "jsonschema best_match as text, if/then": lambda: str(
                best_match(self._errors(self.if_then, status, body))
            ),
            "jsonschema best_match as text, oneOf": lambda: str(
                best_match(self._errors(self.one_of, status, body))
            ),
            "schemathesis, all failures as text": lambda: "\n".join(
                self._schemathesis(status, body)
            ),
        }

    def _response(self, status: int, body: bytes) -> requests.Response:
        response = requests.Response()
        response.status_code = status
        response.headers.update(self._headers)
        response.raw = self._raw
        response.request = self._request
        response.elapsed = timedelta()
        response._content = body
        return response

    def _schemathesis(self, status: int, body: bytes) -> list[str]:
        try:
            self._operation.validate_response(self._response(status, body))
        except Failure as failure:
            return [str(failure)]
        except FailureGroup as group:
            return [str(failure) for failure in group.exceptions]
        return []

    def _openapi_core(self, status: int, body: bytes) -> bool:
        response = RequestsOpenAPIResponse(self._response(status, body))
        try:
            self._api.validate_response(self._openapi_request, response)
        except ResponseValidationError:
            return False
        return True

    def _dispatched(self, status: int, body: bytes) -> bool:
        value = orjson.loads(body)
        statuses, validator = self._by_code[value[self._key]]
        return status in statuses and validator.is_valid(value)

    def _whole(self, status: int, body: bytes) -> dict[str, Any]:
        return {"status": status, "body": orjson.loads(body)}

    def _errors(self, validator: Draft202012Validator, status: int, body: bytes) -> Any:
        return validator.iter_errors(self._whole(status, body))
