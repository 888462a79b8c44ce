"""A case study of a consultation on this site has its figures, and they are those of its export."""

import csv
import io
import json
from datetime import timedelta

import pytest

from consult import clock
from consult.consultations.models import Stage
from consult.consultations.verdicts import Verdict
from consult.discussion.verdict.models import CommentVerdict
from consult.extensions import db
from consult.toolkit.entries.kinds import PageKind
from consult.toolkit.routes.exercises import Exercise
from tests import factories
from tests.discussion import ground
from tests.toolkit.entries.made import CASE_STUDY, an_entry


@pytest.fixture
def run(site):
    """A consultation with four comments by three people and a reply; of two questions one is answered."""
    draft = ground.a_draft()
    where = ground.paragraph(draft)
    nia, priya = factories.a_person(name="Nia"), factories.a_person(name="Priya")
    official = factories.an_official(draft.consultation.unit)
    first = ground.say(where, "When does it begin?", by=nia, ask=True)
    said = [
        first,
        ground.say(where, "Who pays?", by=priya, ask=True),
        ground.say(where, "Plant oaks.", by=nia),
        ground.say(where, "Plant limes.", by=factories.a_person(name="Owen")),
    ]
    ground.backdate(first, clock.now() - timedelta(days=4))
    ground.answer(first, by=official)
    ground.reply(said[2], "And elms.", by=factories.a_person(name="Rhys"))  # no entry of the ledger
    return draft.consultation, said, official


def _decide(consultation, said, official):
    ground.end(consultation, Stage.ANALYSING)
    for comment, verdict in zip(
        said, (Verdict.CHANGED, Verdict.NOT_CHANGED, Verdict.CHANGED_IN_PART), strict=False
    ):
        db.session.add(
            CommentVerdict(
                comment_id=comment.id,
                consultation_id=consultation.id,
                verdict=verdict,
                reason="So it is.",
                given_by=official.id,
                given_at=clock.now(),
            )
        )
    db.session.commit()
    ground.end(consultation)


def _shown(visit):
    page = visit.get("/toolkit/run-here")
    panel = page.select_one("[data-exercise]")
    if panel is None:
        return None
    return {term.text: term.find_next("dd").text for term in panel.select("dt")}


def test_the_figures_are_those_of_the_export(run, visit, client):
    consultation = run[0]
    _decide(*run)
    an_entry(PageKind.CASE_STUDY, "Run here", consultation=consultation.slug)
    shown = _shown(visit)
    base = f"/consultations/{consultation.slug}/ledger"
    given = json.loads(client.get(f"{base}.json").text)
    rows = list(csv.DictReader(io.StringIO(client.get(f"{base}.csv").text.removeprefix("\ufeff"))))
    figures, entries = given["figures"], given["entries"]
    assert shown["Comments"] == str(len(entries)) == str(len(rows)) == str(figures["comments"]) == "4"
    assert shown["People"] == str(len({row["name"] for row in rows})) == str(figures["people"]) == "3"
    asked, answered = figures["questions_asked"], figures["questions_answered"]
    assert (asked, answered) == (2, 1)
    assert shown["Questions answered"] == f"{answered} of {asked} (50%)"
    assert shown["Median days to a first answer"].startswith(
        f"{figures['median_working_days_to_first_answer']} working"
    )
    changed = [row for row in rows if row["verdict"] in ("changed", "changed_in_part")]
    assert figures["comments_that_changed_words"] == 2
    assert (
        shown["Changes made"]
        == f"The words changed for {len(changed)} comments"
        == "The words changed for 2 comments"
    )


def test_they_follow_the_consultation(run, visit):
    consultation, said, _official = run
    an_entry(PageKind.CASE_STUDY, "Run here", consultation=consultation.slug)
    assert _shown(visit)["Changes made"] == "Known with the outcome"
    ground.say(ground.paragraph(said[0].document), "Plant elms.", by=factories.a_person(name="Ada"))
    assert _shown(visit)["Comments"] == "5"
    _decide(*run)
    assert _shown(visit)["Changes made"] == "The words changed for 2 comments"


def test_they_stand_wherever_its_numbers_are_shown(run, visit, client):
    consultation = run[0]
    an_entry(PageKind.CASE_STUDY, "Run here", consultation=consultation.slug, numbers="")
    an_entry(PageKind.CASE_STUDY, "Run here too", consultation=consultation.slug, numbers="And two meetings.")
    an_entry(PageKind.CASE_STUDY, "Elsewhere", numbers="212 people")
    ways = {
        "/toolkit/case-studies": "{0} by {1} people; 1 of 2 questions answered (50%)",
        "/toolkit/case-studies/compare?page=run-here&page=run-here-too": "{0} by {1} people; 1 of 2",
        "/toolkit/case-studies.csv": "{0} by {1} people; 1 of 2",
        "/toolkit/print/consult": "{0} by {1} people; 1 of 2",
        "/toolkit": "{0} by {1} people; 1 of 2",
    }
    for address, words in ways.items():
        text = client.get(address).text
        assert text.count(words.format("4 comments on this site", 3)) == 2, address
        assert "And two meetings." in text
        assert ("212 people" in text) is ("compare" not in address), address
    ground.say(ground.paragraph(run[1][0].document), "Elms.", by=factories.a_person(name="Ada"))
    for address, words in ways.items():
        assert words.format("5 comments on this site", 4) in client.get(address).text, address
    _decide(*run)
    assert "the words changed for 2 comments." in visit.get("/toolkit/case-studies").text


def test_a_consultation_that_nobody_can_read_is_refused_at_its_field(visit_as):
    factories.a_site()
    visitor = visit_as(factories.an_editor())
    draft = ground.a_draft()
    form = {
        "title": "Run here",
        "shelf": "consult",
        "summary": "What it is.",
        "source": "Words.",
        "do": "save",
    }
    asked = form | CASE_STUDY | {"consultation": "no-such-thing"}
    page = visitor.post("/toolkit/new?kind=case-study", asked, 422).page
    assert "No consultation" in page.select_one("#consultation-error").text
    assert page.select_one("#consultation")["value"] == "no-such-thing"
    asked |= {"consultation": draft.consultation.slug, "numbers": ""}
    assert visitor.post("/toolkit/new?kind=case-study", asked).location == "/toolkit/run-here"


def test_what_is_not_public_is_not_shown(site, visit):
    draft = ground.a_draft()
    draft.consultation.stage = Stage.PREPARING
    db.session.commit()
    an_entry(PageKind.CASE_STUDY, "Run here", consultation=draft.consultation.slug)
    an_entry(PageKind.CASE_STUDY, "Gone", consultation="no-such-consultation")
    assert _shown(visit) is None
    assert draft.consultation.title not in visit.get("/toolkit/run-here").text
    assert visit.get("/toolkit/gone").select_one(".kit-facts")


@pytest.mark.parametrize(
    ("answered", "asked", "share"), [(0, 0, 0), (199, 200, 99), (200, 200, 100), (2, 3, 67)]
)
def test_not_all_is_never_told_as_all(answered, asked, share):
    assert Exercise("slug", "Title", 0, 0, asked, answered, None, None).share == share
