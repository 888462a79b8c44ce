"""Questions about guidance that was followed: by a consultation, and of a page by whom, with how they fared."""

import hashlib
from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import select

from consult.consultations.models import Consultation, Stage
from consult.errors import NotFound
from consult.extensions import db
from consult.toolkit.entries.kinds import PageKind
from consult.toolkit.followed.models import GuidanceFollowed
from consult.toolkit.models import Page

FEW = 5  # beside the page
PAGE = 30  # on the list of all
FARED = (
    *(Consultation.id, Consultation.slug, Consultation.title, Consultation.stage),
    *(Consultation.opens_at, Consultation.closes_at, Consultation.comment_count),
    *(Consultation.people_count, Consultation.question_count, Consultation.answered_count),
    GuidanceFollowed.how,
)


class Followed(NamedTuple):
    """A page that a consultation followed, and how."""

    id: int
    slug: str
    title: str
    how: str


def followed_by(consultation_id: int) -> tuple[Followed, ...]:
    """Return the pages that a consultation followed, by title."""
    rows = db.session.execute(
        select(Page.id, Page.slug, Page.title, GuidanceFollowed.how)
        .join(Page, Page.id == GuidanceFollowed.page_id)
        .where(GuidanceFollowed.consultation_id == consultation_id, Page.current_revision_id.is_not(None))
        .order_by(Page.title, Page.id)
    )
    return tuple(Followed(*row) for row in rows)


def state_of(followed: Sequence[Followed]) -> str:
    """Return a name of what was followed and how, by which a stale save is known."""
    told = repr(sorted((page.id, page.how) for page in followed))
    return hashlib.blake2b(told.encode(), digest_size=8).hexdigest()


def guidance() -> list[Any]:
    """Return the pages of guidance that can be followed: id, slug, title, summary and shelf, in the order of their editors."""
    return list(
        db.session.execute(
            select(Page.id, Page.slug, Page.title, Page.summary, Page.shelf)
            .where(Page.kind == PageKind.PRACTICE, Page.current_revision_id.is_not(None))
            .order_by(Page.position, Page.title)
        ).all()
    )


def followers(page_id: int, *, limit: int = FEW, after: str = "") -> list[Any]:
    """Return public consultations that followed a page, newest first, with their kept figures; one more than `limit`.

    `after` is the slug of the last of the page before; NotFound where there is no such one in the list.
    """
    wanted = (
        select(*FARED)
        .join(GuidanceFollowed, GuidanceFollowed.consultation_id == Consultation.id)
        .where(GuidanceFollowed.page_id == page_id, Consultation.stage != Stage.PREPARING)
    )
    if after:
        last = db.session.execute(wanted.where(Consultation.slug == after)).one_or_none()
        if last is None:
            raise NotFound
        wanted = wanted.where(Consultation.id < last.id)
    return list(db.session.execute(wanted.order_by(Consultation.id.desc()).limit(limit + 1)).all())
