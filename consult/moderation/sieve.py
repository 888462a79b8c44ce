"""What the queue is narrowed to, as an address says it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import select

from consult.consultations.models import Consultation
from consult.errors import NotFound
from consult.extensions import db
from consult.moderation.campaigns.models import Campaign
from consult.moderation.holds import names
from consult.moderation.models import Cause

LARGEST_ID = 2**31 - 1  # of an integer in PostgreSQL

Thing = TypeVar("Thing")


@dataclass(frozen=True)
class Sieve:
    """One cause, one consultation, one hold, one campaign, or any of these together; by itself nothing is left out."""

    cause: Cause | None = None
    consultation: Consultation | None = None
    hold: str = ""
    campaign: Campaign | None = None

    @property
    def names(self) -> frozenset[str]:
        """Return by what it narrows."""
        given = {
            "cause": self.cause,
            "consultation": self.consultation,
            "hold": self.hold,
            "campaign": self.campaign,
        }
        return frozenset(name for name, value in given.items() if value)

    def address(self) -> dict[str, str]:
        """Return what an address says of it."""
        found = {
            "cause": self.cause.value if self.cause else "",
            "consultation": self.consultation.slug if self.consultation else "",
            "hold": self.hold,
            "campaign": str(self.campaign.id) if self.campaign else "",
        }
        return {name: words for name, words in found.items() if words}


EVERYTHING = Sieve()


def read(asked: Mapping[str, str], organisation_ids: Sequence[int]) -> Sieve:
    """Return what an address narrows the queue of these organisations to.

    Raises NotFound for a value that names nothing there: to leave it out would show, or let decide on, more than was
    asked for.
    """
    cause, hold = asked.get("cause", ""), asked.get("hold", "")
    if (cause and cause not in {each.value for each in Cause}) or (hold and hold not in names.ALL):
        raise NotFound
    return Sieve(
        cause=Cause(cause) if cause else None,
        consultation=_consultation(asked.get("consultation", ""), organisation_ids),
        hold=hold,
        campaign=_campaign(asked.get("campaign", ""), organisation_ids),
    )


def _consultation(slug: str, organisation_ids: Sequence[int]) -> Consultation | None:
    if not slug:
        return None
    wanted = select(Consultation).where(
        Consultation.slug == slug, Consultation.organisation_id.in_(organisation_ids)
    )
    return _found(db.session.scalar(wanted))


def _campaign(number: str, organisation_ids: Sequence[int]) -> Campaign | None:
    if not number:
        return None
    if not number.isdecimal() or len(number) > len(str(LARGEST_ID)) or int(number) > LARGEST_ID:
        raise NotFound
    wanted = (
        select(Campaign)
        .join(Consultation, Consultation.id == Campaign.consultation_id)
        .where(Campaign.id == int(number), Consultation.organisation_id.in_(organisation_ids))
    )
    return _found(db.session.scalar(wanted))


def _found(thing: Thing | None) -> Thing:
    if thing is None:
        raise NotFound
    return thing
