"""`safeloader.py FOLDER` loads every YAML file of a folder with PyYAML's C loader."""

from __future__ import annotations

import sys
from pathlib import Path

import yaml

for file in sorted(Path(sys.argv[1]).glob("*.y*ml")):
    with file.open("rb") as stream:
        yaml.load(stream, Loader=yaml.CSafeLoader)
