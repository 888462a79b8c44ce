"""Things to find: an open draft with a comment and a reply, and a toolkit page."""

from typing import Any

from consult import announcements
from consult.extensions import db, transaction
from consult.search import queries, terms
from consult.search.models import Kind
from tests.discussion import ground


def find(words: str, *kinds: Kind) -> dict[Kind, list[str]]:
    """Return the keys of what is found, by kind."""
    groups = queries.found(terms.read(words), kinds or tuple(Kind))
    return {group.kind: [entry.key for entry in group.entries] for group in groups}


def announced(consultation: Any, **values: Any) -> Any:
    """Tell the index of a consultation that a factory made, or that is given other values."""
    with transaction():
        for name, value in values.items():
            setattr(consultation, name, value)
        db.session.flush()
        announcements.consultation_changed.send("tests", consultation=consultation, actor=None)
    return consultation


def a_draft(text: str = ground.TEXT, **values: Any) -> Any:
    """A published draft whose consultation the index knows."""
    document = ground.a_draft(text, **values)
    announced(document.consultation)
    return document
