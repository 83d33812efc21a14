"""Ring 2: in the provider's own shape, but new: codes, statuses, fields and texts never seen."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any

from pytest_apierrors.catalog.compile import compiled
from pytest_apierrors.faults.rings import Line, meet
from pytest_apierrors.faults.subject import has_code, has_message

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_apierrors.check.verdict import Rule
    from pytest_apierrors.faults.compose import Composed
    from pytest_apierrors.faults.model import Fault, Kind
    from pytest_apierrors.faults.rings import Making
    from pytest_apierrors.faults.subject import Subjects

_STATUSES = (418, 420, 423, 451, 498, 520, 529, 530, 599)
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_FOREIGN = "\u00e9\u00df\u00f1\u00f8\u0436\u05e9\u0645\u4e2d\u3042\ud55c\U0001f44b"
_FORMATS = ("{0}", "{message}", "%s", "%(code)d", "%", "{", "${jndi:x}", "\\", "\x1b[31mred")


def kinds(subjects: Subjects) -> Iterator[Kind]:
    """Yield the kinds of this ring for one catalog."""
    return meet("unseen", _LINES, subjects)


def _unknown_code(making: Making) -> Fault:
    """Take a code near the own one that no entry has."""
    own = making.code
    skip = making.pick.number(0, 50)
    if isinstance(own, str) and not own.removeprefix("-").isdigit():
        code: Any = "unheard_of" + making.pick.text(_LETTERS, 0, 8)
        return making.fault(making.put(making.code_at, code))
    number = int(own)
    step = -1 if number < 0 else 1
    near = (number + step * more for more in range(1, 5000))
    new = list(islice((code for code in near if not making.knows(type(own)(code))), skip + 1))
    return making.fault(making.put(making.code_at, type(own)(new[-1])))


def _unknown_code_rule(subjects: Subjects, fitting: tuple[Composed, ...]) -> Rule | None:
    known = {*compiled(subjects.catalog).by_status}
    return "code-undocumented" if known and fitting else None


def _unknown_status(making: Making) -> Fault:
    accepted = {making.one.status, *making.one.entry.live("status")}
    return making.fault(status=making.pick.one([s for s in _STATUSES if s not in accepted]))


def _extra_field(making: Making) -> Fault:
    name = "new_" + making.pick.text(_LETTERS, 1, 8)
    values: tuple[Any, ...] = ("later", 1, None, True, [], {}, {"nested": {"deeper": [1]}})
    value = making.pick.one(values)
    return making.fault({**making.one.body, name: value})


def _optional(one: Composed) -> list[str]:
    if one.envelope is None or not isinstance(one.body, dict):
        return []
    required = one.envelope.schema.get("required", ())
    return [name for name in one.body if name not in required]


def _optional_absent(making: Making) -> Fault:
    optional = _optional(making.one)
    gone = set(optional[: making.pick.number(1, len(optional))])
    return making.fault({k: v for k, v in making.one.body.items() if k not in gone})


def _respelled(making: Making) -> Fault:
    own = making.code
    if isinstance(own, int):
        forms: list[Any] = [str(own)]
    else:
        texts = [own.upper(), own.title(), own.replace("_", "-"), own + " "]
        forms = [form for form in texts if form != own]
    return making.fault(making.put(making.code_at, making.pick.one(forms)))


def _long_message(making: Making) -> Fault:
    text = "x" * making.pick.one((4_096, 65_536, 300_000))
    return making.fault(making.put(making.message_at, text))


def _foreign_message(making: Making) -> Fault:
    text = _FOREIGN[:1] + making.pick.text(_FOREIGN, 0, 20)
    return making.fault(making.put(making.message_at, text))


def _formatted_message(making: Making) -> Fault:
    text = making.pick.one(_FORMATS) + making.pick.text(_LETTERS, 0, 4)
    return making.fault(making.put(making.message_at, text))


def _empty_message(making: Making) -> Fault:
    return making.fault(making.put(making.message_at, ""))


def _many_lines(making: Making) -> Fault:
    text = "\r\n".join(["line"] * making.pick.number(2, 40))
    return making.fault(making.put(making.message_at, text))


_LINES = (
    Line(
        "unknown-code",
        "A code that the provider does not document.",
        _unknown_code,
        has_code,
        _unknown_code_rule,
    ),
    Line("unknown-status", "A documented body under a status never seen.", _unknown_status),
    Line(
        "extra-field",
        "A member that the documentation does not know.",
        _extra_field,
        lambda one: isinstance(one.body, dict),
    ),
    Line(
        "optional-absent",
        "Members that are not required are absent.",
        _optional_absent,
        lambda one: bool(_optional(one)),
    ),
    Line(
        "code-respelled",
        "The code as a text instead of a number, or in other letters.",
        _respelled,
        has_code,
        carries=("status", "message", "retry_after"),
    ),
    Line("message-long", "A message of up to 300 kB.", _long_message, has_message),
    Line("message-foreign", "A message in other scripts.", _foreign_message, has_message),
    Line(
        "message-format",
        "A message with format placeholders, backslashes or terminal escapes.",
        _formatted_message,
        has_message,
    ),
    Line("message-empty", "A message without characters.", _empty_message, has_message),
    Line("message-lines", "A message of several lines.", _many_lines, has_message),
)
