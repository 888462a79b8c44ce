"""What becomes of what was said when the words of the page change: it stays with them, or under the words it was about."""

from sqlalchemy import func, select

from consult.accounts.models import Part, Person
from consult.audit import AuditEntry
from consult.discussion.models import Comment
from consult.documents import carrying, paragraph_queries
from consult.documents.models import Block, Lineage, Paragraph, Version
from consult.extensions import db, transaction
from consult.moderation import queries as moderation
from consult.text.markdown import render_document
from consult.toolkit.models import Page, PageName
from consult.toolkit.suggestions import actions as suggestions
from consult.toolkit.talk import ahead, queries
from tests import counting, factories
from tests.toolkit import shelf
from tests.toolkit.talk.said import (
    SOURCE,
    a_talked_page,
    address,
    at,
    document_of,
    open_talk,
    published,
    says,
)

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
    asked = _rendered(monkeypatch)
    shelf.resaved(quiet, f"{SOURCE}\nMore.\n")
    assert not asked
    assert queries.talk_of(quiet.id) is None


def _rendered(monkeypatch) -> list[str]:
    """Return a list of the sources that are rendered block by block from now on."""
    asked: list[str] = []

    def noting(source, **how):
        assert not db.session.connection().get_execution_options().get("for_writing")
        asked.append(source)
        return render_document(source, **how)

    monkeypatch.setattr(ahead, "render_document", noting)
    return asked


def test_blocks_are_made_before_anybody_is_kept_waiting(app, visit, visit_as, monkeypatch):
    factories.a_site()
    factories.a_unit()
    page = shelf.a_page(SOURCE, title="Find a community")
    asked = _rendered(monkeypatch)
    visit.post("/toolkit/find-a-community/talk")
    editor = visit_as(factories.an_editor())
    fields = {"title": page.title, "shelf": "consult", "summary": "What it is for.", "do": "save"}
    editor.post("/toolkit/find-a-community/edit", {**fields, "source": f"{SOURCE}\nMore.", "based_on": "1"})
    editor.post("/toolkit/find-a-community/history/1/restore")
    with transaction(person := factories.a_person()):
        made = suggestions.suggest_change(
            actor=person, page=page, wording=shelf.worded(f"{SOURCE}\nThat."), why="Because.", based_on=3
        )
    editor.post(
        f"/toolkit/suggestions/{made.key}/settle", {"do": "accept", "seen": "3", "word": "Thank you."}
    )
    assert len(asked) == 4
    numbers = select(Version.number).where(Version.document_id == document_of(page).id)
    assert list(db.session.scalars(numbers.order_by(Version.number))) == [1, 2, 3, 4]


def test_a_save_that_leaves_the_words_alone_leaves_the_talk_alone(app, visit, monkeypatch):
    page = a_talked_page()
    said = published(at(page, "Begin where"), "Where is that?")
    asked = _rendered(monkeypatch)
    shelf.resaved(page, SOURCE, title="Find communities", summary="How to.")
    assert not asked
    versions = db.session.query(Version).filter(Version.document_id == document_of(page).id)
    assert versions.count() == 1
    shown = visit.get("/toolkit/find-a-community")
    assert shown.select_one("a.kit-talked")["href"] == address(said.paragraph)
    assert len(shown.select("a.kit-mark")) == 4
    assert "Talk about Find communities" in visit.get("/toolkit/find-a-community/talk").text


def test_what_was_gone_for_long_without_a_word_about_it_is_read_no_more(app, visit):
    page = a_talked_page()
    spoken = published(at(page, "Ask the people"), "How do I find out?")
    quiet = at(page, "Say who you are").key
    shelf.resaved(page, "Zebras graze here, quietly, all of them.")
    shelf.resaved(page, SOURCE)
    assert at(page, "Say who you are").key == quiet  # it was gone for a moment
    for n in range(carrying.KNOWN_AGAIN + 2):
        shelf.resaved(page, f"Zebras graze here, quietly, all {n} of them.")
    document = document_of(page)
    db.session.refresh(document)
    here = select(func.count()).select_from(Block).where(Block.version_id == document.current_version_id)
    assert db.session.scalar(here) < 4
    shelf.resaved(page, SOURCE)
    assert at(page, "Ask the people").id == spoken.paragraph_id
    again = select(Paragraph.removed_in).where(Paragraph.document_id == document.id, Paragraph.key == quiet)
    assert db.session.scalar(again) is not None
    assert "How do I find out?" in visit.get("/toolkit/find-a-community/talk").text


def test_the_life_of_words_costs_what_is_shown_of_it(app, visit):
    page = a_talked_page()
    place = at(page, "Begin where")
    for n in range(10):
        shelf.resaved(page, SOURCE.replace("already meet", f"meet in room {n}"))
        shelf.resaved(page, f"{SOURCE.replace('already meet', f'meet in room {n}')}\nAnother line {n}.")
    assert at(page, "Begin where").id == place.id
    rows = paragraph_queries.changes_of(place, None, 8)
    assert [row.number for row in rows] == [6, 8, 10, 12, 14, 16, 18, 20]
    shown = visit.get(address(place))
    assert len(shown.select("#life li")) == 6
    assert "Older changes" in shown.select_one("#life").text
    assert "room 0" in visit.get(f"{address(place)}?v=3").select_one(".quote-para").text


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


def test_who_wrote_the_page_lets_another_moderator_decide_on_what_is_said_of_it(app):
    page = a_talked_page()
    organisation = queries.carrier().unit.organisation
    editor = factories._with_role(factories.a_moderator(organisation), Part.EDITOR)
    shelf.resaved(page, f"{SOURCE}\nMore.\n", actor=editor)
    said = says(at(page, "More."), "That is not so.")
    assert moderation.is_conflicted(editor, said)
    assert not moderation.another_moderator_exists(editor, said)
    other = factories.a_moderator(organisation)
    assert moderation.another_moderator_exists(editor, said)
    assert not moderation.is_conflicted(other, said)
