"""Which pages help at which step: the usual ones, an editor's, after a rename, and on the pages of the work."""

from collections import deque
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from sqlalchemy import select, update

from consult import clock
from consult.audit import AuditEntry
from consult.consultations.models import Stage
from consult.documents import actions as documents
from consult.extensions import db, transaction
from consult.toolkit import actions, seeding
from consult.toolkit.models import Page, PageName, Shelf
from consult.toolkit.seeding import BadSeed
from consult.toolkit.steps import defaults, queries
from consult.toolkit.steps.models import Step, StepChoice
from tests import factories
from tests.counting import queries as counted
from tests.moderation.scene import SOURCE, Scene
from tests.toolkit.shelf import a_page, worded


def _shelve() -> None:
    """Put up the pages that help at first, each with a word in it."""
    with transaction():
        for name in sorted({name for names in defaults.defaults().values() for name in names}):
            actions.start_page(
                actor=None,
                slug=name,
                shelf=Shelf.CONSULT,
                wording=worded(title=name.replace("-", " ").capitalize()),
            )


@pytest.fixture
def shelved(app):
    _shelve()


@pytest.fixture
def visitor(app, visit_as):
    factories.a_site()
    return visit_as(factories.an_editor())


def _slugs(step: Step) -> list[str]:
    return [page.slug for page in queries.help_at_each()[step].pages]


def _id(slug: str) -> str:
    """Return by what a form names a page; what is no address of one as it is."""
    return str(db.session.scalar(select(Page.id).where(Page.slug == slug)) or slug)


def _typed(**other: str) -> dict[str, str]:
    """What a browser would send with the page as it stands, but for what is `other`: addresses of pages."""
    found = {}
    for step, helping in queries.help_at_each().items():
        first, second = (*(str(page.id) for page in helping.pages), "", "")[:2]
        found |= {f"{step.value}_first": first, f"{step.value}_second": second}
        found[f"{step.value}_edition"] = str(helping.edition)
    return {**found, **{name: _id(slug) for name, slug in other.items()}}


def test_every_step_has_a_page_that_is_there_on_a_new_site(app):
    with transaction():
        seeding.seed()
    pages = {page.slug for page in seeding.read_pages()}
    for step, helping in queries.help_at_each().items():
        assert 1 <= len(helping.pages) <= 2, step
        assert {page.slug for page in helping.pages} <= pages


@pytest.mark.parametrize(
    "line", ["plan = []", 'plan = ["a", "b", "c"]', 'plan = ["a", "a"]', 'plan = "a"', ""]
)
def test_a_file_that_leaves_a_step_without_a_page_is_refused(line):
    source = "\n".join(
        row for row in defaults.FILE.read_text("utf-8").splitlines() if not row.startswith("plan")
    )
    with pytest.raises(BadSeed):
        defaults.read(f"{source}\n{line}")
    assert defaults.read(f'{source}\nplan = ["a"]')[Step.PLAN] == ("a",)


def test_a_step_of_which_no_page_is_there_says_so_and_shows_nothing(visitor, visit_as):
    a_page(title="Answering well")
    page = visitor.get("/toolkit/steps")
    assert "This step has no page" in page.select_one("#step-plan").text
    assert "This step has no page" not in page.select_one("#step-answer").text
    official = visit_as(factories.an_official(factories.a_unit()))
    assert official.get("/consultations/new").select("[data-step]") == []
    assert official.get("/desk").select("[data-step=answer] a")[0]["href"] == "/toolkit/answering-well"


def test_a_page_that_has_another_address_now_is_found_by_its_old_one(shelved):
    with transaction():
        db.session.execute(update(Page).where(Page.slug == "answering-well").values(slug="good-answers"))
    assert _slugs(Step.ANSWER) == ["good-answers", "officials-first-day"]


def test_two_names_of_one_page_are_one_page(shelved):
    answering = db.session.scalar(select(PageName.page_id).where(PageName.name == "answering-well"))
    with transaction():
        db.session.execute(
            update(PageName).where(PageName.name == "officials-first-day").values(page_id=answering)
        )
    assert _slugs(Step.ANSWER) == ["answering-well"]


def test_an_editor_chooses_other_pages_and_one_alone(shelved, visitor):
    assert visitor.post("/toolkit/steps", _typed(answer_first="elections", answer_second="")).location
    assert _slugs(Step.ANSWER) == ["elections"]
    assert _slugs(Step.PLAN) == ["engagement-plan", "planning-a-consultation"]
    assert db.session.scalars(select(StepChoice.step)).all() == ["answer"], "only what was changed is kept"
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.act == "toolkit.choose_step")).one()
    assert entry.subject == "step:answer"
    chosen = visitor.get("/toolkit/steps").select_one("#answer_first option[selected]")
    assert chosen["value"] == _id("elections")


def test_the_choice_stays_when_its_page_is_renamed_and_the_usual_comes_back_when_it_is_gone(shelved, visitor):
    visitor.post("/toolkit/steps", _typed(answer_first="elections", answer_second=""))
    with transaction():
        db.session.execute(update(Page).where(Page.slug == "elections").values(slug="before-elections"))
    assert _slugs(Step.ANSWER) == ["before-elections"]
    with transaction():
        db.session.execute(
            update(Page).where(Page.slug == "before-elections").values(current_revision_id=None)
        )
    assert _slugs(Step.ANSWER) == ["answering-well", "officials-first-day"]


@pytest.mark.parametrize(
    ("typed", "field", "words"),
    [
        ({"plan_first": ""}, "plan_first", "Choose a page of the list"),
        ({"plan_first": "no-such-page"}, "plan_first", "Choose a page of the list"),
        ({"plan_first": "99999"}, "plan_first", "Choose a page of the list"),
        (
            {"plan_first": "elections", "plan_second": "elections"},
            "plan_second",
            "Choose two different pages",
        ),
    ],
)
def test_a_step_without_a_page_is_refused_at_its_field(shelved, visitor, typed, field, words):
    page = visitor.post("/toolkit/steps", _typed(answer_first="elections", **typed), 422).page
    assert words in page.select_one("[role=alert]").text
    assert page.select_one(f"#{field}")["aria-invalid"] == "true"
    assert page.select_one("#answer_first option[selected]")["value"] == _id("elections"), (
        "what was chosen is kept"
    )
    assert db.session.scalars(select(StepChoice)).all() == []


def test_who_saves_second_sees_both_choices_and_saves_on(shelved, visitor):
    stale = _typed(answer_first="elections", plan_second="")
    visitor.post("/toolkit/steps", _typed(answer_first="handling-campaigns"))
    page = visitor.post("/toolkit/steps", stale, 409).page
    assert page.title.text.startswith("Error:")
    assert "Handling campaigns" in page.select_one("#step-answer .theirs").text
    assert page.select_one("#step-plan .theirs") is None
    assert _slugs(Step.ANSWER)[0] == "handling-campaigns", "nothing is saved yet"
    again = {
        field["name"]: (field.select_one("option[selected]") or field.option)["value"]
        for field in page.select("main select")
    } | {field["name"]: field["value"] for field in page.select("main input[name$=_edition]")}
    visitor.post("/toolkit/steps", again)
    assert (_slugs(Step.ANSWER)[0], _slugs(Step.PLAN)) == ("elections", ["engagement-plan"])


def test_a_choice_that_is_sent_holds_though_its_page_was_renamed_since(shelved, visitor):
    typed = _typed(answer_first="elections")
    with transaction():
        db.session.execute(update(Page).where(Page.slug == "elections").values(slug="before-elections"))
    visitor.post("/toolkit/steps", typed)
    assert _slugs(Step.ANSWER)[0] == "before-elections"


def test_the_same_choice_twice_is_no_conflict(shelved, visitor):
    stale = _typed(answer_first="elections")
    visitor.post("/toolkit/steps", stale)
    visitor.post("/toolkit/steps", stale)
    assert db.session.get(StepChoice, "answer").edition == 1


def test_all_steps_are_one_read(shelved):
    with counted() as seen:
        queries.help_at_each()
    assert len(seen) == 1


class Work(Scene):
    """A unit with a consultation at every stage, and all that is done to them."""

    def __init__(self) -> None:
        super().__init__()
        _shelve()
        with transaction():
            documents.save_draft(
                actor=self.official, document=self.document, source=SOURCE + "\n\nMore.", based_on=0
            )
        self.administrator = factories.an_administrator(self.organisation)
        past = clock.now() - timedelta(days=1)
        factories.a_consultation(self.unit, stage=Stage.PREPARING, slug="to-come")
        factories.a_consultation(self.unit, slug="over", opens_at=past - timedelta(days=9), closes_at=past)
        self.says("Is it wide enough?")

    def walks(self):
        work = self.consultation.slug
        yield (
            self.official,
            ["/desk", "/consultations/to-come", "/consultations/over", f"/consultations/{work}"],
        )
        yield self.moderator, ["/moderation"]
        yield (
            self.administrator,
            ["/admin/people/new", f"/admin/organisations/{self.organisation.slug}/elections"],
        )


def _walk(visitor, starts: list[str], found: dict[str, list[str]], most: int = 60) -> None:
    """Follow links until every step is found, and note the links of each step's help by the step."""
    waiting, seen = deque(starts), set(starts)
    while waiting and most and len(found) < len(Step):
        most -= 1
        answer = visitor.client.get(waiting.popleft(), follow_redirects=True)
        if not answer.content_type.startswith("text/html"):
            continue
        page = visitor._read(answer, answer.status_code)
        for line in page.select("[data-step]"):
            found[line["data-step"]] = [link["href"] for link in line.select("a")]
        for link in page.select("main a[href]"):
            address = urlsplit(link["href"]).path
            is_work = address.startswith(("/desk", "/moderation", "/consultations/", "/admin/organisations"))
            if is_work and address not in seen and not address.endswith((".csv", "/print")):
                seen.add(address)
                waiting.append(address)


def test_every_step_is_shown_on_a_page_of_the_work_and_leads_to_a_page(app, visit_as, visit):
    work, found = Work(), {}
    for person, starts in work.walks():
        _walk(visit_as(person), starts, found)
    assert set(found) == {step.value for step in Step}
    for link in sorted({link for links in found.values() for link in links}):
        visit.get(link)


def test_nobody_else_is_shown_help_on_what_everybody_reads(app, visit):
    work = Work()
    assert visit.get(f"/consultations/{work.consultation.slug}").select("[data-step]") == []


def test_the_help_of_a_page_with_four_steps_is_one_read(app, sign_in):
    work = Work()
    browser = sign_in(work.official)
    address = "/consultations/to-come/edit"
    browser.get(address)
    with counted() as seen:
        assert browser.get(address).text.count("data-step=") == 4
    assert sum("toolkit_step" in statement for statement in seen) == 1
