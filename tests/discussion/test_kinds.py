"""What people call their comments, and the words that a suggestion would put instead of a paragraph's."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.consultations.models import Policy
from consult.discussion import actions, correcting, replacing
from consult.discussion.kinds import with_words
from consult.discussion.ledger import marking
from consult.discussion.ledger.models import LedgerEntry
from consult.discussion.models import Comment, Correction, Kind, UnsentComment, Wording
from consult.discussion.words import written
from consult.documents.models import Block
from consult.errors import Invalid
from consult.extensions import db, transaction
from consult.search.indexing import reindex
from tests import factories
from tests.discussion import ground
from tests.discussion.ground import address

OLD = "First, we count the trees."
NEW = "First, we count the old trees."


@pytest.fixture
def where(app):
    return ground.paragraph(ground.a_draft())


def suggest(where, words=NEW, **values):
    """Post a suggestion with words to put instead."""
    by = values.pop("by", None) or factories.a_person()
    block = replacing.block_at(where, None)
    with transaction(by):
        return actions.post_comment(
            actor=by,
            paragraph=where,
            body=replacing.with_replacement(written("Only the old ones."), words, block),
            kind=Kind.SUGGESTION,
            **values,
        )


def test_words_are_compared_once_with_those_that_they_were_written_on(where):
    said = suggest(where)
    assert said.replacement == NEW
    assert re.sub(r"</?(ins|del)>", "", said.replacement_html) == NEW
    assert "<ins>old" in said.replacement_html
    before = said.replacement_html
    ground.publish(
        where.document, "# A plan\n\nFirst, we fell the trees.\n\nSecond, we plant more of them.\n"
    )
    db.session.refresh(said)
    assert said.replacement_html == before


@given(st.text(max_size=300))
def test_whatever_is_typed_is_shown_as_text(typed):
    block = Block(id=1, kind="p", plain=OLD)
    try:
        found = replacing.with_replacement(written("x"), typed, block)
    except Invalid:
        return
    tags = set(re.findall(r"<[^>]*>", found.replacement_html))
    assert tags <= {"<ins>", "</ins>", "<del>", "</del>"}


@pytest.mark.parametrize(
    ("typed", "why"), [(f"  {OLD}\n", "stand there"), ("x" * 5001, "5,000"), (f"a\0{NEW}", "text")]
)
def test_words_that_cannot_be_are_refused_beside_their_field(where, typed, why):
    with pytest.raises(Invalid, match=why) as refused:
        replacing.with_replacement(written("x"), typed, replacing.block_at(where, None))
    assert refused.value.field == "replacement"


def test_there_must_be_words_to_replace(where):
    whole = ground.paragraph(where.document, "all")
    for block in (
        replacing.block_at(whole, None),
        Block(kind="table", plain="a"),
        Block(kind="p", plain="a" * 10_001),
    ):
        with pytest.raises(Invalid):
            replacing.with_replacement(written("x"), "Other words.", block)


def test_words_make_a_comment_a_suggestion_and_nothing_else():
    assert with_words(Kind.COMMENT, NEW) is Kind.SUGGESTION
    assert with_words(Kind.QUESTION, " ") is Kind.QUESTION
    with pytest.raises(Invalid):
        with_words(Kind.EVIDENCE, NEW)


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind is not Kind.COMMENT])
def test_each_kind_is_shown_in_thread_print_and_feed(where, visit, sign_in, kind):
    browser = sign_in(factories.a_person())
    assert browser.post(address(where), data={"body": "So it is.", "kind": kind.value}).status_code == 303
    label = kind.value.capitalize()
    assert label in visit.get(address(where)).select_one("article.comment .c-tags").text
    page = address(where).rpartition("/p/")[0]
    assert label in visit.get(f"{page}/print").select_one("article.comment .c-head").text
    feed = browser.get(f"{page}.atom").text
    assert f"{label} by" in feed
    assert f'<category term="{kind.value}"' in feed


def test_an_unknown_kind_is_refused_beside_its_field(where, sign_in):
    response = sign_in(factories.a_person()).post(address(where), data={"body": "Hm.", "kind": "poem"})
    assert response.status_code == 422
    assert 'href="#kind"' in response.text
    assert "Hm." in response.text
    assert db.session.query(Comment).count() == 0


def test_words_are_posted_shown_and_found(where, visit, sign_in):
    evil = "First, we <script>alert(1)</script> count [[[ the oaks.\u202e"
    form = {"body": "Oaks.", "kind": "suggestion", "replacement": evil}
    assert sign_in(factories.a_person()).post(address(where), data=form).status_code == 303
    shown = visit.get(address(where)).select_one(".c-instead")
    assert "Instead of the words of version 1" in shown.text
    assert shown.find("script") is None
    assert "<script>" in shown.find("ins").text
    assert "Put in:" in shown.find("ins").text
    with transaction():
        reindex()
    assert "oaks" in visit.get("/search?q=oaks").select_one("main").text.lower()
    page = address(where).rpartition("/p/")[0]
    assert visit.get(f"{page}/print").select_one(".c-instead ins") is not None


@pytest.mark.parametrize(
    "form",
    [
        {"kind": "suggestion", "replacement": OLD},
        {"kind": "question", "replacement": NEW},
        {"kind": "suggestion", "replacement": "a\x07b"},
        {"kind": "suggestion", "replacement": "x" * 5001},
    ],
)
def test_words_refused_keep_all_that_was_typed(where, sign_in, form):
    response = sign_in(factories.a_person()).post(address(where), data={"body": "Because.", **form})
    assert response.status_code == 422
    assert 'href="#replacement"' in response.text
    assert "Because." in response.text
    assert form["replacement"][:20] in response.text


def test_the_form_is_filled_in_with_the_words_that_stand_there(where, sign_in, visit):
    browser = sign_in(factories.a_person())
    response = browser.post(address(where), data={"body": "", "do": "fill-in"})
    assert response.status_code == 200
    assert f">\n{OLD}</textarea>" in response.text
    assert 'value="suggestion" checked' in response.text
    kept_words = browser.post(
        address(where), data={"replacement": "Mine.", "do": "fill-in", "kind": "concern"}
    )
    assert ">\nMine.</textarea>" in kept_words.text
    assert 'value="concern" checked' in kept_words.text


def test_a_guest_keeps_downloads_and_sends_words(where, app):
    browser = app.test_client()
    form = {"body": "Oaks.", "replacement": NEW, "do": "keep"}
    assert browser.post(address(where), data=form).status_code == 303
    row = db.session.query(UnsentComment).one()
    assert row.replacement == NEW
    assert NEW in browser.get("/unsent").text
    file = browser.get("/unsent.txt").text
    assert "=== instead ===" in file
    token = re.search(r'name="csrf_token" value="([^"]+)"', browser.get("/unsent").text)[1]
    pasted = {"csrf_token": token, "pasted": file.replace("old trees", "tall trees")}
    assert browser.post("/unsent/paste", data=pasted).status_code == 303
    db.session.expire_all()
    assert row.replacement == "First, we count the tall trees."
    assert "<ins>" in browser.get(f"/unsent/send?c={row.key}").text


def test_a_kind_is_corrected_but_a_question_stays_one(where):
    author = factories.a_person()
    said = ground.say(where, by=author)
    with transaction(author):
        actions.correct_comment(actor=author, comment=said, body=said.body, kind=Kind.EVIDENCE)
    assert said.kind is Kind.EVIDENCE
    assert db.session.get(LedgerEntry, said.id, populate_existing=True).kind is Kind.EVIDENCE
    with transaction(author):
        actions.correct_comment(actor=author, comment=said, body=said.body, kind=Kind.QUESTION)
    assert db.session.get(LedgerEntry, said.id, populate_existing=True).waits
    with transaction(author):
        actions.correct_comment(actor=author, comment=said, body="Or not?", kind=Kind.SUPPORT)
    assert (said.kind, said.body, where.question_count) == (Kind.QUESTION, "Or not?", 1)


def test_corrected_words_keep_the_earlier_ones(where, monkeypatch, sign_in):
    monkeypatch.setattr(correcting, "is_told", lambda comment: True)
    author = factories.a_person()
    said = suggest(where, by=author)
    browser = sign_in(author)
    page = browser.get(f"/comments/{said.key}/edit").text
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)[1]
    seen = re.search(r'name="seen" value="([^"]+)"', page)[1]
    form = {
        "csrf_token": token,
        "seen": seen,
        "body": said.body,
        "kind": "suggestion",
        "replacement": "We count.",
    }
    assert browser.post(f"/comments/{said.key}/edit", data=form).status_code == 303
    db.session.refresh(said)
    assert said.replacement == "We count."
    assert db.session.query(Wording).one().replacement == NEW
    assert "old" in browser.get(f"/comments/{said.key}/history").text


def test_where_a_moderator_looks_first_kind_and_words_wait_with_the_correction(app):
    where = ground.paragraph(ground.a_draft(policy=Policy.BEFORE))
    author = factories.a_person()
    said = suggest(where, by=author)
    moderator = factories.a_moderator(where.document.consultation.unit.organisation)
    ground.move(said, ground.State.PUBLISHED, by=moderator)
    words = replacing.with_replacement(written("No words."), "", None)
    with transaction(author):
        actions.correct_comment(actor=author, comment=said, body=words, kind=Kind.QUESTION)
    assert (said.kind, said.replacement) == (Kind.SUGGESTION, NEW)
    assert db.session.query(Correction).one().kind is Kind.QUESTION
    with transaction(moderator):
        actions.settle_correction(actor=moderator, comment=said, accept=True)
    assert (said.kind, said.replacement, said.replacement_html) == (Kind.QUESTION, "", "")
    assert where.question_count == 1


def test_words_for_the_team_alone_stand_on_no_page(where, visit, sign_in):
    said = suggest(where, wishes=ground.Wishes(is_team_only=True))
    official = factories.an_official(where.document.consultation.unit)
    assert "<ins>" in sign_in(official).get(f"/desk/team/{said.key}").text
    assert visit.get(address(where)).select_one(".c-instead") is None
    moderator = factories.a_moderator(where.document.consultation.unit.organisation)
    assert sign_in(moderator).get(f"/moderation/{said.key}").status_code == 404


def test_the_buttons_lead_from_marking_to_no_question(where, sign_in):
    author, official = factories.a_person(), factories.an_official(where.document.consultation.unit)
    said = ground.say(where, by=author)
    theirs = sign_in(official)
    page = theirs.get(address(where)).text
    assert "Mark as a question" in page
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)[1]
    sent = {"csrf_token": token, "at": "answer", "do": "mark"}
    response = theirs.post(f"/comments/{said.key}/question", data=sent)
    assert response.headers["Location"].endswith(f"/desk/answer/{said.key}")
    assert "Take the mark back" in theirs.get(response.headers["Location"]).text
    mine = sign_in(author)
    page = mine.get(address(where)).text
    assert f"Marked as a question by {where.document.consultation.unit.name}" in page
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)[1]
    assert mine.post(f"/comments/{said.key}/no-question", data={"csrf_token": token}).status_code == 303
    assert "Marked as a question" not in mine.get(address(where)).text
    assert "Mark as a question" not in theirs.get(address(where)).text


def test_words_stand_wherever_their_comment_is_looked_at(where, sign_in):
    author = factories.a_person()
    said, sent = suggest(where, by=author), suggest(where, by=author, wishes=ground.Wishes(is_team_only=True))
    mine = sign_in(author)
    assert "<ins>" in mine.get(f"/comments/{said.key}/withdraw").text
    assert "<ins>" in mine.get(f"/comments/{said.key}/report").text
    assert "with words to put instead" in mine.get("/account").text
    official = factories.an_official(where.document.consultation.unit)
    with transaction(official):
        marking.mark_as_question(actor=official, comment=sent)
    page = mine.get("/account").text
    assert "Marked as a question by the unit." in page
    assert f'action="/comments/{sent.key}/no-question"' in page
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)[1]
    response = mine.post(f"/comments/{sent.key}/no-question", data={"csrf_token": token})
    assert response.headers["Location"] == "/account"
    moderator = factories.a_moderator(where.document.consultation.unit.organisation)
    assert "<ins>" in sign_in(moderator).get(f"/moderation/{said.key}").text
    theirs = sign_in(official)
    assert "<ins>" in theirs.get(f"/desk/answer/{said.key}").text
    slug = where.document.consultation.slug
    assert said.key in theirs.get(f"/desk/responses?consultation={slug}&kind=suggestion").text
    assert said.key not in theirs.get(f"/desk/responses?consultation={slug}&kind=evidence").text


def test_an_official_writes_a_suggestion_down_and_mends_it(where, sign_in):
    official = factories.an_official(where.document.consultation.unit)
    browser = sign_in(official)
    place = f"/desk/record/{where.document.consultation.slug}/{where.document.slug}"
    page = browser.get(place).text
    form = {
        "csrf_token": re.search(r'name="csrf_token" value="([^"]+)"', page)[1],
        "once": re.search(r'name="once" value="([^"]+)"', page)[1],
        "where": "1",
        "body": "They want fewer words.",
        "kind": "comment",
        "replacement": NEW,
        "do": "preview",
        "channel": "letter",
        "received_on": "today",
        "source": "Letter 3",
        "consent": "unnamed",
    }
    form["received_on"] = re.search(r'name="received_on" type="text" value="([^"]+)"', page)[1]
    assert "<ins>" in browser.post(place, data=form).text
    assert browser.post(place, data={**form, "do": "keep"}).status_code == 303
    said = db.session.query(Comment).one()
    assert (said.kind, said.replacement) == (Kind.SUGGESTION, NEW)
    page = browser.get(f"/desk/recorded/{said.key}").text
    seen = re.search(r'name="seen" value="([^"]+)"', page)[1]
    mended = {
        "csrf_token": form["csrf_token"],
        "seen": seen,
        "body": said.body,
        "kind": "support",
        "replacement": "",
    }
    assert browser.post(f"/desk/recorded/{said.key}", data=mended).status_code == 303
    db.session.refresh(said)
    assert (said.kind, said.replacement_html) == (Kind.SUPPORT, "")
