"""Record the calls with one tool of PyPI; runs in the venv of that tool."""

from __future__ import annotations

import contextlib
import signal
import subprocess
import sys
import time
from pathlib import Path

import calls
import requests


def call(session: requests.Session, base: str = calls.BASE) -> None:
    """Make the calls."""
    for method, path in calls.CALLS:
        data = calls.BODY if method == "POST" else None
        # betamax plays back what it recorded, and urllib3 2 misses the body of a HEAD
        with contextlib.suppress(requests.exceptions.ChunkedEncodingError):
            session.request(
                method, base + path, data=data, headers=calls.HEADERS, allow_redirects=False
            )


def with_betamax(target: Path) -> None:
    """Record as usual, and with every body kept byte by byte."""
    import betamax

    for name, exact in (("usual", False), ("exact", True)):
        session = requests.Session()
        recorder = betamax.Betamax(session, cassette_library_dir=str(target))
        with recorder.use_cassette(name, record="all", preserve_exact_body_bytes=exact):
            call(session)


def with_responses(target: Path) -> None:
    """Record with the library's own dumper, and with the one for TOML that its manual shows."""
    import tomli_w
    from responses import _recorder

    _recorder.recorder.record(file_path=target / "recorded.yaml")(
        lambda: call(requests.Session())
    )()

    class TomlRecorder(_recorder.Recorder):
        def dump_to_file(self, file_path, **more):
            with Path(file_path).open("wb") as file:
                _recorder._dump(more["registered"], file, tomli_w.dump)

    TomlRecorder().record(file_path=target / "recorded.toml")(lambda: call(requests.Session()))()


def with_cassetter(target: Path) -> None:
    """Record both formats."""
    from cassetter import use_cassette

    for suffix in ("yaml", "toml"):
        with use_cassette(str(target / f"recorded.{suffix}")):
            call(requests.Session())


def with_mitmproxy(target: Path) -> None:
    """Record flows behind a reverse proxy, and convert them as the refusal of them says."""
    port = calls.server.PORT + 1
    mitmdump = str(Path(sys.executable).with_name("mitmdump"))
    flows = str(target / "flows")
    mode = f"reverse:{calls.BASE}"
    proxy = subprocess.Popen([mitmdump, "-q", "--mode", mode, "-p", str(port), "-w", flows])
    for _ in range(100):
        time.sleep(0.2)
        try:
            requests.get(f"http://127.0.0.1:{port}/page", timeout=5)
            break
        except requests.ConnectionError:
            continue
    call(requests.Session(), f"http://127.0.0.1:{port}")
    proxy.send_signal(signal.SIGINT)
    proxy.wait()
    for name in ("converted.har", "converted.zhar"):
        subprocess.run([mitmdump, "-nr", flows, "--set", f"hardump={target / name}"], check=True)


if __name__ == "__main__":
    {
        "betamax": with_betamax,
        "responses": with_responses,
        "cassetter": with_cassetter,
        "mitmproxy": with_mitmproxy,
    }[sys.argv[1]](Path(sys.argv[2]))
