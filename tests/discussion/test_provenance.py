"""For whom somebody spoke and by which way it came: beside the name, wherever the name stands."""

from datetime import date
from types import SimpleNamespace

import pytest

from consult import clock
from consult.discussion import provenance
from consult.discussion.models import BodyKind, Channel
from consult.extensions import transaction
from consult.moderation.actions import report_comment
from tests import factories
from tests.discussion.ground import a_draft, address, answer, consultation_of, paragraph, say

CAME = date(2025, 11, 12)


def _said(**values):
    plain = {"channel": Channel.WEB, "received_on": None, "is_late": False, "is_letter": False}
    return SimpleNamespace(**{**plain, "on_behalf_of": "", "on_behalf_kind": None, **values})


def _recorded(**values):
    """A question that came by letter, for a charity, after the closing."""
    said = say(paragraph(a_draft()), "Which trees?", ask=True)
    with transaction():
        said.channel, said.received_on, said.is_late = Channel.LETTER, CAME, True
        said.on_behalf_of, said.on_behalf_kind = "Walk & Wheel", BodyKind.CHARITY
        for name, value in values.items():
            setattr(said, name, value)
    return said


def test_who_speaks_for_themself_has_nothing_beside_their_name(app):
    assert provenance.behalf(_said()) == ""
    assert provenance.signed("Priya", _said()) == "Priya"
    assert provenance.notes(_said(), "Streets") == []


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (BodyKind.CHARITY, "for Walk (charity)"),
        (BodyKind.PUBLIC, "for Walk (public body)"),
        (BodyKind.OTHER, "for Walk"),
        (None, "for Walk"),
    ],
)
def test_an_organisation_is_named_with_its_kind(app, kind, words):
    said = _said(on_behalf_of="Walk", on_behalf_kind=kind)
    assert provenance.behalf(said) == words
    assert provenance.signed("Priya", said) == f"Priya, {words}"


@pytest.mark.parametrize(
    ("channel", "words"),
    [
        (Channel.EMAIL, "Came by e-mail, 12 November 2025; written down by Streets"),
        (Channel.LETTER, "Came by letter, 12 November 2025; written down by Streets"),
        (Channel.MEETING, "Said at a meeting, 12 November 2025; written down by Streets"),
        (Channel.TELEPHONE, "Said by telephone, 12 November 2025; written down by Streets"),
        (Channel.EVENT, "Said at an event, 12 November 2025; written down by Streets"),
    ],
)
def test_every_way_has_its_words(app, channel, words):
    assert provenance.notes(_said(channel=channel, received_on=CAME), "Streets") == [words]


def test_a_day_of_this_year_is_told_without_the_year(app):
    on = clock.now().date().replace(day=3)
    assert provenance.Phrases().day(on) == f"3 {on:%B}"


def test_what_came_late_says_so(app):
    assert provenance.notes(_said(is_late=True), "Streets") == ["Came after the closing"]


def test_the_thread_says_how_it_came_and_for_whom(app, visit):
    said = _recorded()
    article = visit.get(address(said.paragraph)).select_one(f"#comment-{said.key}")
    unit = said.document.consultation.unit.name
    assert "for Walk & Wheel (charity)" in article.select_one(".c-head").text
    assert "has an account" not in article.select_one(".c-head").text
    tags = [tag.text for tag in article.select(".c-tags .tag")]
    assert f"Came by letter, 12 November 2025; written down by {unit}" in tags
    assert "Came after the closing" in tags


def test_a_guest_is_called_one(app, visit):
    place = paragraph(a_draft())
    say(place, by=factories.a_guest())
    assert "guest" in visit.get(address(place)).select_one(".c-head").text


def test_a_letter_is_called_one(app, visit):
    said = _recorded(channel=Channel.WEB, received_on=None, is_late=False, is_letter=True)
    tags = visit.get(address(said.paragraph)).select(f"#comment-{said.key} .tag")
    assert "Letter" in [tag.text for tag in tags]


def test_the_print_says_it_too(app, visit):
    said = _recorded()
    document = said.document
    page = visit.get(f"/consultations/{document.consultation.slug}/{document.slug}/print")
    beside = [each.text for each in page.select(f"#comment-{said.key} .c-about")]
    assert beside[:2] == ["for Walk & Wheel (charity)", "Question"]
    assert beside[2].startswith("Came by letter, 12 November 2025; written down by ")
    assert beside[3] == "Came after the closing"


def test_the_feed_says_it_too(app, client):
    said = _recorded()
    document = said.document
    feed = client.get(f"/consultations/{document.consultation.slug}/{document.slug}.atom").text
    assert ", for Walk &amp; Wheel (charity)</name>" in feed
    assert "&lt;p&gt;Came by letter, 12 November 2025; written down by " in feed


def test_the_desk_the_gap_and_the_reply_page_say_it_too(app, visit, visit_as):
    said = _recorded()
    official = factories.an_official(consultation_of(said.paragraph).unit)
    for page in (visit.get("/monitor"), visit_as(official).get("/desk")):
        assert "for Walk & Wheel (charity)" in page.select_one("main").text
    page = visit_as(official).get(f"/desk/answer/{said.key}").select_one(f"#comment-{said.key}")
    assert "for Walk & Wheel (charity)" in page.text
    assert "Came after the closing" in page.text


def test_a_moderator_sees_it_with_the_source(app, visit_as):
    said = _recorded(source="Letter from Walk, ref. 12")
    moderator = factories.a_moderator(consultation_of(said.paragraph).unit.organisation)
    with transaction(moderator):
        report_comment(actor=moderator, comment=said, reason="advertising", note="")
    page = visit_as(moderator).get("/moderation").select_one("main")
    assert "for Walk & Wheel (charity)" in page.select_one(".qitem").text
    detail = page.select_one("#detail").text
    assert "for Walk & Wheel (charity)" in detail
    assert "Came by letter" in detail
    assert "Source: Letter from Walk, ref. 12" in detail


def test_an_answer_to_it_is_written_as_to_any_other(app, visit):
    said = _recorded()
    answer(said)
    tags = visit.get(address(said.paragraph)).select(f"#comment-{said.key} > .c-tags .tag")
    assert "Question · answered" in [tag.text for tag in tags]
