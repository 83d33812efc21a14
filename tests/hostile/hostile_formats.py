"""One exchange written in every format that a reader knows."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from typing import NamedTuple
from urllib.parse import urlsplit

import yaml

Pairs = list[tuple[str, str]]


class Exchange(NamedTuple):
    """A request and its response, the bodies as texts of JSON."""

    method: str
    url: str
    sent_headers: Pairs
    sent: str
    status: int
    headers: Pairs
    body: str


def lists(pairs):
    grouped = {}
    for name, value in pairs:
        grouped.setdefault(name, []).append(value)
    return grouped


def named(pairs):
    return [{"name": name, "value": value} for name, value in pairs]


def log(one):
    request = {
        "method": one.method,
        "url": one.url,
        "headers": dict(one.sent_headers),
        "body": one.sent,
    }
    answer = {"status": one.status, "headers": dict(one.headers), "body": one.body}
    return json.dumps({"request": request, "response": answer}).encode() + b"\n"


def _vcr(one):
    request = {
        "method": one.method,
        "uri": one.url,
        "body": one.sent,
        "headers": lists(one.sent_headers),
    }
    answer = {
        "status": {"code": one.status, "message": "x"},
        "headers": lists(one.headers),
        "body": {"string": one.body},
    }
    return {"interactions": [{"request": request, "response": answer}], "version": 1}


def vcr_json(one):
    return json.dumps(_vcr(one)).encode()


def vcr_yaml(one):
    return yaml.safe_dump(_vcr(one)).encode()


def har(one):
    request = {"method": one.method, "url": one.url, "headers": named(one.sent_headers)}
    request["postData"] = {"mimeType": "application/json", "text": one.sent}
    content = {"text": one.body, "mimeType": "application/json"}
    answer = {"status": one.status, "headers": named(one.headers), "content": content}
    entries = [{"request": request, "response": answer}]
    return json.dumps({"log": {"version": "1.2", "entries": entries}}).encode()


def har_yaml(one):
    return yaml.safe_dump(json.loads(har(one)), sort_keys=False).encode()


def har_zip(one):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("x.har", har(one))
    return made.getvalue()


def har_gzip(one):
    return gzip.compress(har(one))


def _family(one, **more):
    request = {
        "method": one.method.lower(),
        "uri": one.url,
        "headers": lists(one.sent_headers),
        "body": {"encoding": "UTF-8", "string": one.sent},
    }
    answer = {
        "status": {"code": one.status, "message": "x"},
        "headers": lists(one.headers),
        "body": {"encoding": "UTF-8", "string": one.body},
    }
    return {"http_interactions": [{"request": request, "response": answer}], **more}


def betamax(one):
    return json.dumps(_family(one, recorded_with="betamax/0.9.0")).encode()


def ruby(one):
    return yaml.safe_dump(_family(one, recorded_with="VCR 6.1.0"), sort_keys=False).encode()


def cassetter(one):
    request = {
        "method": one.method,
        "uri": one.url,
        "headers": lists(one.sent_headers),
        "body": {"type": "text", "content": one.sent},
    }
    answer = {
        "status": one.status,
        "headers": lists(one.headers),
        "body": {"type": "text", "content": one.body},
    }
    item = {"request": request, "response": answer, "recorded_at": "2026-11-22T10:00:00+00:00"}
    return yaml.safe_dump({"version": 1, "interactions": [item]}, sort_keys=False).encode()


def cassetter_toml(one):
    def headers(pairs):
        return "".join(f"{json.dumps(n)} = {json.dumps(v)}\n" for n, v in lists(pairs).items())

    return (
        'version = 1\n\n[[interactions]]\nrecorded_at = "2026-11-22T10:00:35.827248+00:00"\n\n'
        f'[interactions.request]\nmethod = "{one.method}"\nuri = {json.dumps(one.url)}\n'
        f'body_type = "text"\nbody_content = {json.dumps(one.sent)}\n\n'
        f"[interactions.request.headers]\n{headers(one.sent_headers)}\n"
        f'[interactions.response]\nstatus = {one.status}\nbody_type = "text"\n'
        f"body_content = {json.dumps(one.body)}\n\n"
        f"[interactions.response.headers]\n{headers(one.headers)}"
    ).encode()


def recorder(one):
    answer = {
        "auto_calculate_content_length": False,
        "body": one.body,
        "content_type": "application/json",
        "headers": {name: value for name, value in one.headers if name != "Content-Type"},
        "method": one.method,
        "status": one.status,
        "url": one.url,
    }
    return yaml.safe_dump({"responses": [{"response": answer}]}, sort_keys=False).encode()


def go_vcr(one):
    request = {
        "body": one.sent,
        "form": {},
        "headers": lists(one.sent_headers),
        "url": one.url,
        "method": one.method,
    }
    answer = {
        "body": one.body,
        "headers": lists(one.headers),
        "status": f"{one.status} x",
        "code": one.status,
    }
    items = [{"request": request, "response": answer}]
    return yaml.safe_dump({"version": 1, "interactions": items}, sort_keys=False).encode()


def easyvcr(one):
    request = {
        "Method": one.method,
        "Uri": one.url,
        "RequestHeaders": dict(one.sent_headers),
        "Body": one.sent,
    }
    answer = {
        "Status": {"Code": one.status, "Message": "x"},
        "ResponseHeaders": dict(one.headers),
        "ContentHeaders": {},
        "Body": one.body,
    }
    item = {"RecordedAt": "2026-11-22T10:00:00", "Request": request, "Response": answer}
    return json.dumps([item]).encode()


def easyvcr_java(one):
    request = {
        "method": one.method,
        "uri": one.url,
        "headers": lists(one.sent_headers),
        "body": one.sent,
    }
    answer = {
        "body": one.body,
        "headers": lists(one.headers),
        "status": {"code": one.status},
        "httpVersion": None,
    }
    return json.dumps([{"recordedAt": 1, "request": request, "response": answer}]).encode()


def exvcr(one):
    request = {
        "body": one.sent,
        "headers": dict(one.sent_headers),
        "method": one.method.lower(),
        "options": [],
        "url": one.url,
    }
    answer = {
        "binary": False,
        "body": one.body,
        "headers": dict(one.headers),
        "status_code": one.status,
        "type": "ok",
    }
    return json.dumps([{"request": request, "response": answer}]).encode()


def php_vcr(one):
    request = {
        "method": one.method,
        "url": one.url,
        "headers": dict(one.sent_headers),
        "body": one.sent,
    }
    answer = {"status": one.status, "headers": dict(one.headers), "body": one.body}
    item = {"request": request, "response": answer, "index": 0}
    return yaml.safe_dump([item], sort_keys=False).encode()


def wiremock(one):
    request = {
        "method": one.method,
        "url": one.url,
        "headers": {name: {"equalTo": value} for name, value in one.sent_headers},
        "bodyPatterns": [{"equalToJson": one.sent}],
    }
    answer = {"status": one.status, "headers": dict(one.headers), "body": one.body}
    return json.dumps({"mappings": [{"request": request, "response": answer}]}).encode()


def nock(one):
    parts = urlsplit(one.url)
    call = {
        "scope": f"{parts.scheme}://{parts.netloc}",
        "method": one.method,
        "path": one.url.partition(parts.netloc)[2],
        "body": json.loads(one.sent),
        "status": one.status,
        "response": json.loads(one.body),
        "rawHeaders": [text for pair in one.headers for text in pair],
        "reqheaders": dict(one.sent_headers),
        "responseIsBinary": False,
    }
    return json.dumps([call]).encode()


def postman(one):
    def keyed(pairs):
        return [{"key": name, "value": value} for name, value in pairs]

    request = {
        "url": {"raw": one.url},
        "header": keyed(one.sent_headers),
        "method": one.method,
        "body": {"mode": "raw", "raw": one.sent},
    }
    answer = {
        "name": "x",
        "originalRequest": request,
        "status": "x",
        "code": one.status,
        "header": keyed(one.headers),
        "body": one.body,
    }
    schema = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"
    item = {"name": "x", "request": request, "response": [answer]}
    return json.dumps({"info": {"name": "x", "schema": schema}, "item": [item]}).encode()


def raw(one):
    parts = urlsplit(one.url)
    sent = "".join(f"{name}: {value}\r\n" for name, value in one.sent_headers)
    got = "".join(f"{name}: {value}\r\n" for name, value in one.headers)
    return (
        f"{one.method} {one.url.partition(parts.netloc)[2]} HTTP/1.1\r\nHost: {parts.netloc}\r\n"
        f"{sent}Content-Length: {len(one.sent)}\r\n\r\n{one.sent}\r\n\r\n"
        f"HTTP/1.1 {one.status} x\r\n{got}Content-Length: {len(one.body)}\r\n\r\n{one.body}"
    ).encode()


def schemathesis(one):
    top = {"command": "st run", "recorded_with": "Schemathesis 4.32.5", "seed": 1}
    item = _family(one)["http_interactions"][0]
    top["http_interactions"] = [{"id": "a", "status": "FAILURE", "checks": [], **item}]
    return yaml.safe_dump(top, sort_keys=False).encode()


def pygithub(one):
    parts = urlsplit(one.url)
    rest = one.url.partition(parts.netloc)[2]
    head = f"{parts.scheme}\n{one.method}\n{parts.netloc}\nNone\n{rest}\n"
    asked = f"{dict(one.sent_headers)}\n{one.sent}\n"
    return f"{head}{asked}{one.status}\n{one.headers}\n{one.body}\n\n".encode()


def pact(one):
    parts = urlsplit(one.url)
    request = {
        "method": one.method,
        "path": parts.path,
        "query": {
            name: [value] for name, _, value in (p.partition("=") for p in parts.query.split("&"))
        },
        "headers": lists(one.sent_headers),
        "body": {"content": json.loads(one.sent), "contentType": "application/json"},
    }
    answer = {
        "status": one.status,
        "headers": lists(one.headers),
        "body": {"content": json.loads(one.body), "contentType": "application/json"},
    }
    item = {"description": "x", "request": request, "response": answer}
    item["type"] = "Synchronous/HTTP"
    whole = {"consumer": {"name": "x"}, "interactions": [item], "provider": {"name": "y"}}
    return json.dumps({**whole, "metadata": {"pactSpecification": {"version": "4.0"}}}).encode()


def openapi(one):
    content = {"application/json": {"examples": {"a": {"value": json.loads(one.body)}}}}
    headers = {
        name: {"example": value, "schema": {"type": "string"}} for name, value in one.headers
    }
    answer = {"description": "x", "headers": headers, "content": content}
    parts = urlsplit(one.url)
    paths = {parts.path: {one.method.lower(): {"responses": {str(one.status): answer}}}}
    servers = [{"url": f"{parts.scheme}://{parts.netloc}"}]
    return json.dumps({"openapi": "3.0.3", "servers": servers, "paths": paths}).encode()


FORMATS = {
    "log.ndjson": log,
    "vcr.yaml": vcr_yaml,
    "vcr.json": vcr_json,
    "har.har": har,
    "har.yaml": har_yaml,
    "har.zip": har_zip,
    "har.har.gz": har_gzip,
    "betamax.json": betamax,
    "ruby.yml": ruby,
    "cassetter.yaml": cassetter,
    "cassetter.toml": cassetter_toml,
    "recorder.yaml": recorder,
    "go-vcr.yaml": go_vcr,
    "easyvcr.json": easyvcr,
    "easyvcr-java.json": easyvcr_java,
    "exvcr.json": exvcr,
    "php-vcr.yml": php_vcr,
    "wiremock.json": wiremock,
    "nock.json": nock,
    "postman.json": postman,
    "raw.http": raw,
    "schemathesis.yaml": schemathesis,
    "pygithub.txt": pygithub,
    "pact.json": pact,
    "openapi.json": openapi,
}
