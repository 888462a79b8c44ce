"""What people of the demonstration follow. What happened before has been told: nobody followed anything then."""

from sqlalchemy import select

from consult.cli.demonstration.people import Cast
from consult.extensions import db
from consult.notices import following, targets
from consult.notices.models import Happening, Pace

FOLLOWED = (
    ({"consultation": "clear-footways"}, Pace.DAILY),
    ({"unit": "footways-and-kerbside"}, Pace.WEEKLY),
    ({"page": "answering-well"}, Pace.WEEKLY),
)


def begin(cast: Cast) -> None:
    """Count all that happened as told, and let the one who can be signed in to follow a few things."""
    happenings = db.session.scalars(select(Happening).order_by(Happening.at, Happening.id))
    for turn, happening in enumerate(happenings, 1):
        happening.turn = turn
    db.session.flush()
    citizen = cast.people[cast.said["demo_accounts"]["citizen"]]
    for names, pace in FOLLOWED:
        following.follow_as_known(actor=citizen, target=targets.found(names), pace=pace)
