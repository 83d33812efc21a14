"""
Make the picture of examples/gate: `python tests/examples/gate_picture.py`.

It needs what the tests of the page need: Chromium and the extra "browser".
"""

import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import commands
import documents
import small_png

GATE = commands.EXAMPLES / "gate"
PICTURE = GATE / "report.png"
SHOOT = commands.ROOT / "tests" / "reports" / "html_picture.py"
SIZE = "1400x1040"


def line():
    """Return the line that its README shows."""
    (block,) = documents.blocks((GATE / "README.md").read_text(encoding="utf-8"))
    (shown,) = documents.commands(block)
    return shown.command


def about(sarif):
    """Say what a run found: what fails it, and where."""
    (run,) = json.loads(sarif.read_text(encoding="utf-8"))["runs"]
    failures = [
        one["message"]["text"] for one in run["invocations"][0]["toolExecutionNotifications"]
    ]
    places = [one["locations"][0]["physicalLocation"] for one in run["results"]]
    found = [
        f"{one['level']} {one['ruleId']} "
        f"{place['artifactLocation']['uri']}:{place['region']['startLine']}"
        for one, place in zip(run["results"], places, strict=True)
    ]
    return "; ".join([*failures, *found])


def main():
    with tempfile.TemporaryDirectory() as folder:
        project = shutil.copytree(GATE, Path(folder) / "gate")
        commands.run(line(), project)
        shot = Path(folder) / "shot.png"
        page = str(project / "gate.html")
        subprocess.run([sys.executable, SHOOT, page, shot, "--size", SIZE], check=True)
        text = about(project / "gate.sarif")
        PICTURE.write_bytes(small_png.with_palette(shot.read_bytes(), text))
    print(f"{PICTURE.relative_to(commands.ROOT)}: {PICTURE.stat().st_size} bytes")


if __name__ == "__main__":
    main()
