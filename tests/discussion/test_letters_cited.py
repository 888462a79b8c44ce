"""A letter stands on the whole draft; the paragraphs that it names say that it is about them too."""

import pytest

from consult.discussion.models import BodyKind, State
from consult.discussion.wishes import Wishes
from tests import factories
from tests.counting import queries
from tests.discussion.ground import BEFORE, a_draft, address, move, paragraph, publish, say, take_down


@pytest.fixture
def document(app):
    return a_draft()


def letter(document, *numbers, **values):
    cites = [paragraph(document, number) for number in numbers]
    return say(paragraph(document, "all"), "A long letter.", cites=cites, **values)


def test_the_page_and_the_panel_of_each_paragraph_lead_to_it(document, visit, client):
    sent = letter(document, "1", "3", by=factories.a_person(name="Zoe"))
    for number in ("1", "3"):
        line = visit.get(address(paragraph(document, number))).select_one(".c-letters")
        assert line.text == "Also about this paragraph: a letter by Zoe"
        assert line.a["href"] == f"/comments/{sent.key}"
        panel = client.get(f"{address(paragraph(document, number))}?fragment=1").text
        assert f"/comments/{sent.key}" in panel
    assert not visit.get(address(paragraph(document, "2"))).select(".c-letters")
    assert not visit.get(address(paragraph(document, "all"))).select(".c-letters")


def test_it_is_counted_once_on_the_whole_draft(document):
    letter(document, "1", "3")
    assert paragraph(document, "all").comment_count == document.comment_count == 1
    assert paragraph(document, "1").comment_count == 0


def test_the_organisation_behind_a_letter_is_named(document, visit):
    letter(
        document,
        "1",
        by=factories.a_person(name="Zoe"),
        wishes=Wishes(on_behalf_of="Walk", on_behalf_kind=BodyKind.CHARITY),
    )
    page = visit.get(address(paragraph(document, "1")))
    assert "a letter by Zoe, for Walk (charity)" in page.select_one(".c-letters").text


def test_several_letters_stand_in_one_line(document, visit):
    for name in ("Zoe", "Wilf"):
        letter(document, "1", by=factories.a_person(name=name))
    line = visit.get(address(paragraph(document, "1"))).select_one(".c-letters")
    assert line.text == "Also about this paragraph: letters by Zoe, Wilf"


@pytest.mark.parametrize("fate", ["team", "waiting", "taken down"])
def test_what_is_not_public_is_not_named(app, visit, fate):
    document = a_draft(policy=BEFORE)
    sent = letter(document, "1", wishes=Wishes(is_team_only=fate == "team"))
    if fate == "taken down":
        move(sent, State.PUBLISHED)
        take_down(sent)
    assert not visit.get(address(paragraph(document, "1"))).select(".c-letters")


def test_it_follows_its_paragraph_where_that_is_joined_with_another(app, visit):
    text = "# A plan\n\nWe count the old trees in every street.\n\nWe count the young trees in every park.\n"
    document = a_draft(text)
    sent = letter(document, "2")
    joined = "We count the old trees in every street. We count the young trees in every park."
    publish(document, f"# A plan\n\n{joined}\n")
    home = paragraph(document, "1")
    assert paragraph(document, "2").home_id == home.id
    assert visit.get(address(home)).select_one(".c-letters a")["href"] == f"/comments/{sent.key}"


def test_ten_letters_are_one_question_to_the_database(document, client):
    place = paragraph(document, "1")
    letter(document, "1")
    with queries() as one:
        client.get(address(place))
    for _ in range(9):
        letter(document, "1")
    with queries() as ten:
        client.get(address(place))
    assert len(ten) == len(one)
