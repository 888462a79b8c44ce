"""Writing what was decided of a comment, in one short transaction.

Comparing takes some milliseconds, for which no writer is to wait: it is done before, and all that is left is here.
Whoever finds that the campaigns of the consultation have changed meanwhile begins again.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, bindparam, delete, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from consult import clock
from consult.discussion.models import Comment, State
from consult.extensions import db
from consult.moderation.campaigns.models import (
    Campaign,
    CampaignBand,
    CampaignLetter,
    CampaignTurn,
    CampaignWaiting,
)
from consult.text.campaigns.letters import SEED

GROUPED = (State.WAITING, State.PUBLISHED, State.RETURNED, State.TAKEN_DOWN)
"""Where a comment is that stands in a campaign: what was taken down stays, so that the next copy of it is known."""

_INSERTS: dict[str, Any] = {"postgresql": postgresql.insert, "sqlite": sqlite.insert}
_campaign: Any = Campaign.__table__
_letter: Any = CampaignLetter.__table__
_band: Any = CampaignBand.__table__
_waiting: Any = CampaignWaiting.__table__
_comment: Any = Comment.__table__

# Built once: building a statement costs more than running it.
_SETTLE = delete(_waiting).where(_waiting.c.id == bindparam("waiting"))
_STANDS = select(_comment.c.id).where(
    _comment.c.id == bindparam("comment"),
    _comment.c.state.in_(GROUPED),
    _comment.c.is_team_only.is_(False),
)
_ADD = insert(_letter)
_JOIN = (
    update(_letter)
    .where(_letter.c.comment_id == bindparam("comment"))
    .values(campaign_id=bindparam("campaign"))
)
_COUNT = (
    update(_campaign)
    .where(_campaign.c.id == bindparam("campaign"))
    .values(letter_count=_campaign.c.letter_count + bindparam("step"))
)
_ENTER = insert(_band)
_LEAVE = delete(_band).where(
    _band.c.consultation_id == bindparam("consultation"),
    _band.c.bucket == bindparam("from_bucket"),
    _band.c.comment_id == bindparam("comment"),
)


class Stale(Exception):
    """The campaigns of the consultation have changed since they were read."""


def turn_of(consultation_id: int) -> int:
    """Return how often the campaigns of a consultation have changed."""
    wanted = select(CampaignTurn.turn).where(CampaignTurn.consultation_id == consultation_id)
    return db.session.scalar(wanted) or 0


def take_turn(consultation_id: int, seen: int | None = None) -> None:
    """Count a change of a consultation's campaigns, and hold the others until it is written.

    Raises Stale where `seen` is not how often they had changed.
    """
    mine = CampaignTurn.consultation_id == consultation_id
    where = mine if seen is None else and_(mine, CampaignTurn.turn == seen)
    changed = db.session.execute(update(CampaignTurn).where(where).values(turn=CampaignTurn.turn + 1))
    if changed.rowcount:  # type: ignore[attr-defined]
        return
    first = _INSERTS[db.engine.dialect.name](CampaignTurn).values(consultation_id=consultation_id, turn=1)
    if not seen and db.session.scalar(first.on_conflict_do_nothing().returning(CampaignTurn.turn)):
        return
    if seen is not None:
        raise Stale
    take_turn(consultation_id)  # somebody else was the first


@dataclass(frozen=True)
class Plan:
    """What was decided of one comment, as it is to be written if the campaigns are still at `turn`.

    `joined` are comments and the group that they are in from now on, `groups` what campaigns each group is made of: none
    for a new one, several for those that are brought together. `come` are the buckets that the comment enters, `gone`
    entries that are needed no more.
    """

    consultation_id: int
    turn: int
    number: int
    mark: int
    is_new: bool
    is_first: bool
    joined: Mapping[int, int]
    groups: Mapping[int, Sequence[int]]
    come: Sequence[int]
    gone: Sequence[tuple[int, int]]

    def write(self, waiting_id: int) -> None:
        """Write it, in the transaction of the caller. Raises Stale: nothing is written then.

        Of a comment that is no longer where campaigns look, nothing is written either.
        """
        run = db.session.connection().execute
        if self.joined or self.groups or self.come or self.gone:
            take_turn(self.consultation_id, self.turn)
        run(_SETTLE, {"waiting": waiting_id})
        if run(_STANDS, {"comment": self.number}).first() is None:
            return
        campaigns = {group: self._campaign(olds) for group, olds in self.groups.items()}
        moved = {each: campaigns[group] for each, group in self.joined.items()}
        if self.is_new:
            run(_ADD, self._row(moved.get(self.number)))
        joining = [
            {"comment": each, "campaign": campaign}
            for each, campaign in moved.items()
            if not (self.is_new and each == self.number)
        ]
        if joining:
            run(_JOIN, joining)
        for campaign, count in Counter(moved.values()).items():
            run(_COUNT, {"campaign": campaign, "step": count})
        self._write_bands()
        db.session.expire_all()

    def _row(self, campaign: int | None) -> dict[str, Any]:
        return {
            "comment_id": self.number,
            "consultation_id": self.consultation_id,
            "campaign_id": campaign,
            "mark": self.mark,
            "is_first": self.is_first,
            "is_apart": False,
            "sketch": SEED,
        }

    def _campaign(self, olds: Sequence[int]) -> int:
        """Return the campaign that these are from now on: the largest of them, or a new one."""
        if not olds:
            made = Campaign(consultation_id=self.consultation_id, made_at=clock.now(), letter_count=0)
            db.session.add(made)
            db.session.flush()
            return made.id
        into = olds[0] if len(olds) == 1 else _largest(olds)
        for other in olds:
            if other != into:
                _move_all(other, into)
        return into

    def _write_bands(self) -> None:
        run = db.session.connection().execute
        if self.gone:
            leaving = [
                {"consultation": self.consultation_id, "from_bucket": bucket, "comment": number}
                for bucket, number in self.gone
            ]
            run(_LEAVE, leaving)
        if self.come:
            entering = [
                {"consultation_id": self.consultation_id, "bucket": bucket, "comment_id": self.number}
                for bucket in self.come
            ]
            run(_ENTER, entering)


def _largest(campaigns: Sequence[int]) -> int:
    wanted = select(Campaign.id).where(Campaign.id.in_(campaigns))
    found = db.session.scalar(wanted.order_by(Campaign.letter_count.desc(), Campaign.id).limit(1))
    return int(found) if found is not None else campaigns[0]


def _move_all(other: int, into: int) -> None:
    run = db.session.connection().execute
    moved = run(update(_letter).where(_letter.c.campaign_id == other).values(campaign_id=into))
    run(_COUNT, {"campaign": into, "step": moved.rowcount})
    run(delete(_campaign).where(_campaign.c.id == other))
