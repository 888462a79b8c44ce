"""Posting, correcting, withdrawing: what is stored, what is refused, what is counted."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from consult import audit, clock
from consult.announcements import comment_changed, correction_proposed
from consult.discussion import actions, recounting
from consult.discussion.models import Comment, Correction, Decision, Kind, State, Wording
from consult.errors import Closed, Conflict, Invalid, NotAllowed
from consult.extensions import db, transaction
from tests import factories
from tests.discussion import ground
from tests.discussion.ground import a_draft, answer, paragraph, publish, reply, say, take_down, withdraw


def _later(**delta: float) -> None:
    then = clock.now() + timedelta(**delta)
    clock.replace(lambda: then)


def _rows(table: type) -> int:
    return db.session.scalar(select(func.count()).select_from(table))


def test_a_comment_is_published_at_once_where_moderators_look_afterwards(app):
    first = paragraph(a_draft())
    said = say(first, "Plant **oaks**.")
    assert said.state is State.PUBLISHED
    assert said.html == "<p>Plant <strong>oaks</strong>.</p>"
    assert said.was_published
    assert first.comment_count == 1
    assert first.document.comment_count == first.document.people_count == 1
    assert first.document.consultation.comment_count == 1


def test_a_comment_waits_where_moderators_look_first(app):
    first = paragraph(a_draft(policy=ground.BEFORE))
    said = say(first)
    assert said.state is State.WAITING
    assert not said.was_published
    assert first.comment_count == 0


def test_a_comment_remembers_the_words_it_was_made_on(app):
    draft = a_draft()
    first = paragraph(draft)
    early = say(first)
    publish(draft, ground.TEXT.replace("count the trees", "count the trees"), note="again")
    publish(draft, "# A plan\n\nSecond, we plant more of them.\n", note="shorter")
    late = say(first, "Why was this taken out?")
    assert early.version.number == 1
    assert early.block.plain == "First, we count the trees."
    assert late.version.number == 3
    assert late.block.plain == "First, we count the trees."  # the last words before they went


def test_a_comment_written_on_an_older_version_says_so(app):
    draft = a_draft()
    publish(draft, ground.TEXT + "\nFourth, we rest.\n")
    assert say(paragraph(draft), version=1).version.number == 1
    assert say(paragraph(draft), version=99).version.number == 2


def test_posting_leaves_a_decision_of_the_rule_and_an_entry_in_the_record(app):
    said = say(paragraph(a_draft()))
    decision = db.session.scalars(select(Decision)).one()
    assert (decision.before, decision.after, decision.rule) == (None, State.PUBLISHED, "policy.after")
    entry = db.session.scalars(select(audit.AuditEntry).where(audit.AuditEntry.act == "comment.post")).one()
    assert entry.subject == f"comment:{said.id}"
    assert list(audit.breaks()) == []


def test_the_same_form_twice_makes_one_comment(app):
    first, person = paragraph(a_draft()), factories.a_person()
    once = {"by": person, "once": "k" * 20}
    assert say(first, **once).id == say(first, **once).id
    assert first.comment_count == 1


def test_the_same_form_with_new_words_loses_none_of_them(app):
    first, person = paragraph(a_draft()), factories.a_person()
    say(first, "Plant oaks.", by=person, once="k" * 20)
    say(first, "Plant elms.", by=person, once="k" * 20)
    assert first.comment_count == 2


def test_a_form_key_belongs_to_one_person(app):
    first = paragraph(a_draft())
    say(first, once="k" * 20)
    say(first, once="k" * 20)
    assert first.comment_count == 2


def test_somebody_without_a_confirmed_address_cannot_comment(app):
    with pytest.raises(NotAllowed):
        say(paragraph(a_draft()), by=factories.a_person(is_confirmed=False))


def test_nobody_comments_before_the_opening_or_after_the_closing_moment(app):
    first = paragraph(a_draft())
    consultation = first.document.consultation
    consultation.closes_at = clock.now() + timedelta(minutes=1)
    db.session.commit()
    say(first)
    closing = consultation.closes_at
    clock.replace(lambda: closing)
    with pytest.raises(Closed):
        say(first)
    clock.replace(lambda: consultation.opens_at - timedelta(seconds=1))
    with pytest.raises(Closed):
        say(first)
    assert _rows(Comment) == 1


def test_nobody_comments_where_the_unit_takes_none(app):
    first = paragraph(a_draft())
    first.is_open = False
    db.session.commit()
    with pytest.raises(Closed):
        say(first)


def test_a_reply_hangs_on_its_parent_and_counts_on_the_top(app):
    top = say(paragraph(a_draft()))
    below = reply(reply(top))
    assert below.root_id == top.id
    assert below.depth == 2
    assert top.reply_count == 2


def test_a_reply_to_a_response_hangs_on_the_comment_it_answered(app):
    asked = say(paragraph(a_draft()), ask=True)
    response = answer(asked)
    thanks = say(asked.paragraph, "Thank you.", by=asked.author, parent=asked, response=response)
    assert thanks.parent_id == asked.id
    assert thanks.reply_to_response_id == response.id


def test_a_parent_of_another_paragraph_is_refused(app):
    draft = a_draft()
    elsewhere = say(paragraph(draft, "2"))
    with pytest.raises(Invalid) as refusal:
        say(paragraph(draft, "1"), parent=elsewhere)
    assert refusal.value.field == "parent"


def test_nobody_replies_to_what_was_withdrawn_taken_down_or_never_shown(app):
    first = paragraph(a_draft())
    gone, down = say(first), say(first)
    withdraw(gone)
    take_down(down)
    for parent in (gone, down):
        with pytest.raises(Conflict):
            reply(parent)


@pytest.mark.parametrize(
    "body", ["x" * 5_001, "[" * 5_000, "", "   \n ", "\x00", "x" * 1_000_000], ids=lambda body: str(len(body))
)
def test_words_that_are_too_much_or_none_are_refused(app, body):
    with pytest.raises(Invalid) as refusal:
        actions.written(body)
    assert refusal.value.field == "body"
    assert refusal.value.message


def test_five_thousand_characters_are_allowed(app):
    assert actions.written("x" * 5_000).body == "x" * 5_000


def test_taking_down_leaves_replies_and_counts_what_is_left(app):
    top = say(paragraph(a_draft()), ask=True)
    below = reply(top)
    answer(top)
    take_down(top, "private_person")
    first = top.paragraph
    assert (top.state, top.state_reason) == (State.TAKEN_DOWN, "private_person")
    assert below.state is State.PUBLISHED
    assert (first.comment_count, first.question_count, first.answered_count) == (1, 0, 0)
    assert first.document.people_count == 1


def test_what_was_taken_down_can_be_published_again_and_counts_again(app):
    said = say(paragraph(a_draft()))
    first_time = said.published_at
    take_down(said)
    _later(hours=1)
    ground.move(said, State.PUBLISHED)
    assert said.published_at == first_time
    assert said.state_reason == ""
    assert said.paragraph.comment_count == 1


def test_a_person_who_speaks_twice_is_one_person(app):
    first, person = paragraph(a_draft()), factories.a_person()
    one, two = say(first, by=person), say(first, by=person)
    document = first.document
    assert document.people_count == 1
    take_down(one)
    assert document.people_count == 1
    take_down(two)
    assert document.people_count == document.consultation.people_count == 0


def test_a_member_of_the_public_decides_nothing(app):
    said = say(paragraph(a_draft()))
    for person in (said.author, factories.a_person(), factories.a_moderator(factories.an_organisation())):
        with pytest.raises(NotAllowed), transaction(person):
            actions.change_state(actor=person, comment=said, after=State.TAKEN_DOWN)


def test_two_moderators_do_not_both_decide(app):
    said = say(paragraph(a_draft()))
    take_down(said)
    with pytest.raises(Conflict):
        take_down(said)
    assert _rows(Decision) == 2


def test_what_its_author_withdrew_nobody_publishes(app):
    said = say(paragraph(a_draft()))
    withdraw(said)
    with pytest.raises(Conflict):
        ground.move(said, State.PUBLISHED)


def test_every_change_of_state_is_announced_with_its_decision(app):
    heard = []

    def listen(sender, comment, before, actor, decision):
        heard.append((before, comment.state, decision.after))

    with comment_changed.connected_to(listen):
        said = say(paragraph(a_draft()))
        take_down(said)
    assert heard == [
        (None, State.PUBLISHED, State.PUBLISHED),
        (State.PUBLISHED, State.TAKEN_DOWN, State.TAKEN_DOWN),
    ]


def _correct(said: Comment, body: str, **values: str) -> Comment:
    with transaction(said.author):
        return actions.correct_comment(actor=said.author, comment=said, body=body, **values)


def test_a_correction_within_fifteen_minutes_is_silent(app):
    said = say(paragraph(a_draft()))
    _later(minutes=14)
    _correct(said, "Plant beeches.")
    assert said.html == "<p>Plant beeches.</p>"
    assert said.edited_at is None
    assert _rows(Wording) == 0


def test_a_later_correction_leaves_the_earlier_words_to_be_read(app):
    said = say(paragraph(a_draft()), "Plant oaks.")
    stamp = said.document.stamp
    _later(minutes=16)
    _correct(said, "Plant beeches.")
    assert said.edited_at == clock.now()
    assert db.session.scalars(select(Wording)).one().body == "Plant oaks."
    assert said.document.stamp > stamp


def test_a_correction_that_changes_nothing_leaves_nothing(app):
    said = say(paragraph(a_draft()), "Plant oaks.")
    _later(minutes=16)
    _correct(said, " Plant oaks.\r\n")
    assert said.edited_at is None


def test_where_moderators_look_first_a_correction_waits_and_the_approved_words_stay_up(app):
    said = say(paragraph(a_draft(policy=ground.BEFORE)), "Plant oaks.")
    ground.move(said, State.PUBLISHED)
    heard = []

    def listen(sender, **what):
        heard.append(what["correction"].body)

    with correction_proposed.connected_to(listen):
        _correct(said, "Plant beeches.")
        _correct(said, "Plant elms.")
    assert said.body == "Plant oaks."
    assert db.session.scalars(select(Correction)).one().body == "Plant elms."
    assert heard == ["Plant beeches.", "Plant elms."]

    moderator = factories.a_moderator(said.document.consultation.unit.organisation)
    with transaction(moderator):
        actions.settle_correction(actor=moderator, comment=said, accept=True)
    assert said.body == "Plant elms."
    assert db.session.scalars(select(Wording)).one().body == "Plant oaks."
    assert _rows(Correction) == 0


def test_a_refused_correction_changes_no_words(app):
    said = say(paragraph(a_draft(policy=ground.BEFORE)), "Plant oaks.")
    ground.move(said, State.PUBLISHED)
    _correct(said, "Buy oaks from me.")
    moderator = factories.a_moderator(said.document.consultation.unit.organisation)
    with transaction(moderator):
        actions.settle_correction(actor=moderator, comment=said, accept=False, reason="advertising")
    assert said.body == "Plant oaks."
    with pytest.raises(Conflict), transaction(moderator):
        actions.settle_correction(actor=moderator, comment=said, accept=True)


def test_a_correction_of_what_still_waits_takes_its_place_at_once(app):
    said = say(paragraph(a_draft(policy=ground.BEFORE)), "Plant oaks.")
    _later(hours=2)
    _correct(said, "Plant beeches.")
    assert said.body == "Plant beeches."
    assert said.state is State.WAITING
    assert _rows(Wording) == 0


def test_a_returned_comment_waits_again_once_it_is_corrected(app):
    said = say(paragraph(a_draft(policy=ground.BEFORE)))
    ground.move(said, State.RETURNED, reason="private_person")
    _correct(said, "Plant beeches.")
    assert said.state is State.WAITING


def test_words_changed_in_another_window_are_not_written_over(app):
    said = say(paragraph(a_draft()), "Plant oaks.")
    began = actions.face("Plant oaks.")
    _correct(said, "Plant beeches.")
    with pytest.raises(Conflict) as refusal:
        _correct(said, "Plant elms.", seen=began)
    assert (refusal.value.theirs, refusal.value.yours) == ("Plant beeches.", "Plant elms.")


def test_nobody_corrects_the_words_of_another(app):
    said = say(paragraph(a_draft()))
    other = factories.a_person()
    with pytest.raises(NotAllowed), transaction(other):
        actions.correct_comment(actor=other, comment=said, body="Plant nothing.")


def test_after_closing_an_author_can_withdraw_but_not_correct(app):
    said = say(paragraph(a_draft()))
    _later(days=31)
    with pytest.raises(Closed):
        _correct(said, "Plant beeches.")
    withdraw(said)
    assert said.state is State.WITHDRAWN
    assert said.paragraph.comment_count == 0


def test_a_question_can_be_told_from_a_comment(app):
    said = say(paragraph(a_draft()), ask=True)
    assert said.kind is Kind.QUESTION
    assert said.paragraph.question_count == said.paragraph.waiting_count == 1


def test_after_all_of_it_the_counts_hold(app):
    draft = a_draft()
    asked = say(paragraph(draft), ask=True)
    reply(asked)
    answer(asked)
    withdraw(reply(asked))
    take_down(say(paragraph(draft, "2"), ask=True))
    assert list(recounting.differences()) == []
