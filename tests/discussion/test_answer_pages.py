"""The pages on which officials answer: one comment or many, drafts and their clearance, notes, requests for information."""

from datetime import timedelta

from sqlalchemy import select

from consult import clock
from consult.discussion.answering import drafting, presence
from consult.discussion.answering.models import Answering, DraftAnswer, InformationRequest, Step, TeamNote
from consult.discussion.ledger.models import LedgerEntry, Place
from consult.discussion.models import Comment, Response
from consult.extensions import db, transaction
from consult.notices.models import OutboxMail
from tests import factories
from tests.discussion import ground
from tests.discussion.ground import (
    TEXT,
    a_draft,
    answer,
    paragraph,
    publish,
    say,
    tell_team,
    withdraw,
)


def _official(draft, **values):
    return factories.an_official(draft.consultation.unit, **values)


def _asked(draft, *numbers):
    return [say(paragraph(draft, number), f"Why so, at {number}?", ask=True) for number in numbers]


def _step() -> Step:
    return db.session.scalars(select(DraftAnswer.step)).one()


def test_opening_a_question_reads_it_and_tells_a_colleague(app, visit_as):
    draft = a_draft()
    (asked,) = _asked(draft, "1")
    first, second = _official(draft), _official(draft)
    visit_as(first).get(f"/desk/answer/{asked.key}")
    entry = db.session.scalars(select(LedgerEntry)).one()
    assert (entry.place, entry.read_by) == (Place.READ, first.id)
    page = visit_as(second).get(f"/desk/answer/{asked.key}")
    assert f"{first.name} has this open to answer" in page.find(id="here").text
    told = visit_as(first).client.post("/desk/here", data={"key": asked.key})
    assert second.name in told.json["words"]


def test_similar_questions_are_offered_and_answered_together(app, visit_as):
    draft = a_draft()
    asked = say(paragraph(draft), "Who measures the three metres of footway?", ask=True)
    alike = say(paragraph(draft, "2"), "Who measures three metres of footway here?", ask=True)
    visitor = visit_as(_official(draft))
    page = visitor.get(f"/desk/answer/{asked.key}")
    box = page.select_one(f'input[name="also"][value="{alike.key}"]')
    assert "% the same words" in box.parent.text
    visitor.post(f"/desk/answer/{asked.key}", {"body": "The officer.", "also": alike.key, "do": "post"})
    db.session.expire_all()
    assert alike.answered_at is not None


def test_several_are_answered_across_paragraphs(app, visit_as):
    draft = a_draft()
    asked = _asked(draft, "1", "2", "3")
    keys = [each.key for each in asked]
    visitor = visit_as(_official(draft))
    page = visitor.get("/desk/answer-several?" + "&".join(f"key={key}" for key in keys))
    assert "Answer 3 comments" in page.h1.text
    assert len(page.select(".chosen legend")) == 3
    kept = {"key": keys[:2], "body": "Because **of** roots."}
    fewer = visitor.post("/desk/answer-several", {**kept, "do": "leave"}, 200).page
    assert "Answer 2 comments" in fewer.h1.text
    assert fewer.find("textarea", id="body").text.strip() == "Because **of** roots."
    shown = visitor.post("/desk/answer-several", {**kept, "do": "preview"}, 200).page
    assert shown.select_one('[data-state="preview"] strong').text == "of"
    visitor.post("/desk/answer-several", {**kept, "do": "post"})
    db.session.expire_all()
    assert [each.answered_at is not None for each in asked] == [True, True, False]
    assert db.session.scalars(select(Answering.comment_id)).all() == [asked[2].id]
    assert "Undo" in visitor.get("/desk").select_one(".note-ok").text


def test_more_than_the_address_holds_come_by_a_form(app, visit_as):
    draft = a_draft()
    keys = [say(paragraph(draft), f"{n}?", ask=True).key for n in range(55)]
    visitor = visit_as(_official(draft))
    page = visitor.post("/desk/answer-several", {"key": keys, "do": "choose"}, 200).page
    assert "Answer 55 comments" in page.h1.text
    few = visitor.get("/desk/answer-several?" + "&".join(f"key={key}" for key in keys))
    assert "Answer 50 comments" in few.h1.text


def test_too_much_text_and_none_stay_on_the_page(app, visit_as):
    draft = a_draft()
    (asked,) = _asked(draft, "1")
    visitor = visit_as(_official(draft))
    for do in ("post", "save", "preview"):
        long = "x" * 100_000
        page = visitor.post("/desk/answer-several", {"key": asked.key, "body": long, "do": do}, 422).page
        assert page.find(id="body-e")
        assert page.find("textarea", id="body").text.strip() == long
    page = visitor.post("/desk/answer-several", {"key": asked.key, "body": "", "do": "post"}, 422).page
    assert page.select_one('[role="alert"] a[href="#body"]')
    assert db.session.scalars(select(Response)).all() == []


def test_what_is_gone_meanwhile_is_said_and_nothing_typed_is_lost(app, visit_as):
    draft = a_draft()
    asked = _asked(draft, "1", "2")
    withdraw(asked[1])
    visitor = visit_as(_official(draft))
    form = {"key": [each.key for each in asked], "body": "So it is.", "do": "preview"}
    page = visitor.post("/desk/answer-several", form, 200).page
    assert "1 comment is left out" in page.text
    assert page.find("textarea", id="body").text.strip() == "So it is."


def _two_texts(app):
    draft = a_draft()
    other = publish(factories.a_document(draft.consultation), TEXT)
    return draft, other, [say(paragraph(each), "Why so?", ask=True) for each in (draft, other)]


def test_two_texts_of_one_consultation_are_answered_at_once(app, visit_as, visit):
    """Each author is told, each text shows the reply, and one undo takes all of it back."""
    draft, other, asked = _two_texts(app)
    visitor = visit_as(_official(draft))
    form = {"key": [each.key for each in asked], "body": "Because of roots."}
    page = visitor.post("/desk/answer-several", {**form, "do": "preview"}, 200).page
    assert f"{draft.title}, {other.title}" in page.find(id="also").text
    page = visitor.get(visitor.post("/desk/answer-several", {**form, "do": "post"}).location)
    db.session.expire_all()
    assert all(each.answered_at for each in asked)
    for text in (draft, other):
        assert "Because of roots." in visit.get(ground.address(paragraph(text))).main.text
    told = {mail.person_id for mail in db.session.query(OutboxMail)}
    assert told >= {each.author_id for each in asked}
    action, fields = _undo_form(page)
    assert len(fields["with"]) == 1
    visitor.post(action, fields)
    db.session.expire_all()
    assert [each.answered_at for each in asked] == [None, None]
    assert "Because of roots." not in visit.get(ground.address(paragraph(other))).main.text


def test_two_texts_are_kept_as_a_draft_each(app, visit_as):
    draft, _other, asked = _two_texts(app)
    visitor = visit_as(_official(draft))
    form = {"key": [each.key for each in asked], "body": "So.", "do": "save"}
    visitor.post("/desk/answer-several", form)
    assert len(visitor.get("/desk/drafts").select('input[name="key"]')) == 2
    key = db.session.scalars(select(DraftAnswer.key)).first()
    page = visitor.post("/desk/answer-several", {**form, "draft": key}, 422).page
    assert "One reply answers comments on one draft" in page.text
    assert page.find("textarea", id="body").text.strip() == "So."


def test_one_that_cannot_be_answered_keeps_the_reply_from_all(app, visit_as):
    draft, _other, asked = _two_texts(app)
    official = _official(draft)
    visitor = visit_as(official)
    page = visitor.get(f"/desk/answer-several?key={asked[0].key}&key={asked[1].key}")
    seen = page.find("input", attrs={"name": "seen"})["value"]
    answer(asked[1])
    form = {"key": [each.key for each in asked], "body": "So.", "do": "post", "seen": seen}
    page = visitor.post("/desk/answer-several", form, 409).page
    assert page.find("textarea", id="body").text.strip() == "So."
    db.session.expire_all()
    assert asked[0].answered_at is None


def test_two_consultations_at_once_are_refused_with_what_to_do(app, visit_as):
    draft = a_draft()
    other = a_draft(unit=draft.consultation.unit)
    keys = [say(paragraph(each), ask=True).key for each in (draft, other)]
    for do in ("post", "save"):
        form = {"key": keys, "body": "So.", "do": do}
        page = visit_as(_official(draft)).post("/desk/answer-several", form, 422).page
        assert "One reply answers comments on the drafts of one consultation" in page.text
        assert page.find("textarea", id="body").text.strip() == "So."


def test_nobody_answers_for_another_unit(app, visit_as):
    (asked,) = _asked(a_draft(), "1")
    stranger = factories.an_official(factories.a_unit())
    visit_as(stranger).get(f"/desk/answer-several?key={asked.key}", 403)
    drafted = _official(asked.document)
    with transaction(drafted):
        draft = drafting.save_draft(actor=drafted, comments=[asked], body="Mine.")
    visit_as(stranger).get(f"/desk/drafts/{draft.key}", 403)
    form = {"key": draft.key, "do": "release"}
    visit_as(stranger).post("/desk/drafts", form, 403)


def test_a_draft_goes_through_clearance_and_out(app, visit_as):
    draft = a_draft()
    unit = draft.consultation.unit
    unit.clearing_role, unit.needs_clearance = "Press office", True
    writer, press = _official(draft), factories.an_official(factories.a_unit(unit.organisation))
    press.roles[0].may_clear = True
    db.session.commit()
    asked = _asked(draft, "1", "2")
    visitor, clearer = visit_as(writer), visit_as(press)
    page = visitor.get(f"/desk/answer/{asked[0].key}")
    assert {button["value"] for button in page.select("#answer button[name=do]")} == {
        "preview",
        "clear",
        "save",
    }
    form = {"body": "Because of **roots**.", "also": asked[1].key}
    visitor.post(f"/desk/answer/{asked[0].key}", {**form, "do": "post"}, 409)
    visitor.post(f"/desk/answer/{asked[0].key}", {**form, "do": "clear"})
    key = db.session.scalars(select(DraftAnswer.key)).one()
    assert "Because of" in clearer.get("/desk/clearance").text
    page = clearer.get(f"/desk/clearance/{key}")
    assert page.select_one('[data-state="draft"] strong').text == "roots"
    seen = page.find("input", attrs={"name": "seen"})["value"]
    clearer.post(f"/desk/clearance/{key}", {"do": "back", "seen": seen, "note": ""}, 422)
    clearer.post(f"/desk/clearance/{key}", {"do": "back", "seen": seen, "note": "Which roots?"})
    page = visitor.get(f"/desk/drafts/{key}")
    assert "Which roots?" in page.text
    both = {"key": [each.key for each in asked], "draft": key, "body": "Because of oak roots."}
    visitor.post("/desk/answer-several", {**both, "do": "clear"})
    page = clearer.post(f"/desk/clearance/{key}", {"do": "clear", "seen": seen}, 409).page
    assert "changed meanwhile" in page.text
    seen = page.find("input", attrs={"name": "seen"})["value"]
    clearer.post(f"/desk/clearance/{key}", {"do": "clear", "seen": seen})
    db.session.expire_all()
    assert _step() is Step.CLEARED
    visitor.post("/desk/drafts", {"key": key, "do": "release"})
    db.session.expire_all()
    assert _step() is Step.RELEASED
    assert all(each.answered_at for each in asked)


def test_drafts_are_released_together_and_what_cannot_is_said(app, visit_as):
    draft = a_draft()
    asked = _asked(draft, "1", "2", "3")
    official = _official(draft)
    keys = []
    with transaction(official):
        for each in asked:
            keys.append(drafting.save_draft(actor=official, comments=[each], body="So.").key)
    withdraw(asked[1])
    answer(asked[2])
    page = visit_as(official).post("/desk/drafts", {"key": keys, "do": "release"}, 409).page
    assert "2 drafts stay here" in page.select_one('[role="alert"]').text
    assert [err.text.split(".")[0] for err in page.select("p.err")] == [
        "A comment that it answers has been withdrawn or taken down",
        "Somebody else answered while you were writing",
    ]
    db.session.expire_all()
    assert asked[0].answered_at is not None
    page = visit_as(official).get(f"/desk/drafts/{keys[1]}")
    assert page.find("textarea", id="body").text.strip() == "So."
    visit_as(official).post("/desk/drafts", {"key": keys[1:], "do": "drop"})
    assert "No drafts." in visit_as(official).get("/desk/drafts").text


def test_notes_and_requests_stand_on_no_public_page(app, visit_as, visit):
    draft = a_draft()
    draft.consultation.unit.organisation.information_contact = "foi@body.example"
    db.session.commit()
    (asked,) = _asked(draft, "1")
    official = _official(draft)
    visitor = visit_as(official)
    visitor.post(f"/desk/answer/{asked.key}/note", {"note": "Ask the foresters."})
    long = visitor.post(f"/desk/answer/{asked.key}/note", {"note": "x" * 2_001}, 422).page
    assert len(long.find("textarea").text.strip()) == 2_001
    wrong = visitor.post(f"/desk/answer/{asked.key}/information", {"received": "soon"}, 422).page
    assert wrong.find("input", id="received")["value"] == "soon"
    visitor.post(f"/desk/answer/{asked.key}/information", {"received": ""})
    page = visitor.get(f"/desk/answer/{asked.key}")
    assert "Notes may be released on request." in page.find(id="notes").text
    assert "Ask the foresters." in page.find(id="notes").text
    assert "20 working days left" in page.find(id="information").text
    reference = db.session.scalars(select(InformationRequest.reference)).one()
    assert reference in visitor.get("/desk/information").text
    place = asked.paragraph
    for address in (
        f"/consultations/{draft.consultation.slug}/{draft.slug}/p/{place.key}",
        f"/consultations/{draft.consultation.slug}/{draft.slug}/print",
    ):
        page = visit.client.get(address).get_data(as_text=True)
        assert "foresters" not in page
        assert reference not in page
    visitor.post(f"/desk/answer/{asked.key}/information", {"do": "close"})
    assert "No request for information is open." in visitor.get("/desk/information").text
    assert db.session.scalars(select(TeamNote)).one().author_id == official.id


def test_leaving_is_noted_by_posting(app, visit_as):
    draft = a_draft()
    (asked,) = _asked(draft, "1")
    official = _official(draft)
    with transaction(official):
        presence.note_presence(actor=official, comments=[asked])
    visit_as(official).post(f"/desk/answer/{asked.key}", {"body": "So.", "do": "post"})
    assert db.session.scalars(select(Answering)).all() == []


def test_where_answers_are_cleared_a_correction_that_is_not_keeps_its_words(app, visit_as):
    draft = a_draft()
    (asked,) = _asked(draft, "1")
    official = _official(draft)
    response = answer(asked, by=official)
    draft.consultation.unit.clearing_role, draft.consultation.unit.needs_clearance = "Press office", True
    db.session.commit()
    page = visit_as(official).post(f"/desk/replies/{response.key}", {"body": "Other words."}, 409).page
    assert page.find("textarea").text.strip() == "Other words."
    assert "cleared by Press office" in page.select_one('[role="alert"]').text


def test_the_desk_hands_over_what_was_ticked(app, visit_as):
    draft = a_draft()
    asked = _asked(draft, "1", "2")
    visitor = visit_as(_official(draft))
    assert visitor.get("/desk").find("button", id="act-answer")["value"] == "answer"
    page = visitor.post("/desk", {"key": [each.key for each in asked], "do": "answer"}, 200).page
    assert "Answer 2 comments" in page.h1.text
    assert len(page.select('#answer input[name="key"]')) == 2
    visitor.post("/desk/answer-several", {"do": "choose"})
    assert "Choose at least one comment" in visitor.get("/desk").text


def test_the_desk_hands_over_a_whole_list_where_more_wait_than_a_page_shows(app, visit_as):
    draft = a_draft()
    _asked(draft, *("1" for _ in range(30)))
    visitor = visit_as(_official(draft))
    assert visitor.get("/desk").find("input", attrs={"name": "all"})
    page = visitor.post("/desk", {"all": "1", "do": "answer"}, 200).page
    assert "Answer 30 comments" in page.h1.text


def _three_drafts(draft, official):
    asked = _asked(draft, "1", "2", "3")
    with transaction(official):
        saved = [drafting.save_draft(actor=official, comments=[each], body="So.") for each in asked]
    return asked, [each.key for each in saved]


def _undo_form(page):
    """Return address and fields of the one form that takes everything back."""
    (form,) = page.select('.note-ok form[action^="/desk/undo/"]')
    return form["action"], {"with": [field["value"] for field in form.select('[name="with"]')]}


def test_several_that_were_released_together_are_taken_back_together(app, visit_as):
    draft = a_draft()
    official = _official(draft)
    asked, keys = _three_drafts(draft, official)
    visitor = visit_as(official)
    page = visitor.get(visitor.post("/desk/drafts", {"key": keys, "do": "release"}).location)
    assert "3 official replies are published." in page.select_one(".note-ok").text
    address, fields = _undo_form(page)
    page = visitor.get(visitor.post(address, fields).location)
    assert "Undone, for 3 comments." in page.select_one(".note-ok").text
    assert len(page.select('input[name="key"]')) == 3  # in hand again
    db.session.expire_all()
    assert [each.answered_at for each in asked] == [None] * 3
    assert {step for (step,) in db.session.execute(select(DraftAnswer.step))} == {Step.WRITING}
    told = db.session.query(OutboxMail).filter(OutboxMail.subject.contains("answer"))
    assert not told.count()


def test_what_was_released_beside_one_that_was_not_can_be_taken_back_too(app, visit_as):
    draft = a_draft()
    official = _official(draft)
    asked, keys = _three_drafts(draft, official)
    withdraw(asked[2])
    visitor = visit_as(official)
    page = visitor.post("/desk/drafts", {"key": keys, "do": "release"}, 409).page
    address, fields = _undo_form(page)
    visitor.post(address, fields)
    db.session.expire_all()
    assert [each.answered_at for each in asked] == [None] * 3


def test_after_half_a_minute_none_of_them_can_be_taken_back(app, visit_as):
    draft = a_draft()
    official = _official(draft)
    asked, keys = _three_drafts(draft, official)
    visitor = visit_as(official)
    address, fields = _undo_form(
        visitor.get(visitor.post("/desk/drafts", {"key": keys, "do": "release"}).location)
    )
    later = clock.now() + timedelta(seconds=31)
    clock.replace(lambda: later)
    page = visitor.post(address, fields, 409).page
    assert page.select_one('[role="alert"]').text.count("Half a minute is over") == 1
    db.session.expire_all()
    assert all(each.answered_at for each in asked)


def test_a_question_is_passed_to_a_colleague_and_nothing_typed_is_lost(app, visit_as):
    draft = a_draft()
    (asked,) = _asked(draft, "1")
    official, colleague = _official(draft), _official(draft, name="Cole")
    elsewhere = factories.an_official(factories.a_unit(), name="Elsa")
    visitor = visit_as(official)
    here = f"/desk/answer/{asked.key}"
    shown = [each.text for each in visitor.get(here).select("#assignee option")]
    assert shown == [*sorted(["Cole", f"{official.name} (me)"]), "nobody"]
    typed = {"body": "Half of a reply", "do": "assign"}
    page = visitor.post(here, {**typed, "assignee": str(colleague.id)}, 200).page
    assert "It is with Cole now." in page.select_one(".note-ok").text
    assert page.find("textarea", id="body").text.strip() == "Half of a reply"
    entry = db.session.get(LedgerEntry, asked.id, populate_existing=True)
    assert entry.assignee_id == colleague.id
    mail = db.session.query(OutboxMail).filter_by(person_id=colleague.id).one()
    assert mail.due_at > mail.created_at  # when it can be undone no more
    for given in (str(elsewhere.id), "", "1" * 30, "²"):
        page = visitor.post(here, {**typed, "assignee": given}, 422).page
        assert page.select_one('[role="alert"] a, [role="alert"] p, [role="alert"] li')
        assert page.find("textarea", id="body").text.strip() == "Half of a reply"
    assert db.session.get(LedgerEntry, asked.id, populate_existing=True).assignee_id == colleague.id
    address, fields = _undo_form(visitor.post(here, {**typed, "assignee": "nobody"}, 200).page)
    visitor.post(address, fields)
    assert db.session.get(LedgerEntry, asked.id, populate_existing=True).assignee_id == colleague.id


def test_what_was_sent_only_to_the_team_is_passed_on_in_the_same_way(app, visit_as):
    draft = a_draft()
    sent = tell_team(paragraph(draft), ask=True)
    official, colleague = _official(draft), _official(draft, name="Cole")
    page = visit_as(official).post(
        f"/desk/team/{sent.key}", {"body": "Half", "do": "assign", "assignee": str(colleague.id)}, 200
    )
    assert "It is with Cole now." in page.page.select_one(".note-ok").text
    assert page.page.find("textarea", id="body").text.strip() == "Half"
    assert db.session.get(LedgerEntry, sent.id, populate_existing=True).assignee_id == colleague.id


def test_drafts_are_let_out_by_the_button_for_it_alone(app, visit_as):
    draft = a_draft()
    (asked,) = _asked(draft, "1")
    official = _official(draft)
    with transaction(official):
        kept = drafting.save_draft(actor=official, comments=[asked], body="Mine.")
    visit_as(official).post("/desk/drafts", {"key": kept.key, "do": "relaese"})
    db.session.expire_all()
    assert (kept.step, asked.answered_at) == (Step.WRITING, None)


def test_of_many_drafts_none_goes_out_when_one_is_not_there(app, visit_as):
    draft = a_draft()
    (asked,) = _asked(draft, "1")
    official = _official(draft)
    with transaction(official):
        kept = drafting.save_draft(actor=official, comments=[asked], body="Mine.")
    visit_as(official).post("/desk/drafts", {"key": [kept.key, "xxxxxxxxxx"], "do": "release"}, 404)
    db.session.expire_all()
    assert kept.step is Step.WRITING


def test_all_that_the_page_lets_one_tick_is_answered(app, visit_as):
    draft = a_draft()
    asked = say(paragraph(draft), "Who measures the three metres of footway?", ask=True)
    for number in range(6):
        say(paragraph(draft, "2"), f"Who measures three metres of footway at {number}?", ask=True)
    for number in range(22):
        say(paragraph(draft), f"Why {number} oaks?", ask=True)
    visitor = visit_as(_official(draft))
    page = visitor.get(f"/desk/answer/{asked.key}")
    keys = [box["value"] for box in page.select('input[name="also"]')]
    assert len(keys) == 25
    visitor.post(f"/desk/answer/{asked.key}", {"body": "The officer.", "also": keys, "do": "post"})
    answered = db.session.scalars(select(Comment.key).where(Comment.answered_at.is_not(None)))
    assert set(answered) == {asked.key, *keys}
