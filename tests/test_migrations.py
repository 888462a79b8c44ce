"""The migrations make what the models say, and can be taken back, on both databases."""

from datetime import date, datetime
from pathlib import Path
from typing import Any

import flask_migrate
import pytest
from sqlalchemy import create_engine, inspect, text

from consult import clock, config, create_app
from consult.accounts import links
from consult.accounts.actions import inviting
from consult.accounts.models import (
    Identity,
    Part,
    Passkey,
    Person,
    Purpose,
    RecoveryCode,
    RefusedAddress,
    Role,
)
from consult.consultations.election_models import Effect, Election, ElectionSwitch
from consult.consultations.legal_holds.models import LegalHold
from consult.consultations.models import Consultation, EqualityKey, EqualityTally, Policy, Stage
from consult.consultations.plan.models import PlanAnswer, PlanChange
from consult.consultations.verdicts import Verdict
from consult.discussion.answering import drafting, information, notes, presence, replying, undoing
from consult.discussion.desk import point_actions
from consult.discussion.ledger.models import AlsoAsked
from consult.discussion.models import Citation, Comment, State, UnsentComment
from consult.discussion.verdict.models import CommentVerdict
from consult.documents.models import Document
from consult.extensions import db, transaction
from consult.moderation import actions as moderation
from consult.moderation.actions import Verb
from consult.moderation.appeals import actions as appeals
from consult.moderation.campaigns import arrival
from consult.moderation.complaints.models import Complaint
from consult.moderation.erasure.models import Erasure, Ground
from consult.moderation.escalation.models import Danger, Escalation, NamedPerson
from consult.moderation.held_people.actions import hold_person
from consult.moderation.holds.models import HoldRules, UnitWords
from consult.moderation.models import QueuePace
from consult.moderation.redaction import actions as redaction
from consult.moderation.redaction import planning
from consult.moderation.seals.models import Seal, SealReader
from consult.moderation.several.models import ModerationActLeft, Why
from consult.moderation.waves.models import Wave
from consult.notices import following, mails
from consult.notices.followers import readers
from consult.notices.models import Digest, GapMail, Pace, ReturnedQuestion
from consult.notices.told import News
from consult.search.models import FruitlessSearch, RemovedSearch
from consult.toolkit.entries.kinds import PageKind
from consult.toolkit.entries.models import Entry, Fact
from consult.toolkit.followed.models import GuidanceFollowed
from consult.toolkit.models import Page, Shelf
from consult.toolkit.steps.models import StepChoice
from consult.toolkit.suggestions import actions as suggestions
from consult.toolkit.talk import queries as talk
from consult.toolkit.talk.models import PageTalk, WithheldBlock
from consult.toolkit.unsaved import actions as unsaved
from consult.toolkit.unsaved.models import Use
from consult.toolkit.unsaved.queries import Place
from tests.discussion import ground
from tests.factories import (
    a_consultation,
    a_guest,
    a_moderator,
    a_person,
    a_session,
    a_site,
    a_unit,
    an_administrator,
    an_official,
)
from tests.moderation.campaigns import scene as campaigns_scene
from tests.toolkit.shelf import a_page, worded
from tests.toolkit.talk import said as said_of_pages

pytestmark = [pytest.mark.slow, pytest.mark.each]
STATES_BEFORE = ("unconfirmed", "waiting", "published", "returned", "taken_down", "withdrawn", "erased")


@pytest.fixture
def empty_app(request, tmp_path, worker_id):
    """An application on a database of its own, without a table."""
    settings = {"CONSULT_LOG_LEVEL": "ERROR"}
    server = None
    if request.config.getoption("--database") == "postgresql":
        server = create_engine(request.getfixturevalue("postgres_url"), isolation_level="AUTOCOMMIT")
        name = f"{server.url.database}_migrations"
        with server.connect() as connection:
            connection.execute(text(f'CREATE DATABASE "{name}"'))
        settings["CONSULT_DATABASE_URL"] = server.url.set(database=name).render_as_string(hide_password=False)
    app = create_app(config.load(tmp_path, settings))
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()
    if server is not None:
        with server.connect() as connection:
            connection.execute(text(f'DROP DATABASE "{name}" WITH (FORCE)'))
        server.dispose()


def test_from_nothing_to_the_newest_equals_the_models(empty_app):
    flask_migrate.upgrade()
    flask_migrate.check()  # ends the process with a message when a model has no migration
    assert set(db.metadata.tables) <= set(inspect(db.engine).get_table_names())


def test_there_and_back_and_there_again(empty_app):
    flask_migrate.upgrade()
    flask_migrate.downgrade(revision="base")
    db.engine.dispose()
    assert not set(db.metadata.tables) & set(inspect(db.engine).get_table_names())
    flask_migrate.upgrade()
    assert "comment" in inspect(db.engine).get_table_names()


# What release 0002 can read of these columns: anything else would break every page that shows the row.
READ_BEFORE = {
    ("comment", "state"): {*STATES_BEFORE},
    ("decision", "before"): {None, *STATES_BEFORE},
    ("decision", "after"): {*STATES_BEFORE},
    ("consultation", "policy"): {"before", "after"},
    ("one_time_link", "purpose"): {"confirm_email", "reset_password", "first_administrator"},
}


def _a_site_in_use() -> None:
    """Rows of every kind that came with 0003, and of those that it changed."""
    a_site()
    unit, now = a_unit(), clock.now()
    draft = ground.a_draft(unit=unit)
    where, guest = ground.paragraph(draft), a_guest(email="nia@mail.example")
    a_guest(email=guest.email)
    a_person(email=guest.email)
    for _ in range(2):
        a_person(name="Name removed", email="", closed_at=now)
    said = ground.tell_team(where, by=guest, ask=True)
    ground.say(where, "For all.", by=guest)
    official, administrator = an_official(unit), an_administrator()
    ground.record(where, by=official)
    with transaction(official):
        replying.reply_to_sender(actor=official, comment=said, body="Thank you.")
    with transaction(administrator):
        inviting.invite(
            actor=administrator, name="Tom", email="tom@body.example", part=Part.OFFICIAL, unit=unit
        )
        for purpose in Purpose:
            links.make(purpose, official)
    kept = {"document_id": draft.id, "paragraph_id": where.id, "created_at": now, "updated_at": now}
    own = {"person_id": official.id, "created_at": now}
    db.session.add_all(
        [
            UnsentComment(key="unsent", person_id=guest.id, body="Not yet.", comment_id=said.id, **kept),
            Citation(comment_id=said.id, paragraph_id=where.id),
            EqualityTally(consultation_id=draft.consultation_id, question="age", answer="16_24", count=1),
            EqualityKey(digest="d", day=now.date()),
            QueuePace(consultation_id=draft.consultation_id, hours=1, decided_count=1, kept_count=1),
            RefusedAddress(digest="d", refused_at=now),
            RecoveryCode(digest="d", **own),
            Passkey(name="Mine", credential="c", public_key="k", **own),
            Identity(issuer="https://id.example", subject="s", **own),
        ]
    )
    _quiet_days(unit.organisation_id, now.date())
    db.session.commit()
    a_session(official)
    _a_public_ledger(said, guest, official, now)
    with transaction(official):
        point = point_actions.make(actor=official, consultation=draft.consultation, title="Trees")
        point_actions.put_under(actor=official, keys=[said.key], point=point)
    _answers(ground.say(where, "Which oaks?", by=guest, ask=True), official)
    _followed(official, said)
    _gaps_told(official, now)
    _campaigned(ground.paragraph(draft))
    _appealed(ground.say(where, "Elms stink.", by=guest), administrator)
    _moderated(ground.say(where, "Elms too.", by=guest))
    _to_erase(said, official, now)
    _complained_of(said, now)
    _held_by_law(said, official, now)
    _helped_at_a_step(official, now)
    _sealed(said, official, now)
    _passed_on(said, official, now)
    _many_came(said, now)
    _suggested(administrator)
    _withheld(where)


def _suggested(person: Person) -> None:
    """A suggestion for the toolkit, and what somebody had begun to write; they came with 0042."""
    with transaction(person):
        unsaved.keep(actor=person, place=Place(Use.EDIT), fields={"title": "A page"})
    page = a_page("Words.")
    with transaction(person):
        suggestions.suggest_change(actor=person, page=page, wording=worded("Other words."), why="Why.")


def _withheld(where: Any) -> None:
    """Words that nobody may read, which came with 0051."""
    words = dict.fromkeys(("text", "plain", "html"), "Words that were withheld.")
    db.session.add(WithheldBlock(block_id=where.last_block_id, **words))
    db.session.commit()


def _many_came(said: Comment, now: datetime) -> None:
    """A wave of comments, which came with 0033."""
    of = {"organisation_id": said.organisation_id, "document_id": said.document_id}
    db.session.add(Wave(key="a-wave", began_at=now, most=12.0, usual=0.0, **of))
    db.session.commit()


def _moderated(said: Comment) -> None:
    """A decision that can be undone, and what an act left out; they came with 0023 and with bulk acts."""
    with transaction():
        moderator = a_moderator(said.document.consultation.unit.organisation)
        act = moderation.decide(actor=moderator, comment=said, verb=moderation.Verb.PUBLISH)
        taken = redaction.take_out(
            actor=moderator, comment=said, plan=planning.plan(said, [said.body.split()[0]], "abuse")
        )
    assert act is not None
    with transaction():
        hold_person(actor=moderator, comment=said, reason="abuse", days=3)
    assert taken is not None
    db.session.add(ModerationActLeft(act_id=act.id, comment_id=said.id, why=Why.DECIDED))
    db.session.commit()


def _appealed(said: Any, administrator: Person) -> None:
    """A comment that was returned, an appeal against that, and who hears it; they came with 0027."""
    organisation = said.document.consultation.unit.organisation
    moderator = a_moderator(organisation)
    with transaction():
        appeals.name_outsider(
            actor=administrator, organisation=organisation, name="Ann Lee", email="ann@panel.example"
        )
        moderation.decide(
            actor=moderator, comment=said, verb=Verb.RETURN, reason="other", message="Say it kindly."
        )
        appeals.make_appeal(actor=said.author, comment=said, why="They do stink.")


def _campaigned(where: Any) -> None:
    """A campaign of two letters, and a comment that is still to be looked at; they came with 0019."""
    for _ in range(2):
        ground.say(where, campaigns_scene.LETTER)
    arrival.group_waiting()
    ground.say(where, "And elms.")


def _answers(asked: Comment, official: Person) -> None:
    """An answer that stands, one that was taken back, a draft, a note, somebody at it, a request for information."""
    ground.answer(asked, by=official)
    taken_back = ground.answer(asked, by=official)
    asked.document.consultation.unit.organisation.information_contact = "foi@body.example"
    db.session.commit()
    with transaction(official):
        undoing.undo_response(actor=official, response=taken_back)
        drafting.save_draft(actor=official, comments=[asked], body="Sessile ones.")
        notes.add_note(actor=official, comment=asked, body="Ask the foresters.")
        presence.note_presence(actor=official, comments=[asked])
        information.mark_request(actor=official, comment=asked)


def _followed(official: Person, said: Comment) -> None:
    """A follow, a mail that is to tell of something, a round of digests."""
    now = clock.now()
    with transaction(official):
        follow = following.follow_of_author(official, said.id, said.document.consultation_id, now)
        mails.put([mails.waiting(readers([follow.follower_id])[follow.follower_id], News((1,)), "once")])
        db.session.add(Digest(pace=Pace.DAILY, period="2026-11-27", turn=1, made_at=now))


def _a_public_ledger(said: Comment, guest: Person, official: Person, now: datetime) -> None:
    """Somebody who has a question too, and a verdict; they came with 0011."""
    consultation = said.document.consultation_id
    decided: dict[str, Any] = {"verdict": Verdict.CHANGED, "reason": "So it is.", "given_at": now}
    db.session.add(AlsoAsked(comment_id=said.id, person_id=guest.id, said_at=now))
    db.session.add(
        CommentVerdict(comment_id=said.id, consultation_id=consultation, given_by=official.id, **decided)
    )
    db.session.commit()


def _to_erase(said: Comment, official: Person, now: datetime) -> None:
    """A request to erase a text, which came with 0024."""
    of = {"organisation_id": said.organisation_id, "comment_id": said.id}
    db.session.add(Erasure(ground=Ground.COURT, asked_by=official.id, asked_at=now, **of))
    db.session.commit()


def _passed_on(said: Comment, official: Person, now: datetime) -> None:
    """A named person and what was passed on to them, which came with 0031."""
    named = {"name": "Ann", "email": "a@b.example", "hours": "Weekdays.", "is_public": True}
    db.session.add(
        NamedPerson(organisation_id=said.organisation_id, named_by=official.id, named_at=now, **named)
    )
    db.session.add(
        Escalation(
            key="k" * 16,
            organisation_id=said.organisation_id,
            comment_id=said.id,
            danger=Danger.LIFE,
            passed_by=official.id,
            passed_at=now,
            told_name="Ann",
            told_email="a@b.example",
        )
    )
    db.session.commit()


def _sealed(said: Comment, official: Person, now: datetime) -> None:
    """A request to seal a text, which came with 0037."""
    of = {"organisation_id": said.organisation_id, "comment_id": said.id}
    readers = [SealReader(person_id=official.id)]
    db.session.add(Seal(ground=Ground.COURT, asked_by=official.id, asked_at=now, readers=readers, **of))
    db.session.commit()


def _held_by_law(said: Comment, official: Person, now: datetime) -> None:
    """A legal hold, which came with 0038."""
    db.session.add(
        LegalHold(organisation_id=said.organisation_id, reason="A claim.", set_by=official.id, set_at=now)
    )
    db.session.commit()


def _helped_at_a_step(official: Person, now: datetime) -> None:
    """A page chosen for a step, which came with 0041, an entry of a list, with 0043, and a plan with the guidance it followed, with 0045."""
    page = Page(slug="answering", title="Answering", shelf=Shelf.CONSULT, created_at=now)
    db.session.add(page)
    db.session.flush()
    about = db.session.query(Consultation.id).limit(1).scalar()
    answer = {"consultation_id": about, "question": "affected"}
    db.session.add(PlanAnswer(words="Those who walk.", answered_at=now, **answer))
    db.session.add(PlanChange(before="Everybody.", changed_at=now, **answer))
    db.session.add(GuidanceFollowed(consultation_id=about, page_id=page.id, noted_at=now))
    db.session.add(Entry(page_id=page.id, kind=PageKind.PLATFORM, is_listed=True, words="wiki"))
    db.session.add(Fact(page_id=page.id, field="cost", key="free", words="Free"))
    text = db.session.query(Comment.document_id).order_by(Comment.id).limit(1).scalar()
    db.session.add(PageTalk(page_id=page.id, document_id=text, marks=""))  # with 0047
    db.session.add(StepChoice(step="answer", first_id=page.id, chosen_at=now, chosen_by=official.id))
    db.session.commit()


def _complained_of(said: Comment, now: datetime) -> None:
    """A notice of complaint, which came with 0030."""
    words = dict.fromkeys(("statement", "why", "meaning", "untrue"), "Untrue.")
    of = {"organisation_id": said.organisation_id, "comment_id": said.id, "shares_contact": True}
    db.session.add(
        Complaint(key="k" * 16, name="Ann", email="a@b.example", made_at=now, due_at=now, **words, **of)
    )
    db.session.commit()


def _gaps_told(official: Person, now: datetime) -> None:
    """A mail of gaps, a search in vain, and what came with 0014, 0015 and 0022."""
    db.session.add(GapMail(person_id=official.id, week=now.date(), had_gaps=True))
    db.session.add(FruitlessSearch(day=now.date(), words="hangar"))
    db.session.add(RemovedSearch(digest="0" * 64, removed_at=now))
    comment_id = db.session.query(Comment.id).limit(1).scalar()
    db.session.add(ReturnedQuestion(person_id=official.id, comment_id=comment_id, at=now))
    about = a_consultation(policy=Policy.FIRST)
    db.session.add(HoldRules(consultation_id=about.id, links=True))
    db.session.add(UnitWords(unit_id=about.unit_id, words="idiot", saved_at=now))
    db.session.commit()


def _quiet_days(organisation_id: int, day: date) -> None:
    """A period before an election, with one switch; it came with 0005."""
    days = {"first_day": day, "last_day": day}
    switch = ElectionSwitch(effect=Effect.STOP_CLOCK, is_on=True, wording="The clock stops.", **days)
    period = Election(
        organisation_id=organisation_id,
        name="Council election",
        held_on=day,
        created_at=clock.now(),
        switches=[switch],
        **days,
    )
    db.session.add(period)


def _values(table: str, column: str) -> set[object]:
    return set(db.session.scalars(text(f'SELECT DISTINCT "{column}" FROM "{table}"')))


def test_a_site_in_use_can_be_taken_back_and_brought_up_again(empty_app):
    flask_migrate.upgrade()
    _a_site_in_use()
    tables = set(inspect(db.engine).get_table_names())
    told = {name: db.session.scalar(text(f'SELECT count(*) FROM "{name}"')) for name in tables}
    db.session.remove()
    flask_migrate.downgrade(revision="0002")
    db.engine.dispose()
    gone = tables - set(inspect(db.engine).get_table_names())
    without = sorted(name for name in gone if not told[name])
    assert without == [], "no row of a table that came with 0003 or later"
    for place, readable in READ_BEFORE.items():
        assert _values(*place) <= readable, place
    assert db.session.scalar(text("SELECT count(*) - count(DISTINCT email) FROM person")) == 0
    assert "Words that were withheld." in _values("block", "plain")
    people = told["person"]
    db.session.remove()
    flask_migrate.upgrade()
    db.engine.dispose()
    assert db.session.query(Person).count() == people
    assert {role.accepted_at for role in db.session.query(Role)} == {
        role.created_at for role in db.session.query(Role)
    }
    assert {comment.state for comment in db.session.query(Comment)} == {State.PUBLISHED, State.RETURNED}


def test_talk_of_the_toolkit_is_kept_unseen_where_nobody_knows_of_it_and_known_again(empty_app):
    flask_migrate.upgrade()
    page = said_of_pages.a_talked_page()
    comment_id = said_of_pages.published(said_of_pages.at(page, "Begin where"), "Where is that?").id
    draft = ground.a_draft()
    ids = {"page": page.id, "text": db.session.get_one(Comment, comment_id).document_id, "draft": draft.id}
    db.session.remove()
    flask_migrate.downgrade(revision="0044")
    shown = text("SELECT slug FROM consultation WHERE stage <> 'preparing'")
    assert db.session.scalars(shown).all() == [_address_of(ids["draft"])]
    found = text(
        "SELECT count(*) FROM search_entry WHERE ref_id = :id AND kind = 'comment' AND public_from IS NOT NULL"
    )
    assert db.session.scalar(found, {"id": comment_id}) == 0
    of_draft = "(SELECT consultation_id FROM document WHERE id = :draft)"
    db.session.execute(text(f"UPDATE consultation SET slug = 'toolkit' WHERE id = {of_draft}"), ids)
    db.session.execute(text("UPDATE document SET slug = 'plan' WHERE id = :draft"), ids)
    db.session.commit()
    db.session.remove()
    flask_migrate.upgrade()
    db.engine.dispose()
    carrier = talk.carrier()
    assert (carrier.slug, carrier.stage) == ("toolkit", Stage.OPEN)
    assert talk.talk_of(ids["page"]).document_id == ids["text"]
    assert db.session.scalar(found, {"id": comment_id}) == 1
    draft = db.session.get(Document, ids["draft"])
    assert (draft.consultation.slug, draft.slug) == ("toolkit-2", "plan-2")


def _address_of(document_id: int) -> str:
    of = "SELECT c.slug FROM consultation c JOIN document d ON d.consultation_id = c.id WHERE d.id = :id"
    return db.session.scalars(text(of), {"id": document_id}).one()


def test_migrations_are_numbered_in_one_line():
    folder = Path(__file__).resolve().parent.parent / "migrations" / "versions"
    numbers = sorted(path.name.split("_")[0] for path in folder.glob("*.py"))
    assert numbers == [f"{n:04d}" for n in range(1, len(numbers) + 1)]
