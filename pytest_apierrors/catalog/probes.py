"""The probes of a catalog file: harmless requests, each with the answer that is documented."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote, unquote_plus

from pytest_apierrors.catalog import model
from pytest_apierrors.catalog.node import json_name
from pytest_apierrors.catalog.parts import Sources, source_ids
from pytest_apierrors.catalog.subset import suggestion
from pytest_apierrors.inert import one_line
from pytest_apierrors.secret_names import secrecy

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pytest_apierrors.catalog.node import Node

MOST: Final = 50
"""Probes of one catalog, and requests of one run."""
SAFE: Final = ("GET", "HEAD", "OPTIONS")
REFUSING: Final = frozenset({405, 501})
"""The statuses by which a server says that it did not do what a method asks for."""

_NAME: Final = re.compile(r"[a-z][a-z0-9-]{0,39}")
_METHOD: Final = re.compile(r"[A-Z][A-Z-]{0,19}")
_PATH: Final = re.compile(r"/(?!/)[!$-;=?-\[\]_a-z~]{0,1999}")
_TOKEN: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}")
_VALUE: Final = re.compile(r"[!-~](?:[ -~]{0,998}[!-~])?")
# What frames a message or leads it elsewhere is ours, and an override makes a DELETE of a GET.
_OURS_LIST: Final = """
    connection content-length expect forwarded host keep-alive te trailer transfer-encoding upgrade
    user-agent via x-forwarded-host x-host x-http-method x-http-method-override x-method-override
    x-original-url x-rewrite-url
"""
_OURS: Final = frozenset(_OURS_LIST.split())


def read_probes(
    top: Node,
    sources: Sources,
    errors: Mapping[str, model.DocumentedError],
    inherited: tuple[model.Probe, ...],
) -> tuple[model.Probe, ...]:
    """Read the probes; one of an inherited name takes its place."""
    probes = {probe.name: probe for probe in inherited}
    own: set[str] = set()
    for node in top.items("probes"):
        probe = _read(node, sources, errors)
        if probe.name in own:
            node.problem(f'there is another probe "{probe.name}"', "name")
        own.add(probe.name)
        probes[probe.name] = probe
    if top.value.get("probes") == []:
        top.problem("at least one probe is needed", "probes")
    if len(probes) > MOST:
        top.problem(f"{len(probes)} probes; a catalog has at most {MOST}", "probes")
    return tuple(probes.values())


def _read(node: Node, sources: Sources, errors: Mapping[str, model.DocumentedError]) -> model.Probe:
    ids = source_ids(node, sources)
    statuses, entries = _expected(node, errors)
    probe = model.Probe(
        name=_matching(
            node, "name", _NAME, "a name of lower-case letters, digits, dashes (at most 40)"
        ),
        method=_matching(node, "method", _METHOD, "a method in capital letters such as GET"),
        path=_path(node),
        headers=tuple(_headers(node)),
        statuses=statuses,
        entries=entries,
        harmless=node.text("harmless"),
        sources=ids,
        secondary=bool(ids)
        and not any(sources[one].kind in model.PRIMARY_KINDS for one in ids if one in sources),
    )
    _check_method(node, probe, errors)
    node.done()
    return probe


def _matching(node: Node, key: str, pattern: re.Pattern[str], wanted: str) -> str:
    value: str | None = node.take(key, str, required=True)
    if value is not None and not pattern.fullmatch(value):
        node.problem(f"{wanted} is needed; found {one_line(value, 60)}", key)
    return value or ""


def _path(node: Node) -> str:
    path = _matching(
        node, "path", _PATH, 'a path such as "/v1/calls" (visible ASCII, no second slash first)'
    )
    plain, _, query = path.partition("?")
    if {".", ".."} & set(unquote(plain).replace("\\", "/").split("/")):
        node.problem("a path that climbs leaves what the user named", "path")
    for piece in re.split("[&;]", query):
        name = unquote_plus(piece.partition("=")[0])
        if secrecy(name) == "always":
            found = one_line(name, 60)
            node.problem(f"a probe sends no credentials, and {found} carries them", "path")
    return path


def _headers(node: Node) -> Iterator[tuple[str, str]]:
    headers = node.take("headers", dict)
    if headers == {}:
        node.problem("at least one header is needed", "headers")
    for name, value in (headers or {}).items():
        if not isinstance(value, str):
            node.problem(f"a text is needed; found {json_name(value)}", "headers")
        elif not _TOKEN.fullmatch(name) or not _VALUE.fullmatch(value):
            found = one_line(f"{name}: {value}", 60)
            node.problem(f"a header is a name and visible ASCII; found {found}", "headers")
        elif name.lower() in _OURS:
            node.problem(f'a probe does not set the header "{name}"', "headers")
        elif secrecy(name) != "never":
            node.problem(f'a probe sends no credentials, and "{name}" carries them', "headers")
        else:
            yield name, value


def _expected(
    node: Node, errors: Mapping[str, model.DocumentedError]
) -> tuple[tuple[int, ...], tuple[str, ...]]:
    inner = node.node("expect", required=True)
    if inner is None:
        return (), ()
    statuses = inner.statuses("status")
    keys = inner.take("entries", list)
    for key in keys or ():
        if not isinstance(key, str):
            inner.problem(f"a text is needed; found {json_name(key)}", "entries")
        elif key not in errors:
            inner.problem(f'no entry "{key}"{suggestion(key, tuple(errors))}', "entries")
    if keys == []:
        inner.problem("at least one entry is needed", "entries")
    if ("status" in inner.value) == ("entries" in inner.value):
        inner.problem('says either "status" or "entries"')
    inner.done()
    return statuses, tuple(key for key in keys or () if isinstance(key, str))


def _check_method(
    node: Node, probe: model.Probe, errors: Mapping[str, model.DocumentedError]
) -> None:
    """Hold back what could change something: only a method that has to be refused may."""
    if not _METHOD.fullmatch(probe.method):
        return
    if probe.method in SAFE:
        if probe.harmless is not None:
            node.problem(f"{probe.method} changes nothing; the reason is superfluous", "harmless")
        return
    if probe.method == "CONNECT":
        node.problem("CONNECT asks for a tunnel, not for an answer", "method")
    if probe.harmless is None:
        methods = ", ".join(SAFE)
        node.problem(f'a method other than {methods} gives the reason why it is "harmless"')
    named = [errors[key].statuses for key in probe.entries if key in errors]
    expected = {*probe.statuses}
    for statuses in named:
        expected |= {0} if isinstance(statuses, model.Unknown) else {*statuses}
    if not expected <= REFUSING:
        node.problem(f"expects more than that {probe.method} is refused (405 or 501)", "expect")
