"""What a Markdown document promises: commands with their output, files, outcomes."""

import re
from dataclasses import dataclass, field

FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
NAMED = re.compile(r"(?:<!-- file: (\S+) -->|^`([\w./-]+)`:)\s*\Z", re.MULTILINE)
STATED = re.compile(
    r"^(?:- )?`(pytest[^`]*)`: (exit status \d|(?:\d+ [a-z]+(?:, )?)+)", re.MULTILINE
)


@dataclass
class Block:
    """One fenced block; `file` is the name that stands before it."""

    language: str
    text: str
    file: str | None


@dataclass
class Shown:
    """A command of a console block, and the lines that it is said to print."""

    command: str
    lines: list[str] = field(default_factory=list)


def blocks(text):
    """Return the fenced blocks of a document, in order."""
    found = []
    for match in FENCE.finditer(text):
        name = NAMED.search(text[: match.start()])
        file = None if name is None else name[1] or name[2]
        found.append(Block(match[1], match[2], file))
    return found


def commands(block):
    """Return the commands of a console block, each with its output."""
    shown = []
    for line in block.text.splitlines():
        if line.startswith("$ "):
            shown.append(Shown(line.removeprefix("$ ")))
        elif line.strip():
            shown[-1].lines.append(line)
    return shown


def missing(lines, output):
    """Return the first promised line that the output lacks; `...` stands for anything."""
    printed = [_plain(line) for line in output.splitlines()]
    at = 0
    for line in lines:
        pattern = ".*".join(re.escape(part) for part in _plain(line).split("..."))
        found = [n for n in range(at, len(printed)) if re.fullmatch(pattern, printed[n])]
        if not found:
            return line
        at = found[0] + (line.strip() != "...")
    return None


def stated(text):
    """Return (command, outcome) for every line such as "`pytest`: 2 failed, 1 passed"."""
    return STATED.findall(text)


def table(text):
    """Return the rows of a document's tables, without heads and rules; each a list of cells."""
    rows = re.findall(r"^\| (`.*) \|$", text, re.MULTILINE)
    return [[cell.strip() for cell in row.split(" | ")] for row in rows]


def _plain(line):
    line = re.sub(r" in \d+\.\d+s", " in N s", line.strip())
    return re.sub(r"={3,}|_{3,}", "===", re.sub(r"\s+", " ", line))
