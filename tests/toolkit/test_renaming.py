import pytest
from sqlalchemy import select

from consult.audit import AuditEntry
from consult.errors import Conflict, Invalid, NotAllowed
from consult.extensions import db, transaction
from consult.search.models import Kind, SearchEntry
from consult.toolkit import actions, lists, queries, rendering
from consult.toolkit.models import Page
from consult.toolkit.names import Called
from tests import factories
from tests.racing import racers, refused
from tests.toolkit.shelf import a_page, html_of, renamed, resaved, restored


@pytest.fixture
def visitor(app, visit_as):
    factories.a_site()
    return visit_as(factories.an_editor())


def test_what_a_page_was_called_leads_to_it_for_good(app):
    page = a_page("First.", title="Old title", slug="old")
    renamed(page, slug="fresh", title="New title")
    renamed(page, slug="newest")
    for name in ("old", "old-title", "fresh", "new-title", "newest"):
        assert queries.slug_now(name) == "newest"
        assert queries.page(name).id == page.id
    assert [row.note for row in queries.history(page.id)] == [
        "Moved: it was at fresh",
        "Renamed and moved: it was “Old title”",
        "",
    ]
    assert queries.revision(page.id, 3).source == "First."


def test_a_page_takes_its_former_name_back(app):
    page = a_page(title="A page", slug="one")
    for slug in ("two", "one", "two"):
        renamed(page, slug=slug)
        assert (page.slug, queries.slug_now("one"), queries.slug_now("two")) == (slug, slug, slug)


@pytest.mark.parametrize(
    ("slug", "title", "field"),
    [
        ("other", "A page", "slug"),
        ("was-other", "A page", "slug"),
        ("other-title", "A page", "slug"),
        ("one", "Other title", "title"),
        ("one", "Was other", "title"),
        ("history", "A page", "slug"),
        ("Not one", "A page", "slug"),
    ],
)
def test_no_page_takes_what_another_is_or_was_called(app, slug, title, field):
    renamed(a_page(title="Was other", slug="was-other"), slug="other", title="Other title")
    page = a_page(title="A page", slug="one")
    with pytest.raises(Invalid) as refusal:
        renamed(page, slug=slug, title=title)
    assert refusal.value.field == field
    db.session.refresh(page)
    assert (page.slug, page.revision_count) == ("one", 1)


def test_links_to_a_page_lead_straight_to_its_new_address(app):
    page = a_page("Me: [[Linked]].", title="Linked", slug="linked")
    linking = a_page("See [[Linked]], [[linked|this]] and [[Soon]].", title="Linking")
    resaved(linking, "See [[Linked]] and [[linked|this]], [[Soon]].")
    stamp = linking.stamp
    renamed(page, slug="soon")
    db.session.refresh(linking)
    assert html_of(linking).count('<a href="/toolkit/soon">') == 3
    assert 'class="missing"' not in html_of(linking)
    assert '<a href="/toolkit/soon">Linked</a>' in html_of(page)
    assert queries.revision(linking.id, 1).html.count('"/toolkit/linked"') == 2  # led on by the site
    assert linking.stamp > stamp
    assert [row.slug for row in lists.linking(page.id)] == ["linking"]


def test_an_earlier_title_comes_back_with_its_revision_and_the_address_stays(app):
    page = renamed(a_page(title="Old title", slug="old"), slug="fresh", title="New title")
    restored(page, 1)
    assert (page.title, page.slug) == ("Old title", "fresh")


def test_a_renaming_does_not_undo_what_was_saved_meanwhile(app):
    page = a_page("First.", title="A page")
    stale = rendering.rendered("First.")
    resaved(page, "Second.")
    now = Called("a-page", "A page")
    with transaction():
        actions.rename_page(actor=None, page=page, called=Called("a-page", "Another"), was=now, text=stale)
    assert queries.revision(page.id, 3).source == "Second."
    assert "Second." in html_of(page)


def test_it_is_for_editors_on_record_and_found_by_its_new_name(app):
    page = a_page(title="A page", slug="old")
    with pytest.raises(NotAllowed):
        renamed(page, slug="fresh", actor=factories.a_person())
    editor = factories.an_editor()
    renamed(page, slug="fresh", actor=editor)
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.act == "toolkit.rename")).one()
    assert (entry.subject, entry.actor_id) == (f"page:{page.id}", editor.id)
    assert db.session.scalars(select(SearchEntry.key).where(SearchEntry.kind == Kind.PAGE)).all() == ["fresh"]


def test_who_renames_what_somebody_else_has_just_renamed_is_told(app):
    page = a_page(title="A page", slug="old")
    was = Called(page.slug, page.title)
    renamed(page, slug="fresh")
    with pytest.raises(Conflict) as refusal:
        renamed(page, slug="fresher", was=was)
    assert refusal.value.theirs == Called("fresh", "A page")
    assert renamed(page, slug="fresh", was=was).revision_count == 2  # the same form sent twice


def test_two_who_want_one_name_for_two_pages_do_not_both_get_it(app):
    ids = [a_page(title=f"Page {n}").id for n in range(2)]
    db.session.remove()

    def rename(page_id):
        return lambda: renamed(db.session.get_one(Page, page_id), slug="one-name").slug

    with racers(app, 2) as both:
        outcomes = both.run(*map(rename, ids))
    assert sorted(refused(outcomes, Invalid, Conflict)) == [False, True]


# On the web


@pytest.mark.parametrize(
    "view", ["", "/history", "/history/1", "/compare/1...2", "/history?before=2", "/edit"]
)
def test_every_view_of_a_page_leads_on_from_a_former_name(visitor, client, view):
    renamed(a_page(title="Old title", slug="old"), slug="fresh")
    for former in ("old", "Old-title"):
        if view != "/edit":
            answer = client.get(f"/toolkit/{former}{view}")
            assert (answer.status_code, answer.headers["Location"]) == (302, f"/toolkit/fresh{view}")
            assert "Set-Cookie" not in answer.headers
    visitor.get(f"/toolkit/fresh{view}")


def test_a_former_name_does_not_hide_what_is_not_there(visitor, visit):
    renamed(a_page(title="A page", slug="old"), slug="fresh")
    visit.get("/toolkit/fresh/history/9", 404)
    visit.get("/toolkit/fresher/history", 404)


def test_an_editor_renames_a_page(visitor):
    page = a_page(title="Old title", slug="old")
    form = visitor.get("/toolkit/old/edit").select_one('main a[href="/toolkit/old/rename"]')
    form = visitor.get(form["href"])
    assert not form.select('[role="alert"]')
    hidden = {field["name"]: field["value"] for field in form.select("main input[name^=was]")}
    assert (form.select_one("#slug")["value"], form.select_one("#title")["value"]) == ("old", "Old title")
    answer = visitor.post("/toolkit/old/rename", {**hidden, "slug": "fresh", "title": "New title"})
    assert answer.location == "/toolkit/fresh"
    assert "What it was called before leads here." in visitor.get("/toolkit/fresh").text
    clash = visitor.post("/toolkit/old/rename", {**hidden, "slug": "fresher", "title": "Mine"}, 409).page
    assert "“New title”" in clash.select_one("[role=alert]").text
    assert clash.select_one("#title")["value"] == "Mine"
    seen = {field["name"]: field["value"] for field in clash.select("main input[name^=was]")}
    visitor.post("/toolkit/old/rename", {**seen, "slug": "fresher", "title": "Mine"})
    db.session.refresh(page)
    assert (page.slug, page.title) == ("fresher", "Mine")
    visitor.get("/toolkit/fresher")
    visitor.post("/toolkit/fresher/rename", {**seen, "slug": "fresher", "title": "Mine"})
    shown = visitor.get("/toolkit/fresher").text
    assert "Nothing was changed." in shown
    assert "Renamed." not in shown


@pytest.mark.parametrize(
    ("field", "value"),
    [
        *(("slug", slug) for slug in ("", "taken", "taken-title", "print", "ä", "../x", "x" * 81, "nul\x00")),
        *(("title", title) for title in ("", "Taken title", "x" * 121, "right\u202eleft")),
    ],
)
def test_a_name_that_cannot_be_had_is_refused_at_its_field(visitor, field, value):
    a_page(title="Taken title", slug="taken")
    page = a_page(title="A page")
    given = {"slug": "fresh", "title": "New title", "was_slug": "a-page", "was_title": "A page", field: value}
    shown = visitor.post("/toolkit/a-page/rename", given, 422).page
    assert shown.select_one(f'[role=alert] a[href="#{field}"]')
    assert shown.select_one(f"#{field}")["aria-invalid"] == "true"
    other = "title" if field == "slug" else "slug"
    assert shown.select_one(f"#{other}")["value"] == given[other]
    db.session.refresh(page)
    assert (page.slug, page.title) == ("a-page", "A page")


def test_a_save_sent_to_the_former_address_is_not_lost(visitor):
    page = a_page("First.", title="A page", slug="old")
    renamed(page, slug="fresh")
    given = {
        "title": "A page",
        "shelf": "consult",
        "summary": "What it is for.",
        "source": "Mine.",
        "do": "save",
    }
    answer = visitor.post("/toolkit/old/edit", {**given, "based_on": "2"})
    assert answer.location == "/toolkit/fresh"
    assert "Mine." in html_of(page)


def test_a_title_in_any_script_can_be_linked_to(visitor):
    linking = a_page("See [[日本の対話]].", title="Linking")
    a_page(title="日本の対話", slug="japan")
    assert '<a href="/toolkit/japan">日本の対話</a>' in html_of(linking)
    assert visitor.client.get("/toolkit/日本の対話").headers["Location"] == "/toolkit/japan"
