"""The page on which a version is looked at and published."""

import pytest

from consult.documents import actions
from consult.extensions import db, transaction
from tests import factories
from tests.documents.ground import TEXT, a_draft, address, paragraph, publish, standing

pytestmark = pytest.mark.usefixtures("app")


def _with_draft(document, source):
    official = factories.an_official(document.consultation.unit, name="Tom Ashworth")
    with transaction(official):
        actions.save_draft(actor=official, document=document, source=source, based_on=document.draft_number)
    return official


def _form(page):
    return {name: page.select_one(f"input[name={name}]")["value"] for name in ("draft", "seen")}


def test_a_first_version_is_published_from_the_page(visit_as, client):
    factories.a_site()
    document = factories.a_document()
    visit = visit_as(_with_draft(document, TEXT))
    page = visit.get(address(document, "/publish"))
    assert page.h1.text == "Publish version 1"
    answer = visit.post(address(document, "/publish"), {**_form(page), "note": ""})
    assert answer.location == address(document)
    assert "Version 1 is published." in visit.get(answer.location).text
    assert "First words." in client.get(address(document)).text


def test_who_when_and_why_are_shown_with_the_version(visit_as, client):
    document = a_draft()
    visit = visit_as(_with_draft(document, TEXT + "\n\nMore."))
    page = visit.get(address(document, "/publish"))
    visit.post(address(document, "/publish"), {**_form(page), "note": "One paragraph more, as many asked."})
    words = " ".join(client.get(address(document)).text.split())
    assert "Tom Ashworth" in words
    assert "One paragraph more, as many asked." in words


def test_the_page_says_what_would_lose_its_place_and_how_many_comments_it_has(visit_as):
    document = a_draft()
    paragraph(document, "2").comment_count = 7
    db.session.commit()
    visit = visit_as(
        _with_draft(document, TEXT.replace("Second words.", "Otherwise.").replace("- two\n", ""))
    )
    page = visit.get(address(document, "/publish"))
    losses = page.select_one("ul.losses")
    assert "Second words." in losses.text
    assert "7 comments" in losses.text
    assert "[2]" in page.select_one(".note-wait").text
    assert "two" in page.select_one("details ul.losses").text


def test_a_mark_takes_a_paragraph_off_the_list(visit_as):
    document = a_draft()
    visit = visit_as(_with_draft(document, TEXT.replace("Second words.", "[2] Otherwise.")))
    page = visit.get(address(document, "/publish"))
    assert "could not be found" not in page.text
    assert "is reworded and keeps its number" in page.text
    assert "Every paragraph keeps its place." in page.text


@pytest.mark.parametrize("note", ["", "   ", "n" * 501, "a\x07b", "x" * 1_000_000])
def test_a_later_version_says_what_changed(visit_as, note):
    document = a_draft()
    visit = visit_as(_with_draft(document, "Other."))
    form = _form(visit.get(address(document, "/publish")))
    page = visit.post(address(document, "/publish"), {**form, "note": note}, 422).page
    assert page.select_one("[role=alert] a[href='#note']")
    assert page.select_one("#note").text.strip() == note.strip()
    assert document.version_count == 1


def test_text_that_cannot_be_published_says_what_to_shorten(visit_as):
    document = a_draft()
    visit = visit_as(_with_draft(document, "[" * 2_000))
    page = visit.get(address(document, "/publish"))
    assert "square brackets" in page.select_one("[role=alert]").text
    page = visit.post(address(document, "/publish"), {**_form(page), "note": "Why"}, 422).page
    assert page.select_one("[role=alert]")
    assert document.version_count == 1


def test_a_draft_saved_meanwhile_is_looked_at_first(visit_as):
    document = a_draft()
    visit = visit_as(_with_draft(document, "Mine."))
    form = _form(visit.get(address(document, "/publish")))
    _with_draft(document, "Theirs.")
    page = visit.post(address(document, "/publish"), {**form, "note": "Why"}, 409).page
    assert page.select_one("#note").text.strip() == "Why"
    assert document.version_count == 1


def test_a_version_published_meanwhile_is_looked_at_first(visit_as):
    document = a_draft()
    visit = visit_as(_with_draft(document, "Mine."))
    form = _form(visit.get(address(document, "/publish")))
    publish(document, "Theirs.")
    page = visit.post(address(document, "/publish"), {**form, "note": "Why"}, 409).page
    assert page.h1.text == "Publish version 3"
    assert standing(document) == {"6": "Theirs."}


def test_without_a_draft_the_page_leads_to_writing_one(visit_as):
    document = a_draft()
    visit = visit_as(factories.an_official(document.consultation.unit))
    assert visit.client.get(address(document, "/publish")).location == address(document, "/edit")


CAREFUL = (
    "The clear width is {} metres along the whole of the footway, so that two people can pass each other."
)


def test_what_is_reworded_is_shown_with_its_words_and_its_comments(visit_as):
    document = a_draft(CAREFUL.format("1.5") + "\n\nSecond words.\n\nThird words.")
    paragraph(document, "1").comment_count = 3
    db.session.commit()
    visit = visit_as(_with_draft(document, CAREFUL.format("2.0") + "\n\nSecond words."))
    page = visit.get(address(document, "/publish"))
    reworded, left_out = page.select("ul.losses")
    assert reworded.select_one("del").text.endswith("1.5")
    assert reworded.select_one("ins").text.endswith("2.0")
    assert "3 comments" in reworded.text
    assert "Third words." in left_out.text
    for link in page.select("ul.losses a"):
        visit.get(link["href"])


def test_what_is_left_out_for_one_version_and_then_put_in_is_another_paragraph(visit_as):
    """As the page advises, for a rewording that is none."""
    document = a_draft(CAREFUL.format("1.5") + "\n\nSecond words.")
    publish(document, "Second words.")
    publish(document, CAREFUL.format("2.0") + "\n\nSecond words.")
    assert paragraph(document, "1").removed_in == 2
    assert "1" not in standing(document)
