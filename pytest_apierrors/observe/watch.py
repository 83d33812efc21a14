"""What is heard now: notes of those who answer, and the ear that they and the clients speak to."""

from __future__ import annotations

import threading
from collections import deque
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, NamedTuple

from pytest_apierrors.observe.heard import Answer, Heard, Place, is_local
from pytest_apierrors.seams import in_force, served_ports

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from pytest_apierrors.observe.copies import Copy
    from pytest_apierrors.observe.places import Places
    from pytest_apierrors.seams.patches import Patches

# Never changed in place: threads and tasks begin with what the one that started them had.
_NOTES: ContextVar[tuple[Answer, ...]] = ContextVar("apierrors_notes", default=())
_RECENT = 64  # nested calls hand on the same response at once


class Watch:
    """
    Hears of responses, once each, with whoever was noted as the one who answers.

    Notes are kept per thread and task: an answer is chosen where the request is made. `lacking`
    names what a library should have had to be heard.
    """

    def __init__(self, hear: Callable[[Heard], None], places: Places) -> None:
        self.places = places
        self.lacking: list[str] = []
        self.copies: list[Copy] = []
        self._hear = hear
        self._lock = threading.Lock()
        self._recent: deque[Any] = deque(maxlen=_RECENT)

    def note(self, answer: Answer) -> None:
        """Note who answers the request that is under way."""
        _NOTES.set((*_NOTES.get(), answer))

    def noted(self) -> Answer | None:
        """Return who answered last, and forget all notes."""
        notes = _NOTES.get()
        _NOTES.set(())
        return notes[-1] if notes else None

    @contextmanager
    def asking(self) -> Iterator[list[Answer]]:
        """Gather, by its end, the notes about one call of a client that may ask several times."""
        before = _NOTES.get()
        notes: list[Answer] = []
        _NOTES.set(())
        try:
            yield notes
        finally:
            notes += _NOTES.get()
            _NOTES.set(before)

    def hear_all(self, responses: Sequence[Any], notes: Sequence[Answer], **asked: Any) -> None:
        """Hear the responses to one call; each has its note, or the last note is for all."""
        each = len(notes) == len(responses)
        last = notes[-1] if notes else None
        for number, response in enumerate(responses):
            self.hear(response, notes[number] if each else last, **asked)

    def hear(self, obj: Any, answer: Answer | None = None, **asked: str | None) -> None:
        """Hear one response, unless it was heard before or is none of the API's."""
        with self._lock:
            if any(obj is one for one in self._recent):
                return
            self._recent.append(obj)
        force = in_force()
        if force is not None:
            if not force.answering:
                return  # broken on purpose
            place = None if force.place is None else self._named(*force.place)
            answer = answer or Answer("answer()", "mocked", place)
        url = asked.get("url") or getattr(obj, "url", None)
        if _ours(url):
            return
        self._hear(Heard(obj, answer, self.places.in_test(), **asked))

    def _named(self, file: str, line: int) -> Place | None:
        name = self.places.name(file)
        return None if name is None else Place(name, line)


class Scene(NamedTuple):
    """What every seam is given."""

    watch: Watch
    patches: Patches


def _ours(url: object) -> bool:
    """Whether a server of `apierrors_server` answered, which serves what is broken."""
    ports = served_ports()
    text = str(url) if ports and url is not None else ""
    return any(f":{port}/" in f"{text}/" for port in ports) and is_local(text)
