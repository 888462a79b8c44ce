"""Giving people parts and ending them."""

import pytest

from consult.accounts import queries
from consult.accounts.actions import people as actions
from consult.accounts.models import Part, Person, Role
from consult.audit import AuditEntry
from consult.errors import Conflict, NotAllowed
from consult.extensions import db, transaction
from tests.accounts.ground import link_in, mails, read_again, somebody
from tests.counting import queries as counted
from tests.factories import a_moderator, a_person, a_site, a_unit, an_administrator, an_editor, an_official
from tests.pages import Visitor


@pytest.fixture(autouse=True)
def _site(app):
    a_site()


def _form(unit, **changes):
    filled = {
        "name": "Tom Ashdown",
        "email": "tom@body.example",
        "part": "official",
        "place": f"unit:{unit.slug}",
        "title": "Policy lead",
    }
    return {**filled, **changes}


def test_somebody_new_gets_a_part_and_a_link_to_choose_a_password(visit_as, app):
    unit = a_unit()
    visit_as(an_administrator()).post("/admin/people/new", _form(unit))
    (mail,) = mails("tom@body.example")
    assert unit.name in mail.body
    newcomer = Visitor(app.test_client())
    link = link_in(mail)
    newcomer.get(link)
    newcomer.post(link, {"password": "three random words"})
    newcomer.get("/account")
    person = queries.person_by_email("tom@body.example")
    assert person.is_confirmed
    assert person.plays(Part.OFFICIAL, unit_id=unit.id)
    assert person.roles[0].title == "Policy lead"


def test_somebody_with_an_account_keeps_their_name_and_signs_in_again(visit_as, sign_in):
    unit, person = a_unit(), somebody(email="tom@body.example", name="Tom As He Is")
    browser = sign_in(person)
    visit_as(an_administrator()).post("/admin/people/new", _form(unit))
    assert read_again(person).name == "Tom As He Is"
    assert browser.get("/account").status_code == 303
    (mail,) = mails(person.email)
    assert "/sign-in" in mail.body
    assert "/choose-password" not in mail.body


def test_every_part_is_on_record(visit_as):
    unit, administrator = a_unit(), an_administrator()
    visit = visit_as(administrator)
    visit.post("/admin/people/new", _form(unit))
    role = db.session.query(Role).filter_by(part=Part.OFFICIAL).one()
    visit.post(f"/admin/roles/{role.id}/end")
    db.session.rollback()
    entries = db.session.query(AuditEntry).filter(AuditEntry.act.like("role.%")).all()
    assert [(entry.act, entry.actor_id, entry.chain) for entry in entries] == [
        ("role.give", administrator.id, unit.organisation_id),
        ("role.end", administrator.id, unit.organisation_id),
    ]
    db.session.expire_all()
    assert db.session.get(Role, role.id).ended_at is not None


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "x\u202ey"}, "name"),
        ({"email": "nobody"}, "email"),
        ({"email": "a@b.example\nBcc: c@d.example"}, "email"),
        ({"part": ""}, "part"),
        ({"part": "king"}, "part"),
        ({"place": ""}, "place"),
        ({"place": "unit:nowhere"}, "place"),
        ({"place": "site"}, "place"),
        ({"part": "moderator"}, "place"),
        ({"part": "editor"}, "place"),
        ({"part": "administrator"}, "place"),
        ({"title": "x" * 81}, "title"),
        ({"title": "x\u202ey"}, "title"),
    ],
)
def test_a_part_that_cannot_be_is_refused_and_kept(visit_as, changes, field):
    unit = a_unit()
    page = visit_as(an_administrator()).post("/admin/people/new", _form(unit, **changes), status=422).page
    assert page.select_one('[role="alert"] a')["href"] == f"#{field}"
    assert page.select_one(f"#{field}")
    assert db.session.query(Person).filter_by(email="tom@body.example").count() == 0
    assert mails() == []


def test_the_same_part_is_not_given_twice(visit_as):
    unit = a_unit()
    visit = visit_as(an_administrator())
    visit.post("/admin/people/new", _form(unit))
    page = visit.post("/admin/people/new", _form(unit), status=422).page
    assert "has that part already" in page.select_one('[role="alert"]').text


def test_the_last_administrator_stays(visit_as):
    administrator = an_administrator()
    visit = visit_as(administrator)
    visit.post(f"/admin/roles/{administrator.roles[0].id}/end")
    assert "last administrator" in visit.get("/admin/people").text
    assert read_again(administrator).plays(Part.ADMINISTRATOR)
    with pytest.raises(Conflict), transaction():
        actions.disable(actor=None, person=administrator)


def test_a_shut_administrator_counts_for_nothing(app):
    first, second = an_administrator(), an_administrator()
    with transaction():
        actions.disable(actor=None, person=second)
    with pytest.raises(Conflict), transaction():
        actions.end_role(actor=None, role=read_again(first).roles[0])


def test_one_of_two_administrators_can_go(visit_as):
    an_administrator()
    leaving = an_administrator()
    visit = visit_as(leaving)
    assert visit.post(f"/admin/roles/{leaving.roles[0].id}/end").location == "/account"
    visit.get("/account")
    visit.get("/admin", status=403)


def test_who_gets_another_part_themselves_stays_signed_in_here(visit_as):
    unit, administrator = a_unit(), an_administrator()
    visit = visit_as(administrator)
    visit.post("/admin/people/new", _form(unit, email=administrator.email))
    visit.get("/admin/people")


def test_the_list_shows_who_does_what_at_a_fixed_cost(visit_as):
    visit = visit_as(an_administrator())
    an_official(a_unit())
    db.session.remove()  # what the factories made must be asked for like anything else
    with counted() as few:
        visit.get("/admin/people")
    for _ in range(5):
        unit = a_unit()
        an_official(unit)
        a_moderator(unit.organisation)
    an_editor()
    db.session.remove()
    with counted() as many:
        page = visit.get("/admin/people")
    assert len(page.select("tbody tr")) == 13
    assert len(many) == len(few) <= 8, many


def test_a_long_list_is_turned_page_by_page(visit_as, monkeypatch):
    monkeypatch.setattr(queries, "PAGE", 3)
    monkeypatch.setattr(queries.roles_in, "__kwdefaults__", {"after": None, "limit": 3})
    visit = visit_as(an_administrator(name="A. First"))
    unit = a_unit()
    for name in ("Same", "Same", "Same", "Zed"):
        an_official(unit, name=name)
    seen, path = [], "/admin/people"
    while path:
        page = visit.get(path)
        seen += [row.form["action"] for row in page.select("tbody tr")]
        more = page.select_one('a[href*="after="]')
        path = more["href"] if more else None
    assert len(seen) == len(set(seen)) == 5
    for nonsense in ("x", "|", "a|b", "a|99999999999999", "a|²"):
        visit.get("/admin/people", query_string={"after": nonsense})


def test_an_administrator_of_one_organisation_gives_parts_there_alone(visit_as):
    mine, theirs = a_unit(), a_unit()
    visit = visit_as(an_administrator(mine.organisation))
    page = visit.get("/admin/people/new")
    places = {option["value"] for option in page.select("#place option")}
    assert places == {"", f"organisation:{mine.organisation.slug}", f"unit:{mine.slug}"}
    visit.post("/admin/people/new", _form(mine))
    visit.post("/admin/people/new", _form(theirs, email="other@body.example"), status=422)
    visit.post("/admin/people/new", _form(mine, part="administrator", place="site"), status=422)
    other = an_official(theirs)
    visit.post(f"/admin/roles/{other.roles[0].id}/end", status=403)
    visit.post(f"/admin/roles/{an_editor().roles[0].id}/end", status=403)
    assert other.name not in visit.get("/admin/people").main.text


def test_nobody_gives_themselves_a_part(visit_as, app):
    person, unit = a_person(), a_unit()
    visit = visit_as(person)
    visit.get("/admin/people", status=403)
    visit.post("/admin/people/new", _form(unit), status=403)
    with pytest.raises(NotAllowed), transaction(person):
        actions.give_role(actor=person, person=person, part=Part.OFFICIAL, unit=unit)


def test_ending_a_part_that_is_not_there_is_not_found(visit_as):
    visit_as(an_administrator()).post("/admin/roles/999/end", status=404)


def test_an_invitation_cannot_be_taken_by_signing_up(visit_as, app):
    """Who signs up with an invited address gets no further than the mail box of its owner."""
    visit_as(an_administrator()).post("/admin/people/new", _form(a_unit()))
    stranger = Visitor(app.test_client())
    stranger.post("/sign-up", {"name": "X", "email": "tom@body.example", "password": "the stranger's words"})
    stranger.post("/sign-in", {"email": "tom@body.example", "password": "the stranger's words"}, status=422)
    assert read_again(queries.person_by_email("tom@body.example")).password_hash == ""
