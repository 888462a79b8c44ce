import pytest
from sqlalchemy import select

from consult.audit import AuditEntry
from consult.errors import Conflict, Invalid, NotAllowed
from consult.extensions import db, transaction
from consult.toolkit import actions, lists, queries, rendering
from consult.toolkit.models import Shelf
from tests import factories
from tests.toolkit.shelf import a_page, html_of, resaved, restored, worded


def test_a_save_adds_a_revision_and_moves_the_pointer(app):
    editor = factories.an_editor()
    page = a_page("First.", actor=editor)
    resaved(page, "Second.", actor=editor, note="Said it better")
    assert page.revision_count == 2
    assert page.current_revision_id == queries.revision(page.id, 2).id
    assert queries.revision(page.id, 1).source == "First."
    assert queries.readable(page.slug).author_name == editor.name


def test_a_save_that_changes_nothing_adds_no_revision(app):
    page = resaved(a_page("First."), "First.")
    assert page.revision_count == 1


def test_a_stale_save_is_refused_with_both_texts(app):
    page = a_page("First.")
    resaved(page, "Theirs.")
    with pytest.raises(Conflict) as refusal:
        resaved(page, "Mine.", based_on=1)
    assert refusal.value.theirs.source == "Theirs."
    assert refusal.value.yours.text.source == "Mine."
    assert page.revision_count == 2


def test_the_same_form_sent_twice_makes_one_revision(app):
    page = a_page("First.")
    resaved(page, "Second.", based_on=1)
    resaved(page, "Second.", based_on=1)
    assert page.revision_count == 2


def test_restoring_adds_a_revision_that_says_which_one_it_brought_back(app):
    page = a_page("First.", title="A page")
    resaved(page, "Second.", title="Another title", summary="Another summary.")
    restored(page, 1)
    newest = queries.revision(page.id, 3)
    assert (newest.source, newest.title, newest.restores) == ("First.", "A page", 1)
    assert page.title == "A page"
    restored(page, 1)
    assert page.revision_count == 3


def test_only_editors_change_the_toolkit(app):
    page = a_page()
    person = factories.a_person()
    for act in (
        lambda: a_page(actor=person, title="Other"),
        lambda: resaved(page, "Mine.", actor=person),
        lambda: restored(page, 1, actor=person),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_every_change_is_on_the_record(app):
    editor = factories.an_editor()
    page = a_page("First.", actor=editor)
    resaved(page, "Second.", actor=editor)
    restored(page, 1, actor=editor)
    entries = db.session.scalars(
        select(AuditEntry).where(AuditEntry.subject == f"page:{page.id}").order_by(AuditEntry.id)
    ).all()
    assert [entry.act for entry in entries] == ["toolkit.start", "toolkit.save", "toolkit.restore"]
    assert {entry.actor_id for entry in entries} == {editor.id}


def test_a_link_to_a_page_to_come_becomes_live_when_it_comes(app):
    page = a_page("See [[A page to come]] and [[another-one|words]].")
    assert html_of(page).count('class="missing"') == 2
    stamp = page.stamp
    a_page(title="A page to come", slug="to-come")
    db.session.refresh(page)
    assert '<a href="/toolkit/to-come">A page to come</a>' in html_of(page)
    assert html_of(page).count('class="missing"') == 1
    assert page.stamp > stamp


def test_a_page_may_link_to_itself(app):
    page = a_page("See [[Myself]].", title="Myself")
    assert '<a href="/toolkit/myself">Myself</a>' in html_of(page)
    assert lists.linking(page.id) == []


def test_a_link_by_an_earlier_title_still_leads_to_the_page(app):
    page = a_page(title="Old title", slug="fixed")
    resaved(page, "Words.", title="New title")
    linking = a_page("See [[Old title]] and [[New title]].", title="Linking")
    assert html_of(linking).count('href="/toolkit/fixed"') == 2
    assert [row.slug for row in lists.linking(page.id)] == ["linking"]


def test_no_page_takes_the_title_or_address_of_another(app):
    page = a_page(title="Old title", slug="fixed")
    resaved(page, "Words.", title="New title")
    for title, slug in (("Old title", "one"), ("New title", "two"), ("Fixed", "three")):
        with pytest.raises(Invalid) as refusal:
            a_page(title=title, slug=slug)
        assert refusal.value.field == "title"
    for slug in ("fixed", "old-title"):
        with pytest.raises(Invalid) as refusal:
            a_page(title="Quite another", slug=slug)
        assert refusal.value.field == "slug"


def test_an_address_of_the_sites_own_is_refused(app):
    with pytest.raises(Invalid):
        a_page(title="Anything", slug="history")


def test_pages_that_are_named_on_a_page_know_of_the_change(app):
    linked = a_page(title="Linked")
    stamp = linked.stamp
    page = a_page("See [[Linked]].", title="Linking")
    db.session.refresh(linked)
    assert linked.stamp > stamp
    stamp = linked.stamp
    resaved(page, "No link any more.")
    db.session.refresh(linked)
    assert linked.stamp > stamp
    assert lists.linking(linked.id) == []


def test_a_page_rendered_before_another_came_is_rendered_again(app):
    wording = worded("See [[Just started]].")
    a_page(title="Just started")
    with transaction():
        page = actions.start_page(actor=None, slug="slow", shelf=Shelf.ENGAGE, wording=wording)
    assert 'class="missing"' not in html_of(page)


def test_an_editor_can_say_that_a_page_was_checked_without_changing_it(app):
    page = a_page()
    stamp = page.stamp
    with transaction():
        actions.save_page(
            actor=None, page=page, wording=worded(), shelf=Shelf.ENGAGE, based_on=1, is_reviewed=True
        )
    assert page.reviewed_on is not None
    assert page.shelf is Shelf.ENGAGE
    assert page.revision_count == 1
    assert page.stamp > stamp


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("word " * 60_000, "200,000 characters"),
        ("[" * 5_000, "square brackets"),
        ("> " * 60 + "deep", "levels"),
        ("\x00", "plain text"),
        (" ".join(f"[[page {n}]]" for n in range(501)), "500 others"),
    ],
)
def test_a_source_that_explodes_is_refused_with_what_to_shorten(app, source, words):
    with app.test_request_context(), pytest.raises(Invalid) as refusal:
        rendering.rendered(source)
    assert refusal.value.field == "source"
    assert words in refusal.value.message
