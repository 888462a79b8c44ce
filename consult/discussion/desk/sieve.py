"""What an official asks of the desk: which comments, in which order. Pure: what stands in the address of the list."""

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from consult.discussion.ledger.models import Place
from consult.discussion.models import Kind


class View(enum.Enum):
    """The lists of the desk, side by side."""

    WAITING = "waiting"
    MINE = "mine"
    UNREAD = "unread"
    IN_PROGRESS = "in-progress"
    ANSWERED = "answered"
    ALL = "all"


class Order(enum.Enum):
    """In which order a list stands; since when something waits is what it goes by otherwise."""

    OLDEST = "oldest"
    NEWEST = "newest"
    ASKERS = "askers"
    PARAGRAPH = "paragraph"


class With(enum.Enum):
    """In whose hands something is, besides a certain colleague's."""

    ME = "me"
    NOBODY = "nobody"


OPEN_PLACES = (Place.NEW, Place.READ, Place.IN_PROGRESS)
PLACES: dict[View, tuple[Place, ...]] = {
    View.MINE: OPEN_PLACES,
    View.UNREAD: (Place.NEW,),
    View.IN_PROGRESS: (Place.IN_PROGRESS,),
    View.ANSWERED: (Place.ANSWERED,),
    View.ALL: tuple(Place),
}
LONGEST = 80
LATE = "late"  # past what was promised, in the place of a number of working days
MOST_DAYS = 999
NONE = "none"  # no verdict yet


@dataclass(frozen=True)
class Sieve:
    """What the address of the list asks for; what is not set lets all through.

    `only_requests` asks for open requests for information, `no_verdict` for comments without a verdict after the close. `consultation` is a slug, `paragraph` a number as it is quoted, `point` a key, `colleague` the id of a person.
    """

    view: View = View.WAITING
    order: Order = Order.OLDEST
    unit: str = ""
    consultation: str = ""
    paragraph: str = ""
    is_late: bool = False
    older_than: int | None = None
    kind: Kind | None = None
    point: str = ""
    held_by: With | None = None
    colleague: int | None = None
    only_team: bool = False
    only_requests: bool = False
    no_verdict: bool = False

    @property
    def is_narrowed(self) -> bool:
        """Say whether it asks for more than a view of a unit or of a consultation."""
        return any(
            (
                *(self.paragraph, self.is_late, self.older_than is not None, self.kind, self.point),
                *(self.held_by, self.colleague, self.only_team, self.only_requests),
                self.no_verdict,
            )
        )

    @property
    def asked(self) -> dict[str, str]:
        """Return the query of an address that asks for the same again, without what goes without saying."""
        age = LATE if self.is_late else "" if self.older_than is None else str(self.older_than)
        held_by = self.held_by.value if self.held_by else str(self.colleague or "")
        given = {
            "show": "" if self.view is _usual(self.no_verdict) else self.view.value,
            "unit": self.unit,
            "consultation": self.consultation,
            "p": self.paragraph,
            "age": age,
            "kind": self.kind.value if self.kind else "",
            "point": self.point,
            "with": held_by,
            "team": "1" if self.only_team else "",
            "requests": "1" if self.only_requests else "",
            "verdict": NONE if self.no_verdict else "",
            "order": "" if self.order is Order.OLDEST else self.order.value,
        }
        return {name: value for name, value in given.items() if value}


def read(asked: Mapping[str, Any]) -> Sieve:
    """Return what the query of an address asks for; what makes no sense lets all through."""
    given = {name: str(asked.get(name, ""))[:LONGEST].strip() for name in _NAMES}
    age, held_by = given["age"], given["with"]
    no_verdict = given["verdict"] == NONE
    view = _among(View, given["show"]) or _usual(no_verdict)
    order = _among(Order, given["order"]) or Order.OLDEST
    if order is Order.ASKERS and view is not View.WAITING:
        order = Order.OLDEST  # questions alone have askers
    return Sieve(
        view=view,
        order=order,
        unit=given["unit"],
        consultation=given["consultation"],
        paragraph=given["p"].upper(),
        is_late=age == LATE,
        older_than=_number(age, MOST_DAYS),
        kind=_among(Kind, given["kind"]),
        point=given["point"],
        held_by=_among(With, held_by),
        colleague=_number(held_by, 2**31 - 1) or None,
        only_team=given["team"] == "1",
        only_requests=given["requests"] == "1",
        no_verdict=no_verdict,
    )


_NAMES = (
    "show",
    "order",
    "unit",
    "consultation",
    "p",
    "age",
    "kind",
    "point",
    "with",
    "team",
    "requests",
    "verdict",
)


def _usual(no_verdict: bool) -> View:
    """Return the view of an address that names none: every comment is owed a verdict, and not only questions."""
    return View.ALL if no_verdict else View.WAITING


def _number(given: str, most: int) -> int | None:
    if not (given.isascii() and given.isdigit()) or len(given) > 12:
        return None
    return int(given) if int(given) <= most else None


def _among(choices: Any, given: str) -> Any:
    return next((choice for choice in choices if choice.value == given), None)
