"""A process killed while it writes leaves the old file or the new one, and nothing for long."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parent / "kill_script.py"


@pytest.mark.skipif(sys.platform == "win32", reason="processes are copied and killed as on POSIX")
def test_a_hundred_kills_tear_nothing_and_leave_nothing():
    done = subprocess.run(
        [sys.executable, str(SCRIPT), "100"], capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stdout + done.stderr
    said = re.fullmatch(r"100 kills, (\d+) while writing: 0 torn files, 0 .*left\n", done.stdout)
    assert said, done.stdout
    assert int(said[1]) >= 10, "the kills came too late or too early to show anything"
