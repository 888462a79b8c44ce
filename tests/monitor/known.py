"""A site whose gaps are counted by hand: what stands in `GAPS`, `UNITS` and `WEEKS` is what every page and file must say."""

from datetime import UTC, date, datetime, timedelta

from consult import clock
from consult.accounts.models import Unit
from consult.consultations.models import Stage
from consult.discussion.ledger.models import LedgerEntry
from consult.documents.models import Document
from consult.extensions import db, transaction
from consult.search import fruitless
from consult.toolkit.actions import Wording, start_page
from consult.toolkit.models import Shelf
from consult.toolkit.rendering import rendered
from tests import factories
from tests.discussion import ground

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)  # a Monday
DAY = timedelta(days=1)
# by list: how many, how many of them late, and the figure of each row, the worst first
GAPS = {
    # 3 Nov is 14 working days ago, 9 past the promise; 12 Oct is 30, of a unit that answers at the end; 19 Nov is 2
    "questions": (3, 1, [14, 30, 2]),
    "joined": (1, 0, [10]),
    "units": (1, 0, [42]),  # since 12 October
    "outcomes": (2, 1, [100, 10]),  # due after 84 days
    "short": (1, 0, [21]),  # 22 Nov to 12 Dec
    "silent": (7, 0, [3, 1, 3]),  # of the text that closes first, of the busy one, and all of the third
    "pages": (1, 1, [1]),
    "searches": (1, 0, [3]),
}
LATE_BY = {"questions": [9, 0, 0], "outcomes": [16, 0], "pages": [1]}
UNITS = {  # asked, waiting, late, oldest, silent paragraphs
    "roads": (3, 2, 1, 14, 4),
    "parks": (1, 1, 0, 30, 3),
}
# of the last four weeks, the running one with them: waiting, first answers, their median, threads, of which joined
WEEKS = [(2, 0, None, 1, 0), (2, 1, 3, 10, 1), (3, 0, None, 1, 0), (3, 0, None, 0, 0)]


def _at(moment: datetime) -> None:
    clock.replace(lambda: moment)


def build() -> dict[str, Unit]:
    """Let everything happen, in the order of time, and return the units by their slugs."""
    _at(NOW - 200 * DAY)
    factories.a_site()
    roads = factories.a_unit(slug="roads", name="Roads Unit")
    parks = factories.a_unit(slug="parks", name="Parks Unit")
    parks.promise_days = None  # answers at the end
    db.session.commit()
    busy = _draft(roads, title="Busy kerbs", opens_at=NOW - 60 * DAY, closes_at=NOW + 30 * DAY)
    quiet = _draft(parks, title="Quiet lawns", opens_at=NOW - 60 * DAY, closes_at=NOW + 40 * DAY)
    _draft(roads, title="Quick signs", opens_at=NOW - DAY, closes_at=NOW + 19 * DAY)
    for days in (100, 10):
        _draft(roads, stage=Stage.ANALYSING, opens_at=NOW - 190 * DAY, closes_at=NOW - days * DAY)
    _talk(busy, quiet)
    _at(NOW)
    _neglect()
    return {"roads": roads, "parks": parks}


def _draft(unit: Unit, **values: object) -> Document:
    document = factories.a_document(factories.a_consultation(unit, **values))
    return ground.publish(document, ground.TEXT)


def _talk(busy: Document, quiet: Document) -> None:
    first, second = ground.paragraph(busy, "1"), ground.paragraph(busy, "2")
    _at(NOW - 42 * DAY)
    ground.say(ground.paragraph(quiet, "all"), "Who mows?", ask=True)
    _at(NOW - 20 * DAY)
    late = ground.say(first, "Who sweeps?", ask=True)
    _at(NOW - 13 * DAY)
    answered = ground.say(first, "Who pays?", ask=True)
    _at(NOW - 12 * DAY)
    begun = [ground.say(second, f"Remark {n}.") for n in range(9)]
    ground.reply(begun[0], "I agree.")
    ground.reply(late, "I ask it too.", by=late.author)  # not a second person
    _at(NOW - 10 * DAY)
    ground.answer(answered)
    ground.take_down(ground.say(first, "Taken down?", ask=True))
    ground.tell_team(first, "Secret?", ask=True)
    _at(NOW - 4 * DAY)
    ground.say(first, "Who decides?", ask=True)


def _neglect() -> None:
    with transaction():
        words = Wording("Old advice", "It is old.", rendered("Old."))
        start_page(actor=None, slug="old", shelf=Shelf.ENGAGE, wording=words, review_by=date(2026, 11, 22))
        words = Wording("New advice", "It is new.", rendered("New."))
        start_page(actor=None, slug="fresh", shelf=Shelf.ENGAGE, wording=words, review_by=date(2026, 11, 23))
        for word, times in (("hangar", 3), ("kiosk", 2)):
            for n in range(times):
                fruitless.add(word, date(2026, 11, 20 + n))
        fruitless.add("hangar", date(2026, 8, 1))  # too long ago
    db.session.commit()


def entries() -> int:
    return db.session.query(LedgerEntry).count()
