"""Questions about what is not saved yet: all of one person's, and what they began at one place."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from consult.errors import NotFound
from consult.extensions import db
from consult.toolkit.suggestions.models import Suggestion
from consult.toolkit.unsaved.models import Unsaved, Use

MOST = 50  # of one person


@dataclass(frozen=True)
class Place:
    """Where something is being written: without page and suggestion, a page of a `kind` that is not there yet."""

    use: Use
    page_id: int | None = None
    suggestion_id: int | None = None
    kind: str = "practice"

    @property
    def name(self) -> str:
        return f"{self.use.value}:{self.suggestion_id or self.page_id or self.kind}"


def kept_at(person_id: int, place: Place) -> Unsaved | None:
    """Return what somebody has begun at a place, to go on with it there."""
    mine = (Unsaved.person_id == person_id, Unsaved.place == place.name)
    return db.session.scalar(select(Unsaved).where(*mine))


def kept_by(person_id: int) -> Sequence[Unsaved]:
    """Return all that somebody has begun, what they touched last first."""
    return db.session.scalars(
        select(Unsaved)
        .where(Unsaved.person_id == person_id)
        .options(
            joinedload(Unsaved.page),
            joinedload(Unsaved.suggestion).options(joinedload(Suggestion.page)),
        )
        .order_by(Unsaved.updated_at.desc(), Unsaved.id.desc())
        .limit(MOST)
    ).all()


def count_of(person_id: int) -> int:
    return db.session.scalar(select(func.count()).where(Unsaved.person_id == person_id)) or 0


def own(person_id: int, key: str) -> Unsaved:
    """Return one of a person's own; NotFound for anybody else's, as for none."""
    mine = (Unsaved.person_id == person_id, Unsaved.key == key)
    found = db.session.scalar(select(Unsaved).where(*mine))
    if found is None:
        raise NotFound
    return found
