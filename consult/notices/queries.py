"""Questions about the outbox, and about what people are told in their account."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import and_, func, select
from sqlalchemy.orm import aliased

from consult.consultations.models import Consultation
from consult.documents.models import Block, Document, Paragraph, Version
from consult.errors import NotFound
from consult.extensions import db
from consult.notices import followers, targets
from consult.notices.models import Follow, Follower, OutboxMail, Pace, ParagraphEvent
from consult.notices.targets import Target

SHOWN = 50
PACES = (
    (Pace.AT_ONCE.value, _l("At once")),
    (Pace.DAILY.value, _l("Once a day")),
    (Pace.WEEKLY.value, _l("Once a week")),
    (Pace.NEVER.value, _l("Never")),
)
OPENING = 120  # characters of a heading that stand as its name


def caused_by(browser: str, *, never_to: Collection[str] = ()) -> list[OutboxMail]:
    """Return the newest mails that one browser caused, but none to the addresses in `never_to`."""
    if not browser:
        return []
    return list(
        db.session.scalars(
            select(OutboxMail)
            .where(OutboxMail.browser == browser, OutboxMail.to_address.not_in(never_to))
            .order_by(OutboxMail.id.desc())
            .limit(SHOWN)
        )
    )


def waiting() -> tuple[int, datetime | None]:
    """Return how many mails are to leave, and when the oldest of them was written."""
    row = db.session.execute(
        select(func.count(), func.min(OutboxMail.created_at)).where(
            OutboxMail.sent_at.is_(None), OutboxMail.dead_at.is_(None)
        )
    ).one()
    return row[0], row[1]


def given_up() -> int:
    """Return how many mails could not be delivered and are tried no more."""
    return db.session.scalar(select(func.count()).where(OutboxMail.dead_at.is_not(None))) or 0


def given_up_mails(before: int | None = None, limit: int = SHOWN) -> list[OutboxMail]:
    """Return mails that could not be delivered, the newest first; those behind `before`, a page on."""
    wanted = select(OutboxMail).where(OutboxMail.dead_at.is_not(None)).order_by(OutboxMail.id.desc())
    if before is not None:
        wanted = wanted.where(OutboxMail.id < before)
    return list(db.session.scalars(wanted.limit(limit)))


def given_up_mail(number: int) -> OutboxMail:
    """Return one of them; NotFound for any other."""
    mail = db.session.get(OutboxMail, number)
    if mail is None or mail.dead_at is None:
        raise NotFound
    return mail


@dataclass(frozen=True)
class Followed:
    """One thing that somebody follows, as a list shows it."""

    follow: Follow
    target: Target

    @property
    def pace(self) -> Pace:
        """Return how soon they are told: never, once they have left."""
        return Pace.NEVER if self.follow.left_at is not None else self.follow.pace


def followed_by(follower: Follower | None, *, after: str = "", limit: int) -> list[Followed]:
    """Return what somebody follows, the newest first; those behind the one with the key `after`."""
    if follower is None:
        return []
    mine = (Follow.follower_id == follower.id, Follow.confirmed_at.is_not(None))
    wanted = select(Follow).where(*mine).order_by(Follow.id.desc()).limit(limit)
    if after:
        last = select(Follow.id).where(*mine, Follow.key == after).scalar_subquery()
        wanted = wanted.where(Follow.id < last)
    rows = list(db.session.scalars(wanted))
    known = targets.described([(row.what, row.target_id) for row in rows])
    found = ((row, known.get((row.what, row.target_id))) for row in rows)
    return [Followed(row, target) for row, target in found if target is not None]


def followed_by_person(person: Any, *, limit: int) -> list[Followed]:
    """Return what an account follows, or a guest by their address."""
    return followed_by(followers.of_person(person), limit=limit)


def follows_anything(follower: Follower) -> bool:
    """Say whether anything is left that somebody follows."""
    active = (Follow.follower_id == follower.id, Follow.confirmed_at.is_not(None), Follow.left_at.is_(None))
    return db.session.scalar(select(Follow.id).where(*active).limit(1)) is not None


def follow_on(follower: Follower | None, target: Target) -> Follow | None:
    """Return what somebody has to do with one thing: followed, left, or None."""
    if follower is None:
        return None
    mine = (Follow.follower_id == follower.id, Follow.confirmed_at.is_not(None))
    return db.session.scalar(
        select(Follow).where(*mine, Follow.what == target.what, Follow.target_id == target.id)
    )


@dataclass(frozen=True)
class Changes:
    """One page of what a person is told, newest first. `earlier` names the next page, None when there is none."""

    rows: Sequence[Any]
    earlier: int | None


def changes(person_id: int, *, first: int | None = None, limit: int) -> Changes:
    """Return what changed where a person commented, newest first.

    `first` is where a page begins, counted among this person's own from the oldest (1), so that it stays where it is
    when more is told; None for the newest.
    """
    mine = ParagraphEvent.person_id == person_id
    count = db.session.scalar(select(func.count()).select_from(ParagraphEvent).where(mine)) or 0
    first = count if first is None else min(first, count)
    if first <= 0:
        return Changes((), None)
    rows = db.session.execute(_CHANGED.where(mine).offset(count - first).limit(limit)).all()
    return Changes(rows, first - limit if first > limit else None)


_last, _home = aliased(Block), aliased(Block)
_CHANGED = (
    select(
        *(ParagraphEvent.relation, ParagraphEvent.comment_count, ParagraphEvent.created_at),
        *(Paragraph.key, Block.number, Block.kind, Block.is_removed),
        *(_home.number.label("home_number"), _home.kind.label("home_kind")),
        func.substr(_last.plain, 1, OPENING).label("words"),
        *(Version.number.label("version_number"), Version.withdrawn_at),
        *(Document.slug.label("document_slug"), Document.title.label("document_title")),
        Consultation.slug.label("consultation_slug"),
    )
    .join(Paragraph, Paragraph.id == ParagraphEvent.paragraph_id)
    .join(Version, Version.id == ParagraphEvent.version_id)
    .join(Block, and_(Block.paragraph_id == Paragraph.id, Block.version_id == Version.id))
    .join(Document, Document.id == Version.document_id)
    .join(Consultation, Consultation.id == Document.consultation_id)
    .outerjoin(_last, _last.id == Paragraph.last_block_id)
    .outerjoin(_home, and_(_home.paragraph_id == Paragraph.home_id, _home.version_id == Version.id))
    .order_by(ParagraphEvent.id.desc())
)
