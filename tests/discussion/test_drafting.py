"""Answers before they are out: saved, cleared or sent back, released with everything checked anew, dropped."""

import pytest
from sqlalchemy import select

from consult.accounts.models import Part
from consult.audit import AuditEntry
from consult.discussion import actions
from consult.discussion.answering import drafting, drafts, held_back, undoing
from consult.discussion.answering.models import DraftAnswer, Step
from consult.discussion.models import Response
from consult.errors import Conflict, Invalid, NotAllowed
from consult.extensions import db, transaction
from consult.notices.models import OutboxMail
from tests import factories
from tests.discussion.ground import a_draft, answer, paragraph, say, withdraw


class Desk:
    """A unit with a writer and a press officer, and two questions on two paragraphs of its draft."""

    def __init__(self, *, needs_clearance: bool = False) -> None:
        self.document = a_draft()
        self.unit = self.document.consultation.unit
        self.unit.clearing_role, self.unit.needs_clearance = "Press office", needs_clearance
        self.writer = factories.an_official(self.unit)
        press = factories.a_unit(self.unit.organisation)
        self.press = factories.an_official(press, title="Press officer")
        self.press.roles[0].may_clear = True
        db.session.commit()
        self.asked = [say(paragraph(self.document, n), ask=True) for n in ("1", "2")]

    def save(self, body: str = "Because of the roots.", *comments, draft=None) -> DraftAnswer:
        with transaction(self.writer):
            return drafting.save_draft(
                actor=self.writer, comments=comments or self.asked, body=body, draft=draft
            )

    def do(self, act, draft, by=None, **how):
        by = by or self.writer
        with transaction(by):
            return act(actor=by, draft=draft, **how)


def _mails() -> list[str]:
    return list(db.session.scalars(select(OutboxMail.to_address).order_by(OutboxMail.id)))


def test_a_draft_is_saved_changed_and_released(app):
    desk = Desk()
    draft = desk.save()
    desk.save("Because of the soil.", desk.asked[0], draft=draft)
    assert [row.count for row in drafts.drafts_of([desk.unit.id])] == [1]
    response = desk.do(drafting.release, draft)
    assert (response.body, draft.step) == ("Because of the soil.", Step.RELEASED)
    assert [comment.answered_at is not None for comment in desk.asked] == [True, False]
    assert drafts.drafts_of([desk.unit.id]) == []
    with pytest.raises(Conflict):
        desk.do(drafting.release, draft)


def test_clearance_goes_to_whoever_may_and_back(app):
    desk = Desk(needs_clearance=True)
    draft = desk.save()
    with pytest.raises(NotAllowed):
        desk.do(drafting.release, draft)
    with pytest.raises(NotAllowed):
        answer(desk.asked[0], by=desk.writer)
    desk.do(drafting.ask_clearance, draft)
    assert _mails() == [desk.press.email]
    assert [row.key for row in drafts.to_clear([desk.unit.organisation_id])] == [draft.key]
    with pytest.raises(NotAllowed):
        desk.do(drafting.clear, draft)
    with pytest.raises(Invalid):
        desk.do(drafting.send_back, draft, by=desk.press, note=" ")
    desk.do(drafting.send_back, draft, by=desk.press, note="Say which roots.")
    assert (draft.step, draft.note, draft.decided_by) == (Step.SENT_BACK, "Say which roots.", desk.press.id)
    desk.save("Because of their roots.", draft=draft)
    desk.do(drafting.ask_clearance, draft)
    desk.do(drafting.clear, draft, by=desk.press)
    assert _mails() == [desk.press.email, desk.writer.email, desk.press.email, desk.writer.email]
    assert desk.do(drafting.release, draft).author_id == desk.writer.id
    assert desk.asked[0].answered_at is not None


def test_what_was_cleared_and_changed_is_cleared_anew(app):
    desk = Desk(needs_clearance=True)
    draft = desk.save()
    desk.do(drafting.ask_clearance, draft)
    desk.do(drafting.clear, draft, by=desk.press)
    desk.save(draft=draft)
    assert draft.step is Step.CLEARED  # the same words to the same people
    desk.save("Other words.", draft=draft)
    assert (draft.step, draft.decided_by) == (Step.WRITING, None)


def test_nobody_clears_their_own_or_for_another_organisation(app):
    desk = Desk()
    desk.writer.roles[0].may_clear = True
    stranger = factories.an_official(factories.a_unit())
    stranger.roles[0].may_clear = True
    db.session.commit()
    draft = desk.save()
    desk.do(drafting.ask_clearance, draft)
    for person in (desk.writer, stranger):
        with pytest.raises(NotAllowed):
            desk.do(drafting.clear, draft, by=person)
    assert desk.writer.email not in _mails()


def test_without_anybody_who_may_clear_it_is_said(app):
    desk = Desk()
    desk.press.roles[0].may_clear = False
    db.session.commit()
    draft = desk.save()
    with pytest.raises(Invalid):
        desk.do(drafting.ask_clearance, draft)
    assert draft.step is Step.WRITING


def test_a_comment_gone_meanwhile_is_said_and_the_draft_stays(app):
    desk = Desk()
    draft = desk.save()
    withdraw(desk.asked[1])
    with pytest.raises(Conflict, match="withdrawn"):
        desk.do(drafting.release, draft)
    assert draft.step is Step.WRITING
    desk.save(draft.body, desk.asked[0], draft=draft)
    desk.do(drafting.release, draft)
    assert draft.step is Step.RELEASED


def test_a_colleagues_answer_since_is_said(app):
    desk = Desk()
    draft = desk.save()
    answer(desk.asked[0])
    with pytest.raises(Conflict) as refusal:
        desk.do(drafting.release, draft)
    assert isinstance(refusal.value.theirs, Response)
    assert draft.step is Step.WRITING


def test_a_released_draft_that_is_taken_back_is_in_hand_again(app):
    desk = Desk()
    draft = desk.save()
    response = desk.do(drafting.release, draft)
    with transaction(desk.writer):
        undoing.undo_response(actor=desk.writer, response=response)
    assert (draft.step, draft.response_id) == (Step.WRITING, None)
    desk.do(drafting.drop, draft)
    with pytest.raises(Conflict):
        desk.save("Again.", draft=draft)


@pytest.mark.parametrize("body", ["", "x" * 100_000])
def test_a_draft_of_nothing_or_too_much_is_refused(app, body):
    with pytest.raises(Invalid):
        Desk().save(body)


def test_where_answers_are_cleared_a_reply_is_corrected_by_who_clears(app):
    desk = Desk()
    response = answer(desk.asked[0], by=desk.writer)
    desk.unit.needs_clearance = True
    db.session.commit()
    with pytest.raises(NotAllowed), transaction(desk.writer):
        actions.correct_response(actor=desk.writer, response=response, body="Other.")


def test_nobody_clears_what_they_changed_in_a_colleagues_draft(app):
    desk = Desk(needs_clearance=True)
    draft = desk.save()
    editor = factories.an_official(desk.unit, title="Editor")
    editor.roles[0].may_clear = True
    db.session.commit()
    with transaction(editor):
        drafting.save_draft(actor=editor, comments=desk.asked, body="Because of me.", draft=draft)
    desk.do(drafting.ask_clearance, draft)
    assert desk.press.email in _mails()
    assert editor.email not in _mails()
    with pytest.raises(NotAllowed):
        desk.do(drafting.clear, draft, by=editor)
    desk.do(drafting.clear, draft, by=desk.press)
    assert draft.step is Step.CLEARED


def test_a_draft_stays_with_its_consultation(app):
    """Else it would be cleared in one organisation and let out in another."""
    desk, other = Desk(), a_draft()
    draft = desk.save()
    elsewhere = say(paragraph(other), ask=True)
    unit = other.consultation.unit
    factories._with_role(desk.writer, Part.OFFICIAL, unit_id=unit.id, organisation_id=unit.organisation_id)
    with pytest.raises(Invalid):
        desk.save("Because.", elsewhere, draft=draft)
    db.session.rollback()
    assert drafts.comments_of(draft) == desk.asked


def test_a_held_answer_that_stays_a_draft_is_on_record(app):
    desk = Desk()
    draft = desk.save()
    desk.do(drafting.hold, draft)
    withdraw(desk.asked[0])
    assert held_back.release_due() == 0
    db.session.expire_all()
    assert draft.held_at is None
    acts = select(AuditEntry.act).where(AuditEntry.subject == f"draft_answer:{draft.id}")
    assert db.session.scalars(acts.order_by(AuditEntry.id)).all()[-1] == "draft_answer.stay"
