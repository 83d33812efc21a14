"""Responses of test clients and of tools, made by the real libraries."""

from __future__ import annotations

import asyncio
import json

import loopback
import pytest

from pytest_apierrors.adapters import as_received, as_response
from pytest_apierrors.errors import UsageProblem

BODY = b'{"errorCode": 40101}'
JSON = ("Content-Type", "application/json")
COOKIES = [JSON, ("Set-Cookie", "a=1"), ("Set-Cookie", "b=2")]
ANSWERS = {"/json": (401, COOKIES, BODY), "/empty": (503, [], b"")}


@pytest.fixture(scope="module")
def base():
    with loopback.loopback(ANSWERS) as url:
        yield url


def check(response, url=None, method=None):
    """Hold what must be the same for all of them."""
    assert (response.status, response.body) == (401, BODY)
    assert response.header("content-type") == "application/json"
    assert response.headers.get_all("Set-Cookie") == ["a=1", "b=2"]
    assert (response.url, response.method) == (url, method)
    assert not response.lost


class TestWerkzeug:
    @pytest.fixture
    def client(self):
        wrappers = pytest.importorskip("werkzeug.wrappers")
        test = pytest.importorskip("werkzeug.test")

        @wrappers.Request.application
        def app(request):
            body = iter([BODY[:5], BODY[5:]]) if request.path == "/stream" else BODY
            return wrappers.Response(body, 401, COOKIES)

        return test.Client(app)

    @pytest.mark.parametrize("path", ["/json", "/stream"])
    def test_of_a_test_client(self, client, path):
        response = client.get(path)

        for _ in range(2):
            check(as_response(response), f"http://localhost{path}", "GET")
        assert response.data == BODY

    def test_flask(self):
        flask = pytest.importorskip("flask")
        app = flask.Flask(__name__)
        app.get("/x")(lambda: (json.loads(BODY), 401))

        response = as_response(app.test_client().get("/x"))
        assert (response.status, json.loads(response.body)) == (401, json.loads(BODY))

    def test_a_credential_of_the_request_is_known(self, client):
        response = client.get("/json", headers={"Authorization": "Bearer s3cr3t-t0ken-x"})
        assert "s3cr3t-t0ken-x" in as_response(response).credentials()


@pytest.fixture(scope="module")
def django():
    found = pytest.importorskip("django")
    from django.conf import settings

    if not settings.configured:
        settings.configure(ROOT_URLCONF=__name__, ALLOWED_HOSTS=["*"], SECRET_KEY="x")
        found.setup()
    return found


def urls():
    from django.http import HttpResponse, StreamingHttpResponse
    from django.urls import path

    def view(request):
        if request.path == "/stream":
            response = StreamingHttpResponse(iter([BODY[:5], BODY[5:]]), status=401)
        else:
            response = HttpResponse(BODY, status=401)
        response["Content-Type"] = "application/json"
        response.set_cookie("a", "1", path="")
        response.set_cookie("b", "2", path="")
        return response

    return [path("json", view), path("stream", view)]


class TestDjango:
    @pytest.fixture(autouse=True)
    def client(self, django):  # noqa: ARG002 - set up first
        from django.test import Client
        from django.test.utils import override_settings

        class Urls:
            urlpatterns = urls()

        with override_settings(ROOT_URLCONF=Urls):
            yield Client()

    @pytest.mark.parametrize("path", ["/json", "/stream"])
    def test_of_a_test_client(self, client, path):
        response = client.get(path)

        for _ in range(2):
            check(as_response(response), f"http://testserver{path}", "GET")
        if path == "/stream":
            assert b"".join(response.streaming_content) == BODY

    def test_a_stream_is_left_alone_where_nothing_may_be_read(self, client):
        response = client.get("/stream")

        assert as_received(response).lost
        assert b"".join(response.streaming_content) == BODY

    def test_an_asynchronous_stream_is_refused(self, django):  # noqa: ARG002 - set up first
        from django.http import StreamingHttpResponse

        async def parts():
            yield BODY

        with pytest.raises(UsageProblem, match="asynchronous stream"):
            as_response(StreamingHttpResponse(parts()))

    def test_a_response_without_its_request(self, django):  # noqa: ARG002 - set up first
        from django.http import HttpResponse

        response = as_response(HttpResponse(b"x", status=503))
        assert (response.status, response.body, response.url) == (503, b"x", None)


def test_starlette():
    testclient = pytest.importorskip("starlette.testclient")
    from starlette.responses import Response

    async def app(scope, receive, send):
        made = Response(BODY, 401, media_type="application/json")
        made.set_cookie("a", "1", path=None, samesite=None)
        made.set_cookie("b", "2", path=None, samesite=None)
        await made(scope, receive, send)

    response = testclient.TestClient(app).get("/json")

    check(as_response(response), "http://testserver/json", "GET")


@pytest.fixture
def context():
    sync_api = pytest.importorskip("playwright.sync_api")
    with sync_api.sync_playwright() as playwright:
        context = playwright.request.new_context()
        yield context
        context.dispose()


class TestPlaywright:
    """Its driver comes with it; a browser is not needed to ask for something."""

    def test_of_an_api_request(self, context, base):
        response = context.get(f"{base}/json")

        for _ in range(2):
            check(as_response(response), f"{base}/json")
        assert response.body() == BODY

    def test_one_that_was_disposed_of(self, context, base):
        response = context.get(f"{base}/json")
        response.dispose()

        with pytest.raises(UsageProblem, match="cannot be read"):
            as_response(response)

    def test_of_the_asynchronous_kind(self, base):
        async_api = pytest.importorskip("playwright.async_api")

        async def ask():
            async with async_api.async_playwright() as playwright:
                context = await playwright.request.new_context()
                response = await context.get(f"{base}/json")
                with pytest.raises(UsageProblem, match=r"await response\.body\(\)"):
                    as_response(response)
                body, status = await response.body(), response.status
                await context.dispose()
            return as_response(body, status=status)

        assert asyncio.run(ask()).body == BODY


class TestBotocore:
    @pytest.fixture
    def client(self, base):
        session = pytest.importorskip("botocore.session")
        config = pytest.importorskip("botocore.config")
        client = session.Session().create_client(
            "sqs",
            region_name="eu-north-1",
            endpoint_url=f"{base}/json",
            aws_access_key_id="x",
            aws_secret_access_key="x",
            config=config.Config(retries={"total_max_attempts": 1}, proxies={}),
        )
        yield client
        client.close()

    def test_an_exception_says_that_the_body_is_lost(self, client):
        exceptions = pytest.importorskip("botocore.exceptions")
        with pytest.raises(exceptions.ClientError) as raised:
            client.list_queues()

        for given in (raised.value, raised):
            response = as_response(given)
            assert (response.status, response.body, response.lost) == (401, b"", True)
            assert response.header("content-type") == "application/json"
            assert "the body itself is lost" in response.altered

    def test_the_response_of_an_event_is_whole(self, client, base):
        exceptions = pytest.importorskip("botocore.exceptions")
        seen = []
        client.meta.events.register(
            "after-call", lambda http_response, **_: seen.append(as_response(http_response))
        )
        with pytest.raises(exceptions.ClientError):
            client.list_queues()

        (response,) = seen
        assert (response.status, response.body) == (401, BODY)
        assert response.url.startswith(base)


class TestNiquests:
    @pytest.fixture
    def niquests(self):
        return pytest.importorskip("niquests")

    def test_of_a_session(self, niquests, base):
        with niquests.Session() as session:
            response = session.get(f"{base}/json")
            check(as_response(response), f"{base}/json", "GET")

    def test_a_stream_is_read_and_kept(self, niquests, base):
        with niquests.Session() as session, session.get(f"{base}/json", stream=True) as response:
            assert as_received(response).lost
            check(as_response(response), f"{base}/json", "GET")
            assert response.content == BODY

    def test_an_asynchronous_stream_has_to_be_awaited(self, niquests, base):
        async def ask():
            async with niquests.AsyncSession() as session:
                response = await session.get(f"{base}/json", stream=True)
                with pytest.raises(UsageProblem, match=r"await response\.content"):
                    as_response(response)
                await response.content
                whole = as_response(response)
                await response.close()
                return whole

        check(asyncio.run(ask()), f"{base}/json", "GET")

    def test_one_that_has_not_come(self, niquests, base):
        with niquests.Session(multiplexed=True) as session:
            response = session.get(f"{base}/json")
            if not response.lazy:
                pytest.skip("HTTP/1.1 is not multiplexed here")
            with pytest.raises(UsageProblem, match="has not come yet"):
                as_response(response)
            session.gather()
            check(as_response(response), f"{base}/json", "GET")


class TestCurl:
    @pytest.fixture
    def curl(self):
        return pytest.importorskip("curl_cffi.requests")

    def test_of_a_session(self, curl, base):
        with curl.Session() as session:
            response = session.get(f"{base}/json")
            check(as_response(response), f"{base}/json", "GET")

    def test_an_empty_body(self, curl, base):
        with curl.Session() as session:
            assert as_response(session.get(f"{base}/empty")).body == b""

    def test_a_stream_does_not_pass_for_an_empty_body(self, curl, base):
        with curl.Session() as session:
            response = session.get(f"{base}/json", stream=True)
            with pytest.raises(UsageProblem, match="is a stream"):
                as_response(response)
            assert as_received(response).lost
            response.close()
