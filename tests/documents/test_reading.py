"""The pages everybody reads: the current version, others, the draft only, what was removed; and who may not yet."""

from datetime import timedelta

import pytest

from consult import clock
from consult.consultations.models import Stage
from consult.discussion import actions as discussion
from consult.discussion.models import Kind
from consult.documents.models import Paragraph
from consult.documents.routes.reading import CUT
from consult.extensions import db, transaction
from consult.web.conditional import forget
from tests import factories
from tests.counting import queries as counted
from tests.documents.ground import TEXT, a_draft, address, paragraph, publish

pytestmark = pytest.mark.usefixtures("app")


def _say(document, number="1", kind=Kind.COMMENT):
    person = factories.a_person()
    with transaction(person):
        return discussion.post_comment(
            actor=person, paragraph=paragraph(document, number), body="Yes.", kind=kind
        )


def test_the_page_shows_every_paragraph_with_its_key_and_number(visit):
    document = a_draft()
    page = visit.get(address(document))
    assert page.h1.text == document.title
    marks = {tag["data-number"]: tag["id"] for tag in page.select("[data-paragraph]")}
    assert list(marks) == ["s1", "1", "2", "3", "4", "s2", "5", "all"]
    assert marks["2"] == f"p-{paragraph(document, '2').key}"


def test_each_count_is_a_plain_link_to_its_paragraph(visit):
    document = a_draft()
    _say(document, "1")
    _say(document, "1", Kind.QUESTION)
    page = visit.get(address(document))
    place = page.find(id=f"p-{paragraph(document, '1').key}")
    link = place.select_one("a.count")
    assert link["href"] == address(document, f"/p/{paragraph(document, '1').key}")
    assert " ".join(link.text.split()) == "2 comments on paragraph 1"
    assert place.select_one(".wait-mark").text == "1 waiting"


def test_the_promise_and_the_closing_date_stand_at_the_head(visit):
    words = visit.get(address(a_draft())).select_one(".doc-head").text
    assert "We read every comment. We aim to answer questions within 5 working days" in " ".join(
        words.split()
    )
    assert "Closes" in words
    assert "in 30 days" in words


def test_the_contents_lead_to_every_heading(visit):
    page = visit.get(address(a_draft("## One\n\nA.\n\n## Two\n\nB.")))
    assert [link.select_one(".t").text for link in page.select(".toc-list a")] == ["One", "Two"]


def test_a_table_has_an_address_for_each_row(visit):
    document = a_draft("| a | b |\n|---|---|\n| 1 | 2 |")
    page = visit.get(address(document))
    assert [row["data-number"] for row in page.select("tr[data-paragraph]")] == ["1.1", "1.2"]
    assert page.select_one("[role=region] thead tr th")


def test_a_removed_paragraph_with_talk_leaves_a_line_with_its_count(visit):
    document = a_draft()
    _say(document, "2")
    publish(document, TEXT.replace("Second words.\n\n", ""))
    page = visit.get(address(document))
    gone = page.select_one(".para.gone")
    assert gone["data-number"] == "2"
    assert "Removed in version 2." in gone.text
    assert gone.select_one("a.count").text.startswith("1 ")
    assert page.select_one(f'a[href="{address(document, "/removed")}"]')


def test_a_paragraph_removed_in_silence_leaves_its_number(visit):
    document = a_draft()
    publish(document, TEXT.replace("Second words.\n\n", ""))
    line = visit.get(address(document)).select_one(".left")
    assert " ".join(line.text.split()) == "Removed in version 2: 2."


def test_what_is_new_says_so(visit):
    document = a_draft()
    publish(document, TEXT + "\n\nAdded words.")
    new = visit.get(address(document)).select(".para.new")
    assert [tag["data-number"] for tag in new] == ["6"]
    assert "new in version 2" in new[0].text


def test_what_changed_leads_to_the_comparison_with_the_version_before(visit):
    document = a_draft("Plant oaks here.\n\n| tree | number |\n|---|---|\n| oak | 20 |\n| elm | 30 |")
    publish(document, "Plant elms here.\n\n| tree | number |\n|---|---|\n| oak | 25 |\n| elm | 30 |")
    publish(
        document, "Plant elms here.\n\n| tree | number |\n|---|---|\n| oak | 25 |\n| elm | 30 |\n\nAnd limes."
    )
    words, table = (link["href"] for link in visit.get(address(document, "/v/2")).select("a.chg"))
    compared = visit.get(words)
    assert compared.find(id=words.partition("#")[2])
    assert compared.find(id=table.partition("#")[2]), "of a table its row is shown"
    assert not visit.get(address(document)).select("a.chg"), (
        "an old change is marked in the version that made it"
    )


def test_an_old_version_says_so_and_points_to_the_current(visit):
    document = a_draft()
    publish(document, "Version two.")
    page = visit.get(address(document, "/v/1"))
    assert "You are reading version 1" in page.select_one(".note-change").text
    assert page.select_one('link[rel="canonical"]')["href"].endswith(address(document))
    assert "First words." in page.text


def test_a_version_that_is_not_there_is_not_found(visit):
    document = a_draft()
    visit.get(address(document, "/read"))
    for place in ("/v/7", "/v/0", "/read?v=0"):
        visit.get(address(document, place), 404)


@pytest.mark.parametrize("place", ["", "/v/2", "/read", "/print"])
def test_no_note_breaks_the_page(visit, place):
    document = a_draft()
    publish(document, "Other words.", f"Odd \x1e and <!-- the text --> and {CUT}")
    assert "Other words." in visit.get(address(document, place)).text


def test_up_to_four_versions_are_links_and_more_are_a_list_with_a_button(visit):
    document = a_draft("1")
    for number in range(2, 5):
        publish(document, f"word {number}")
    assert len(visit.get(address(document)).select(".seg a")) == 4
    publish(document, "word 5")
    page = visit.get(address(document))
    assert not page.select(".seg a")
    assert [option["value"] for option in page.select("select[name=v] option")] == ["5", "4", "3", "2", "1"]
    assert visit.client.get(address(document, "?v=3")).location.endswith("/v/3")


def test_the_draft_only_has_the_same_numbers_and_no_counts(visit):
    document = a_draft()
    _say(document, "1")
    page = visit.get(address(document, "/read"))
    assert not page.select(".count, .wait-mark, .toc")
    assert [tag["data-number"] for tag in page.select("[data-paragraph]")] == [
        "s1",
        "1",
        "2",
        "3",
        "4",
        "s2",
        "5",
    ]


def test_removed_paragraphs_are_listed_with_their_last_words(visit):
    document = a_draft()
    _say(document, "2")
    publish(document, "Nothing of it.")
    page = visit.get(address(document, "/removed"))
    (place,) = page.select("[data-paragraph]")
    assert (place["data-number"], "Second words." in place.text) == ("2", True)
    assert "1 comment" in " ".join(place.select_one("a.count").text.split())


def test_a_thread_opens_in_the_page_right_after_its_paragraph(visit):
    document = a_draft()
    _say(document, "2")
    key = paragraph(document, "2").key
    page = visit.get(address(document, f"?p={key}"))
    panel = page.find(id=f"p-{key}").find_next_sibling()
    assert "thread-panel" in panel["class"]
    assert "on" in page.find(id=f"p-{key}")["class"]


@pytest.mark.parametrize("unknown", ["zzzzzz", "../../x", "", "a" * 500, "%00"])
def test_an_unknown_paragraph_opens_nothing(visit, unknown):
    page = visit.get(address(a_draft(), f"?p={unknown}"))
    assert not page.select(".thread-panel")


def test_after_closing_the_talk_stays_and_says_so(visit):
    document = a_draft(closes_at=clock.now() - timedelta(minutes=1), opens_at=clock.now() - timedelta(days=9))
    page = visit.get(address(document))
    assert "The time for comments is over." in page.text
    assert page.select("a.count")
    assert "How to comment" not in page.text


@pytest.mark.parametrize("place", ["", "/v/1", "/read", "/removed", "/print"])
def test_before_the_opening_only_officials_of_the_unit_read(client, sign_in, place):
    document = a_draft(opens_at=clock.now() + timedelta(days=1), closes_at=clock.now() + timedelta(days=9))
    stranger = factories.an_official(factories.a_unit())
    ours = factories.an_official(document.consultation.unit)
    assert client.get(address(document, place)).status_code == 403
    assert sign_in(stranger).get(address(document, place)).status_code == 403
    assert sign_in(ours).get(address(document, place)).status_code == 200


def test_nobody_else_may_know_of_what_is_prepared(client, sign_in):
    document = a_draft(stage=Stage.PREPARING)
    assert client.get(address(document)).status_code == 404
    assert sign_in(factories.a_person()).get(address(document)).status_code == 404
    ours = factories.an_official(document.consultation.unit)
    assert sign_in(ours).get(address(document)).status_code == 200


def test_a_document_without_a_version_is_there_for_its_officials_only(client, sign_in):
    factories.a_site()
    document = factories.a_document()
    assert client.get(address(document)).status_code == 404
    ours = factories.an_official(document.consultation.unit)
    assert sign_in(ours).get(address(document)).location.endswith("/edit")


def test_images_are_links_until_the_unit_allows_their_host(client):
    document = a_draft("![A map](https://maps.example/a.png)")
    assert "<img" not in client.get(address(document)).text
    document.consultation.unit.image_hosts = "maps.example"
    db.session.commit()
    response = client.get(address(document))
    assert '<img src="https://maps.example/a.png" alt="A map">' in response.text
    assert "img-src 'self' https://maps.example" in response.headers["Content-Security-Policy"]


def test_officials_of_the_unit_find_their_way_to_the_draft(sign_in):
    document = a_draft()
    ours = sign_in(factories.an_official(document.consultation.unit)).get(address(document)).text
    theirs = sign_in(factories.a_person()).get(address(document)).text
    assert address(document, "/edit") in ours
    assert address(document, "/edit") not in theirs


# What it costs


def test_the_page_costs_at_most_ten_queries_however_long_and_however_discussed(client):
    """Three of them are for the figures of questions: how long answers took, how many wait, which for longest."""
    short = a_draft()
    _say(short, "1", Kind.QUESTION)
    long = a_draft("\n\n".join(f"Paragraph {number}." for number in range(300)))
    for number in range(1, 12):
        _say(long, str(number), Kind.QUESTION)
    costs = []
    for document in (short, long):
        db.session.remove()
        forget()
        with counted() as seen:
            assert client.get(address(document)).status_code == 200
        print(*seen, sep="\n----\n")
        costs.append(len(seen))
    assert costs[0] == costs[1] <= 10


def test_a_kept_page_and_a_304_cost_one_query(client):
    document = a_draft()
    first = client.get(address(document))
    for headers in ({}, {"If-None-Match": first.headers["ETag"]}):
        db.session.remove()
        with counted() as seen:
            client.get(address(document), headers=headers)
        assert len(seen) == 1


def test_two_hundred_paragraphs_are_at_most_45_kilobytes(client):
    words = iter(range(10**6))
    text = "\n\n".join(" ".join(f"word{next(words) % 997}" for _ in range(75)) for _ in range(200))
    document = a_draft(text)
    db.session.query(Paragraph).update({"comment_count": Paragraph.id % 50})
    db.session.commit()
    response = client.get(address(document), headers={"Accept-Encoding": "gzip"})
    assert response.headers["Content-Encoding"] == "gzip"
    assert len(response.data) <= 45_000
