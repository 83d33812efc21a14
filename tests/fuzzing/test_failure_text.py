"""What a failed kind says is scrubbed before it is cut."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from pytest_apierrors.faults.model import Fault, Step
from pytest_apierrors.fuzzing.words import failure_text
from pytest_apierrors.oracle.wording import Words

SECRET = "Zqa7w/e+r==token"
SEEN = SECRET[:5]


def text_of(fault):
    run = SimpleNamespace(
        calls=(),
        slept=0,
        hung=None,
        endless=False,
        raised=None,
        returned=None,
        secrets=frozenset({SECRET}),
    )
    broken = SimpleNamespace(part="part", sentence="sentence")
    return failure_text(SimpleNamespace(name="kind", doc="doc"), fault, run, [broken])


@pytest.mark.parametrize("pad", [0, 72, 192, 392, 1992])
def test_half_of_a_credential_is_not_left_where_a_text_is_cut(pad):
    echo = f"{'y' * pad}{SECRET}"
    fault = Fault("kind", 400, (("X-Echo", echo), (echo, "1")), echo.encode() * 3)
    sent = Fault("kind", None, steps=(Step("send", echo.encode() * 3),))
    words = Words(frozenset({SECRET}))

    for text in (text_of(fault), text_of(sent), words.value(echo), words.text(echo)):
        assert SEEN not in text
        assert "yy" in text or "[redacted]" in text
