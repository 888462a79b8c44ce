"""Whom a happening concerns: what can be followed so that one hears of it, and who needs no telling."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select

from consult.discussion.models import Answer, Comment, Response
from consult.documents.models import Block, Paragraph, Version
from consult.extensions import db
from consult.notices.events import is_changed
from consult.notices.models import Event, Follow, Happening, Pace, ParagraphEvent, What

Target = tuple[What, int]
OF_A_CONSULTATION = frozenset({Event.OPENED, Event.EXTENDED, Event.OUTCOME, Event.WITHDRAWN})


@dataclass
class Reach:
    """What one happening is about.

    `within` is the consultation of which every follower hears, whatever of it they follow. `not_to` are people who did
    it, or are told in a mail of their own; `changed_to` those who are told of it by "The paragraph you commented on has
    changed", if they follow anything of the consultation.
    """

    targets: set[Target] = field(default_factory=set)
    within: int | None = None
    not_to: set[int] = field(default_factory=set)
    changed_to: set[int] = field(default_factory=set)
    consultation_id: int | None = None
    at: datetime | None = None

    def covers(self, follow: Follow) -> bool:
        """Say whether somebody who follows this hears of it: it is about that, and no older than the follow."""
        if self.at is not None and (follow.since is None or follow.since > self.at):
            return False
        if self.within is not None and follow.consultation_id == self.within:
            return True
        return (follow.what, follow.target_id) in self.targets

    def leaves_out(self, people: Iterable[int], follows: Iterable[Follow]) -> bool:
        """Say whether somebody who is these people (names at one address) is not told, for all that they follow."""
        people = set(people)
        if people & self.not_to:
            return True
        return bool(people & self.changed_to) and any(
            follow.consultation_id == self.consultation_id for follow in follows
        )

    def condition(self) -> ColumnElement[bool]:
        """Return in SQL what `covers` says."""
        kinds: dict[What, list[int]] = {}
        for what, target in self.targets:
            kinds.setdefault(what, []).append(target)
        parts = [and_(Follow.what == what, Follow.target_id.in_(ids)) for what, ids in kinds.items()]
        if self.within is not None:
            parts.append(Follow.consultation_id == self.within)
        return and_(or_(*parts), Follow.since <= self.at)


def counts() -> ColumnElement[bool]:
    """Return the condition for follows that count: confirmed, not left, and not set to never."""
    return and_(Follow.confirmed_at.is_not(None), Follow.left_at.is_(None), Follow.pace != Pace.NEVER)


def reaches(happenings: Sequence[Any]) -> dict[int, Reach]:
    """Return by id whom each happening (a row or an object) concerns, in a few reads for all of them."""
    found = {happening.id: _around(happening) for happening in happenings}
    _add_comments(happenings, found)
    _add_responses(happenings, found)
    _add_versions(happenings, found)
    return found


def newest_turn() -> int:
    """Return the turn of what was told last: who begins to follow now hears of what comes after."""
    return db.session.scalar(select(func.max(Happening.turn))) or 0


def _around(happening: Any) -> Reach:
    """Return what is known without looking further."""
    reach = Reach(consultation_id=happening.consultation_id, at=happening.at)
    if happening.event is Event.PAGE:
        reach.targets.add((What.PAGE, happening.page_id or 0))
    elif happening.event in OF_A_CONSULTATION:
        reach.within = happening.consultation_id
        reach.targets.add((What.UNIT, happening.unit_id or 0))
    else:
        reach.targets.add((What.CONSULTATION, happening.consultation_id or 0))
        reach.targets.add((What.DOCUMENT, happening.document_id or 0))
        if happening.page_id is not None:
            reach.targets.add((What.PAGE, happening.page_id))
    if happening.event is Event.VERSION:
        reach.targets.add((What.UNIT, happening.unit_id or 0))
    return reach


def _add_comments(happenings: Sequence[Any], found: dict[int, Reach]) -> None:
    ids = {one.comment_id: one.id for one in happenings if one.comment_id is not None}
    if not ids:
        return
    rows = db.session.execute(
        select(Comment.id, Comment.root_id, Comment.paragraph_id, Comment.author_id).where(
            Comment.id.in_(ids)
        )
    ).all()
    places = _places({row.paragraph_id for row in rows})
    for row in rows:
        reach = found[ids[row.id]]
        reach.targets.add((What.THREAD, row.root_id or row.id))
        reach.targets |= places[row.paragraph_id]
        reach.not_to.add(row.author_id)


def _add_responses(happenings: Sequence[Any], found: dict[int, Reach]) -> None:
    """The authors of the comments that a response answers got a mail of their own."""
    ids = {one.response_id: one.id for one in happenings if one.response_id is not None}
    if not ids:
        return
    rows = db.session.execute(
        select(
            *(Response.id, Response.author_id.label("official_id")),
            *(Comment.id.label("comment_id"), Comment.root_id, Comment.paragraph_id, Comment.author_id),
        )
        .join(Answer, Answer.response_id == Response.id)
        .join(Comment, Comment.id == Answer.comment_id)
        .where(Response.id.in_(ids))
    ).all()
    places = _places({row.paragraph_id for row in rows})
    for row in rows:
        reach = found[ids[row.id]]
        reach.targets.add((What.THREAD, row.root_id or row.comment_id))
        reach.targets |= places[row.paragraph_id]
        reach.not_to |= {row.official_id, row.author_id}


def _add_versions(happenings: Sequence[Any], found: dict[int, Reach]) -> None:
    ids = {one.version_id: one.id for one in happenings if one.version_id is not None}
    if not ids:
        return
    for row in db.session.execute(select(Version.id, Version.published_by).where(Version.id.in_(ids))):
        if row.published_by is not None:
            found[ids[row.id]].not_to.add(row.published_by)
    changed = db.session.execute(
        select(Block.version_id, Block.paragraph_id)
        .join(Version, Version.id == Block.version_id)
        .join(Paragraph, Paragraph.id == Block.paragraph_id)
        .where(Block.version_id.in_(ids), is_changed(Version.number))
    ).all()
    places = _places({row.paragraph_id for row in changed})
    for row in changed:
        found[ids[row.version_id]].targets |= places[row.paragraph_id]
    told = select(ParagraphEvent.version_id, ParagraphEvent.person_id).where(
        ParagraphEvent.version_id.in_(ids)
    )
    for row in db.session.execute(told):
        found[ids[row.version_id]].changed_to.add(row.person_id)


def _places(paragraph_ids: set[int]) -> dict[int, set[Target]]:
    """Return each paragraph with those that share its talk: it goes on in one place once they are joined."""
    place = func.coalesce(Paragraph.home_id, Paragraph.id)
    homes: dict[int, int] = {}
    if paragraph_ids:
        rows = db.session.execute(select(Paragraph.id, place).where(Paragraph.id.in_(paragraph_ids)))
        homes = {row[0]: row[1] for row in rows}
    gathered: dict[int, set[Target]] = {home: {(What.PARAGRAPH, home)} for home in homes.values()}
    if gathered:
        joined = select(Paragraph.id, Paragraph.home_id).where(Paragraph.home_id.in_(gathered))
        for own, home in db.session.execute(joined).all():
            gathered[home or own].add((What.PARAGRAPH, own))
    return {own: gathered[home] for own, home in homes.items()}
