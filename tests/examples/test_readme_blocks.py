"""Every block of the two READMEs is written or run, and prints what stands below it."""

import re
import shutil

import commands
import documents
import pytest

from pytest_apierrors._options import OPTIONS

READMES = {"README": commands.ROOT / "README.md", "catalogs": commands.ROOT / "schemas/README.md"}
NOT_RUN = ("pip ", "python -m pip ", "git ", "uvx ", "uv ")  # they reach the network


@pytest.fixture(params=READMES)
def blocks(request):
    return documents.blocks(READMES[request.param].read_text(encoding="utf-8"))


def test_every_block_of_code_has_a_name(blocks):
    """Without a name it cannot be written, and nobody would run it."""
    code = [one for one in blocks if one.language in ("python", "json", "yaml")]

    assert not [one.text for one in code if one.file is None]


def test_every_setting_exists(blocks):
    known = {option.ini for option in OPTIONS}
    shown = [one.text for one in blocks if one.language in ("ini", "toml")]

    for text in shown:
        assert set(re.findall(r"^(apierrors_\w+) *=", text, re.MULTILINE)) <= known


def test_every_file_of_tests_is_run(blocks):
    tests = [n for n, one in enumerate(blocks) if one.file and one.file.startswith("test_")]
    runs = [
        n for n, one in enumerate(blocks) if re.search(r"^\$ pytest( |$)", one.text, re.MULTILINE)
    ]

    assert not tests or (runs and max(runs) > max(tests))


def test_every_command_prints_what_stands_below_it(blocks, tmp_path):
    folder = tmp_path / "project"
    folder.mkdir()
    for block in blocks:
        if block.file is not None:
            file = folder / block.file
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(block.text, encoding="utf-8")
        elif block.language == "console":
            at = folder
            for shown in documents.commands(block):
                at = follow(shown, at, tmp_path / "checkout")


def follow(shown, at, checkout):
    """Do what a reader is told to do; return the folder where the reader is then."""
    command = re.sub(r"\s+#.*", "", shown.command)
    program, _, rest = command.partition(" ")
    if program == "cd":
        return shutil.copytree(commands.ROOT / rest, checkout / rest, dirs_exist_ok=True)
    if program == "make":
        makefile = (commands.ROOT / "Makefile").read_text(encoding="utf-8")
        assert set(rest.split()) <= set(re.findall(r"^(\w+):", makefile, re.MULTILINE)), command
    elif not command.startswith(NOT_RUN):
        finished = commands.run(command, at)
        lacking = documents.missing(shown.lines, finished.output)
        assert lacking is None, f"{command}\nlacks: {lacking}\n{finished.output}"
        # What ends badly has to be shown.
        worst = 1 if shown.lines else 0
        assert finished.status <= worst, f"{command}\n{finished.output}"
    return at
