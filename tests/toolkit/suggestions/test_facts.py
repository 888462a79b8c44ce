"""Suggestions for entries carry their facts: checked, compared, put together and published like an editor's own."""

import pytest

from consult.accounts.actions import closing
from consult.errors import Invalid
from consult.extensions import db, transaction
from consult.toolkit import actions as toolkit
from consult.toolkit import queries
from consult.toolkit.entries.kinds import PageKind
from consult.toolkit.models import Page
from consult.toolkit.suggestions.models import State, Suggestion
from tests import factories
from tests.toolkit.entries.made import COMMUNITY, EXPERT, an_entry
from tests.toolkit.shelf import worded
from tests.toolkit.suggestions.made import suggested

PLACE = "/toolkit/pavement-pals"
FORM = {
    "title": "Pavement Pals",
    "summary": "What it is for.",
    "source": "Words.",
    "why": "They have grown.",
    "based_on": "1",
    "do": "send",
    **COMMUNITY,
}


@pytest.fixture(autouse=True)
def _site(app):
    factories.a_site()


@pytest.fixture
def page(app):
    return an_entry(PageKind.COMMUNITY, "Pavement Pals")


@pytest.fixture
def nia(visit_as):
    return visit_as(factories.a_person(name="Nia Probert"))


@pytest.fixture
def editor(visit_as):
    return visit_as(factories.an_editor(name="Edda Rhys"))


def _made() -> Suggestion:
    db.session.rollback()
    db.session.expire_all()
    return db.session.query(Suggestion).order_by(Suggestion.id.desc()).first()


def _facts(page: Page) -> dict[str, str]:
    db.session.refresh(page)
    return queries.revision(page.id, page.revision_count).facts


def _changed(page: Page, **facts: str) -> None:
    """Let an editor save other facts meanwhile."""
    current, by = queries.revision(page.id, page.revision_count), factories.an_editor()
    wording = worded(
        current.source, title=current.title, summary=current.summary, facts={**current.facts, **facts}
    )
    with transaction(by):
        toolkit.save_page(
            actor=by, page=page, wording=wording, shelf=page.shelf, based_on=page.revision_count
        )


def _settle(editor, address: str, **more: str):
    seen = editor.get(address).select_one("[name=seen]")["value"]
    return editor.post(f"{address}/settle", {"do": "accept", "seen": seen, "word": "", **more})


def test_a_fact_is_suggested_seen_before_compared_and_accepted(page, nia, editor):
    form = nia.get(f"{PLACE}/suggest")
    assert form.select_one("#size")["value"] == "About 900 members"
    assert form.select_one("#checked")["value"] == "3 November 2026"
    typed = {**FORM, "size": "About 1,200 members"}
    preview = nia.post(f"{PLACE}/suggest", {**typed, "do": "preview"}, 200).page
    assert "1,200" in preview.select_one("#preview .kit-facts").text
    assert "1,200" in preview.select_one("#preview .diff ins").text
    address = nia.post(f"{PLACE}/suggest", typed).location
    shown = editor.get(address)
    assert "Size" in [label.text for label in shown.select("b")]
    assert shown.select_one(".diff del").text.endswith("900")
    assert shown.select_one(".diff ins").text.endswith("1,200")
    assert _facts(page)["size"] == "About 900 members", "nothing is changed yet"
    _settle(editor, address)
    assert (_made().state, _facts(page)) == (State.ACCEPTED, {**COMMUNITY, "size": "About 1,200 members"})
    change = queries.history(page.id)[0]
    assert (change.suggester_name, change.author_name) == ("Nia Probert", "Edda Rhys")


@pytest.mark.parametrize(("field", "value"), [("size", ""), ("checked", "tomorrow"), ("size", "x" * 301)])
def test_a_fact_that_no_editor_could_save_is_refused_at_its_field(page, nia, field, value):
    shown = nia.post(f"{PLACE}/suggest", {**FORM, "source": "Other.", field: value}, 422).page
    assert shown.select_one(f"#{field}")["aria-invalid"] == "true"
    assert shown.select_one(f'[role=alert] a[href="#{field}"]')
    assert shown.select_one("#source").text.strip() == "Other."
    who = factories.a_person()
    with pytest.raises(Invalid):
        suggested(page, "Other.", by=who, facts={**COMMUNITY, field: value})


def test_facts_that_are_left_are_left_as_they_come_to_stand(page, nia, editor):
    address = nia.post(f"{PLACE}/suggest", {**FORM, "source": "Other."}).location
    assert _made().facts is None
    _changed(page, size="About 1,000 members")
    _settle(editor, address)
    assert _facts(page)["size"] == "About 1,000 members"


def test_facts_are_put_together_one_by_one_and_the_same_one_needs_a_person(page, nia, editor):
    apart = nia.post(f"{PLACE}/suggest", {**FORM, "size": "About 1,200 members"}).location
    same = nia.post(f"{PLACE}/suggest", {**FORM, "place": "Southmoor"}).location
    _changed(page, place="Eastmoor")
    _settle(editor, apart)
    assert (_facts(page)["size"], _facts(page)["place"]) == ("About 1,200 members", "Eastmoor")
    shown = editor.get(same)
    assert not shown.select('button[value="accept"]')
    assert "Eastmoor" in shown.select_one("section[aria-labelledby=since] .diff ins").text
    form = editor.get(f"{same}/amend")
    assert form.select_one("#place")["value"] == "Southmoor"
    given = {**_facts(page), "title": "Pavement Pals", "summary": "What it is for.", "source": "Words."}
    given |= {"place": "Eastmoor; Southmoor", "seen": form.select_one("[name=seen]")["value"]}
    assert editor.post(f"{same}/amend", {**given, "size": "", "do": "save"}, 422).page.select_one(
        "#size[aria-invalid]"
    )
    preview = editor.post(f"{same}/amend", {**given, "do": "preview"}, 200).page
    assert "Southmoor" in preview.select_one("#preview .kit-facts").text
    editor.post(f"{same}/amend", {**given, "do": "save"})
    assert (_made().state, _facts(page)["place"]) == (State.AMENDED, "Eastmoor; Southmoor")
    assert "Eastmoor" in editor.get(same).select_one("section[aria-labelledby=amended] .diff ins").text


def test_a_rate_is_put_together_with_its_day_and_its_source_or_not_at_all(nia, editor):
    page = an_entry(PageKind.EXPERT, "Halcyon")
    typed = {**FORM, "title": "Halcyon", **EXPERT, "day_rate": "£700", "rate_date": "2 October 2026"}
    address = nia.post("/toolkit/halcyon/suggest", typed).location
    _changed(page, rate_source="Their letter of 5 October 2026")
    assert not editor.get(address).select('button[value="accept"]')


def test_facts_that_are_suggested_are_kept_shown_to_their_author_and_taken_back_with_the_words(
    page, nia, editor
):
    typed = {**FORM, "size": "About 1,200 members"}
    nia.post(f"{PLACE}/suggest", {**typed, "do": "keep"})
    assert nia.get(f"{PLACE}/suggest").select_one("#size")["value"] == "About 1,200 members"
    address = nia.post(f"{PLACE}/suggest", typed).location
    assert "1,200" in nia.client.get("/account/data.json").get_data(as_text=True)
    given = {**typed, "size": "About 1,300 members", "seen": "1", "do": "save"}
    editor.post(f"{address}/amend", given)
    who = _made().author
    with transaction(who):
        closing.close_account(actor=who, withdraws=True)
    assert (_made().state, _made().facts) == (State.AMENDED, None)
    assert "1,200" not in editor.get(address).text
