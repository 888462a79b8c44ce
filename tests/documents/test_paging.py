"""What a new version leaves in the rows: which paragraph shows whose talk, and takes it back."""

import pytest
from sqlalchemy import select

from consult.documents.models import Document, Paragraph
from consult.documents.past import past
from consult.extensions import db
from tests.documents.ground import a_draft, paragraph, publish, publish_as

pytestmark = pytest.mark.usefixtures("app")

BINS = "Bins are put out by seven in the morning and are taken in on the same day."
CARS = "No car may stand on a footway outside the hours that the sign in the street gives."
TREES = "Each street is given a tree for every ten metres, and somebody who waters it."
LAMPS = "Lamps are dimmed after midnight wherever nobody has been hurt for a year."


def _text(*paragraphs: str) -> str:
    return "\n\n".join(paragraphs)


def _homes(document: Document) -> dict[str, str]:
    """Return by number where the talk of each joined paragraph is shown."""
    db.session.expire_all()
    rows = db.session.scalars(select(Paragraph).where(Paragraph.document_id == document.id)).all()
    number = {row.id: row.number for row in rows}
    return {row.number: number[row.home_id] for row in rows if row.home_id is not None}


def _chained() -> Document:
    """A draft whose paragraph 3 was joined with 2 in version 2, and 2 with 1 in version 3."""
    document = a_draft(_text(BINS, CARS, TREES, LAMPS))
    publish_as(document, _text(BINS, f"{CARS} {TREES}", LAMPS), {"2": [1], "3": [1]})
    assert _homes(document) == {"3": "2"}
    publish_as(document, _text(f"{BINS} {CARS} {TREES}", LAMPS), {"1": [0], "2": [0]})
    assert _homes(document) == {"3": "1", "2": "1"}
    return document


def test_what_had_been_joined_to_a_paragraph_comes_home_when_that_comes_back():
    document = _chained()
    publish(document, _text(BINS, f"[2] {CARS} {TREES}", LAMPS))
    assert _homes(document) == {"3": "2"}
    assert past(document.id, 4).homes == {paragraph(document, "3").id: paragraph(document, "2").id}


def test_what_was_joined_to_the_other_stays_there():
    document = a_draft(_text(BINS, CARS, TREES, LAMPS))
    publish_as(document, _text(f"{BINS} {CARS} {TREES}", LAMPS), {"1": [0], "2": [0], "3": [0]})
    publish(document, _text(f"{BINS} {TREES}", f"[2] {CARS}", LAMPS))
    assert _homes(document) == {"3": "1"}


def test_a_paragraph_that_comes_back_alone_leaves_the_rest_together():
    document = _chained()
    publish(document, _text(f"{BINS} {CARS}", f"[3] {TREES}", LAMPS))
    assert _homes(document) == {"2": "1"}


def test_what_had_been_removed_before_it_was_joined_stood_joined_from_then_on():
    document = a_draft(_text(BINS, CARS, TREES, LAMPS))
    publish(document, _text(BINS, TREES, LAMPS))
    publish_as(document, _text(f"{BINS} {CARS}", TREES, LAMPS), {"1": [0], "2": [0]})
    assert _homes(document) == {"2": "1"}
    joined = {paragraph(document, "2").id: paragraph(document, "1").id}
    assert [past(document.id, number).homes for number in (2, 3)] == [{}, joined]
