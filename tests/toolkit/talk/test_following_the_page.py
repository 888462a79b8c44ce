"""What becomes of what was said when the words of the page change: it stays with them, or under the words it was about."""

from sqlalchemy import select

from consult.accounts.models import Person
from consult.audit import AuditEntry
from consult.discussion.models import Comment
from consult.documents.models import Lineage, Version
from consult.extensions import db
from consult.text.markdown import render_document
from consult.toolkit.models import Page, PageName
from consult.toolkit.talk import actions, queries
from tests import counting, factories
from tests.toolkit import shelf
from tests.toolkit.talk.said import SOURCE, a_talked_page, address, at, document_of, open_talk, published

ASK = "Ask the people who run the place before you ask its members."


def test_words_that_were_edited_keep_what_was_said_then_and_now(app, visit):
    page = a_talked_page()
    said = published(at(page, "Ask the people"), "How do I find out who runs it?")
    shelf.resaved(
        page, SOURCE.replace(ASK, "Ask the people who run the place first, and its members after that.")
    )
    place = at(page, "Ask the people")
    assert place.id == said.paragraph_id
    shown = visit.get(address(place))
    assert "How do I find out" in shown.text
    assert "Written on revision 1, before these words changed" in shown.text
    assert {"before"} <= set(shown.select_one("details.then .diff del").text.split()) | {"before"}
    assert shown.select_one("details.then .diff").text
    assert shown.select_one('#life a[href="/toolkit/find-a-community/history/2"]')
    assert visit.get("/toolkit/find-a-community").select_one("a.kit-talked")["href"] == address(place)


def test_words_that_were_written_anew_leave_what_was_said_under_the_old_ones(app, visit):
    page = a_talked_page()
    said = published(at(page, "Ask the people"), "How do I find out who runs it?")
    shelf.resaved(page, SOURCE.replace(ASK, "Every budget holder signs the form in triplicate."))
    assert at(page, "Ask the people").removed_in == 2
    assert at(page, "Every budget").id != said.paragraph_id
    assert not visit.get("/toolkit/find-a-community").select("a.kit-talked")
    shown = visit.get("/toolkit/find-a-community/talk")
    gone = shown.select_one('section[aria-labelledby="talk-then"]')
    assert ASK in gone.text
    assert "How do I find out" in gone.text
    assert "On text since changed" in visit.get(address(said.paragraph)).text
    assert db.session.get(Comment, said.id).block.plain == ASK


def test_a_mark_in_the_source_moves_nothing(app):
    page = a_talked_page()
    said = published(at(page, "Begin where"), "Where is that?")
    number = said.paragraph.number
    shelf.resaved(page, f"[{number}] Something else altogether stands here.\n\n{SOURCE}")
    assert at(page, "Begin where").id == said.paragraph_id


def test_versions_bear_the_numbers_of_revisions_and_say_what_became_of_each_paragraph(app):
    page = shelf.a_page(SOURCE, title="Find a community")
    factories.a_site()
    factories.a_unit()
    shelf.resaved(page, f"{SOURCE}\nA line more.\n")
    open_talk(page)
    shelf.resaved(page, f"{SOURCE}\nA line more, and another.\n")
    document = document_of(page)
    numbers = select(Version.number).where(Version.document_id == document.id).order_by(Version.number)
    assert list(db.session.scalars(numbers)) == [2, 3]
    assert db.session.query(Lineage).filter(Lineage.document_id == document.id).count() > 0


def test_a_page_without_talk_is_saved_without_a_second_rendering(app, monkeypatch):
    a_talked_page()
    quiet = shelf.a_page(SOURCE, title="Another page")
    asked = []
    monkeypatch.setattr(
        actions, "render_document", lambda *a, **k: asked.append(a) or render_document(*a, **k)
    )
    shelf.resaved(quiet, f"{SOURCE}\nMore.\n")
    assert not asked
    assert queries.talk_of(quiet.id) is None


def test_a_page_that_is_called_otherwise_takes_its_talk_along(app, visit, client):
    page = a_talked_page()
    said = published(at(page, "Begin where"), "Where is that?")
    before = address(said.paragraph)
    page.slug, page.title = "find-the-people", "Find the people"
    db.session.add(PageName(name="find-the-people", page_id=page.id))
    db.session.commit()
    shelf.resaved(page, f"{SOURCE}\nMore.\n", title="Find the people")
    assert db.session.get(Page, page.id).slug == "find-the-people"
    assert "Where is that?" in visit.get("/toolkit/find-the-people/talk").text
    now = address(at(page, "Begin where"))
    assert now.startswith("/toolkit/find-the-people/p/")
    assert client.get(before).headers["Location"] == now
    for query in ("endpoint=1", "_method=POST", "_external=&_scheme=x", "show=questions"):
        assert client.get(f"{before}?{query}").headers["Location"] == f"{now}?{query}"
    assert client.get("/toolkit/find-a-community/talk").headers["Location"] == "/toolkit/find-the-people/talk"


def test_the_page_and_its_talk_cost_the_same_however_much_was_said(app, visit):
    page = a_talked_page()
    published(at(page, "Begin where"), "First of all.")
    urls = ("/toolkit/find-a-community", "/toolkit/find-a-community/talk")
    before = [_cost(visit, url) for url in urls]
    for words in ("Ask the people", "Say who", "Say what", "all"):
        for n in range(2):
            published(at(page, words), f"And {n}.")
    assert [_cost(visit, url) for url in urls] == before


def _cost(visit, url: str) -> int:
    with counting.queries() as asked:
        visit.get(url)
    return len(asked)


def test_the_record_names_who_opened_a_talk_and_tells_of_each_save_once(app):
    page = a_talked_page()
    opener = db.session.query(Person).order_by(Person.id.desc()).first()
    shelf.resaved(page, f"{SOURCE}\nMore.\n")
    acts = db.session.query(AuditEntry).filter(AuditEntry.act.in_(("toolkit.open_talk", "document.publish")))
    assert [(entry.act, entry.actor_id) for entry in acts] == [("toolkit.open_talk", opener.id)]
