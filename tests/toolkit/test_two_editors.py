from datetime import date

import pytest

from consult.errors import Conflict
from consult.extensions import db
from consult.toolkit import queries, rendering
from consult.toolkit.actions import Wording
from consult.toolkit.entries.kinds import PageKind
from consult.toolkit.merging import Touching
from consult.toolkit.models import Shelf
from consult.toolkit.reconciling import reconciled
from consult.toolkit.routes import saving
from tests import factories
from tests.racing import racers, refused
from tests.toolkit.entries.made import EXPERT, an_entry
from tests.toolkit.shelf import a_page, html_of, renamed, resaved, worded

TEXT = "Begin.\n\nMiddle.\n\nEnd."


@pytest.fixture
def editor(app):
    factories.a_site()
    return factories.an_editor(name="Grace Lim")


@pytest.fixture
def visitor(editor, visit_as):
    return visit_as(editor)


def began(visitor, slug="a-page"):
    """Open the form of a page and return what it holds."""
    return filled_in(visitor.get(f"/toolkit/{slug}/edit"))


def filled_in(page):
    """Return what the form of a page would send as it stands."""
    form = page.select_one("form[method=post].stack")
    fields = {
        one["name"]: one.get("value", "") for one in form.select("input[type=hidden], input[type=text]")
    }
    chosen = {one["name"]: one.select_one("option[selected]") for one in form.select("select")}
    return {
        **fields,
        **{name: option["value"] for name, option in chosen.items() if option},
        **{one["name"]: one.text.lstrip("\n") for one in form.select("textarea")},
        "do": "save",
    }


def test_changes_that_do_not_touch_are_both_stored_and_it_is_said(visitor):
    page = a_page(TEXT)
    form = began(visitor)
    resaved(page, TEXT.replace("Begin.", "Theirs."), summary="Their summary.")
    visitor.post(
        "/toolkit/a-page/edit", {**form, "source": TEXT.replace("End.", "Mine."), "note": "My reason"}
    )
    db.session.refresh(page)
    newest = queries.revision(page.id, 3)
    assert (page.revision_count, newest.source) == (3, "Theirs.\n\nMiddle.\n\nMine.")
    assert (newest.summary, newest.note) == ("Their summary.", "My reason")
    assert "Mine." in html_of(page)
    assert "your changes and theirs do not touch" in visitor.get("/toolkit/a-page").text


def test_what_touches_is_shown_with_every_field_that_changed(visitor):
    page = a_page(TEXT)
    form = began(visitor)
    resaved(page, TEXT.replace("End.", "Theirs."), title="Their title", summary="Their summary.")
    sent = {**form, "source": TEXT.replace("End.", "Mine."), "title": "My title"}
    shown = visitor.post("/toolkit/a-page/edit", sent, 409).page
    assert shown.select_one("#source").text.strip().endswith("Mine.")
    assert [one.text for one in shown.select("#theirs dd")] == ["Their title", "Their summary."]
    assert "Theirs." in shown.select_one("#theirs ins").text
    visitor.post("/toolkit/a-page/edit", filled_in(shown))
    newest = queries.revision(page.id, 3)
    assert newest.source.endswith("Mine.")
    assert (newest.title, newest.summary) == ("My title", "Their summary.")


def test_a_page_renamed_meanwhile_keeps_its_new_title(visitor):
    page = a_page(TEXT, slug="a-page")
    form = began(visitor)
    renamed(page, slug="elsewhere", title="New title")
    answer = visitor.post("/toolkit/a-page/edit", {**form, "source": TEXT.replace("End.", "Mine.")})
    assert answer.location == "/toolkit/elsewhere"
    db.session.refresh(page)
    assert (page.title, page.revision_count) == ("New title", 3)


def test_a_shelf_changed_meanwhile_stays_and_one_changed_by_both_is_shown(visitor):
    page = a_page(TEXT, shelf=Shelf.CONSULT)
    form = began(visitor)
    page.shelf = Shelf.ENGAGE
    db.session.commit()
    shown = visitor.post("/toolkit/a-page/edit", {**form, "shelf": "influence"}, 409).page
    assert [one.text for one in shown.select("#theirs dd")] == ["Engage"]
    assert filled_in(shown)["shelf"] == "influence"
    visitor.post("/toolkit/a-page/edit", {**form, "source": "Mine."})
    db.session.refresh(page)
    assert (page.shelf, queries.revision(page.id, 2).source) == (Shelf.ENGAGE, "Mine.")


def test_a_day_of_review_chosen_meanwhile_stays_and_one_chosen_by_both_is_shown(visitor):
    page = a_page(TEXT, review_by=date(2027, 1, 1))
    form = began(visitor)
    page.review_by = date(2027, 2, 2)
    db.session.commit()
    visitor.post("/toolkit/a-page/edit", {**form, "is_reviewed": "y"})  # which would make it a year from now
    db.session.refresh(page)
    assert page.reviewed_on is not None
    assert page.review_by == date(2027, 2, 2)
    shown = visitor.post("/toolkit/a-page/edit", {**form, "review_by": "3 March 2027"}, 409).page
    assert [one.text for one in shown.select("#theirs dt, #theirs dd")] == ["Review by", "2 February 2027"]
    assert shown.title.text.startswith("Error:")
    assert "or the same field" in shown.select_one("[role=alert]").text
    assert not shown.select("#their-text")  # the text is as it was
    assert shown.select_one("#review_by")["value"] == "3 March 2027"
    visitor.post("/toolkit/a-page/edit", {**began(visitor), "review_by": "3 March 2027"})
    db.session.refresh(page)
    assert page.review_by == date(2027, 3, 3)


def test_what_one_alone_changed_beside_a_clash_is_not_undone_by_saving_again(visitor):
    kind, facts = PageKind.EXPERT, EXPERT | {"example": ""}
    page = an_entry(kind, "Halcyon", source=TEXT, **facts)
    form = began(visitor, "halcyon")
    page.shelf, page.review_by = Shelf.ENGAGE, date(2027, 2, 2)
    db.session.commit()
    theirs = facts | {"rate_date": "2026-10-01", "conflicts": "One", "skills": "Theirs"}
    resaved(page, TEXT.replace("End.", "Theirs."), facts=theirs)
    sent = {**form, "source": TEXT.replace("End.", "Mine."), "skills": "Mine"}
    shown = visitor.post("/toolkit/halcyon/edit", sent, 409).page
    again = filled_in(shown)
    assert (again["shelf"], again["review_by"], again["rate_date"]) == (
        *("engage", "2 February 2027"),
        "1 October 2026",
    )
    assert (again["skills"], again["conflicts"], again["example"]) == ("Mine", "One", "no")
    visitor.post("/toolkit/halcyon/edit", again)
    db.session.refresh(page)
    assert (page.shelf, page.review_by) == (Shelf.ENGAGE, date(2027, 2, 2))
    stored = {name: words for name, words in theirs.items() if words}
    assert queries.revision(page.id, 3).facts == stored | {"skills": "Mine"}


def test_saving_again_after_a_clash_takes_nothing_away_that_the_other_alone_changed(visitor):
    page = a_page(TEXT)
    form = began(visitor)
    resaved(page, TEXT.replace("Begin.", "Theirs.").replace("End.", "Their end.\n\nTheir more."))
    shown = visitor.post(
        "/toolkit/a-page/edit", {**form, "source": TEXT.replace("Begin.", "Mine.")}, 409
    ).page
    assert "What does not touch is put together already" in shown.select_one("[role=alert]").text
    visitor.post("/toolkit/a-page/edit", filled_in(shown))
    assert queries.revision(page.id, 3).source == "Mine.\n\nMiddle.\n\nTheir end.\n\nTheir more."


def test_facts_are_merged_one_by_one_and_too_much_together_is_for_a_person(app, monkeypatch):
    page = a_page(TEXT)
    base = queries.revision(page.id, 1)
    theirs = queries.revision(resaved(page, TEXT.replace("Begin.", "Begin " + "a" * 60)).id, 2)
    base.facts, theirs.facts = {"topic": "Walking", "place": "Hull"}, {"topic": "Walking", "place": "Leeds"}
    text = rendering.rendered(TEXT.replace("End.", "End " + "b" * 60))
    yours = Wording("A page", "What it is for.", text, facts={"topic": "  Cycling ", "place": "Hull"})
    found = reconciled(PageKind.COMMUNITY, base, yours, theirs)
    assert found.facts == {"topic": "Cycling", "place": "Leeds"}
    yours = Wording("A page", "What it is for.", text, facts={"place": "York"})
    with pytest.raises(Touching):
        reconciled(PageKind.COMMUNITY, base, yours, theirs)
    monkeypatch.setattr(rendering, "LONGEST_SOURCE", 100)
    with pytest.raises(Touching):
        reconciled(PageKind.PRACTICE, base, Wording("A page", "What it is for.", text), theirs)


def test_a_rate_is_never_put_together_from_two_editors(app):
    page = a_page(TEXT)
    began = queries.revision(page.id, 1)
    theirs = queries.revision(resaved(page, TEXT.replace("Begin.", "Theirs.")).id, 2)
    rate = {"day_rate": "£600", "rate_date": "2026-01-01", "rate_source": "Their list"}
    began.facts = {"skills": "Writing", **rate}
    theirs.facts = {**began.facts, "day_rate": "£700", "rate_date": "2026-02-02"}

    def put_together(**facts):
        yours = worded(TEXT, facts={**began.facts, **facts})
        return reconciled(PageKind.EXPERT, began, yours, theirs).facts

    assert put_together(skills="Speaking") == {**theirs.facts, "skills": "Speaking"}
    with pytest.raises(Touching):
        put_together(rate_source="Their new list")


def test_a_third_who_saves_while_two_are_put_together_is_heard_too(visitor, monkeypatch):
    page = a_page(TEXT)
    form = began(visitor)
    resaved(page, TEXT.replace("Begin.", "Theirs."))
    real, again = saving.reconciled, ["Middle."]

    def slow(*given):
        if again:
            resaved(page, queries.revision(page.id, 2).source.replace(again.pop(), "Third."))
        return real(*given)

    monkeypatch.setattr(saving, "reconciled", slow)
    visitor.post("/toolkit/a-page/edit", {**form, "source": TEXT.replace("End.", "Mine.")})
    assert queries.revision(page.id, 4).source == "Theirs.\n\nThird.\n\nMine."


def test_two_who_save_in_one_moment_both_get_theirs_in(editor, app, sign_in):
    page_id = a_page("0\n\nstays\n\n0").id
    people = [sign_in(editor), sign_in(factories.an_editor())]
    fields = {"title": "A page", "shelf": "consult", "summary": "What it is for.", "do": "save"}
    with racers(app, 2) as both:
        for n in range(1, 4):
            texts = (f"{n}\n\nstays\n\n{n - 1}", f"{n - 1}\n\nstays\n\n{n}")
            forms = [{**fields, "source": text, "based_on": str(2 * n - 1)} for text in texts]
            acts = [
                lambda client=client, form=form: client.post("/toolkit/a-page/edit", data=form).status_code
                for client, form in zip(people, forms, strict=True)
            ]
            assert both.run(*acts) == [303, 303]
            db.session.rollback()
            assert queries.revision(page_id, 2 * n + 1).source == f"{n}\n\nstays\n\n{n}"


def test_of_two_who_change_one_line_in_one_moment_one_is_asked(app):
    page_id = a_page("Old.").id
    db.session.remove()

    def save(words):
        return lambda: resaved(db.session.get_one(queries.Page, page_id), words, based_on=1).revision_count

    with racers(app, 2) as both:
        assert sorted(refused(both.run(save("One."), save("Two.")), Conflict)) == [False, True]
