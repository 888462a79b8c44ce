"""The record: whole, in order, and telling when it is not."""

from sqlalchemy import select, update

from consult import audit
from consult.extensions import db, transaction


def _three_acts() -> None:
    for number in range(3):
        with transaction():
            audit.record("comment.publish", f"comment:{number}", actor_id=7, organisation_id=1)


def test_a_chain_that_nobody_touched_holds(app):
    _three_acts()
    assert list(audit.breaks()) == []


def test_an_altered_entry_shows(app):
    _three_acts()
    db.session.execute(
        update(audit.AuditEntry).where(audit.AuditEntry.sequence == 2).values(subject="comment:99")
    )
    db.session.commit()
    assert list(audit.breaks()) == ["chain 1: entry 2 was altered"]


def test_a_missing_entry_shows(app):
    _three_acts()
    db.session.execute(audit.AuditEntry.__table__.delete().where(audit.AuditEntry.sequence == 2))
    db.session.commit()
    assert "chain 1: entry 2 is missing" in list(audit.breaks())


def test_organisations_have_chains_of_their_own(app):
    _three_acts()
    with transaction():
        audit.record("comment.publish", "comment:1", actor_id=7, organisation_id=2)
    wanted = select(audit.AuditEntry.sequence).where(audit.AuditEntry.chain == 2)
    assert db.session.scalars(wanted).all() == [1]
