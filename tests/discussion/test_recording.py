"""Writing down what came by letter, at a meeting or by telephone."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import func, select

from consult import clock
from consult.accounts.models import Person
from consult.audit import AuditEntry
from consult.consultations.models import Stage
from consult.discussion import recording, recounting
from consult.discussion.actions import letter_written
from consult.discussion.models import BodyKind, Channel, Comment, Correction, Decision, Kind, State, Wording
from consult.discussion.recording import Consent
from consult.errors import Closed, Conflict, Invalid, NotAllowed
from consult.extensions import db, transaction
from consult.moderation.actions import Verb, decide
from consult.moderation.models import QueueItem
from consult.notices.models import OutboxMail
from tests import factories
from tests.discussion.ground import (
    BEFORE,
    LONDON,
    a_draft,
    address,
    consultation_of,
    paragraph,
    record,
    say,
    tell_team,
)

FORM = {
    "where": "1",
    "body": "Count *every* oak.",
    "kind": "comment",
    "channel": "letter",
    "source": "Letter from W. Thackray, ref. 12",
    "name": "Wilf Thackray",
    "consent": "named",
}


@pytest.fixture
def place(app):
    return paragraph(a_draft())


@pytest.fixture
def official(place):
    return factories.an_official(consultation_of(place).unit)


def today():
    return clock.now().astimezone(LONDON).date()


def form(**changes):
    filled = {**FORM, "received_on": f"{today():%d %B %Y}", "once": "k" * 20, **changes}
    return {name: value for name, value in filled.items() if value is not None}


def desk_of(place):
    document = place.document
    return f"/desk/record/{document.consultation.slug}/{document.slug}"


def end(place, stage=Stage.OUTCOME):
    with transaction():
        consultation_of(place).stage = stage


def close(place, at):
    with transaction():
        consultation_of(place).closes_at = at


def said():
    return list(db.session.scalars(select(Comment).order_by(Comment.id)))


# ---- what it becomes


def test_it_is_published_with_the_way_it_came_and_counted_as_any_other(place, official, visit, visit_as):
    answered = visit_as(official).post(desk_of(place), form())
    (comment,) = said()
    assert answered.location.endswith(f"#comment-{comment.key}")
    article = visit.get(address(place)).select_one(f"#comment-{comment.key}")
    assert "Wilf Thackray" in article.select_one(".c-head").text
    assert article.select_one(".c-tags").text.startswith("Came by letter, ")
    assert article.select_one(".c-body em").text == "every"
    assert (place.comment_count, place.document.people_count) == (1, 1)
    assert comment.recorded_by == official.id
    assert comment.source == FORM["source"]
    assert list(recounting.differences()) == []


def test_the_source_is_on_no_public_page(place, official, visit):
    record(place, by=official, source="Box 7, shelf 3")
    assert "Box 7" not in visit.get(address(place)).text


def test_where_a_moderator_looks_first_it_waits_as_any_other(official, visit_as, app):
    place = paragraph(a_draft(policy=BEFORE))
    by = factories.an_official(consultation_of(place).unit)
    answered = visit_as(by).post(desk_of(place), form())
    (comment,) = said()
    assert comment.state is State.WAITING
    assert db.session.scalar(select(func.count()).select_from(QueueItem)) == 1
    assert answered.location == f"/desk/recorded/{comment.key}"
    moderator = factories.a_moderator(consultation_of(place).unit.organisation)
    with transaction(moderator):
        decide(actor=moderator, comment=comment, verb=Verb.PUBLISH)
    assert comment.state is State.PUBLISHED
    assert db.session.scalar(select(func.count()).select_from(OutboxMail)) == 0  # there is nobody to write to


def test_what_is_only_for_the_team_is_with_the_team(place, official, visit_as):
    answered = visit_as(official).post(desk_of(place), form(consent="team", confidential="A patient."))
    (comment,) = said()
    assert comment.state is State.RECEIVED
    assert comment.confidential_reason == "A patient."
    assert answered.location == f"/desk/team/{comment.key}"
    assert place.document.team_count == 1
    assert place.comment_count == 0


def test_who_agreed_to_no_name_has_none_not_even_in_the_database(place, official, visit_as):
    visit_as(official).post(desk_of(place), form(consent="unnamed"))
    assert said()[0].author.name == "No name given"
    assert not db.session.scalar(select(Person.id).where(Person.name == FORM["name"]))


def test_no_name_is_no_name(place, official, visit_as):
    visit_as(official).post(desk_of(place), form(name="", organisation="Walk", organisation_kind="charity"))
    (comment,) = said()
    assert comment.author.name == "No name given"
    assert (comment.on_behalf_of, comment.on_behalf_kind) == ("Walk", BodyKind.CHARITY)


def test_everybody_whose_words_are_written_down_is_somebody_of_their_own(place, official):
    first, second = record(place, "One.", by=official), record(place, "Two.", by=official)
    assert first.author_id != second.author_id
    author = first.author
    assert (author.email, author.is_guest, author.is_confirmed, author.password_hash) == ("", True, True, "")
    assert place.document.people_count == 2


@pytest.mark.parametrize("password", ["", "x", "correct horse battery staple"])
def test_nobody_can_sign_in_as_them(place, official, visit, password):
    record(place, by=official)
    page = visit.post("/sign-in", {"email": "", "password": password}, 422).page
    assert page.select_one("[role=alert]")


def test_a_long_letter_on_the_whole_draft_is_a_letter(place, official):
    long = "Every oak counts. " * 600
    assert record(paragraph(place.document, "all"), long, by=official).is_letter
    assert not record(paragraph(place.document, "all"), "Every oak counts.", by=official).is_letter


def test_a_question_waits_for_an_answer_as_any_other(place, official, visit_as):
    record(place, "How many oaks?", by=official, kind=Kind.QUESTION)
    page = visit_as(official).get("/desk")
    assert "How many oaks?" in page.text
    assert "Came by letter" in page.text


def test_the_record_says_who_wrote_it_down_and_what_was_agreed_without_a_word_of_it(place, official):
    comment = record(place, "Quarantine.", by=official)
    told = select(AuditEntry).where(AuditEntry.subject == f"comment:{comment.id}").order_by(AuditEntry.id)
    entries = list(db.session.scalars(told))
    assert [entry.act for entry in entries] == ["comment.record", "comment.consent"]
    assert {entry.actor_id for entry in entries} == {official.id}
    assert entries[1].reason == "named"
    assert "Quarantine" not in repr([vars(entry) for entry in entries])


# ---- when


def test_what_came_after_the_closing_day_is_late_and_what_came_on_it_is_not(place, official):
    close(place, datetime.combine(today() - timedelta(days=2), datetime.max.time(), LONDON))
    assert not record(place, "One.", by=official, received_on=today() - timedelta(days=2)).is_late
    late = record(place, "Two.", by=official, received_on=today() - timedelta(days=1))
    assert late.is_late
    assert late.state is State.PUBLISHED


def test_a_closing_at_midnight_ends_the_day_before(place):
    closing = datetime(2026, 12, 1, 0, 0, tzinfo=LONDON)
    with transaction():
        consultation_of(place).closes_at = closing
    assert recording.came_late(consultation_of(place), date(2026, 12, 1), LONDON)
    assert not recording.came_late(consultation_of(place), date(2026, 11, 30), LONDON)


def test_after_the_outcome_nothing_is_written_down(place, official, visit_as):
    end(place)
    with pytest.raises(Closed):
        record(place, by=official)
    page = visit_as(official).post(desk_of(place), form(), 409).page
    assert page.select_one("textarea[readonly]").text.strip() == FORM["body"]
    assert desk_of(place) not in str(visit_as(official).get("/desk/record"))


def test_while_the_outcome_is_awaited_it_still_is(place, official):
    end(place, Stage.ANALYSING)
    assert record(place, by=official).state is State.PUBLISHED


@pytest.mark.parametrize(
    ("days", "words"),
    [(1, "has not come yet"), (-200, "more than 90 days before"), (-9000, "90 days before")],
)
def test_a_day_that_cannot_be_is_refused(place, official, visit_as, days, words):
    day = today() + timedelta(days=days)
    page = visit_as(official).post(desk_of(place), form(received_on=f"{day:%d %B %Y}"), 422).page
    assert words in page.select_one("#received_on-error").text
    assert said() == []


# ---- bad input


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("body", ""),
        ("body", "x" * 50_001),
        ("channel", None),
        ("channel", "web"),
        ("channel", "pigeon"),
        ("kind", "petition"),
        ("received_on", ""),
        ("received_on", "the other day"),
        ("source", ""),
        ("source", "x" * 201),
        ("where", "99"),
        ("where", "all"),
        ("where", "1; DROP TABLE"),
        ("name", "x" * 81),
        ("name", "Moderator"),
        ("name", "evil\u202ename"),
        ("consent", None),
        ("consent", "yes"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field_and_nothing_is_lost(
    place, official, visit_as, field, value
):
    page = visit_as(official).post(desk_of(place), form(**{field: value}), 422).page
    assert page.select_one(f'[role=alert] a[href="#{field}"]')
    if field != "body":
        assert page.select_one("#body").text.strip() == FORM["body"]
    assert said() == []


def test_an_organisation_has_a_kind(place, official, visit_as):
    page = visit_as(official).post(desk_of(place), form(organisation="Walk"), 422).page
    assert page.select_one('[role=alert] a[href="#organisation_kind"]')


def test_published_with_a_name_needs_one(place, official, visit_as):
    page = visit_as(official).post(desk_of(place), form(name=""), 422).page
    assert page.select_one('[role=alert] a[href="#consent"]')


def test_no_form_can_say_who_wrote_it_down_or_in_which_state_it_is(place, official, visit_as):
    more = {"author_id": "1", "recorded_by": "99", "state": "published", "is_late": "1", "unit_id": "9"}
    visit_as(official).post(desk_of(place), form(consent="team", **more))
    (comment,) = said()
    assert (comment.recorded_by, comment.state, comment.is_late) == (official.id, State.RECEIVED, False)


def test_a_paragraph_that_takes_no_comments_takes_no_letter(app, visit_as):
    document = a_draft("# A plan\n\n<!-- no comments -->\nThe law says so.\n\nWe count the trees.\n")
    closed = next(p for p in (paragraph(document, "1"), paragraph(document, "2")) if not p.is_open)
    by = factories.an_official(document.consultation.unit)
    with pytest.raises(Invalid):
        record(closed, by=by)


def test_the_number_may_be_written_small(place, official):
    assert recording.paragraph_numbered(place.document, "1").id == place.id
    assert recording.paragraph_numbered(place.document, "").key == "all"
    assert recording.paragraph_numbered(place.document, "77") is None


# ---- preview and the same twice


def test_the_preview_shows_the_words_of_the_paragraph_and_keeps_nothing(place, official, visit_as):
    page = visit_as(official).post(desk_of(place), form(do="preview"), 200).page
    panel = page.select_one('section[aria-labelledby="preview-h"]')
    assert "First, we count the trees." in panel.text
    assert "Came by letter" in panel.text
    assert "Everybody can read it at once." in panel.text
    assert page.select_one("#body").text.strip() == FORM["body"]
    assert said() == []


def test_the_preview_says_when_the_same_words_were_written_down(place, official, visit_as):
    before = record(place, FORM["body"], by=official)
    page = visit_as(official).post(desk_of(place), form(do="preview"), 200).page
    assert page.select_one(f'a[href="/desk/recorded/{before.key}"]')


def test_the_same_form_twice_is_one_response(place, official, visit_as):
    visitor = visit_as(official)
    first, second = visitor.post(desk_of(place), form()), visitor.post(desk_of(place), form())
    assert first.location == second.location
    assert len(said()) == 1
    assert place.document.people_count == 1


# ---- who may


def test_only_an_official_of_the_unit_writes_down(place, visit_as):
    unit = consultation_of(place).unit
    for actor in (
        factories.a_person(),
        factories.a_moderator(unit.organisation),
        factories.an_official(factories.a_unit(unit.organisation)),
        factories.an_administrator(),
    ):
        with pytest.raises(NotAllowed):
            record(place, by=actor)
    assert said() == []


def test_another_unit_finds_neither_the_form_nor_what_was_written_down(place, official, visit_as):
    comment = record(place, by=official)
    other = visit_as(factories.an_official(factories.a_unit()))
    other.get(desk_of(place), 403)
    other.get(f"/desk/recorded/{comment.key}", 404)
    other.post(f"/desk/recorded/{comment.key}", {"do": "withdraw", "note": "Mine."}, 404)
    assert comment.state is State.PUBLISHED


def test_a_text_that_is_not_published_takes_none(app, visit_as):
    document = factories.a_document(a_draft().consultation)
    by = factories.an_official(document.consultation.unit)
    visit_as(by).get(f"/desk/record/{document.consultation.slug}/{document.slug}", 404)


# ---- afterwards


def test_a_colleague_can_correct_it_and_the_earlier_words_stay(place, official, visit_as, visit):
    comment = record(place, "Count *every* oak.", by=official)
    at = clock.now() + timedelta(hours=1)
    clock.replace(lambda: at)
    colleague = factories.an_official(consultation_of(place).unit)
    visit_as(colleague).post(f"/desk/recorded/{comment.key}", {"body": "Count every elm.", "do": "correct"})
    assert comment.body == "Count every elm."
    assert db.session.scalar(select(Wording.body)) == "Count *every* oak."
    assert "Count every oak." in visit.get(f"/comments/{comment.key}/history").text


def test_where_a_moderator_looks_first_the_correction_waits(app, visit_as):
    place = paragraph(a_draft(policy=BEFORE))
    by = factories.an_official(consultation_of(place).unit)
    comment = record(place, "Oaks.", by=by)
    moderator = factories.a_moderator(consultation_of(place).unit.organisation)
    with transaction(moderator):
        decide(actor=moderator, comment=comment, verb=Verb.PUBLISH)
    page = visit_as(by)
    page.post(f"/desk/recorded/{comment.key}", {"body": "Elms.", "do": "correct"})
    assert comment.body == "Oaks."
    assert db.session.scalar(select(Correction.body)) == "Elms."
    assert "A moderator looks at the new words next" in page.get(f"/desk/recorded/{comment.key}").text


def test_what_a_moderator_returned_goes_back_once_it_is_corrected(place, official, visit_as):
    comment = record(place, "Oaks, you fools.", by=official)
    moderator = factories.a_moderator(consultation_of(place).unit.organisation)
    with transaction(moderator):
        decide(actor=moderator, comment=comment, verb=Verb.RETURN, reason="abuse", message="Leave that out.")
    visitor = visit_as(official)
    assert "Leave that out." in visitor.get(f"/desk/recorded/{comment.key}").text
    visitor.post(f"/desk/recorded/{comment.key}", {"body": "Oaks.", "do": "correct"})
    assert comment.state is State.WAITING


def test_it_can_still_be_corrected_after_the_closing_and_not_after_the_outcome(place, official):
    comment = record(place, by=official)
    close(place, clock.now() - timedelta(hours=1))
    with transaction(official):
        recording.correct_record(actor=official, comment=comment, words=letter_written("Elms."))
    end(place)
    with pytest.raises(Closed), transaction(official):
        recording.correct_record(actor=official, comment=comment, words=letter_written("Ashes."))
    assert comment.body == "Elms."


def test_a_colleagues_correction_is_shown_and_neither_text_is_lost(place, official, visit_as):
    comment = record(place, "Oaks.", by=official)
    page = (
        visit_as(official)
        .post(
            f"/desk/recorded/{comment.key}", {"body": "Elms.", "seen": "another face", "do": "correct"}, 409
        )
        .page
    )
    assert "Oaks." in page.select_one('section[aria-labelledby="theirs-h"]').text
    assert page.select_one("#body").text.strip() == "Elms."


def test_it_can_be_taken_back_with_a_decision_and_a_marker_of_its_own(place, official, visit_as, visit):
    comment = record(place, by=official)
    visit_as(official).post(f"/desk/recorded/{comment.key}", {"do": "withdraw", "note": "He asked for it."})
    assert comment.state is State.WITHDRAWN
    decision = db.session.scalar(select(Decision).order_by(Decision.id.desc()))
    assert (decision.actor_id, decision.reason, decision.note) == (
        official.id,
        "recorder",
        "He asked for it.",
    )
    unit = consultation_of(place).unit.name
    marker = visit.get(address(place)).select_one(f"#comment-{comment.key}").text
    assert f"What {unit} had written down here was taken back" in marker
    document = place.document
    paper = visit.get(f"/consultations/{document.consultation.slug}/{document.slug}/print")
    assert "had written down here was taken back" in paper.select_one(f"#comment-{comment.key}").text
    assert place.comment_count == 0
    visit_as(official).get(f"/desk/recorded/{comment.key}", 409)


def test_taking_it_back_needs_a_reason(place, official, visit_as):
    comment = record(place, by=official)
    page = visit_as(official).post(f"/desk/recorded/{comment.key}", {"do": "withdraw"}, 422).page
    assert page.select_one('[role=alert] a[href="#note"]')
    assert comment.state is State.PUBLISHED


def test_what_people_wrote_here_themselves_is_not_the_officials_to_change(place, official, visit_as):
    for comment in (say(place), tell_team(place)):
        visit_as(official).get(f"/desk/recorded/{comment.key}", 404)
        visit_as(official).post(f"/desk/recorded/{comment.key}", {"do": "withdraw", "note": "No."}, 404)
        with pytest.raises(NotAllowed), transaction(official):
            recording.withdraw_record(actor=official, comment=comment)
        with pytest.raises(NotAllowed), transaction(official):
            recording.correct_record(actor=official, comment=comment, words=letter_written("Mine."))


def test_what_a_moderator_took_down_stays_down(place, official):
    comment = record(place, by=official)
    moderator = factories.a_moderator(consultation_of(place).unit.organisation)
    with transaction(moderator):
        decide(actor=moderator, comment=comment, verb=Verb.TAKE_DOWN, reason="abuse")
    with pytest.raises(Conflict), transaction(official):
        recording.withdraw_record(actor=official, comment=comment)
    assert comment.state is State.TAKEN_DOWN


def test_the_thread_leads_officials_to_what_they_can_correct_and_nobody_else(
    place, official, visit, visit_as
):
    comment = record(place, by=official, consent=Consent.NAMED, channel=Channel.MEETING)
    link = f'a[href="/desk/recorded/{comment.key}"]'
    assert visit_as(official).get(address(place)).select_one(link)
    assert not visit.get(address(place)).select_one(link)
