"""What a recording may cost: every limit has a name, and an error names the option to raise it."""

from __future__ import annotations

import msgspec

MIB = 1 << 20


class Limits(msgspec.Struct, frozen=True):
    """
    Bounds on what is read from one recording.

    `max_file_bytes` is for YAML that has to be held as a whole, `max_exchange_bytes` for one
    exchange of a file that is read in pieces; `max_nodes` counts what one exchange is made of,
    and in sum what aliases stand for, `max_file_nodes` all that has to be parsed as YAML event by
    event. After `max_problems` exchanges that cannot be read the rest of a file is not looked at.
    """

    max_file_bytes: int = 64 * MIB
    max_json_bytes: int = 2048 * MIB
    max_exchange_bytes: int = 64 * MIB
    max_line_bytes: int = 16 * MIB
    max_toml_bytes: int = 8 * MIB
    max_body_bytes: int = 8 * MIB
    max_depth: int = 64
    max_nodes: int = 2_000_000
    max_file_nodes: int = 3_000_000
    max_problems: int = 10_000

    def over(self, name: str) -> str:
        """Word that a limit was exceeded."""
        value = getattr(self, name)
        unit = f"{value // MIB} MiB" if value >= MIB and value % MIB == 0 else str(value)
        return f"over the limit of {unit} ({self.option(name)})"

    def option(self, name: str) -> str:
        """Return how to raise a limit."""
        return f"--{name.replace('_', '-')}"


MEANINGS = {
    "max_file_bytes": "bytes of a file that is read as a whole",
    "max_json_bytes": "bytes of a file of JSON",
    "max_exchange_bytes": "bytes of one exchange",
    "max_line_bytes": "bytes of a line of NDJSON",
    "max_toml_bytes": "bytes of a file of TOML",
    "max_body_bytes": "bytes of a body, decoded",
    "max_depth": "levels of nesting",
    "max_nodes": "values that one exchange is made of",
    "max_file_nodes": "values of a file of YAML",
    "max_problems": "exchanges of a file that cannot be read",
}
"""What each limit counts, for those who may raise it."""
