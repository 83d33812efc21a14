"""Parts that several objects of a catalog share: sources and claims."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pytest_apierrors.catalog import model
from pytest_apierrors.catalog.node import json_name
from pytest_apierrors.catalog.subset import TYPES, suggestion

if TYPE_CHECKING:
    from pytest_apierrors.catalog.node import Node

JSON_TYPES = (*TYPES, "absent")
FINDINGS = (
    "no-example",
    "example-invalid",
    "example-disagrees",
    "status-unregistered",
    "duplicate-description",
    "numbering-hole",
    "retry-without-delay",
    "placeholder-in-exact",
    "probe-undocumented",
    "probe-repeated",
)
Sources = dict[str, model.Source]


def source_ids(node: Node, sources: Sources) -> tuple[str, ...]:
    """Return the ids that `source` names; a fact without a source is refused."""
    value = node.take("source", str, list, required=True)
    names = [value] if isinstance(value, str) else list(value or ())
    if value == []:
        node.problem("at least one source is needed", "source")
    for name in names:
        if not isinstance(name, str):
            node.problem(f"a text is needed; found {json_name(name)}", "source")
        elif not sources:
            node.problems.append(("$", '"sources" is missing or empty: every fact names one'))
        elif name not in sources:
            node.problem(f'no source "{name}"{suggestion(name, tuple(sources))}', "source")
    return tuple(map(str, names))


def one_source(node: Node, sources: Sources) -> str:
    """Return the one id that `source` names."""
    if isinstance(node.value.get("source"), list):
        node.problem("one source is named here", "source")
    return (source_ids(node, sources) or ("",))[0]


def read_claims(node: Node, sources: Sources) -> tuple[model.Claim, ...]:
    """Return the claims of an object."""
    return tuple(_read_claim(one, sources) for one in node.items("claims"))


def _read_claim(node: Node, sources: Sources) -> model.Claim:
    if "value" not in node.value:
        node.problem('"value" is missing')
    finding = node.choice("finding", FINDINGS, default="")
    claim = model.Claim(
        fact=node.text("fact", required=True) or "",
        value=_frozen(node.take("value")),
        source=one_source(node, sources),
        state=node.choice("state", ("live", "rejected"), default="live"),
        reason=node.text("reason"),
        finding=finding or None,
    )
    if claim.state == "rejected" and claim.reason is None:
        node.problem('a rejected claim gives its "reason"')
    node.done()
    return claim


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
