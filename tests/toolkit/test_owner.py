from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select

from consult import clock
from consult.accounts.actions.account import change_name
from consult.accounts.actions.closing import close_account
from consult.accounts.models import Role
from consult.audit import AuditEntry
from consult.errors import Invalid
from consult.extensions import db, transaction
from consult.notices.models import Happening
from consult.toolkit import actions
from consult.toolkit.models import Shelf
from tests import factories
from tests.toolkit.shelf import a_page, resaved, worded
from tests.toolkit.test_two_editors import began

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.fixture
def grace(app):
    factories.a_site()
    clock.replace(lambda: NOW)
    return factories.an_editor(name="Grace Lim")


def past_its_review(page):
    clock.replace(lambda: datetime(2028, 1, 1, 12, tzinfo=UTC))


def test_whoever_starts_a_page_owns_it_and_may_give_it_to_another_editor(grace, visit_as, visit):
    other = factories.an_editor(name="Ida Holm")
    visitor = visit_as(grace)
    form = visitor.get("/toolkit/new")
    names = [one.text for one in form.select("#owner option")]
    assert names == ["Nobody", "Grace Lim", "Ida Holm"]
    assert form.select_one("#owner option[selected]").text == "Grace Lim"
    a_page(actor=grace)
    assert "Grace Lim" in visit.get("/toolkit/a-page").select_one(".facts").text
    visitor.post("/toolkit/a-page/edit", {**began(visitor), "owner": str(other.id)})
    assert "Ida Holm" in visit.get("/toolkit/a-page").select_one(".facts").text
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.act == "toolkit.own")).one()
    assert (entry.actor_id, entry.after) == (grace.id, str(other.id))
    visitor.post("/toolkit/a-page/edit", {**began(visitor), "owner": ""})
    assert "nobody" in visit.get("/toolkit/a-page").select_one(".facts").text


def test_all_that_one_save_changes_is_on_the_record_and_followers_are_told_of_new_words_alone(grace):
    page, other = a_page(actor=grace), factories.an_editor()
    before = page.stamp
    told = select(func.count(Happening.id))
    assert db.session.scalar(told) == 1

    def saved(words="Words.", **how):
        with transaction(grace):
            actions.save_page(
                actor=grace, page=page, wording=worded(words), based_on=page.revision_count, **how
            )

    saved(shelf=Shelf.ENGAGE, is_reviewed=True, owner_id=other.id)
    assert (page.shelf, page.reviewed_on, page.owner_id) == (Shelf.ENGAGE, NOW.date(), other.id)
    assert page.stamp > before
    assert db.session.scalar(told) == 1
    saved("New words.", shelf=Shelf.CONSULT, owner_id=grace.id)
    assert db.session.scalar(told) == 2
    saved("New words.", shelf=Shelf.CONSULT, owner_id=grace.id)  # which changes nothing
    acts = db.session.scalars(select(AuditEntry.act).order_by(AuditEntry.id)).all()
    arranged = ["toolkit.arrange", "toolkit.own"]
    assert acts == ["toolkit.start", *arranged, "toolkit.save", *arranged]


@pytest.mark.parametrize("owner", ["x", "-1", "0", "9" * 40, "²"])
def test_an_owner_who_is_not_on_the_list_is_refused_at_the_field(grace, visit_as, owner):
    a_page(actor=grace)
    visitor = visit_as(grace)
    shown = visitor.post(
        "/toolkit/a-page/edit", {**began(visitor), "owner": owner, "source": "Mine."}, 422
    ).page
    assert shown.select_one('[role=alert] a[href="#owner"]')
    assert shown.select_one("#source").text.strip() == "Mine."


def test_nobody_owns_a_page_who_does_not_edit(grace):
    page = a_page(actor=grace)
    with pytest.raises(Invalid) as refusal, transaction():
        actions.save_page(
            actor=grace,
            page=page,
            wording=worded(),
            shelf=Shelf.CONSULT,
            based_on=1,
            owner_id=factories.a_person().id,
        )
    assert refusal.value.field == "owner"


def test_a_page_past_its_review_says_so_to_everybody_and_names_its_owner(grace, visit, client):
    page = a_page(actor=grace)
    assert not visit.get("/toolkit/a-page").select("[data-past-review]")
    tag = client.get("/toolkit/a-page").headers["ETag"]
    past_its_review(page)
    notice = visit.get("/toolkit/a-page").select_one("[data-past-review]")
    assert "23 November 2027" in notice.text
    assert "Grace Lim looks after it." in notice.text
    assert client.get("/toolkit/a-page", headers={"If-None-Match": tag}).status_code == 200
    assert "Owner: Grace Lim" in visit.get("/monitor/pages").text


def test_an_owner_who_leaves_stays_named_until_somebody_takes_the_page(grace, visit, visit_as):
    ida = factories.an_editor(name="Ida Holm")
    page = a_page(actor=grace)
    visit.get("/toolkit/a-page")
    past_its_review(page)
    assert "Owner: Grace Lim" in visit.get("/monitor/pages").text
    clock.replace(lambda: NOW)
    db.session.scalars(select(Role).where(Role.person_id == grace.id)).one().ended_at = NOW
    db.session.commit()
    assert "no longer edits here" in visit.get("/toolkit/a-page").select_one(".facts").text
    with transaction(grace):
        close_account(actor=grace, withdraws=False)
    past_its_review(page)
    shown = visit.get("/toolkit/a-page")
    assert "Grace Lim" in shown.select_one(".facts").text
    assert "Nobody looks after it at present." in shown.select_one("[data-past-review]").text
    assert "Nobody owns it now" in visit.get("/monitor/pages").text
    visitor = visit_as(ida)
    form = began(visitor)
    assert form["owner"] == str(grace.id)
    visitor.post("/toolkit/a-page/edit", {**form, "source": "Mine."})  # and she stays
    visitor.post("/toolkit/a-page/edit", {**began(visitor), "owner": str(ida.id)})
    db.session.refresh(page)
    assert page.owner_id == ida.id


def test_whoever_bears_another_name_bears_it_in_every_view_that_was_kept(grace, client, sign_in):
    page = a_page(actor=grace)
    resaved(page, "Second.", actor=grace)
    resaved(page, "Third.", actor=factories.an_editor(name="Ida Holm"))
    views = ("", "/history", "/history/1", "/compare/1...2", ".atom")
    addresses = ["/toolkit/recent", "/toolkit", "/toolkit.atom", *(f"/toolkit/a-page{one}" for one in views)]
    tags = {address: client.get(address).headers["ETag"] for address in addresses}
    with transaction(grace):
        change_name(actor=grace, name="Grace Olsen")
    for address, tag in tags.items():
        shown = client.get(address, headers={"If-None-Match": tag}).text
        assert "Grace Olsen" in shown, address
        assert "Grace Lim" not in shown, address


def test_an_editor_takes_over_a_page_that_no_editor_looks_after(grace, visit_as, visit):
    other = factories.an_editor(name="Ida Holm")
    page = a_page()
    a_page(actor=other, title="Left alone")
    a_page(actor=grace, title="Her own")
    visitor = visit_as(grace)
    unowned = "[data-unowned] th a"
    assert [one.text for one in visitor.get("/toolkit/wanted").select(unowned)] == ["A page"]
    before = page.stamp
    visitor.post("/toolkit/a-page/own", {})
    assert "Grace Lim" in visit.get("/toolkit/a-page").select_one(".facts").text
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.act == "toolkit.own")).one()
    assert (entry.actor_id, entry.subject, entry.after) == (grace.id, f"page:{page.id}", str(grace.id))
    db.session.refresh(page)
    assert page.stamp > before
    visitor.post("/toolkit/a-page/own", {})  # twice is once
    assert db.session.scalar(select(func.count()).where(AuditEntry.act == "toolkit.own")) == 1
    visitor.post("/toolkit/left-alone/own", {})
    said = visitor.get("/toolkit/wanted")
    assert "Somebody else looks after this page by now." in said.text
    assert not said.select(unowned)
    with transaction():
        close_account(actor=other, withdraws=False)
    assert [one.text for one in visitor.get("/toolkit/wanted").select(unowned)] == ["Left alone"]
    visitor.post("/toolkit/left-alone/own", {})
    assert "Grace Lim" in visit.get("/toolkit/left-alone").select_one(".facts").text
