"""Whether what stands in the tables is what the record says: the state of each comment, and its very words."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from consult import audit
from consult.discussion.digests import digest_of
from consult.discussion.models import Comment, State
from consult.extensions import db
from consult.moderation.seals.locking import sealed_digest

PREFIX = "comment:"
STATES = frozenset(state.value for state in State)


@dataclass(slots=True)
class _Last:
    """What the record says last of one comment: its state, and its text."""

    state: str = ""
    state_at: str = ""
    text: str = ""
    text_at: str = ""

    def add(self, entry: Mapping[str, Any]) -> None:
        where = f"chain {entry['chain']}, {audit.place_of(entry)}"
        if entry["after"] in STATES:
            self.state, self.state_at = entry["after"], where
        if entry["text_digest"]:
            self.text, self.text_at = entry["text_digest"], where


def differences() -> Iterator[str]:
    """Yield, in words, each comment whose state or text is not what the record says last; nothing when all agree.

    It finds what a chain alone cannot show: entries that were cut off at its end, and texts changed behind its back.
    """
    told = _last_told()
    said: Any = Comment.__table__.c
    names = (said.id, said.state, said.salt, said.body, said.replacement, said.is_sealed)
    wanted = select(*names).order_by(said.id)
    for row in db.session.execute(wanted.execution_options(yield_per=1_000)):
        last = told.get(row.id)
        if last is None or not last.state:
            yield f"comment {row.id} is {row.state.value}, and no entry tells how it came to be"
        elif last.state != row.state.value:
            yield f"comment {row.id} is {row.state.value}, and the last entry about it says {last.state} ({last.state_at})"
        if last is not None and _is_other(last, row):
            yield f"comment {row.id} does not say what it said at the last entry about its text ({last.text_at})"


def _last_told() -> dict[int, _Last]:
    told: dict[int, _Last] = {}
    for entry in audit.entries():
        number = entry["subject"].removeprefix(PREFIX)
        if number != entry["subject"] and number.isdigit():
            told.setdefault(int(number), _Last()).add(entry)
    return told


def _is_other(last: _Last, row: Any) -> bool:
    """Say whether a text is another than the record knows. Of one that was erased nothing can be said: its salt is gone.

    One that is sealed is looked at where it lies.
    """
    is_erased = row.state is State.ERASED and not row.salt and not row.body
    if not last.text or is_erased:
        return False
    return last.text != (
        sealed_digest(row.id) if row.is_sealed else digest_of(row.salt, row.body, row.replacement)
    )
