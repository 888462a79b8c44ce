"""The waves that moderators are shown."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, select

from consult.consultations.models import Consultation
from consult.documents.models import Document
from consult.errors import NotFound
from consult.extensions import db
from consult.moderation.holds.models import HoldRules
from consult.moderation.waves import rule
from consult.moderation.waves.models import DocumentHour, Wave

SHOWN = 5

_hour: Any = DocumentHour.__table__.c


def _arrived(name: str) -> Any:
    of = (_hour.document_id == Wave.document_id, _hour.hour == bindparam(name, type_=_hour.hour.type))
    return func.coalesce(select(_hour.arrived_count).where(*of).scalar_subquery(), 0).label(name)


_CURRENT = (
    select(
        *(Wave.key, Wave.began_at, Wave.most, Wave.usual, Wave.is_launch, Wave.welcomed_at),
        *(Document.title, Document.slug, Consultation.slug.label("of"), HoldRules.wave),
        *(_arrived("this_hour"), _arrived("last_hour")),
    )
    .join(Document, Document.id == Wave.document_id)
    .join(Consultation, Consultation.id == Document.consultation_id)
    .outerjoin(HoldRules, HoldRules.consultation_id == Consultation.id)
    .where(Wave.organisation_id.in_(bindparam("organisations", expanding=True)), Wave.ended_at.is_(None))
    .order_by(Wave.began_at.desc())
    .limit(SHOWN)
)


@dataclass(frozen=True)
class Current:
    """A wave that goes on. `count` is how many came within the last hour, `usual` how many are normal then.

    `holds` says whether what comes in with it waits, and `can_hold` whether it would unless somebody said it is welcome.
    """

    key: str
    began_at: datetime
    title: str
    slug: str
    of: str
    count: int
    usual: int
    is_launch: bool
    is_welcome: bool
    can_hold: bool

    @property
    def holds(self) -> bool:
        return self.can_hold and not self.is_welcome


def current(organisation_ids: Sequence[int], now: datetime) -> list[Current]:
    """Return the waves of these organisations that go on, the latest first, in one question."""
    hour = rule.hour_of(now.timestamp())
    given = {"organisations": organisation_ids, "this_hour": hour, "last_hour": hour - 1}
    found = []
    for row in db.session.execute(_CURRENT, given):
        rate = rule.rate(row.this_hour, row.last_hour, now.timestamp())
        if rule.is_over(rate, row.most):
            continue  # whoever looks after time ends it in a moment
        found.append(
            Current(
                *(row.key, row.began_at, row.title, row.slug, row.of),
                *(round(rate), round(row.usual), row.is_launch, row.welcomed_at is not None),
                can_hold=bool(row.wave) and not row.is_launch,
            )
        )
    return found


def wave(key: str) -> Wave:
    """Return a wave by its key; NotFound where there is none."""
    found = db.session.scalar(select(Wave).where(Wave.key == key))
    if found is None:
        raise NotFound
    return found
