"""Guidance followed: what officials say, what the consultation shows, and how those fared that followed a page."""

import pytest
from sqlalchemy import select, update

from consult.audit import AuditEntry
from consult.consultations.models import Consultation, Stage
from consult.errors import Closed
from consult.extensions import db, transaction
from consult.toolkit.followed import actions, queries
from consult.toolkit.followed.models import GuidanceFollowed
from consult.toolkit.models import Page
from tests import factories
from tests.counting import queries as counted
from tests.toolkit.shelf import a_page, renamed, resaved

PLACE = "/consultations/tables/plan/guidance"


@pytest.fixture
def unit(app):
    factories.a_site()
    a_page(title="Answering well")
    a_page(title="Choose the dates")
    return factories.a_unit()


@pytest.fixture
def about(unit):
    return factories.a_consultation(unit, slug="tables", comment_count=12, question_count=4, answered_count=3)


@pytest.fixture
def official(unit, visit_as):
    return visit_as(factories.an_official(unit))


def _id(slug: str) -> int:
    return db.session.scalars(select(Page.id).where(Page.slug == slug)).one()


def _field(name: str) -> str:
    """Return what a field of the form is called: `page-answering-well` bears the id of the page."""
    kind, _dash, slug = name.partition("-")
    return f"{kind}-{_id(slug)}"


def _typed(visitor, **more: str) -> dict[str, str]:
    given = {_field(name): words for name, words in more.items()}
    return {"state": visitor.get(PLACE).select_one("input[name=state]")["value"], **given}


def _said(about) -> dict[str, str]:
    return {page.slug: page.how for page in queries.followed_by(about.id)}


def test_what_was_followed_is_shown_with_the_consultation_and_on_the_page(about, official, visit):
    before = visit.get("/consultations/tables")
    assert before.select("[aria-labelledby=guidance]") == []
    typed = {
        "page-answering-well": "y",
        "how-answering-well": "Two of us, each Tuesday.",
        "how-choose-the-dates": "x",
    }
    assert official.post(PLACE, _typed(official, **typed)).location == "/consultations/tables/plan#guidance"
    assert _said(about) == {"answering-well": "Two of us, each Tuesday."}
    shown = visit.get("/consultations/tables").select_one("[aria-labelledby=guidance]")
    assert shown.a["href"] == "/toolkit/answering-well"
    assert "Two of us, each Tuesday." in shown.text
    beside = visit.get("/toolkit/answering-well").select_one("[aria-labelledby=followers]")
    assert beside.select_one("a[href='/consultations/tables']")
    assert " ".join(beside.text.split()).find("Open · 12 comments · 3 of 4 questions answered") > 0
    assert visit.get("/toolkit/choose-the-dates").select("[aria-labelledby=followers]") == []
    everything = visit.get("/toolkit/answering-well/followed")
    assert "Two of us, each Tuesday." in everything.main.text
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.act == "plan.guidance")).one()
    assert (entry.before, entry.after) == ("0 pages", "1 pages")


def test_a_tick_is_taken_back_and_what_is_said_of_it_changed(about, official):
    official.post(PLACE, _typed(official, **{"page-answering-well": "y", "page-choose-the-dates": "y"}))
    official.post(PLACE, _typed(official, **{"page-answering-well": "y", "how-answering-well": "Daily."}))
    assert _said(about) == {"answering-well": "Daily."}
    form = official.get(PLACE)
    assert form.select_one(f"#{_field('page-answering-well')}").has_attr("checked")
    assert form.select_one(f"#{_field('how-answering-well')}")["value"] == "Daily."


def test_a_page_that_has_another_title_is_shown_with_it(about, official, client):
    official.post(PLACE, _typed(official, **{"page-answering-well": "y"}))
    assert "Answering well" in client.get("/consultations/tables").text
    page = db.session.scalars(select(Page).where(Page.slug == "answering-well")).one()
    resaved(page, "Other words.", title="Good answers")
    assert "Good answers" in client.get("/consultations/tables").text, "the page that was kept is built anew"


def test_what_is_sent_holds_though_a_page_was_renamed_since(about, official):
    official.post(PLACE, _typed(official, **{"page-answering-well": "y"}))
    typed = _typed(official, **{"page-answering-well": "y", "page-choose-the-dates": "y"})
    for slug in ("answering-well", "choose-the-dates"):
        renamed(db.session.get_one(Page, _id(slug)), slug=f"{slug}-now")
    official.post(PLACE, typed)
    assert _said(about) == {"answering-well-now": "", "choose-the-dates-now": ""}


def test_who_saves_second_sees_what_was_saved_and_keeps_what_was_ticked(about, official, unit, visit_as):
    stale = _typed(official, **{"page-choose-the-dates": "y"})
    colleague = visit_as(factories.an_official(unit))
    colleague.post(PLACE, _typed(colleague, **{"page-answering-well": "y", "how-answering-well": "Daily."}))
    page = official.post(PLACE, stale, 409).page
    assert "Answering well: Daily." in page.select_one(".theirs").text
    assert page.select_one(f"#{_field('page-choose-the-dates')}").has_attr("checked")
    assert not page.select_one(f"#{_field('page-answering-well')}").has_attr("checked")
    assert _said(about) == {"answering-well": "Daily."}
    official.post(PLACE, {**stale, "state": page.select_one("input[name=state]")["value"]})
    assert _said(about) == {"choose-the-dates": ""}


def test_a_word_that_is_too_long_is_refused_at_its_field(about, official):
    page = official.post(
        PLACE, _typed(official, **{"page-answering-well": "y", "how-answering-well": "x" * 201}), 422
    ).page
    assert page.select_one(f"#{_field('how-answering-well')}")["aria-invalid"] == "true"
    assert _said(about) == {}


def test_only_the_unit_says_it_and_others_learn_nothing_of_what_is_prepared(unit, about, visit_as, visit):
    elsewhere = visit_as(factories.an_official(factories.a_unit()))
    elsewhere.get(PLACE, 403)
    factories.a_consultation(unit, slug="secret", stage=Stage.PREPARING)
    elsewhere.get("/consultations/secret/plan/guidance", 404)


def test_what_was_withdrawn_stays_as_it_is(about, official):
    typed = _typed(official, **{"page-answering-well": "y"})
    about.stage = Stage.WITHDRAWN
    db.session.commit()
    assert official.client.get(PLACE).location == "/consultations/tables/plan#guidance"
    page = official.post(PLACE, {**typed, _field("how-answering-well"): "Daily."}, 409).page
    assert "was withdrawn" in page.select_one("[role=alert]").text
    assert page.select_one(f"#{_field('page-answering-well')}").has_attr("checked")
    assert page.select_one(f"#{_field('how-answering-well')}")["value"] == "Daily."
    assert not page.select("main form button")


def test_the_stage_is_read_again_once_nobody_else_can_change_it(about, unit):
    who = factories.an_official(unit)
    with transaction(who):
        assert about.stage is Stage.OPEN
        over = update(Consultation).where(Consultation.id == about.id).values(stage=Stage.WITHDRAWN)
        db.session.execute(over.execution_options(synchronize_session=False))  # as another session would
        given = {"based_on": queries.state_of(()), "followed": {_id("answering-well"): ""}}
        with pytest.raises(Closed):
            actions.say_followed(actor=who, consultation=about, **given)


def _followers(unit, page, count: int) -> None:
    with transaction():
        for number in range(count):
            about = factories.Consultation(
                slug=f"one-{number:02}",
                title=f"One {number:02}",
                unit_id=unit.id,
                organisation_id=unit.organisation_id,
                stage=Stage.PREPARING if number == 7 else Stage.OUTCOME,
                created_at=factories.clock.now(),
            )
            db.session.add(about)
            db.session.flush()
            db.session.add(
                GuidanceFollowed(consultation_id=about.id, page_id=page.id, noted_at=factories.clock.now())
            )


def test_of_many_followers_the_page_shows_the_latest_and_the_list_goes_on(unit, visit):
    page = a_page(title="Close well")
    _followers(unit, page, 40)
    beside = visit.get("/toolkit/close-well").select("[aria-labelledby=followers] li > a:first-child")
    assert [link.text for link in beside] == [
        *(f"One {n}" for n in range(39, 34, -1)),
        "All that followed it",
    ]
    first = visit.get("/toolkit/close-well/followed")
    rest = visit.get(first.select_one("main nav:not(.crumbs) a.btn")["href"])
    names = [row.text for each in (first, rest) for row in each.select("main tbody th")]
    assert names == [f"One {n:02}" for n in range(39, -1, -1) if n != 7], "what is prepared is not told"
    visit.get("/toolkit/close-well/followed?after=one-07", 404)
    visit.get("/toolkit/close-well/followed?after=tables", 404)


def test_a_page_costs_the_same_however_many_followed_it(unit, client):
    page = a_page(title="Close well")

    def cost() -> int:
        with counted() as seen:
            client.get("/toolkit/close-well")
        return len(seen)

    client.get("/toolkit/close-well")
    few = cost()
    _followers(unit, page, 20)
    client.get("/toolkit/close-well")
    assert cost() == few
