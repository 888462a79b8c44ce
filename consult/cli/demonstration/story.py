"""The history of one consultation: what is said of it, who takes part, and everything that happens, in order."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from consult import clock
from consult.accounts.models import Person
from consult.cli.demonstration.people import Cast
from consult.cli.demonstration.reading import Calendar, Entry
from consult.consultations.models import Consultation
from consult.extensions import db

PREPARATION = timedelta(days=14)  # a unit writes for two weeks before it opens


@dataclass(order=True)
class Event:
    """Something that happened at a moment; `order` settles what happened first in the same minute."""

    at: datetime
    order: int
    act: Callable[[], Any] = field(compare=False)


class Story:
    """What is told of one consultation, and what happens in it."""

    consultation: Consultation  # once it is created

    def __init__(self, said: dict[str, Any], cast: Cast, calendar: Calendar) -> None:
        self.said = said
        self.cast = cast
        self.calendar = calendar
        self.unit = cast.units[said["unit"]]
        self.opens = calendar.day(said["opens"], said["opens_at"])
        self.closes = calendar.day(said["closes"], said["closes_at"])
        self.begun = min(self.opens, *map(calendar.when, self.texts())) - PREPARATION
        self.moderator = cast.moderator_of(self.unit.organisation)
        self.events: list[Event] = []

    def texts(self) -> list[Entry]:
        """Return every text that was written, in the order of the content."""
        return [text for said in self.said["documents"] for text in texts_of(said)]

    def author(self) -> Person:
        """Return who wrote the first of them."""
        return self.cast.people[self.texts()[0]["author"]]

    def later(self, at: datetime, act: Callable[[], Any]) -> None:
        """Let something happen at a moment, after all that was to happen in that minute before."""
        self.events.append(Event(at, len(self.events), act))

    def replay(self) -> None:
        """Let everything happen, in the order of time."""
        for event in sorted(self.events):
            clock.replace(lambda at=event.at: at)  # type: ignore[misc]
            event.act()
            db.session.flush()


def texts_of(document: Entry) -> list[Entry]:
    """Return the texts of a document in the order in which they were written."""
    return [*document.get("versions", ()), *([document["draft"]] if "draft" in document else ())]
