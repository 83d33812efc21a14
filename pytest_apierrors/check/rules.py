"""One small function per rule: what it finds in a response, as violations."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from pytest_apierrors.catalog.compile import (
    ABSENT,
    NO_ERRORS,
    has_type,
    is_index,
    json_type,
    resolve,
    spell,
)
from pytest_apierrors.catalog.model import Unknown
from pytest_apierrors.catalog.subset import step
from pytest_apierrors.check.diagnose import NOTHING, Difference, differences, equal
from pytest_apierrors.check.template import values_in
from pytest_apierrors.check.verdict import DEFAULT_SEVERITY, Rule, Severity, Violation
from pytest_apierrors.check.words import documented, either, show, show_place, show_text, types
from pytest_apierrors.inert import inert

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from pytest_apierrors.catalog.compile import Compiled
    from pytest_apierrors.catalog.model import Catalog, DocumentedError, Envelope, Header, HttpRule
    from pytest_apierrors.check.content import Found
    from pytest_apierrors.response import Response

_KEYWORD_RULES: dict[str, Rule] = {
    "required": "field-missing",
    "type": "field-type",
    "additionalProperties": "field-undocumented",
}
_NAMES = re.compile(r"\.([A-Za-z_][A-Za-z0-9_]*)|\['((?:[^'\\]|\\.)*)'\]")
_LESS: dict[Severity, Severity] = {"error": "warning", "warning": "note", "note": "note"}


def _as_it_is(value: Any) -> Any:
    return value


class Findings:
    """
    The violations of one response against one entry, whatever a policy makes of them.

    `clean` takes the request's credentials out of what the response says: a provider may repeat
    them.
    """

    def __init__(
        self, violations: Iterable[Violation] = (), clean: Callable[[Any], Any] = _as_it_is
    ) -> None:
        self.violations: list[Violation] = list(violations)
        self.clean = clean

    def add(
        self, rule: Rule, where: str, wanted: str, found: str, severity: Severity | None = None
    ) -> None:
        """Note one violation, unless it is noted already."""
        level = severity or DEFAULT_SEVERITY[rule]
        violation = Violation(rule, level, where, inert(wanted, 300), found)
        if violation not in self.violations:
            self.violations.append(violation)

    def show(self, value: Any, *names: str) -> str:
        """Return a value of the response as one short line."""
        return show(value if value is NOTHING else self.clean(value), *names)

    def show_text(self, text: str | None, name: str = "") -> str:
        """Return a header value or the like of the response, unquoted."""
        return show_text(self.clean(text), name)

    def show_place(self, where: str) -> str:
        """Return a JSONPath into the response: the names in it are the response's."""
        return show_place(self.clean(where))

    def extend(self, defects: Iterable[Found]) -> None:
        """Note defects of the body itself."""
        for rule, where, wanted, found in defects:
            self.add(rule, where, wanted, found)


def names(where: str) -> list[str]:
    """Return the names of the members that a JSONPath goes through."""
    return [plain or quoted for plain, quoted in _NAMES.findall(where)]


def path(pointer: Sequence[str]) -> str:
    """Return a JSON Pointer's parts as a JSONPath."""
    where = "$"
    for part in pointer:
        where = f"{where}[{part}]" if is_index(part) else step(where, part)
    return where


def check_status(findings: Findings, entry: DocumentedError, status: int, catalog: Catalog) -> bool:
    """
    Hold the status against the entry's; an error under a 2xx is `error-in-success`.

    Return whether the entry is documented under other statuses only.
    """
    own = () if isinstance(entry.statuses, Unknown) else entry.statuses
    if status in own:
        return False
    claimed = entry.live("status")
    success = 200 <= status < 300
    failing = bool(own) and not any(200 <= one < 300 for one in own)
    if success and status not in claimed and (status in catalog.success or failing):
        wanted = either(own) if own else "an error status"
        findings.add("error-in-success", "status", wanted, str(status))
        return bool(own)
    if status in claimed and own:
        findings.add("contested", "status", either(own), str(status))
    elif own:
        findings.add("status-mismatch", "status", either((*own, *claimed)), str(status))
        return True
    return False


def check_schema(
    findings: Findings,
    compiled: Compiled,
    envelope: Envelope,
    entry: DocumentedError | None,
    value: Any,
) -> None:
    """Hold a body against the schema of an entry in its envelope."""
    if compiled.validator(envelope, entry).is_valid(value):
        return
    code = None if envelope.code is None else path(envelope.code.pointer)
    for difference in differences(compiled.schema(envelope, entry), value):
        if difference.where == code and _means_none(envelope, difference.found):
            continue  # no code at all is a rule of its own
        add_difference(findings, difference)


def shape(envelope: Envelope | None) -> str:
    """Say what an envelope looks like: the members that it requires."""
    required = [] if envelope is None else envelope.schema.get("required", [])
    return f"JSON with {' and '.join(map(show, required))}" if required else "an error of the API"


def shared(envelope: Envelope, value: Any) -> int:
    """Count the members of a body that an envelope has, too, with a value of the same type."""
    members = envelope.schema.get("properties", {})
    if not isinstance(value, dict):
        return 0
    kinds = {name: _type_at(envelope.schema, (name,)) for name in value if name in members}
    return sum(
        has_type(value[name], frozenset([kind] if isinstance(kind, str) else kind))
        for name, kind in kinds.items()
    )


def check_known(findings: Findings, envelope: Envelope, value: Any) -> None:
    """Report a body in no envelope in which nothing else is wrong."""
    found = (one for one in findings.violations if one.where.startswith("$"))
    if not any(violation.severity == "error" for violation in found):
        findings.add("field-value", "$", shape(envelope), findings.show(value))


def _means_none(envelope: Envelope, value: Any) -> bool:
    """Whether a value of the code's place is one that is listed as no code."""
    if envelope.code is None or value is None:
        return envelope.code is not None and None in envelope.code.none
    if value is NOTHING:
        return True
    listed = isinstance(value, str) or json_type(value) == "integer"
    return listed and value != "" and spell(value, envelope.code) is None


def add_difference(findings: Findings, difference: Difference) -> None:
    """Note a schema difference under the rule of its keyword."""
    rule = _KEYWORD_RULES.get(difference.keyword, "field-value")
    wanted = documented(difference.keyword, difference.wanted)
    missing = difference.found is NOTHING
    found = findings.show(difference.found, *(() if missing else names(difference.where)))
    findings.add(rule, findings.show_place(difference.where), wanted, found)


def check_code_present(
    findings: Findings, compiled: Compiled, envelope: Envelope, value: Any, code: str | None
) -> None:
    """Report a body whose envelope has codes and that has none."""
    if envelope.code is None or code is not None:
        return
    found = resolve(value, envelope.code.pointer)
    where = path(envelope.code.pointer)
    pointer = envelope.code.pointer
    held = {findings.show_place(path(pointer[:n])) for n in range(len(pointer) + 1)}
    if any(v.rule == "field-type" and v.where in held for v in findings.violations):
        return  # what holds the code has another type, and that is the violation
    wanted = types(_type_at(envelope.schema, envelope.code.pointer))
    errors = (e for s, e in _codes(compiled) if s == envelope.space and e.role not in NO_ERRORS)
    example = next((entry.code for entry in errors), None)
    if example is not None:
        wanted += f", such as {example}"
    shown = findings.show(NOTHING if found is ABSENT else found)
    findings.add("code-missing", where, wanted, shown)


def _codes(compiled: Compiled) -> Iterable[tuple[str, DocumentedError]]:
    return ((space, candidates[0].entry) for (space, _), candidates in compiled.codes.items())


def _type_at(schema: Any, pointer: Sequence[str]) -> Any:
    for part in pointer:
        schema = schema.get("properties", {}).get(part, {}) if isinstance(schema, dict) else {}
    return schema.get("type", "a code") if isinstance(schema, dict) else "a code"


def check_message(
    findings: Findings, entry: DocumentedError, envelope: Envelope, value: Any
) -> dict[str, str]:
    """Hold the message against the documented one; return a template's values."""
    if entry.message is None or envelope.message is None or entry.message.match == "example":
        return {}
    found = resolve(value, envelope.message)
    if not isinstance(found, str):
        return {}
    if entry.message.match == "template":
        values = values_in(entry, found)
        if values is not None:
            return values
    elif found == entry.message.text:
        return {}
    where = path(envelope.message)
    rule: Rule = "contested" if found in entry.live("message") else "message-differs"
    findings.add(rule, where, show(entry.message.text), findings.show(found))
    return {}


def check_content_type(findings: Findings, envelope: Envelope, response: Response) -> None:
    """Hold the media type against the envelope's; only a named one makes it an error."""
    if response.headers is None or not envelope.media_types:
        return
    sent = response.headers.get_all("Content-Type")
    media = {one.partition(";")[0].strip().lower() for one in sent}
    if sent and media.issubset(envelope.media_types):
        return
    found = ", ".join(sent) if sent else None
    wanted = either(envelope.media_types)
    severity: Severity = "warning" if envelope.media_types_source is None else "error"
    shown = findings.show_text(found)
    findings.add("content-type", "header:Content-Type", wanted, shown, severity)


def check_headers(
    findings: Findings, entry: DocumentedError | None, compiled: Compiled, response: Response
) -> None:
    """Hold the headers against the entry's and, where that is silent, against HTTP's own rules."""
    if response.headers is None:
        return
    said = {header.name.lower() for header in entry.headers} if entry else set()
    for header in entry.headers if entry else ():
        _check_header(findings, header, response, inherited=False)
    for rule in compiled.rules(response.status):
        if rule.header is not None and rule.header.lower() not in said:
            _check_header(findings, rule, response, inherited=not compiled.catalog.own_rules)


def _check_header(
    findings: Findings, rule: Header | HttpRule, response: Response, *, inherited: bool
) -> None:
    name = header_name(rule)
    values = response.headers.get_all(name) if response.headers else []
    where = f"header:{name}"
    wrong: Severity = "warning" if inherited else "error"
    if not values and rule.level != "may" and not response.declared:
        severity = _LESS[wrong] if rule.level == "should" else wrong
        findings.add("header-missing", where, _header_words(rule), "nothing", severity)
    # One field sent on several lines is one value, a list (RFC 9110, 5.2).
    value = ", ".join(map(str.strip, values))
    if values and rule.schema and differences(rule.schema, value):
        found = findings.show_text(value, name)
        findings.add("header-value", where, _header_words(rule), found, wrong)


def header_name(rule: Header | HttpRule) -> str:
    """Return the header that a catalog's or HTTP's own rule is about."""
    return str(getattr(rule, "name", None) or getattr(rule, "header", ""))


def _header_words(rule: Header | HttpRule) -> str:
    schema = rule.schema or {}
    said = schema.get("description") or schema.get("title")
    if isinstance(said, str):
        return said
    pattern = schema.get("pattern")
    return documented("pattern", pattern) if isinstance(pattern, str) else "a value"


def is_printed(entry: DocumentedError, envelope: Envelope | None, value: Any) -> bool:
    """Whether a body is the entry's own example, apart from members it may leave out."""
    example = None if entry.example is None else entry.example.body
    if not isinstance(example, dict) or not isinstance(value, dict):
        return False
    rule = None if envelope is None else envelope.code
    # A code beside the other members is compared already, in whatever spelling.
    code = rule.pointer[0] if rule is not None and len(rule.pointer) == 1 else None
    shared = (example.keys() & value.keys()) - {code}
    return bool(shared) and all(equal(example[key], value[key]) for key in shared)


def check_secondary(findings: Findings, entry: DocumentedError, catalog: Catalog) -> None:
    """Say that only an SDK, a capture or an inference knows an entry."""
    if entry.secondary:
        kinds = sorted({catalog.sources[one].kind for one in entry.sources})
        findings.add("source-secondary", "$", "on no page", f"known from {either(kinds)}")
