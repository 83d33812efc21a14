from minio import Minio
from minio.error import MinioException
from urllib3.exceptions import HTTPError

from pytest_apierrors import fuzz

PROMISE = {"raises": (MinioException, HTTPError), "max_examples": 3}
LISTING = ["broken", "intermediary", "retry-after", "connection-refused"]
HEADS = ["documented", "retry-after-huge"]
SLEEPS = {"Retry-After is believed": ("retry-after-far-date", "retry-after-huge")}
BODIES = {
    "a body that is no UTF-8": ("utf-16", "invalid-utf-8"),
    "a listing that is no XML": ("error-under-200", "no-content", "login-page"),
}
CONFLICT = {
    "a 409 without a body": ("any-flat-409", "any-nested-409", "any-list-409", "any-problem-409")
}


def known(*bugs):
    return {kind: reason for each in bugs for reason, kinds in each.items() for kind in kinds}


def minio():
    return Minio("s3.example.com", access_key="some-key", secret_key="some-secret", region="eu")


@fuzz(client=minio, kinds=LISTING, xfail=known(SLEEPS, BODIES), **PROMISE)
def test_list_buckets(client):
    return client.list_buckets()


@fuzz(client=minio, kinds=HEADS, xfail=known(SLEEPS, CONFLICT), **PROMISE)
def test_stat_object(client):
    return client.stat_object("some-bucket", "some-object")
