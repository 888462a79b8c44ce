"""The pages that everybody can read."""

from datetime import UTC, datetime, timedelta

import pytest

from consult import clock
from consult.consultations.models import Extension, Policy, Stage
from consult.documents.actions import publish_version
from consult.documents.models import Paragraph
from consult.extensions import db, transaction
from tests import factories
from tests.counting import queries

DAY = timedelta(days=1)
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
TEXT = "# A plan\n\n" + "\n\n".join(f"Paragraph {n}." for n in range(1, 7)) + "\n"


@pytest.fixture(autouse=True)
def noon_of_a_monday(app):
    clock.replace(lambda: NOON)
    factories.a_site()


def _reads(client, url, **values):
    """Fetch a page and return how many times it asked the database, and the answer."""
    with queries() as asked:
        answer = client.get(url, **values)
    return len(asked), answer


def _with_text(about, versions=1):
    document = factories.a_document(about, slug="draft")
    for _n in range(versions):
        with transaction():
            publish_version(actor=None, document=document, source=TEXT, note="What changed.")
    return document


def _talk(document, *counts):
    """Say how many comments the first paragraphs have."""
    wanted = db.session.query(Paragraph).filter_by(document_id=document.id, kind="p").order_by(Paragraph.id)
    for paragraph, count in zip(wanted, counts, strict=False):
        paragraph.comment_count = count
    document.consultation.comment_count = sum(counts)
    document.consultation.people_count = 3
    document.consultation.question_count, document.consultation.answered_count = 4, 3
    db.session.commit()


def _titles(page):
    return [link.text for link in page.select(".crow h3 a")]


class TestHome:
    def test_an_empty_site_says_so_plainly(self, visit):
        page = visit.get("/")
        assert page.h1.text == "Say it while it can still change."
        assert "Nothing is open for comment just now." in page.main.text
        assert "within 5 working days, and will say at the end what we did about the rest." in page.main.text

    def test_one_row_shows_dates_talk_people_and_questions(self, visit):
        unit = factories.a_unit(name="Footways Unit", promise_days=7)
        closes = datetime(2026, 11, 27, 23, 59, tzinfo=UTC)
        about = factories.a_consultation(unit, title="Clear footways", closes_at=closes)
        _talk(_with_text(about), 10, 0, 2)
        page = visit.get("/")
        row = page.select_one(".crow")
        assert row.h3.a["href"] == f"/consultations/{about.slug}"
        assert " ".join(row.select_one(".datebox.soon").text.split()) == "Closes27Nov"
        assert "closes in 4 days" in row.text
        assert "12 comments from 3 people" in row.text
        assert "3 of 4 questions answered" in row.text
        assert row.select_one(".meter i")["class"] == ["v-75"]
        bars = [bar["class"] for bar in row.select(".talk i")]
        assert bars == [["heat-3", "v-100"], ["heat-0", "v-4"], ["heat-1", "v-20"], *[["heat-0", "v-4"]] * 3]
        assert "10 comments" in row.select_one(".talk")["aria-label"]
        assert "within 7 working days" in page.main.text

    def test_rows_stand_under_their_steps(self, visit):
        factories.a_consultation(title="An idea", stage=Stage.EARLY_IDEA)
        _with_text(factories.a_consultation(title="A draft"))
        _with_text(factories.a_consultation(title="Revised"), versions=2)
        page = visit.get("/")
        heads = [" ".join(head.text.split()).split(" ·")[0] for head in page.select("section > h3")]
        assert heads == ["Draft", "Early idea", "Revised draft"]
        assert _titles(page) == ["A draft", "An idea", "Revised"]
        assert "version 2 published 23 November" in " ".join(page.main.text.split())

    def test_silence_is_an_invitation(self, visit):
        _with_text(factories.a_consultation())
        row = visit.get("/").select_one(".crow")
        assert "No comments yet" in row.text
        assert not row.select(".talk")

    def test_it_is_sorted_by_closing_or_by_newest(self, visit):
        factories.a_consultation(title="Old", opens_at=NOON - 9 * DAY, closes_at=NOON + 2 * DAY)
        factories.a_consultation(title="New", opens_at=NOON - DAY, closes_at=NOON + 9 * DAY)
        assert _titles(visit.get("/")) == _titles(visit.get("/?sort=closing")) == ["Old", "New"]
        page = visit.get("/?sort=new")
        assert _titles(page) == ["New", "Old"]
        assert page.select_one('.seg [aria-current="true"]').text == "Newest"

    def test_of_sixty_it_shows_twenty_and_the_way_to_all(self, visit):
        unit = factories.a_unit()
        for _n in range(60):
            factories.a_consultation(unit)
        page = visit.get("/")
        assert len(_titles(page)) == 20
        assert page.find("a", string="All 60 open consultations")["href"] == "/consultations?standing=open"

    def test_what_is_coming_and_what_was_decided_stand_below(self, visit):
        factories.a_consultation(title="Next", opens_at=NOON + 3 * DAY)
        factories.a_consultation(title="Done", stage=Stage.OUTCOME, outcome_at=NOON - DAY)
        factories.a_consultation(title="Secret", stage=Stage.PREPARING)
        page = visit.get("/")
        assert "opens in 3 days" in page.select_one('[aria-labelledby="coming"]').text
        assert "Done" in page.select_one('[aria-labelledby="decided"]').text
        assert "Secret" not in page.text

    def test_it_opens_and_closes_by_itself(self, visit):
        factories.a_consultation(title="Short", opens_at=NOON + DAY, closes_at=NOON + 2 * DAY)
        assert "Coming" in visit.get("/").main.text
        clock.replace(lambda: NOON + DAY)
        assert visit.get("/").select_one('[aria-labelledby="open"]').find("a", string="Short")
        clock.replace(lambda: NOON + 2 * DAY)
        assert not visit.get("/").find("a", string="Short")

    @pytest.mark.parametrize("number", [0, 1, 60])
    def test_it_takes_seven_reads_however_many_there_are(self, client, number):
        unit = factories.a_unit()
        for _n in range(number):
            about = factories.a_consultation(unit)
            about.comment_count = 1
        if number:
            _talk(_with_text(about), 3)
        assert _reads(client, "/")[0] <= 7

    def test_who_has_it_already_is_told_so_after_one_read(self, client):
        factories.a_consultation()
        tag = client.get("/").headers["ETag"]
        reads, answer = _reads(client, "/", headers={"If-None-Match": tag})
        assert (answer.status_code, answer.data, reads) == (304, b"", 1)

    def test_anonymous_readers_get_no_cookie(self, client):
        factories.a_consultation()
        for url in ("/", "/consultations", "/monitor", "/consultations.atom"):
            answer = client.get(url)
            assert "Set-Cookie" not in answer.headers, url
            assert "Cookie" not in answer.headers.get("Vary", ""), url
            assert "public" in answer.headers["Cache-Control"], url

    def test_a_site_that_is_not_set_up_is_not_ready(self, client):
        db.session.query(factories.Site).delete()
        db.session.commit()
        assert client.get("/").status_code == 503


class TestIndex:
    def test_all_stand_under_their_standing(self, visit):
        for standing, values in {
            "open": {},
            "coming": {"opens_at": NOON + DAY},
            "closed": {"closes_at": NOON - DAY, "opens_at": NOON - 9 * DAY},
            "outcome": {"stage": Stage.OUTCOME, "outcome_at": NOON},
            "withdrawn": {"stage": Stage.WITHDRAWN, "withdrawn_at": NOON},
            "preparing": {"stage": Stage.PREPARING},
        }.items():
            factories.a_consultation(title=f"That is {standing}", **values)
        page = visit.get("/consultations")
        for standing in ("open", "coming", "closed", "outcome", "withdrawn"):
            assert f"That is {standing}" in page.select_one(f'[aria-labelledby="list-{standing}"]').text
        assert "That is preparing" not in page.text

    def test_a_standing_is_read_page_by_page(self, visit):
        unit = factories.a_unit()
        made = {factories.a_consultation(unit).title for _n in range(41)}
        seen, url = [], "/consultations?standing=open"
        while url:
            page = visit.get(url)
            seen += _titles(page)
            following = page.select_one('a[rel="next"]')
            url = following["href"] if following else None
        assert len(seen) == 41
        assert set(seen) == made

    def test_few_of_each_lead_to_all(self, visit):
        unit = factories.a_unit()
        for _n in range(7):
            factories.a_consultation(unit)
        page = visit.get("/consultations")
        assert len(_titles(page)) == 5
        assert page.find("a", string="All 7: Open for comment")

    def test_empty_says_there_are_none(self, visit):
        assert "There are none." in visit.get("/consultations?standing=withdrawn").main.text

    @pytest.mark.parametrize("query", ["standing=nonsense", "standing=open&after=nonsense", "standing=%00"])
    def test_nonsense_in_the_address_is_not_found(self, visit, query):
        visit.get(f"/consultations?{query}", status=404)

    def test_officials_see_what_their_units_prepare(self, visit_as):
        unit = factories.a_unit()
        factories.a_consultation(unit, title="Ours", stage=Stage.PREPARING)
        assert "Ours" in visit_as(factories.an_official(unit)).get("/consultations").main.text
        other = factories.an_official(factories.a_unit())
        assert "Ours" not in visit_as(other).get("/consultations?standing=preparing").main.text


class TestOverview:
    def test_it_says_what_the_public_is_owed(self, visit):
        unit = factories.a_unit(name="Footways Unit", promise_days=4)
        factories.an_official(unit, name="Tom Ashworth", title="Policy lead")
        closes = datetime(2026, 12, 18, 23, 59, tzinfo=UTC)
        about = factories.a_consultation(unit, title="Clear footways", closes_at=closes, policy=Policy.BEFORE)
        _with_text(about, versions=2)
        page = visit.get(f"/consultations/{about.slug}")
        words = " ".join(page.main.text.split())
        assert "Closes Friday 18 December at 11.59 pm, in 25 days" in words
        for statement in factories.STATEMENTS.values():
            assert statement in words
        assert "A moderator reads each comment before it is published." in words
        assert "within 4 working days" in words
        assert "Tom Ashworth" in words
        assert "Version 2, published 23 November 2026" in words
        assert page.find("a", string="How this was run")["href"].endswith("how-this-was-run")
        assert page.select_one('.stages [aria-current="step"]').text == "Revised"
        assert page.select_one(f'a.btn[href="/consultations/{about.slug}/draft"]')

    def test_an_extension_is_shown_with_its_reason(self, visit):
        about = factories.a_consultation()
        db.session.add(
            Extension(
                consultation_id=about.id,
                before=NOON + DAY,
                after=NOON + 9 * DAY,
                reason="A meeting was missed.",
                decided_at=NOON,
            )
        )
        db.session.commit()
        db.session.expire_all()
        words = " ".join(visit.get(f"/consultations/{about.slug}").main.text.split())
        assert "moved from 24 November 2026, 12.00 pm to 2 December 2026, 12.00 pm." in words
        assert "A meeting was missed." in words

    def test_a_withdrawn_one_stays_readable_and_says_why(self, visit):
        about = factories.a_consultation(
            stage=Stage.WITHDRAWN, withdrawn_at=NOON, withdrawn_reason="The law\nchanged."
        )
        _with_text(about)
        page = visit.get(f"/consultations/{about.slug}")
        assert "withdrawn on 23 November 2026" in page.main.text
        assert "The law<br/>changed." in str(page.main)
        assert "Read the text and the comments" in page.select_one(".texts .btn").text
        assert "Read and comment" not in page.text

    def test_one_that_is_prepared_is_not_there(self, visit, visit_as):
        about = factories.a_consultation(stage=Stage.PREPARING, welsh="")
        visit.get(f"/consultations/{about.slug}", status=404)
        visit_as(factories.a_person()).get(f"/consultations/{about.slug}", status=404)
        visit_as(factories.an_official(factories.a_unit())).get(f"/consultations/{about.slug}", status=404)
        page = visit_as(factories.an_official(about.unit)).get(f"/consultations/{about.slug}")
        assert "Welsh: where it is, or how to ask" in page.main.text

    def test_a_coming_one_shows_no_text(self, visit):
        about = factories.a_consultation(opens_at=NOON + 3 * DAY)
        _with_text(about)
        page = visit.get(f"/consultations/{about.slug}")
        assert "Opens Thursday 26 November at 12.00 pm, in 3 days" in " ".join(page.main.text.split())
        assert not page.select(f'a[href^="/consultations/{about.slug}/draft"]')

    def test_a_closed_one_awaits_its_outcome(self, visit):
        about = factories.a_consultation(opens_at=NOON - 9 * DAY, closes_at=NOON - DAY)
        _with_text(about)
        words = visit.get(f"/consultations/{about.slug}").main.text
        assert "It is closed." in words
        assert "Read and comment" not in words

    def test_the_outcome_is_read_on_the_page(self, visit):
        about = factories.a_consultation(
            stage=Stage.OUTCOME, outcome="We *did*.", outcome_html="<p>We <em>did</em>.</p>", outcome_at=NOON
        )
        page = visit.get(f"/consultations/{about.slug}")
        assert page.select_one("#outcome").find_parent("section").em.text == "did"

    def test_words_of_officials_are_words_and_no_markup(self, visit):
        about = factories.a_consultation(title="<b>Kerbs</b>", aims="<script>alert(1)</script>")
        page = visit.get(f"/consultations/{about.slug}")
        assert page.h1.text == "<b>Kerbs</b>"
        assert not page.main.select("script")

    def test_no_such_consultation(self, visit):
        visit.get("/consultations/no-such", status=404)

    def test_a_change_shows_at_once_to_who_had_the_page(self, client):
        about = factories.a_consultation()
        url = f"/consultations/{about.slug}"
        tag = client.get(url).headers["ETag"]
        assert client.get(url, headers={"If-None-Match": tag}).status_code == 304
        about.stamp += 1
        db.session.commit()
        assert client.get(url, headers={"If-None-Match": tag}).status_code == 200
        clock.replace(lambda: NOON + 40 * DAY)
        assert client.get(url, headers={"If-None-Match": tag}).status_code == 200

    def test_it_takes_few_reads_however_much_there_is(self, client):
        about = factories.a_consultation()
        for n in range(3):
            document = factories.a_document(about, slug=f"text-{n}", position=n)
            with transaction():
                publish_version(actor=None, document=document, source=TEXT, note="N")
        # one of them for the guidance that was followed, and one for whether there is a plan
        assert _reads(client, f"/consultations/{about.slug}")[0] <= 12


class TestBodies:
    def test_a_unit_says_who_it_is_and_what_it_runs(self, visit):
        unit = factories.a_unit(name="Footways Unit", about="We write.", email="f@x.example", promise_days=3)
        factories.an_official(unit, name="Tom Ashworth")
        factories.a_consultation(unit, title="Ours")
        factories.a_consultation(title="Theirs")
        page = visit.get(f"/units/{unit.slug}")
        assert page.h1.text == "Footways Unit"
        for words in (
            "We write.",
            "f@x.example",
            "Tom Ashworth",
            "within 3 working days",
            unit.organisation.name,
        ):
            assert words in page.main.text
        assert _titles(page) == ["Ours"]

    def test_an_organisation_shows_its_units_and_what_they_run(self, visit):
        unit = factories.a_unit(name="Footways Unit")
        factories.a_consultation(unit, title="Ours")
        factories.a_consultation(unit, title="Secret", stage=Stage.PREPARING)
        page = visit.get(f"/organisations/{unit.organisation.slug}")
        assert page.h1.text == unit.organisation.name
        assert page.select_one(f'.sideinfo a[href="/units/{unit.slug}"]').text == "Footways Unit"
        assert _titles(page) == ["Ours"]

    @pytest.mark.parametrize("kind", ["units", "organisations"])
    def test_their_lists_are_read_page_by_page(self, visit, kind):
        unit = factories.a_unit()
        for _n in range(25):
            factories.a_consultation(unit)
        url = f"/{kind}/{unit.slug if kind == 'units' else unit.organisation.slug}"
        first = visit.get(url)
        second = visit.get(first.select_one('a[rel="next"]')["href"])
        assert len(set(_titles(first) + _titles(second))) == 25
        assert not second.select('a[rel="next"]')

    def test_officials_find_what_they_prepare_and_begin_the_next(self, visit_as, visit):
        unit = factories.a_unit()
        factories.a_consultation(unit, title="Secret", stage=Stage.PREPARING)
        page = visit_as(factories.an_official(unit)).get(f"/units/{unit.slug}")
        assert _titles(page) == ["Secret"]
        assert page.find("a", string="New consultation")
        assert not visit.get(f"/units/{unit.slug}").find("a", string="New consultation")

    @pytest.mark.parametrize("url", ["/units/no-such", "/organisations/no-such", "/units/x?after=y"])
    def test_what_is_not_there_is_not_found(self, visit, url):
        visit.get(url, status=404)
