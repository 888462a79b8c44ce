"""Invitations: offered by mail, accepted or declined by whoever got the mail, and by nobody else."""

from datetime import timedelta

import pytest

from consult import clock
from consult.accounts import passwords, queries
from consult.accounts.actions import inviting as actions
from consult.accounts.models import OneTimeLink, Part, Person, Purpose, Role
from consult.audit import AuditEntry
from consult.errors import Conflict, NotAllowed, NotFound
from consult.extensions import db, transaction
from consult.permissions import Anyone
from tests.accounts.ground import PASSWORD, link_in, mails, read_again, somebody, with_an_app
from tests.factories import a_moderator, a_person, a_site, a_unit, an_administrator
from tests.pages import Visitor

TOM = "tom@body.example"
CHOSEN = {"name": "Tom Ashdown", "password": PASSWORD}


@pytest.fixture(autouse=True)
def _site(app):
    a_site(name="Streets and Places")


@pytest.fixture
def unit(app):
    return a_unit(name="Footways Unit")


@pytest.fixture
def administrator(app):
    return an_administrator(name="Anwen Lloyd")


@pytest.fixture
def anybody(app):
    return lambda: Visitor(app.test_client())


def _invited(visit_as, administrator, unit, **changes):
    """Invite somebody by the form; return the path of the link in their mail."""
    form = {"name": "Tom A", "email": TOM, "part": "official", "place": f"unit:{unit.slug}", "title": "Lead"}
    visit_as(administrator).post("/admin/people/new", {**form, **changes}, status=303)
    return link_in(mails(changes.get("email", TOM))[-1])


def _role() -> Role:
    db.session.rollback()
    db.session.expire_all()
    return db.session.query(Role).filter(Role.part != Part.ADMINISTRATOR).one()


def _acts():
    db.session.rollback()
    acts = [entry.act for entry in db.session.query(AuditEntry).order_by(AuditEntry.id)]
    return [act for act in acts if not act.startswith("session.")]


# ---- somebody new


def test_somebody_new_accepts_with_a_name_and_a_password_of_their_own(visit_as, administrator, unit, anybody):
    link = _invited(visit_as, administrator, unit)
    assert not _role().is_played, "an invitation counts for nothing"
    newcomer = anybody()
    page = newcomer.get(link)
    for told in ("Anwen Lloyd", "Streets and Places", "Footways Unit", "as an official", "Lead"):
        assert told in page.main.text
    assert page.select_one("#name")["value"] == "Tom A"
    assert newcomer.post(link, CHOSEN).location == "/account/second-step?next=/desk"
    newcomer.get("/account")
    person = queries.person_by_email(TOM)
    assert (person.name, person.is_confirmed) == ("Tom Ashdown", True)
    assert person.plays(Part.OFFICIAL, unit_id=unit.id)
    assert person.roles[0].title == "Lead"
    assert passwords.matches(person.password_hash, PASSWORD)
    assert _acts() == ["account.invite", "role.invite", "account.confirm", "role.accept"]


def test_looking_spends_nothing(visit_as, administrator, unit, anybody):
    link = _invited(visit_as, administrator, unit)
    for _ in range(3):
        anybody().get(link)
    assert not _role().is_played
    anybody().post(link, CHOSEN, status=303)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "x\u202ey"}, "name"),
        ({"name": "N" * 81}, "name"),
        ({"name": "Moderator"}, "name"),
        ({"name": "Footways Unit"}, "name"),
        ({"password": ""}, "password"),
        ({"password": "short"}, "password"),
        ({"password": "password1234"}, "password"),
        ({"password": "p" * 129}, "password"),
    ],
)
def test_mistakes_are_named_and_spend_nothing(visit_as, administrator, unit, anybody, changes, field):
    link = _invited(visit_as, administrator, unit)
    page = anybody().post(link, {**CHOSEN, **changes}, status=422).page
    assert page.select_one('[role="alert"] a')["href"] == f"#{field}"
    assert not _role().is_played
    anybody().post(link, CHOSEN, status=303)


def test_a_link_works_once(visit_as, administrator, unit, anybody):
    link = _invited(visit_as, administrator, unit)
    anybody().post(link, CHOSEN, status=303)
    again = anybody()
    again.get(link, status=404)
    again.post(link, {**CHOSEN, "password": "another three words"}, status=404)
    again.post(f"{link}/decline", status=404)
    assert passwords.matches(queries.person_by_email(TOM).password_hash, PASSWORD)


def test_a_link_works_for_48_hours(visit_as, administrator, unit, anybody):
    link = _invited(visit_as, administrator, unit)
    later = clock.now() + timedelta(hours=48)
    clock.replace(lambda: later)
    assert "send it again" in anybody().get(link, status=404).main.text
    anybody().post(link, CHOSEN, status=404)
    assert not _role().is_played


@pytest.mark.parametrize("path", ["/confirm/", "/choose-password/", "/start/", "/mail-received/"])
def test_the_token_is_good_for_nothing_else(visit_as, administrator, unit, anybody, path):
    token = _invited(visit_as, administrator, unit).rpartition("/")[2]
    form = {**CHOSEN, "site_name": "Mine", "email": TOM}
    anybody().post(path + token, form, status=404)


@pytest.mark.parametrize("purpose", [p for p in Purpose if p is not Purpose.INVITATION])
def test_no_other_token_is_an_invitation(anybody, purpose):
    from consult.accounts import links

    person = somebody(is_confirmed=False)
    with transaction():
        token = links.make(purpose, person)
    anybody().post(f"/invitation/{token}", CHOSEN, status=404)
    anybody().post(f"/invitation/{token}/decline", status=404)


def test_an_invitation_cannot_be_taken_by_signing_up(visit_as, administrator, unit, anybody):
    """Who signs up with an invited address gets no further than the mail box of its owner."""
    link = _invited(visit_as, administrator, unit)
    stranger = anybody()
    stranger.post("/sign-up", {"name": "X", "email": TOM, "password": "the stranger's words"})
    stranger.post("/sign-in", {"email": TOM, "password": "the stranger's words"}, status=422)
    assert queries.person_by_email(TOM).password_hash == ""
    anybody().post(link, CHOSEN, status=303)
    assert passwords.matches(queries.person_by_email(TOM).password_hash, PASSWORD)


def test_a_password_typed_before_for_the_address_is_replaced_by_its_owner(
    visit_as, administrator, unit, anybody
):
    """Somebody signed up with the address and never confirmed it: they may not have been its owner."""
    squatter = somebody(email=TOM, is_confirmed=False, password="the stranger's words")
    with_an_app(squatter)
    link = _invited(visit_as, administrator, unit)
    anybody().post(link, CHOSEN, status=303)
    kept = read_again(squatter)
    assert not kept.totp_set_at, "nor does their second step lock the owner out"
    assert not passwords.matches(kept.password_hash, "the stranger's words")
    anybody().post("/sign-in", {"email": TOM, "password": "the stranger's words"}, status=422)


def test_earlier_links_of_a_newcomer_are_void_once_they_accept(visit_as, administrator, unit, anybody):
    link = _invited(visit_as, administrator, unit)
    anybody().post("/forgotten-password", {"email": TOM}, status=200)
    reset = link_in(mails(TOM)[-1])
    anybody().post(link, CHOSEN, status=303)
    anybody().post(reset, {"password": "another three words"}, status=404)


def test_the_form_takes_no_part_and_no_place(visit_as, administrator, unit, anybody):
    link = _invited(visit_as, administrator, unit)
    sent = {
        **CHOSEN,
        "part": "administrator",
        "organisation_id": "",
        "role_id": "1",
        "email": "x@body.example",
    }
    anybody().post(link, sent, status=303)
    role = _role()
    assert (role.part, role.unit_id, role.person.email) == (Part.OFFICIAL, unit.id, TOM)


# ---- somebody with an account


def test_somebody_with_an_account_signs_in_first_and_comes_back(visit_as, administrator, unit, anybody):
    person = somebody(email=TOM, name="Tom As He Is")
    link = _invited(visit_as, administrator, unit)
    assert read_again(person).parts == []
    visitor = anybody()
    page = visitor.get(link)
    assert not page.select("#password, #name")
    sign_in = page.select_one('main a[href^="/sign-in"]')["href"]
    visitor.post(link, CHOSEN, status=200)
    assert not _role().is_played, "the link alone opens no account"
    there = visitor.post(sign_in, {"email": TOM, "password": PASSWORD, "next": link}, status=303)
    assert there.location == link
    assert visitor.post(link).location == "/account/second-step?next=/desk"
    kept = read_again(person)
    assert kept.name == "Tom As He Is"
    assert passwords.matches(kept.password_hash, PASSWORD)
    assert kept.plays(Part.OFFICIAL, unit_id=unit.id)


def test_accepting_ends_the_other_sessions_and_keeps_this_one(visit_as, sign_in, administrator, unit):
    person = somebody(email=TOM)
    elsewhere = sign_in(person)
    link = _invited(visit_as, administrator, unit)
    here = visit_as(person)  # with both steps
    assert elsewhere.get("/account").status_code == 200, "an invitation signs nobody out"
    assert here.post(link, status=303).location == "/desk", "the second step that was given holds"
    here.get("/desk")
    assert elsewhere.get("/account").status_code == 303


@pytest.mark.parametrize("is_new", [True, False])
def test_nobody_answers_as_somebody_else(visit_as, administrator, unit, is_new):
    if not is_new:
        somebody(email=TOM)
    link = _invited(visit_as, administrator, unit)
    other = visit_as(a_person(name="Somebody Else"))
    page = other.get(link)
    assert "You are signed in as Somebody Else" in page.main.text
    assert page.select_one('main form[action="/sign-out"]')
    assert not page.select("#password")
    other.post(link, CHOSEN, status=200)
    other.post(f"{link}/decline", status=403)
    assert not _role().is_played
    assert _role().ended_at is None
    token = link.rpartition("/")[2]
    with pytest.raises(NotAllowed), transaction():
        actions.accept(actor=a_person(), token=token, name="X", password_hash="x")
    assert not _role().is_played


def test_an_account_that_was_shut_accepts_nothing(visit_as, administrator, unit, anybody):
    person = somebody(email=TOM)
    link = _invited(visit_as, administrator, unit)
    person = read_again(person)
    person.disabled_at = clock.now()
    db.session.commit()
    anybody().get(link, status=404)
    with pytest.raises(Conflict), transaction(administrator):
        actions.invite_again(actor=administrator, role=_role())


# ---- declining


@pytest.mark.parametrize("is_new", [True, False])
def test_declining_ends_the_offer_and_tells_who_made_it(visit_as, administrator, unit, anybody, is_new):
    if not is_new:
        somebody(email=TOM, name="Tom A")
    link = _invited(visit_as, administrator, unit)
    anybody().post(f"{link}/decline", status=200)
    role = _role()
    assert role.ended_at is not None
    assert role.accepted_at is None
    (mail,) = mails(administrator.email)
    assert "Tom A has declined" in mail.body
    assert "Footways Unit" in mail.body
    anybody().post(link, CHOSEN, status=404)
    assert _acts()[-1] == "role.decline"


def test_looking_at_the_address_of_declining_declines_nothing(visit_as, administrator, unit, anybody):
    link = _invited(visit_as, administrator, unit)
    anybody().get(f"{link}/decline", status=405)
    assert _role().ended_at is None


# ---- again, and back


def test_sending_it_again_makes_the_earlier_link_useless(visit_as, administrator, unit, anybody):
    first = _invited(visit_as, administrator, unit)
    visit_as(administrator).post(f"/admin/roles/{_role().id}/invite-again", status=303)
    second = link_in(mails(TOM)[-1])
    assert first != second
    anybody().post(first, CHOSEN, status=404)
    anybody().post(second, CHOSEN, status=303)
    assert _role().is_played
    visit_as(administrator).post(f"/admin/roles/{_role().id}/invite-again", status=303)
    assert len(mails(TOM)) == 2, "what was answered is not sent again"


def test_an_invitation_that_is_taken_back_is_over(visit_as, administrator, unit, anybody):
    link = _invited(visit_as, administrator, unit)
    visit = visit_as(administrator)
    assert "Take this invitation back?" in visit.get(f"/admin/roles/{_role().id}/end").main.text
    visit.post(f"/admin/roles/{_role().id}/end", status=303)
    anybody().post(link, CHOSEN, status=404)
    assert "taken back" in mails(TOM)[-1].subject
    assert _role().accepted_at is None
    assert _acts()[-1] == "role.take_back"
    with pytest.raises(Conflict), transaction(administrator):
        actions.invite_again(actor=administrator, role=_role())


def test_the_same_form_sent_twice_makes_one_part(visit_as, administrator, unit, anybody):
    token = _invited(visit_as, administrator, unit).rpartition("/")[2]
    with transaction():
        actions.accept(actor=Anyone(), token=token, name="Tom", password_hash="x")
    with pytest.raises(NotFound), transaction():
        actions.accept(actor=Anyone(), token=token, name="Tom", password_hash="x")
    assert _role().is_played
    assert _acts().count("role.accept") == 1


def test_what_became_impossible_meanwhile_is_not_accepted(visit_as, administrator, unit, anybody):
    """The offer was made before they came to moderate: then it would have them judge their own unit's comments."""
    person = somebody(email=TOM)
    link = _invited(visit_as, administrator, unit)
    db.session.add(
        Role(
            person_id=person.id,
            part=Part.MODERATOR,
            organisation_id=unit.organisation_id,
            created_at=clock.now(),
            accepted_at=clock.now(),
        )
    )
    db.session.commit()
    page = visit_as(read_again(person)).post(link, status=422).page
    assert "moderat" in page.select_one('[role="alert"]').text
    assert not read_again(person).plays(Part.OFFICIAL)


# ---- what it looks like to administrators


def test_administrators_see_that_somebody_was_invited_and_since_when(visit_as, administrator, unit):
    _invited(visit_as, administrator, unit)
    visit = visit_as(administrator)
    (row,) = [row for row in visit.get("/admin/people").select("tbody tr") if "Tom A" in row.text]
    assert "Invited, not yet" in row.text
    assert row.select_one("time")
    page = visit.get(row.a["href"])
    assert "by Anwen Lloyd" in page.main.text
    assert page.select_one(f'form[action="/admin/roles/{_role().id}/invite-again"] button')
    assert TOM not in page.text


def test_an_offer_moves_with_its_unit_and_stays_one(visit_as, administrator, unit, anybody):
    link = _invited(visit_as, administrator, unit)
    other = a_unit(unit.organisation, name="Kerbs Unit")
    visit_as(administrator).post(
        f"/admin/roles/{_role().id}", {"title": "Lead", "unit": str(other.id)}, status=303
    )
    assert "Kerbs Unit" in anybody().get(link).main.text
    anybody().post(link, CHOSEN, status=303)
    assert (_role().unit_id, _role().is_played) == (other.id, True)


def test_only_whom_it_concerns_gives_a_part_away(app, unit):
    elsewhere = an_administrator(a_unit().organisation)
    for who in (elsewhere, a_person(), a_moderator(unit.organisation)):
        with pytest.raises(NotAllowed), transaction(who):
            actions.invite(actor=who, name="T", email=TOM, part=Part.OFFICIAL, unit=unit)
    assert db.session.query(Person).filter_by(email=TOM).count() == 0
    assert db.session.query(OneTimeLink).count() == 0


def test_two_roles_of_one_person_are_two_invitations(visit_as, administrator, unit, anybody):
    first = _invited(visit_as, administrator, unit)
    other = a_unit(unit.organisation)
    second = _invited(visit_as, administrator, other)
    anybody().post(first, CHOSEN, status=303)
    person = queries.person_by_email(TOM)
    assert not person.plays(Part.OFFICIAL, unit_id=other.id)
    visit_as(person).post(second, status=303)
    assert read_again(person).plays(Part.OFFICIAL, unit_id=other.id)
