"""Every block of the two READMEs is written or run, and prints what stands below it."""

import re
import shutil

import commands
import documents
import pytest

READMES = {"README": commands.ROOT / "README.md", "catalogs": commands.ROOT / "schemas/README.md"}
NOT_RUN = ("pip ", "python -m pip ", "git ", "uvx ", "uv ")  # they reach the network


@pytest.fixture(params=READMES)
def blocks(request):
    return documents.blocks(READMES[request.param].read_text(encoding="utf-8"))


@pytest.fixture
def folder(tmp_path):
    """A reader's folder, beside a copy of the examples."""
    ignored = shutil.ignore_patterns("__pycache__", ".pytest_cache")
    shutil.copytree(commands.EXAMPLES, tmp_path / "examples", ignore=ignored)
    return tmp_path


def test_every_block_of_code_has_a_name(blocks):
    """Without a name it cannot be written, and nobody would run it."""
    code = [one for one in blocks if one.language in ("python", "json", "ini", "toml", "yaml")]

    assert not [one.text for one in code if one.file is None]


def test_every_file_of_tests_is_run(blocks):
    tests = [n for n, one in enumerate(blocks) if one.file and one.file.startswith("test_")]
    runs = [
        n for n, one in enumerate(blocks) if re.search(r"^\$ pytest( |$)", one.text, re.MULTILINE)
    ]

    assert not tests or (runs and max(runs) > max(tests))


def test_every_command_prints_what_stands_below_it(blocks, folder):
    targets = re.findall(r"^(\w+):", (commands.ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    at = folder
    for block in blocks:
        if block.file is not None:
            file = folder / block.file
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(block.text, encoding="utf-8")
        elif block.language == "console":
            for shown in documents.commands(block):
                at = follow(shown, folder, at, targets)


def follow(shown, folder, at, targets):
    """Do what a reader is told to do; return the folder where the reader is then."""
    command = re.sub(r"\s+#.*", "", shown.command)
    program, _, rest = command.partition(" ")
    if program == "cd":
        assert (folder / rest).is_dir(), command
        return folder / rest
    if program == "make":
        assert set(rest.split()) <= set(targets), command
    elif not command.startswith(NOT_RUN):
        finished = commands.run(command, at)
        lacking = documents.missing(shown.lines, finished.output)
        assert lacking is None, f"{command}\nlacks: {lacking}\n{finished.output}"
        # What ends badly has to be shown.
        worst = 1 if shown.lines else 0
        assert finished.status <= worst, f"{command}\n{finished.output}"
    return at
