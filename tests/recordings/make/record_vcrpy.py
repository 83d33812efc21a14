"""Record `../data/vcrpy-*`: each version of vcrpy in its own venv, with clients of its time."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
OLD = os.environ.get("PYTHON38", "python3.8")
NEW = os.environ.get("PYTHON311", sys.executable)
VERSIONS = {
    "4.1.1": (
        OLD,
        "urllib3<2",
        "requests<2.29",
        "httpx<0.23",
        "aiohttp<3.9",
        "yarl<1.9",
        "wrapt<1.15",
    ),
    "5.1.0": (OLD, "urllib3<2", "requests<2.32", "httpx<0.25", "aiohttp<3.9", "yarl<1.9"),
    "6.0.2": (NEW, "urllib3>=2,<2.3", "requests", "httpx<0.29", "aiohttp<3.10"),
    "7.0.0": (NEW, "urllib3>=2,<2.4", "requests", "httpx<0.29", "aiohttp<3.12"),
    "8.5.0": (NEW, "urllib3>=2", "requests", "httpx<0.29", "aiohttp"),
    "9.4.2": (NEW, "urllib3>=2", "requests", "httpx<0.29", "aiohttp"),
}


def main() -> None:
    """Record with every version, or with those that are named."""
    for version in sys.argv[1:] or VERSIONS:
        python, *clients = VERSIONS[version]
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run([python, "-m", "venv", folder], check=True)
            inside = f"{folder}/bin/python"
            pip = [inside, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
            subprocess.run([*pip, f"vcrpy=={version}", *clients], check=True)
            target = HERE.parent / "data" / f"vcrpy-{version}"
            subprocess.run([inside, str(HERE / "vcrpy_client.py"), str(target)], check=True)
        print(f"vcrpy {version}: {', '.join(sorted(path.name for path in target.iterdir()))}")


if __name__ == "__main__":
    main()
