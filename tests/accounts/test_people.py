"""Giving people parts and ending them."""

import threading

import pytest

from consult import clock
from consult.accounts import roster
from consult.accounts.actions import people as actions
from consult.accounts.models import Part, Person, Role
from consult.audit import AuditEntry
from consult.errors import Conflict, Invalid, NotAllowed
from consult.extensions import db, transaction
from tests.accounts.ground import mails, read_again, somebody
from tests.counting import queries as counted
from tests.factories import a_moderator, a_person, a_site, a_unit, an_administrator, an_editor, an_official


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


def _give(person, part, **where):
    with transaction():
        return actions.give_role(actor=None, person=person, part=part, **where)


def test_every_part_is_on_record(visit_as):
    unit, administrator = a_unit(), an_administrator()
    visit = visit_as(administrator)
    visit.post("/admin/people/new", _form(unit))
    role = db.session.query(Role).filter_by(part=Part.OFFICIAL).one()
    assert not role.is_played
    visit.post(f"/admin/roles/{role.id}/end")
    given = _give(somebody(), Part.OFFICIAL, unit=unit)
    visit.post(f"/admin/roles/{given.id}/end")
    db.session.rollback()
    entries = db.session.query(AuditEntry).filter(AuditEntry.act.like("role.%")).order_by(AuditEntry.id).all()
    assert [(entry.act, entry.actor_id, entry.chain) for entry in entries] == [
        ("role.invite", administrator.id, unit.organisation_id),
        ("role.take_back", administrator.id, unit.organisation_id),
        ("role.give", None, unit.organisation_id),
        ("role.end", administrator.id, unit.organisation_id),
    ]
    db.session.expire_all()
    assert db.session.get(Role, role.id).ended_at is not None
    assert db.session.get(Role, given.id).ended_at is not None


def test_a_part_given_by_command_counts_at_once_and_ends_the_sessions(sign_in, app):
    unit, person = a_unit(), somebody()
    browser = sign_in(person)
    _give(person, Part.OFFICIAL, unit=unit)
    assert read_again(person).plays(Part.OFFICIAL, unit_id=unit.id)
    assert browser.get("/account").status_code == 303
    (mail,) = mails(person.email)
    assert "/sign-in" in mail.body


@pytest.mark.parametrize(("held", "wanted"), [("official", "moderator"), ("moderator", "official")])
def test_nobody_moderates_what_is_said_to_their_own_organisation(visit_as, held, wanted):
    unit, other, administrator = a_unit(), a_unit(), an_administrator()
    person = an_official(unit) if held == "official" else a_moderator(unit.organisation)
    visit = visit_as(administrator)
    places = {"official": f"unit:{unit.slug}", "moderator": f"organisation:{unit.organisation.slug}"}
    form = _form(unit, email=person.email, part=wanted, place=places[wanted])
    page = visit.post("/admin/people/new", form, status=422).page
    assert page.select_one('[role="alert"] a')["href"] == "#part"
    assert "moderat" in page.select_one("#part-error").text
    with pytest.raises(Invalid):
        _give(
            person,
            Part(wanted),
            **({"unit": unit} if wanted == "official" else {"organisation": unit.organisation}),
        )
    elsewhere = {"official": f"unit:{other.slug}", "moderator": f"organisation:{other.organisation.slug}"}
    visit.post("/admin/people/new", {**form, "place": elsewhere[wanted]}, status=303)


def test_an_offer_counts_against_the_other_part_too(visit_as):
    unit, visit = a_unit(), visit_as(an_administrator())
    visit.post("/admin/people/new", _form(unit), status=303)
    moderating = {"part": "moderator", "place": f"organisation:{unit.organisation.slug}"}
    visit.post("/admin/people/new", _form(unit, **moderating), status=422)
    role = db.session.query(Role).filter_by(part=Part.OFFICIAL).one()
    visit.post(f"/admin/roles/{role.id}/end", status=303)
    visit.post("/admin/people/new", _form(unit, **moderating), status=303)


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
    assert "last administrator" in visit.get(f"/admin/people/{administrator.id}").text
    visit.post(f"/admin/people/{administrator.id}/disable")
    assert "last administrator" in visit.get(f"/admin/people/{administrator.id}").text
    assert read_again(administrator).plays(Part.ADMINISTRATOR)
    with pytest.raises(Conflict), transaction():
        actions.disable(actor=None, person=administrator)


def test_a_shut_administrator_counts_for_nothing(app):
    first, second = an_administrator(), an_administrator()
    with transaction():
        actions.disable(actor=None, person=second)
    with pytest.raises(Conflict), transaction():
        actions.end_role(actor=None, role=read_again(first).roles[0])


def test_of_two_administrators_who_shut_one_another_at_once_one_stays(app):
    first, second = an_administrator(), an_administrator()
    answers = []

    def shut_first() -> None:
        with app.app_context():
            try:
                with transaction():
                    actions.disable(actor=None, person=db.session.get(Person, first.id))
                answers.append("shut")
            except Conflict:
                answers.append("refused")
            finally:
                db.session.remove()

    other = threading.Thread(target=shut_first)
    with transaction():
        actions.disable(actor=None, person=db.session.get(Person, second.id))
        other.start()
        other.join(1)  # it waits for us
        assert not answers
    other.join()
    assert answers == ["refused"]
    assert read_again(first).is_active
    assert not read_again(second).is_active


def test_one_of_two_administrators_can_go(visit_as):
    an_administrator()
    leaving = an_administrator()
    visit = visit_as(leaving)
    assert visit.post(f"/admin/roles/{leaving.roles[0].id}/end").location == "/account"
    visit.get("/account")
    visit.get("/admin", status=403)


def test_who_changes_their_own_part_stays_signed_in_here(visit_as):
    unit, administrator = a_unit(), an_administrator()
    other = a_unit(unit.organisation)
    role = _give(administrator, Part.OFFICIAL, unit=unit)
    visit = visit_as(administrator)
    visit.post(f"/admin/roles/{role.id}", {"title": "", "unit": str(other.id)}, status=303)
    visit.get("/admin/people")
    assert read_again(administrator).plays(Part.OFFICIAL, unit_id=other.id)


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
    monkeypatch.setattr(roster, "PAGE", 3)
    visit = visit_as(an_administrator(name="A. First"))
    unit = a_unit()
    for name in ("Same", "Same", "Same", "Zed"):
        an_official(unit, name=name)
    seen, path = [], "/admin/people"
    while path:
        page = visit.get(path)
        seen += [row.a["href"] for row in page.select("tbody tr")]
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
    for role in (other.roles[0], an_editor().roles[0]):
        for act in ("", "/end", "/invite-again"):
            visit.post(f"/admin/roles/{role.id}{act}", status=404)
        assert read_again(role.person).parts
    assert other.name not in visit.get("/admin/people").main.text


def test_nobody_gives_themselves_a_part(visit_as, app):
    person, unit = a_person(), a_unit()
    visit = visit_as(person)
    visit.get("/admin/people", status=403)
    visit.post("/admin/people/new", _form(unit), status=403)
    with pytest.raises(NotAllowed), transaction(person):
        actions.give_role(actor=person, person=person, part=Part.OFFICIAL, unit=unit)


def test_ending_a_part_that_is_not_there_is_not_found(visit_as):
    visit = visit_as(an_administrator())
    visit.post("/admin/roles/999/end", status=404)
    visit.get("/admin/roles/999", status=404)
    visit.get("/admin/people/999", status=404)


def test_a_title_changes_in_place_and_keeps_the_sessions(visit_as, sign_in):
    official = an_official(a_unit(), title="Policy lead")
    role, browser = official.roles[0], sign_in(official)
    visit_as(an_administrator()).post(f"/admin/roles/{role.id}", {"title": "Head of unit"}, status=303)
    again = read_again(official)
    assert [(kept.id, kept.title) for kept in again.parts] == [(role.id, "Head of unit")]
    assert browser.get("/desk").status_code == 200
    assert [entry.act for entry in db.session.query(AuditEntry)] == ["role.retitle"]


def test_another_unit_is_another_part_and_the_one_before_stays_known(visit_as, sign_in):
    unit = a_unit()
    other = a_unit(unit.organisation)
    official = an_official(unit)
    role, browser = official.roles[0], sign_in(official)
    visit_as(an_administrator()).post(
        f"/admin/roles/{role.id}", {"title": "Policy lead", "unit": str(other.id)}, status=303
    )
    again = read_again(official)
    assert not again.plays(Part.OFFICIAL, unit_id=unit.id)
    assert again.plays(Part.OFFICIAL, unit_id=other.id)
    assert {(kept.unit_id, kept.ended_at is None) for kept in again.roles} == {
        (unit.id, False),
        (other.id, True),
    }
    assert browser.get("/account").status_code == 303, "their sessions ended"
    (mail,) = mails(official.email)
    assert other.name in mail.body


@pytest.mark.parametrize("chosen", ["", "999999", "nowhere", "elsewhere"])
def test_a_unit_elsewhere_cannot_be_chosen(visit_as, chosen):
    official = an_official(a_unit())
    sent = str(a_unit().id) if chosen == "elsewhere" else chosen
    role = official.roles[0]
    page = (
        visit_as(an_administrator())
        .post(f"/admin/roles/{role.id}", {"title": "", "unit": sent}, status=422)
        .page
    )
    assert page.select_one('[role="alert"] a')["href"] == "#unit"
    assert [kept.id for kept in read_again(official).parts] == [role.id]


def test_fields_that_the_form_does_not_have_change_nothing(visit_as):
    official = an_official(a_unit())
    role = official.roles[0]
    sent = {
        "title": "Lead",
        "unit": str(role.unit_id),
        "part": "administrator",
        "organisation_id": "",
        "person_id": "1",
    }
    visit_as(an_administrator()).post(f"/admin/roles/{role.id}", sent, status=303)
    kept = read_again(official).roles[0]
    assert (kept.part, kept.organisation_id, kept.person_id) == (
        Part.OFFICIAL,
        role.organisation_id,
        official.id,
    )


def test_ending_says_first_what_ends(visit_as):
    unit = a_unit(name="Footways Unit")
    role, visit = an_official(unit).roles[0], visit_as(an_administrator())
    words = visit.get(f"/admin/roles/{role.id}/end").main.text
    assert "no longer see, write or publish drafts of Footways Unit" in words
    assert "Nobody else answers for this unit" in words
    assert db.session.get(Role, role.id).ended_at is None
    an_official(unit)
    assert "Nobody else" not in visit.get(f"/admin/roles/{role.id}/end").main.text
    moderator = a_moderator(unit.organisation).roles[0]
    assert "nothing new can open" in visit.get(f"/admin/roles/{moderator.id}/end").main.text


def test_tabs_show_one_part_each_with_how_many(visit_as):
    unit = a_unit()
    official, moderator = an_official(unit), a_moderator(unit.organisation)
    with transaction():
        actions.disable(actor=None, person=an_official(unit, name="Shut Away"))
    visit = visit_as(an_administrator())

    def tab(part):
        page = visit.get("/admin/people", query_string={"part": part})
        return page.select_one('nav[aria-label="Role"] [aria-current]').text, [
            row.a.text for row in page.select("tbody tr")
        ]

    assert tab("") == ("All 3", sorted([official.name, moderator.name, tab("administrator")[1][0]]))
    assert tab("official") == ("Officials 1", [official.name])
    assert tab("moderator") == ("Moderators 1", [moderator.name])
    assert tab("editor")[1] == []
    assert tab("shut") == ("Shut accounts 1", ["Shut Away"])
    assert tab("king")[0] == "All 3"


def test_the_list_says_who_has_a_second_step_and_who_has_not_come_yet(visit_as):
    unit, visit = a_unit(), visit_as(an_administrator(name="Zed"))
    an_official(unit, name="Ann", totp_set_at=clock.now(), last_signed_in_at=clock.now())
    bob = an_official(unit, name="Bob")
    bob.roles[0].accepted_at = None
    db.session.commit()
    ann, bob, zed = visit.get("/admin/people").select("tbody tr")
    assert "On" in ann.select_one('[data-l="Second step"]').text
    assert ann.select_one('[data-l="Last signed in"] time')
    assert "Not yet" in bob.select_one('[data-l="Second step"]').text
    assert "Invited, not yet" in bob.select_one('[data-l="Last signed in"]').text
    assert "Invited" not in zed.text


def test_a_tab_without_anybody_says_so(visit_as):
    visit = visit_as(an_administrator())
    for part in ("official", "moderator", "editor", "shut"):
        page = visit.get("/admin/people", query_string={"part": part})
        assert not page.select("tbody tr")
        assert page.select("main p.muted")
    assert "nobody further down" in visit.get("/admin/people", query_string={"after": "zzz|1"}).main.text
