"""Record in a venv of its own: python tools_client.py placebo|pact FOLDER BASE."""

from __future__ import annotations

import contextlib
import json
import sys
import urllib.error
import urllib.request
from pathlib import Path


def with_placebo(target: Path, base: str) -> None:
    """Call what the server answers like DynamoDB and S3, and let placebo keep it."""
    import boto3
    import placebo
    from botocore.config import Config
    from botocore.exceptions import ClientError

    session = boto3.Session("fake-key", "fake-secret", region_name="eu-west-1")
    placebo.attach(session, data_path=str(target)).record()
    config = Config(retries={"total_max_attempts": 1}, s3={"addressing_style": "path"})
    dynamo, store = (
        session.client(name, endpoint_url=base, config=config) for name in ("dynamodb", "s3")
    )
    with contextlib.suppress(ClientError):
        dynamo.describe_table(TableName="none")
    with contextlib.suppress(ClientError):
        store.get_object(Bucket="bucket", Key="key")


def with_pact(target: Path, _base: str) -> None:
    """Declare errors, ask the mock server for them, and let the library write the contracts."""
    from pact import Pact

    body = {"errorCode": 42900, "message": "Rate limit", "reference": "r"}
    for version in ("V2", "V3", "V4"):
        pact = Pact(f"client-{version}", "voice").with_specification(version)
        asked = pact.upon_receiving("too many calls").with_request("POST", "/rate")
        asked.with_query_parameters({"token": "fake"}).with_header("X-Api-Key", "fake-k3y")
        asked.will_respond_with(429).with_header("Retry-After", "7")
        asked.with_body(json.dumps(body), "application/json")
        asked = pact.upon_receiving("a page").with_request("GET", "/page").will_respond_with(502)
        asked.with_body("<h1>Bad Gateway</h1>", "text/html")
        pact.upon_receiving("nothing").with_request("GET", "/nothing").will_respond_with(503)
        with pact.serve() as server:
            for path in ("/rate?token=fake", "/page", "/nothing"):
                data = b"" if "rate" in path else None
                request = urllib.request.Request(f"{server.url}{path}", data)
                request.add_header("X-Api-Key", "fake-k3y")
                with contextlib.suppress(urllib.error.HTTPError):
                    urllib.request.urlopen(request)
        pact.write_file(target)


TOOLS = {"placebo": with_placebo, "pact": with_pact}

if __name__ == "__main__":
    TOOLS[sys.argv[1]](Path(sys.argv[2]), sys.argv[3])
