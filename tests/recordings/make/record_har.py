"""Record `../data/playwright-*` with Chromium against the server."""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
from pathlib import Path

import server

HERE = Path(__file__).parent


def main() -> None:
    """Install playwright-core beside a copy of the script, and run it."""
    running = server.start()
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["npm", "install", "--no-save", "playwright-core"], cwd=folder, check=True)
        package = Path(folder, "node_modules/playwright-core/package.json")
        version = json.loads(package.read_text())["version"]
        shutil.copy(HERE / "record_har.mjs", folder)
        target = HERE.parent / "data" / f"playwright-{version}"
        shutil.rmtree(target, ignore_errors=True)
        (target / "attach").mkdir(parents=True)
        base = f"http://127.0.0.1:{server.PORT}"
        subprocess.run(["node", "record_har.mjs", base, str(target)], cwd=folder, check=True)
    running.shutdown()
    print(target.name, sorted(path.name for path in target.rglob("*")))


if __name__ == "__main__":
    main()
