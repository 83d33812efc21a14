import httpx
from postgrest import APIError, AsyncPostgrestClient, SyncPostgrestClient

from pytest_apierrors import fuzz

PROMISE = {
    "raises": (APIError, httpx.RequestError),
    "kinds": [
        "unseen",
        "broken",
        "intermediary",
        "retry-after",
        "connection-refused",
        "closed-without-answer",
        "closed-in-body",
        "gzip-bad",
        "tls-expired-certificate",
    ],
    "max_examples": 4,
    "xfail": {
        "login-page": "a page of HTML is rows",
        "error-under-200": "whatever comes under 200 is rows",
    },
}


@fuzz(**PROMISE)
def test_select():
    return SyncPostgrestClient("https://db.example.com").from_("calls").select("*").execute()


@fuzz(**PROMISE)
async def test_insert():
    async with AsyncPostgrestClient("https://db.example.com") as client:
        return await client.from_("calls").insert({"to": "+46700000000"}).execute()
