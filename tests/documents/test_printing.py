"""The draft with every thread in its place, for paper."""

import pytest
from bs4 import BeautifulSoup

from consult.discussion import actions as discussion
from consult.discussion.models import Kind
from consult.extensions import transaction
from tests import factories
from tests.counting import queries as counted
from tests.documents.ground import TEXT, a_draft, address, paragraph, publish

pytestmark = pytest.mark.usefixtures("app")


def _say(place, body, parent=None, by=None, kind=Kind.COMMENT):
    person = by or factories.a_person()
    with transaction(person):
        return discussion.post_comment(actor=person, paragraph=place, body=body, kind=kind, parent=parent)


def _printed(client, document):
    return BeautifulSoup(client.get(address(document, "/print")).text, "html.parser")


def test_each_thread_stands_under_its_paragraph(client):
    document = a_draft()
    first = _say(paragraph(document, "2"), "About two.")
    _say(paragraph(document, "1"), "About one.")
    _say(paragraph(document, "2"), "A reply.", parent=first)
    _say(paragraph(document, "all"), "About everything.")
    page = _printed(client, document)
    said = {part.h2.text: [body.text for body in part.select(".c-body")] for part in page.select(".said")}
    assert said == {
        "Comments on paragraph 1": ["About one."],
        "Comments on paragraph 2": ["About two.", "A reply."],
        "Comments on the whole draft": ["About everything."],
    }
    place = page.find(id=f"p-{paragraph(document, '2').key}")
    assert place.find_next_sibling().h2.text == "Comments on paragraph 2"


def test_talk_on_rows_and_on_removed_rows_finds_its_place(client):
    table = "| a | b |\n|---|---|\n| 1 | 2 |\n| 3 | 4 |\n| 5 | 6 |\n\nLast."
    document = a_draft(table)
    for number in ("1.2", "1.3", "1.4", "2"):
        _say(paragraph(document, number), f"About {number}.")
    publish(document, table.replace("| 3 | 4 |\n", ""))
    said = {
        part.h2.text.rpartition(" ")[2]: part.select_one(".c-body").text
        for part in _printed(client, document).select(".said")
    }
    assert said == {number: f"About {number}." for number in ("1.2", "1.3", "1.4", "2")}


def test_what_was_withdrawn_leaves_its_marker_and_no_words(client):
    document = a_draft()
    person = factories.a_person()
    comment = _say(paragraph(document, "1"), "Secret words.", by=person)
    with transaction(person):
        discussion.withdraw_comment(actor=person, comment=comment)
    page = _printed(client, document)
    assert "Secret words." not in page.text
    assert "withdrawn by its author" in page.text


def test_names_are_shown_as_they_were_typed(client):
    document = a_draft()
    _say(paragraph(document, "1"), "Hello.", by=factories.a_person(name="<b>Ann</b> & Co"))
    assert "<b>Ann</b> & Co" in _printed(client, document).select_one(".said b").text


def test_an_answer_stands_under_its_question(client):
    document = a_draft()
    official = factories.an_official(document.consultation.unit, name="Ruth Okafor")
    question = _say(paragraph(document, "1"), "Why?", kind=Kind.QUESTION)
    with transaction(official):
        discussion.respond(actor=official, comments=[question], body="Because.")
    answer = _printed(client, document).select_one(".said .official")
    assert "Official reply" in answer.text
    assert "Ruth Okafor" in answer.text
    assert "Because." in answer.text


def test_printing_costs_the_same_queries_however_much_was_said(client):
    quiet, busy = a_draft(), a_draft(TEXT + "\n\nMore.")
    for number in range(40):
        _say(paragraph(busy, str(1 + number % 5)), f"Words {number}.")
    costs = []
    for document in (quiet, busy):
        with counted() as seen:
            client.get(address(document, "/print")).data  # noqa: B018 - the page is made as it is read
        costs.append(len(seen))
    assert costs[0] == costs[1] <= 9


def test_each_comment_costs_little_more_than_its_words(client):
    document = a_draft()
    before = len(client.get(address(document, "/print")).data)
    for number in range(20):
        _say(paragraph(document, "1"), f"Words {number}.")
    after = len(client.get(address(document, "/print")).data)
    assert (after - before) / 20 <= 700


def test_a_browser_that_has_it_is_told_so(client):
    document = a_draft()
    response = client.get(address(document, "/print"))
    response.get_data()
    again = client.get(address(document, "/print"), headers={"If-None-Match": response.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
