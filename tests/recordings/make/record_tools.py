"""Record `../data/<tool>-<version>` with what is no cassette: stubs, fixtures, dumps, reports."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

import calls
import server

HERE = Path(__file__).parent
DATA = HERE.parent / "data"
ADMIN = "http://127.0.0.1:18555/__admin"
NOCK = "13.5.6"
POSTMAN = ["newman@6.2.2", "postman-collection@5.3.1", "postman-collection-transformer@4.1.8"]
PYTHON = {
    "schemathesis": ["schemathesis==4.32.5"],
    "placebo": ["placebo==0.10.0", "boto3==1.44.5"],
    "pact": ["pact-python==4.2.0"],
}


def with_wiremock(folder: Path) -> None:
    """Let WireMock (npm package `wiremock`, needs Java) record as a proxy."""
    npm(folder, "wiremock@3.13.2")
    [jar] = folder.rglob("wiremock-standalone-*.jar")
    target = fresh("wiremock", "3.13.2")
    command = ["java", "-jar", jar, "--port", "18555", "--root-dir", target]
    running = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        while not _answers(f"{ADMIN}/mappings"):
            time.sleep(0.5)
        sizes = {"textSizeThreshold": "120", "binarySizeThreshold": "300"}
        _post(
            f"{ADMIN}/recordings/start",
            targetBaseUrl=calls.BASE,
            captureHeaders={"Authorization": {}},
            extractBodyCriteria=sizes,
            repeatsAsScenarios=False,
        )
        for method, path in calls.CALLS:
            curl("-X", method, "--head" if method == "HEAD" else "-i", ADMIN[:22] + path)
        (target / "snapshot.json").write_bytes(_post(f"{ADMIN}/recordings/stop"))
    finally:
        running.terminate()


def _answers(url: str) -> bool:
    try:
        return bool(urllib.request.urlopen(url).read())
    except OSError:
        return False


def _post(url: str, **body: object) -> bytes:
    headers = {"Content-Type": "application/json"}
    data: bytes = urllib.request.urlopen(
        urllib.request.Request(url, json.dumps(body).encode(), headers)
    ).read()
    return data


def with_nock(folder: Path) -> None:
    """Let nock record on Node."""
    npm(folder, f"nock@{NOCK}")
    shutil.copy(HERE / "record_nock.cjs", folder)
    node(folder, "record_nock.cjs", fresh("nock", NOCK) / "fixture.json")


def with_postman(folder: Path) -> None:
    """Run a collection with newman and save its responses as examples."""
    npm(folder, *POSTMAN)
    shutil.copy(HERE / "record_postman.cjs", folder)
    node(folder, "record_postman.cjs", fresh("postman-collection", "5.3.1"))


def with_curl(_folder: Path) -> None:
    """Print what curl gets, heads and all."""
    shown = subprocess.run(["curl", "--version"], check=True, capture_output=True, text=True)
    version = re.match(r"curl (\S+)", shown.stdout)
    target = fresh("curl", version[1] if version else "unknown")
    for method, path in calls.CALLS:
        how = "--head" if method == "HEAD" else "--include"
        name = f"{method.lower()}{re.sub(r'[^a-z]+', '-', path)}.http"
        (target / name).write_bytes(curl("-X", method, how, calls.BASE + path))
    redirected = curl("-X", "GET", "-i", "-L", f"{calls.BASE}/redirect")
    (target / "redirected.http").write_bytes(redirected)
    told = curl("-X", "POST", "-i", "-H", "Expect: 100-continue", f"{calls.BASE}/rate")
    (target / "continued.http").write_bytes(told)


def with_schemathesis(folder: Path) -> None:
    """Run schemathesis, once with bodies as text and once with their bytes."""
    inside = venv("schemathesis", folder)
    target = fresh("schemathesis", "4.32.5")
    operations: dict[str, dict[str, object]] = {}
    for method, path in calls.CALLS:
        if method != "HEAD":
            operation = {"responses": {"default": {"description": "an error"}}}
            operations.setdefault(path.partition("?")[0], {})[method.lower()] = operation
    described = {"openapi": "3.0.3", "info": {"title": "Recorded", "version": "1"}}
    document = folder / "openapi.json"
    document.write_text(json.dumps({**described, "paths": operations}))
    for name, more in (("text", []), ("bytes", ["--report-preserve-bytes"])):
        paths = [
            f"--report-{kind}-path={name}.{suffix}"
            for kind, suffix in (("vcr", "yaml"), ("har", "har"), ("ndjson", "ndjson"))
        ]
        run = [inside.parent / "schemathesis", "run", document.name, "--url", calls.BASE]
        how = ["--phases", "coverage", "--mode", "positive", "--max-examples", "1", "--seed", "1"]
        auth = ["--header", f"Authorization: {calls.HEADERS['Authorization']}"]
        # its command line stands in its reports: no folder of this machine in it
        subprocess.run([*run, *how, *auth, *paths, *more], cwd=folder, check=False)
        for suffix in ("yaml", "har", "ndjson"):
            shutil.copy(folder / f"{name}.{suffix}", target)


def with_placebo(folder: Path) -> None:
    """Let placebo record what boto3 makes of answers like those of AWS."""
    code, what = "#ResourceNotFoundException", "Requested resource not found"
    body = json.dumps({"__type": f"com.amazonaws.dynamodb.v20120810{code}", "message": what})
    kind = ("Content-Type", "application/x-amz-json-1.0")
    server.ANSWERS["/"] = (400, [kind], body.encode())
    xml = "<Error><Code>NoSuchKey</Code><Message>The key does not exist.</Message></Error>"
    server.ANSWERS["/bucket/key"] = (404, [("Content-Type", "application/xml")], xml.encode())
    inside = venv("placebo", folder)
    target = fresh("placebo", "0.10.0")
    subprocess.run([inside, HERE / "tools_client.py", "placebo", target, calls.BASE], check=True)


def with_pact(folder: Path) -> None:
    """Let pact-python write contracts of each version."""
    inside = venv("pact", folder)
    target = fresh("pact-python", "4.2.0")
    subprocess.run([inside, HERE / "tools_client.py", "pact", target, calls.BASE], check=True)


def venv(tool: str, folder: Path) -> Path:
    """Make a venv with a tool of PyPI, and return its Python."""
    subprocess.run([sys.executable, "-m", "venv", folder / "venv"], check=True)
    inside = folder / "venv" / "bin" / "python"
    pip = [inside, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, *PYTHON[tool]], check=True)
    return inside


def npm(folder: Path, *packages: str) -> None:
    """Install packages of npm."""
    subprocess.run(["npm", "install", "--no-save", "--quiet", *packages], cwd=folder, check=True)


def node(folder: Path, program: str, target: Path) -> None:
    """Run a program on Node with the calls to make."""
    script = {"calls": calls.CALLS, "body": calls.BODY, "headers": calls.HEADERS}
    arguments = [program, target, calls.BASE, json.dumps(script)]
    subprocess.run(["node", *arguments], cwd=folder, check=True)


def curl(*arguments: str) -> bytes:
    """Make one call with curl."""
    sent = [part for pair in calls.HEADERS.items() for part in ("-H", f"{pair[0]}: {pair[1]}")]
    body = ["--data-raw", calls.BODY] if "POST" in arguments else []
    run = ["curl", "--silent", *sent, *body, *arguments]
    return subprocess.run(run, check=True, capture_output=True).stdout


def fresh(tool: str, version: str) -> Path:
    """Make an empty folder for what a tool writes."""
    target = DATA / f"{tool}-{version}"
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    return target


TOOLS = {
    "wiremock": with_wiremock,
    "nock": with_nock,
    "postman": with_postman,
    "curl": with_curl,
    "schemathesis": with_schemathesis,
    "placebo": with_placebo,
    "pact": with_pact,
}


def main() -> None:
    """Record with every tool, or with those that are named."""
    running = server.start()
    for tool in sys.argv[1:] or TOOLS:
        with tempfile.TemporaryDirectory() as folder:
            TOOLS[tool](Path(folder))
    running.shutdown()


if __name__ == "__main__":
    main()
