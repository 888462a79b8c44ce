"""Questions about the consultations on this site that case studies tell of, once everybody may read them."""

from typing import Any

from sqlalchemy import ColumnElement, and_, func, select

from consult import clock
from consult.consultations import queries as consultations
from consult.consultations import stages
from consult.consultations.models import Consultation
from consult.errors import NotFound
from consult.extensions import db
from consult.toolkit.entries.kinds import PageKind
from consult.toolkit.models import Page, Revision


def run(slug: str) -> Consultation | None:
    """Return the consultation at an address; None where there is none that everybody may read."""
    try:
        found = consultations.consultation(slug)
    except NotFound:
        return None
    return found if stages.text_is_public(found, clock.now()) else None


def runs() -> list[Consultation]:
    """Return the consultations that case studies tell of now, in one read."""
    found = db.session.scalars(select(Consultation).where(_is_told()).order_by(Consultation.id)).all()
    return [one for one in found if stages.text_is_public(one, clock.now())]


def stamps() -> Any:
    """Return the sum of their stamps, which only rise, as a column of another read."""
    return select(func.coalesce(func.sum(Consultation.stamp), 0)).where(_is_told()).scalar_subquery()


def _is_told() -> ColumnElement[bool]:
    told = (
        select(Revision.facts["consultation"].as_string())
        .join(Page, Page.current_revision_id == Revision.id)
        .where(Page.kind == PageKind.CASE_STUDY)
    )
    return and_(Consultation.slug.in_(told), Consultation.is_exercise())
