"""The record: whole, in order, and telling when and where it is not."""

import pytest
from sqlalchemy import select, update

from consult import audit
from consult.extensions import db, transaction

_entry = audit.AuditEntry


def _three_acts() -> None:
    for number in range(3):
        with transaction():
            audit.record("comment.publish", f"comment:{number}", actor_id=7, organisation_id=1)


def _change(number: int, **values) -> None:
    db.session.execute(update(_entry).where(_entry.sequence == number).values(**values))
    db.session.commit()


def _remove(*sequences: int) -> None:
    db.session.execute(_entry.__table__.delete().where(_entry.sequence.in_(sequences)))
    db.session.commit()


def test_a_chain_that_nobody_touched_holds(app):
    _three_acts()
    assert list(audit.breaks()) == []


@pytest.mark.parametrize(
    "what",
    [
        {"subject": "comment:99"},
        {"act": "comment.take_down"},
        {"actor_id": 8},
        {"reason": "abuse"},
        {"text_digest": "f" * 64},
        {"digest": "f" * 64},
    ],
    ids=lambda what: next(iter(what)),
)
def test_an_altered_entry_shows(app, what):
    _three_acts()
    _change(2, **what)
    assert "chain 1: entry 2 (" in next(audit.breaks())
    assert next(audit.breaks()).endswith("was altered")


def test_an_entry_whose_digest_was_made_anew_shows_at_the_next(app):
    _three_acts()
    _change(2, reason="abuse")
    second = next(entry for entry in audit.entries() if entry["sequence"] == 2)
    _change(2, digest=audit.digest_of(second))
    assert [words.partition(" (")[0] for words in audit.breaks()] == ["chain 1: entry 3"]


def test_a_missing_entry_shows_with_its_place(app):
    _three_acts()
    _remove(2)
    (words,) = audit.breaks()
    assert words.startswith("chain 1: entry 2 is missing, between entry 1 (comment.publish, comment:0, ")
    assert "and entry 3 (comment.publish, comment:2, " in words


def test_several_missing_entries_show_as_one_gap(app):
    _three_acts()
    _remove(1, 2)
    (words,) = audit.breaks()
    assert words.startswith("chain 1: entries 1 to 2 are missing, before entry 3 ")


def test_entries_that_changed_places_show(app):
    _three_acts()
    for sequence, place in ((1, 91), (2, 1), (91, 2)):
        _change(sequence, sequence=place)
    assert [words.partition(" (")[0] for words in audit.breaks()] == [
        "chain 1: entry 1",
        "chain 1: entry 2",
        "chain 1: entry 3",
    ]


def test_organisations_have_chains_of_their_own(app):
    _three_acts()
    with transaction():
        audit.record("comment.publish", "comment:1", actor_id=7, organisation_id=2)
    wanted = select(_entry.sequence).where(_entry.chain == 2)
    assert db.session.scalars(wanted).all() == [1]


def test_the_head_is_the_last_entry(app):
    assert audit.head(1) == (0, audit.START)
    _three_acts()
    assert audit.head(1) == (3, db.session.scalar(select(_entry.digest).where(_entry.sequence == 3)))
