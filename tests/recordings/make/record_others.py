"""Record `../data/<tool>-<version>` with the recorders other than vcrpy and Playwright."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import calls
import server

HERE = Path(__file__).parent
DATA = HERE.parent / "data"
PACKAGES = {
    "betamax": ["betamax==0.9.0", "requests"],
    "responses": ["responses==0.26.3", "requests", "tomli_w"],
    "cassetter": ["cassetter==0.16.1", "requests"],
    "mitmproxy": ["mitmproxy==11.0.2", "requests"],
}
POLLY = ["@pollyjs/core@6.0.6", "@pollyjs/adapter-node-http@6.0.6", "@pollyjs/persister-fs@6.0.6"]


def with_python(tool: str, folder: Path) -> None:
    """Run a recorder of PyPI in a venv of its own."""
    subprocess.run([sys.executable, "-m", "venv", folder], check=True)
    inside = folder / "bin" / "python"
    pip = [inside, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "--only-binary", "zstandard", *PACKAGES[tool]], check=True)
    target = fresh(tool, PACKAGES[tool][0].partition("==")[2])
    subprocess.run([inside, HERE / "others_client.py", tool, target], check=True)


def with_polly(folder: Path) -> None:
    """Run Polly.js on Node."""
    subprocess.run(["npm", "install", "--no-save", "--quiet", *POLLY], cwd=folder, check=True)
    shutil.copy(HERE / "record_polly.mjs", folder)
    command = ["node", "record_polly.mjs", folder / "out", calls.BASE, script()]
    subprocess.run(command, cwd=folder, check=True)
    [recorded] = (folder / "out").rglob("recording.har")
    shutil.copy(recorded, fresh("polly", "6.0.6"))


def with_ruby(_folder: Path) -> None:
    """Run VCR for Ruby (Debian: ruby-vcr, ruby-webmock, ruby-multi-json)."""
    show = "require 'vcr'; print VCR.version"
    version = subprocess.run(["ruby", "-e", show], check=True, capture_output=True, text=True)
    target = fresh("vcr-ruby", version.stdout)
    subprocess.run(["ruby", HERE / "record_ruby.rb", target, calls.BASE, script()], check=True)


def with_go(folder: Path) -> None:
    """Run go-vcr (Debian: golang-go, golang-github-dnaeon-go-vcr-dev 1.2.0)."""
    shutil.copy(HERE / "record_go.go.txt", folder / "main.go")
    command = ["go", "run", folder / "main.go", fresh("go-vcr", "1.2.0"), calls.BASE, script()]
    environment = {"GO111MODULE": "off", "GOPATH": "/usr/share/gocode", "HOME": str(folder)}
    subprocess.run(["env", *(f"{k}={v}" for k, v in environment.items()), *command], check=True)


def fresh(tool: str, version: str) -> Path:
    """Make an empty folder for what a tool writes."""
    target = DATA / f"{tool}-{version}"
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    return target


def script() -> str:
    """Write the calls as the programs in other languages read them."""
    return json.dumps({"calls": calls.CALLS, "body": calls.BODY, "headers": calls.HEADERS})


OTHERS = {"polly": with_polly, "vcr-ruby": with_ruby, "go-vcr": with_go}


def main() -> None:
    """Record with every tool, or with those that are named."""
    running = server.start()
    for tool in sys.argv[1:] or [*PACKAGES, *OTHERS]:
        with tempfile.TemporaryDirectory() as folder:
            OTHERS[tool](Path(folder)) if tool in OTHERS else with_python(tool, Path(folder))
        print(tool, sorted(path.name for path in DATA.glob(f"{tool}-*/*")))
    running.shutdown()


if __name__ == "__main__":
    main()
