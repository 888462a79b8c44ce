"""Clearing up: what goes when its time is over, what stays a second before, and nobody else's."""

import logging
import threading
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event

from consult import audit, clock
from consult.accounts import links
from consult.accounts.actions import forgetting as accounts_forgetting
from consult.accounts.actions.forgetting import delete_some
from consult.accounts.models import (
    OneTimeLink,
    Part,
    Person,
    Purpose,
    RefusedAddress,
    Role,
    SignedIn,
    Site,
    Unit,
)
from consult.accounts.retention import PERIODS, Kept, months_after
from consult.accounts.sessions import GUEST, SEEN_EVERY, WITH_A_PART, WITHOUT
from consult.audit import AuditEntry
from consult.cli.worker import worker
from consult.consultations.models import Consultation, Stage
from consult.discussion.desk.models import DeskAct, DeskItem
from consult.discussion.models import Citation, Comment, Decision, State, UnsentComment
from consult.discussion.recounting import differences, recount
from consult.extensions import db, transaction
from consult.moderation.models import Report
from consult.notices import clearing, dispatch
from consult.notices.actions import send
from consult.notices.models import Happening, OutboxMail
from tests.accounts.ground import mails
from tests.discussion import ground
from tests.factories import a_guest, a_person, a_session, a_site, a_unit, an_official

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.fixture(autouse=True)
def _site(app):
    clock.replace(lambda: NOW)
    a_site()


def _clear_at(moment: datetime) -> dict[str, int]:
    clock.replace(lambda: moment)
    done = clearing.clear_up()
    db.session.rollback()
    db.session.expire_all()
    return done


def _period(what: Kept) -> timedelta:
    return timedelta(days=PERIODS[what].days)


def _exactly_at(moment: datetime, name: str, count: int = 1) -> None:
    """Insist that so much goes at this moment, and nothing a second before."""
    assert name not in _clear_at(moment - SECOND)
    assert _clear_at(moment).get(name) == count
    assert not list(audit.breaks())


# Addresses of guests


def _end(draft, **ended):
    stage = Stage.OUTCOME if "outcome_at" in ended else Stage.WITHDRAWN
    db.session.query(Consultation).filter_by(id=draft.consultation_id).update({"stage": stage, **ended})
    db.session.commit()


def test_an_address_goes_so_many_months_after_the_outcome(app):
    draft, guest = ground.a_draft(), a_guest(name="Visitor")
    comment = ground.say(ground.paragraph(draft), "As a guest.", by=guest)
    with transaction():
        send(to=guest.email, subject="It is up", body="", person=guest)
        links.make(Purpose.GUEST_RETURN, guest)
    _end(draft, outcome_at=NOW)
    key = a_session(guest)
    address = guest.email
    _exactly_at(datetime(2027, 11, 27, 12, tzinfo=UTC), "addresses_of_guests")
    kept = db.session.get(Person, guest.id)
    assert (kept.name, kept.email) == ("Visitor", "")
    assert comment.state is State.PUBLISHED
    assert not mails(address)
    assert db.session.query(SignedIn).filter_by(person_id=guest.id).count() == 0
    assert db.session.query(OneTimeLink).filter_by(person_id=guest.id).count() == 0
    assert key
    entry = db.session.query(AuditEntry).filter_by(act="guest.erase_address").one()
    assert (entry.subject, entry.actor_id) == (f"person:{guest.id}", None)


def test_a_withdrawn_consultation_lets_go_after_its_withdrawal_and_units_have_their_own_months(app):
    draft = ground.a_draft(unit=a_unit(retention_months=3))
    ground.say(ground.paragraph(draft), "As a guest.", by=a_guest())
    _end(draft, withdrawn_at=datetime(2026, 11, 30, 8, tzinfo=UTC))
    _exactly_at(datetime(2027, 2, 28, 8, tzinfo=UTC), "addresses_of_guests")


def test_the_site_says_how_long_where_the_unit_does_not(app):
    draft = ground.a_draft()
    ground.say(ground.paragraph(draft), "As a guest.", by=a_guest())
    _end(draft, outcome_at=NOW)
    db.session.get(Site, 1).retention_months = 6
    db.session.commit()
    _exactly_at(months_after(NOW, 6), "addresses_of_guests")


def test_the_last_consultation_decides_and_one_without_an_outcome_holds(app):
    guest, early, late, running = a_guest(), ground.a_draft(), ground.a_draft(), ground.a_draft()
    for draft in (early, late, running):
        ground.say(ground.paragraph(draft), "As a guest.", by=guest)
    _end(early, outcome_at=NOW)
    _end(late, outcome_at=NOW + timedelta(days=40))
    assert not _clear_at(NOW + timedelta(days=5_000)).get("addresses_of_guests")
    _end(running, outcome_at=NOW + timedelta(days=20))
    _exactly_at(months_after(NOW + timedelta(days=40), 12), "addresses_of_guests")


def test_whatever_became_of_a_comment_it_holds_the_address(app):
    guest, ended, running = a_guest(), ground.a_draft(), ground.a_draft()
    ground.say(ground.paragraph(ended), "As a guest.", by=guest)
    ground.withdraw(ground.say(ground.paragraph(running), "Not so.", by=guest))
    _end(ended, outcome_at=NOW)
    assert not _clear_at(NOW + timedelta(days=5_000)).get("addresses_of_guests")
    assert guest.email


def test_accounts_keep_their_address(app):
    draft, person = ground.a_draft(), a_person()
    ground.say(ground.paragraph(draft), "With an account.", by=person)
    _end(draft, outcome_at=NOW)
    _clear_at(NOW + timedelta(days=5_000))
    assert person.email


ENDED = st.none() | st.integers(-900, 900)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    consultations=st.lists(st.tuples(st.none() | st.integers(1, 24), ENDED), min_size=1, max_size=4),
    wrote_on=st.lists(st.sets(st.integers(0, 3)), min_size=1, max_size=4),
)
def test_never_an_address_gone_early_and_never_one_kept_late(app, consultations, wrote_on):
    clock.replace(lambda: NOW)
    drafts, ends = [], []
    for months, days in consultations:
        draft = ground.a_draft(
            unit=a_unit(retention_months=months),
            opens_at=NOW - timedelta(days=1),
            closes_at=NOW + timedelta(days=9),
        )
        drafts.append(draft)
        ends.append(None if days is None else months_after(NOW + timedelta(days=days), months or 12))
    guests = []
    for chosen in wrote_on:
        chosen = {index for index in chosen if index < len(drafts)}
        guest = a_guest()
        for index in chosen:
            ground.say(ground.paragraph(drafts[index]), "As a guest.", by=guest)
        goes = [ends[index] for index in chosen]
        is_due = bool(goes) and all(at is not None and at <= NOW for at in goes)
        guests.append((guest.id, bool(chosen), is_due))
    for draft, (_months, days) in zip(drafts, consultations, strict=True):
        if days is not None:
            _end(draft, outcome_at=NOW + timedelta(days=days))
    _clear_at(NOW)
    for person_id, has_written, is_due in guests:
        person = db.session.get(Person, person_id)
        assert (person.email == "") == is_due, (has_written, is_due)


# What nobody confirmed


def _unconfirmed_comment(draft, **values) -> Comment:
    guest = a_guest(**values)
    comment = ground.say(ground.paragraph(draft), "Wait for me.", by=guest)
    db.session.query(Comment).filter_by(id=comment.id).update(
        {"state": State.UNCONFIRMED, "was_published": False}
    )
    db.session.query(Person).filter_by(id=guest.id).update({"confirmed_at": None})
    db.session.query(Happening).delete()  # nobody is told of what nobody confirmed
    db.session.add(Citation(comment_id=comment.id, paragraph_id=comment.paragraph_id))
    db.session.add(
        UnsentComment(
            key=f"u{comment.id}",
            holder="h",
            document_id=draft.id,
            body="Wait for me.",
            paragraph_id=comment.paragraph_id,
            comment_id=comment.id,
            created_at=NOW,
            updated_at=NOW,
        )
    )
    db.session.commit()
    return comment


def test_an_unconfirmed_comment_vanishes_with_its_guest_and_is_unsent_again(app):
    draft = ground.a_draft()
    comment = _unconfirmed_comment(draft)
    comment_id, guest_id = comment.id, comment.author_id
    _exactly_at(NOW + _period(Kept.UNCONFIRMED), "unconfirmed_comments")
    assert db.session.get(Comment, comment_id) is None
    assert db.session.get(Person, guest_id) is None
    assert db.session.query(Decision).filter_by(comment_id=comment_id).count() == 0
    unsent = db.session.query(UnsentComment).one()
    assert (unsent.comment_id, unsent.body) == (None, "Wait for me.")
    acts = {entry.act for entry in db.session.query(AuditEntry)}
    assert {"comment.vanish", "person.vanish"} <= acts


def test_an_account_that_nobody_confirmed_vanishes_with_all_that_hangs_on_it(app, sign_in):
    person = a_person(is_confirmed=False)
    db.session.add(
        Report(
            comment_id=ground.say(ground.paragraph(ground.a_draft())).id,
            reporter_id=person.id,
            reason="abuse",
            created_at=NOW,
        )
    )
    db.session.commit()
    with transaction():
        send(to=person.email, subject="Confirm", body="", person=person)
        links.make(Purpose.CONFIRM_EMAIL, person)
    sign_in(person)
    person_id = person.id
    _exactly_at(NOW + _period(Kept.UNCONFIRMED), "unconfirmed_people")
    assert db.session.get(Person, person_id) is None
    assert db.session.query(Report).one().reporter_id is None
    assert db.session.query(OutboxMail).count() == 0


@pytest.mark.parametrize(
    "keep",
    [
        lambda person: setattr(person, "confirmed_at", NOW),
        lambda person: db.session.add(
            Role(person_id=person.id, part=Part.EDITOR, created_at=NOW, accepted_at=NOW, ended_at=NOW)
        ),
        lambda person: db.session.add(
            Role(person_id=person.id, part=Part.EDITOR, created_at=NOW + timedelta(days=6), accepted_at=None)
        ),
        lambda person: db.session.add(
            OneTimeLink(
                person_id=person.id,
                purpose=Purpose.CONFIRM_EMAIL,
                digest="d",
                created_at=NOW,
                expires_at=NOW + timedelta(days=8),
            )
        ),
        lambda person: setattr(ground.a_draft().consultation, "created_by", person.id),
    ],
    ids=["confirmed", "played a part", "invited lately", "a link is open", "named by an act"],
)
def test_whoever_still_counts_stays(app, keep):
    person = a_person(is_confirmed=False)
    keep(person)
    db.session.commit()
    _clear_at(NOW + timedelta(days=7, hours=1))
    assert db.session.get(Person, person.id) is not None


def test_an_invitation_that_was_never_taken_up_goes_with_its_account(app):
    person = a_person(is_confirmed=False)
    db.session.add(Role(person_id=person.id, part=Part.EDITOR, created_at=NOW, accepted_at=None))
    db.session.commit()
    _exactly_at(NOW + timedelta(days=7), "unconfirmed_people")
    assert db.session.query(Role).count() == 0


def test_one_who_must_stay_does_not_keep_the_others(app, monkeypatch):
    monkeypatch.setattr(accounts_forgetting, "HANDFUL", 1)
    stays = a_person(is_confirmed=False).id
    ground.a_draft().consultation.created_by = stays
    db.session.commit()
    for _ in range(3):
        a_person(is_confirmed=False)
    assert _clear_at(NOW + timedelta(days=8))["unconfirmed_people"] == 3
    assert [person.id for person in db.session.query(Person)] == [stays]


def test_a_guest_with_comments_stays_when_known_in_no_browser_and_one_without_goes(app):
    writer, nobody = a_guest(), a_guest()
    kept = writer.id
    ground.say(ground.paragraph(ground.a_draft()), "As a guest.", by=writer)
    a_session(nobody)
    assert not _clear_at(NOW + timedelta(days=30))
    assert _clear_at(NOW + timedelta(days=61)) == {"sessions": 1, "unconfirmed_people": 1}
    assert [person.id for person in db.session.query(Person)] == [kept]


def test_published_comments_and_counts_are_left_alone(app):
    draft = ground.a_draft()
    ground.say(ground.paragraph(draft), "Stays.", by=a_guest())
    _unconfirmed_comment(ground.a_draft())
    with transaction():
        recount()
    _clear_at(NOW + timedelta(days=400))
    assert db.session.query(Comment).count() == 1
    assert not list(differences())


# Links, refusals, unsent comments, sessions, mails


def test_links_go_after_they_were_used_or_ran_out(app):
    with transaction():
        links.make(Purpose.MAIL_RECEIVED)
        links.use(links.make(Purpose.FIRST_ADMINISTRATOR), Purpose.FIRST_ADMINISTRATOR)
    _exactly_at(NOW + _period(Kept.LINKS), "links")
    _exactly_at(NOW + timedelta(hours=links.HOURS) + _period(Kept.LINKS), "links")


def test_a_refusal_is_forgotten(app):
    db.session.add(RefusedAddress(digest="d", refused_at=NOW))
    db.session.commit()
    _exactly_at(NOW + _period(Kept.REFUSED), "refused_addresses")


def test_an_unsent_comment_goes_after_its_last_change(app):
    draft = ground.a_draft()
    db.session.add(
        UnsentComment(
            key="u",
            holder="h",
            document_id=draft.id,
            paragraph_id=ground.paragraph(draft).id,
            body="Later.",
            created_at=NOW - timedelta(days=300),
            updated_at=NOW,
        )
    )
    db.session.commit()
    _exactly_at(NOW + _period(Kept.UNSENT), "unsent_comments")


@pytest.mark.parametrize(
    ("who", "limits"), [("account", WITHOUT), ("guest", GUEST), ("official", WITH_A_PART)]
)
def test_a_session_goes_after_it_ran_out_which_hangs_on_who_has_it(app, who, limits):
    person = {"account": a_person, "guest": a_guest, "official": lambda: an_official(a_unit())}[who]()
    if who == "guest":
        ground.say(ground.paragraph(ground.a_draft()), "As a guest.", by=person)
    a_session(person)
    ran_out = NOW + min(limits.idle + SEEN_EVERY, limits.absolute)
    _exactly_at(ran_out + _period(Kept.SESSIONS), "sessions")


def test_a_session_that_was_in_use_to_the_end_goes_after_its_longest(app):
    a_session(a_person())
    db.session.query(SignedIn).update({"seen_at": NOW + WITHOUT.absolute - SECOND})
    db.session.commit()
    _exactly_at(NOW + WITHOUT.absolute + _period(Kept.SESSIONS), "sessions")


def test_a_session_that_was_ended_goes_after_its_end(app):
    a_session(a_person())
    db.session.query(SignedIn).update({"ended_at": NOW + SECOND})
    db.session.commit()
    _exactly_at(NOW + SECOND + _period(Kept.SESSIONS), "sessions")


@pytest.mark.parametrize("end", ["sent_at", "dead_at"])
def test_copies_of_mails_go_after_they_were_sent_or_given_up(app, end):
    with transaction():
        send(to="nia@mail.example", subject="One", body="")
        send(to="nia@mail.example", subject="Two, which waits", body="")
    db.session.query(OutboxMail).filter_by(subject="One").update({end: NOW})
    db.session.commit()
    _exactly_at(NOW + _period(Kept.MAILS), "mails")
    assert [mail.subject for mail in mails()] == ["Two, which waits"]


def test_the_last_mail_to_a_closed_account_goes_as_soon_as_it_was_sent(app):
    person = a_person(closed_at=NOW)
    with transaction():
        send(to="nia@mail.example", subject="Closed", body="", person=person)
    assert not _clear_at(NOW + timedelta(days=2))
    db.session.query(OutboxMail).update({"sent_at": NOW})
    db.session.commit()
    assert _clear_at(NOW + timedelta(days=2)) == {"mails": 1}


def test_in_a_demonstration_mails_count_from_when_they_were_written(app):
    db.session.get(Site, 1).is_demonstration = True
    db.session.commit()
    with transaction():
        send(to="nia@mail.example", subject="One", body="")
    _exactly_at(NOW + _period(Kept.MAILS), "mails")


# How it is done


def test_it_goes_on_handful_by_handful_and_then_has_nothing_to_do(app, monkeypatch):
    monkeypatch.setattr(accounts_forgetting, "HANDFUL", 3)
    for _ in range(8):
        a_person(is_confirmed=False)
    assert _clear_at(NOW + timedelta(days=8)) == {"unconfirmed_people": 8}
    assert _clear_at(NOW + timedelta(days=8)) == {}


def test_what_was_done_before_it_broke_off_stays_done(app, monkeypatch):
    monkeypatch.setattr(accounts_forgetting, "HANDFUL", 2)
    with transaction():
        for _ in range(5):
            links.make(Purpose.MAIL_RECEIVED)
    calls = []

    def breaks(table, *where):
        if len(calls) == 2:
            raise RuntimeError("the power went")
        calls.append(table)
        return delete_some(table, *where)

    monkeypatch.setattr(accounts_forgetting, "delete_some", breaks)
    with pytest.raises(RuntimeError):
        _clear_at(NOW + timedelta(days=20))
    db.session.rollback()
    assert db.session.query(OneTimeLink).count() == 1
    monkeypatch.setattr(accounts_forgetting, "delete_some", delete_some)
    assert _clear_at(NOW + timedelta(days=20)) == {"links": 1}


def test_another_address_that_nobody_confirms_is_forgotten(app):
    nia = a_person(pending_email="other@mail.example")
    with transaction():
        links.make(Purpose.CHANGE_EMAIL, nia)
    assert "other_addresses" not in _clear_at(NOW + timedelta(days=7) - SECOND)
    assert nia.pending_email == "other@mail.example"
    assert _clear_at(NOW + timedelta(days=7)) == {"other_addresses": 1}
    assert nia.pending_email == ""


def test_two_workers_at_once_do_it_once(app, monkeypatch):
    monkeypatch.setattr(accounts_forgetting, "HANDFUL", 5)
    for _ in range(30):
        a_person(is_confirmed=False)
    clock.replace(lambda: NOW + timedelta(days=8))
    counts, errors = [], []

    def work():
        with app.app_context():
            try:
                counts.append(clearing.clear_up().get("unconfirmed_people", 0))
            except Exception as error:
                errors.append(error)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    db.session.rollback()
    assert not errors
    assert sum(counts) == 30
    assert db.session.query(Person).count() == 0
    assert db.session.query(AuditEntry).filter_by(act="person.vanish").count() == 30
    assert not list(audit.breaks())


def test_the_log_has_numbers_and_nobodys_address(app, caplog):
    a_person(is_confirmed=False, name="Nia Probert", email="nia@mail.example")
    with caplog.at_level(logging.INFO, logger="consult.clearing"):
        _clear_at(NOW + timedelta(days=8))
    (line,) = caplog.records
    assert line.deleted == {"unconfirmed_people": 1}
    assert "nia" not in str(line.__dict__).lower().replace("unconfirmed", "")


def test_a_database_without_a_site_is_left_alone(app):
    db.session.query(Site).delete()
    db.session.commit()
    assert clearing.clear_up() == {}


def test_the_mail_thread_clears_up_at_once_and_then_every_hour(app, monkeypatch):
    rounds, now = [], [0.0]
    monkeypatch.setattr(dispatch.time, "monotonic", lambda: now[0])
    monkeypatch.setattr(clearing, "clear_up", lambda: rounds.append(now[0]))

    class Stop:
        def wait(self, pause):
            now[0] += 600.0
            return now[0] > 9_000

    dispatch.deliver_until(Stop())
    assert rounds == [600.0, 4_200.0, 7_800.0]


def test_the_worker_does_it_once_on_request(app):
    a_person(is_confirmed=False)
    clock.replace(lambda: NOW + timedelta(days=8))
    result = app.test_cli_runner().invoke(worker, ["--once"])
    assert result.exit_code == 0
    assert result.output.splitlines() == ["0 delivered", "1 unconfirmed people deleted"]


def test_units_are_asked_one_by_one(app):
    """A unit that changes its months is asked anew at the next round."""
    unit = a_unit()
    draft = ground.a_draft(unit=unit)
    ground.say(ground.paragraph(draft), "As a guest.", by=a_guest())
    _end(draft, outcome_at=NOW)
    assert not _clear_at(NOW + timedelta(days=100)).get("addresses_of_guests")
    db.session.query(Unit).filter_by(id=unit.id).update({"retention_months": 3})
    db.session.commit()
    assert _clear_at(NOW + timedelta(days=100))["addresses_of_guests"] == 1


def test_what_was_done_at_the_desk_goes_after_a_day_and_stays_in_the_record(app):
    said = [ground.say(ground.paragraph(ground.a_draft())) for _n in range(12)]
    for comment in said:
        ground.answer(comment)
    with transaction():
        db.session.query(DeskAct).filter_by(id=12).update({"at": NOW + SECOND})
    _exactly_at(NOW + timedelta(days=1), "acts_at_desk", 11)
    assert [act.id for act in db.session.query(DeskAct)] == [12]
    assert [item.act_id for item in db.session.query(DeskItem)] == [12]
    assert db.session.query(AuditEntry).filter_by(act="desk.answer").count() == 12


def test_old_mails_are_found_by_an_index_and_not_among_all(app):
    ground.a_draft()
    seen: list[tuple[str, object]] = []

    def note(conn, cursor, statement, parameters, context, many):
        if statement.startswith("SELECT") and "outbox_mail" in statement:
            seen.append((statement, parameters))

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        with transaction():
            clearing.forget_mails()
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    assert len(seen) == 3
    if db.engine.dialect.name != "sqlite":
        return  # the plan of a table that holds nothing says nothing there
    for statement, parameters in seen:
        plan = db.session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
        assert "SCAN outbox_mail" not in [row[-1] for row in plan], statement
