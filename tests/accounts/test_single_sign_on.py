"""Signing in with a real provider, over HTTP: the first time and again, with parts that come and go with the groups."""

import logging
from datetime import timedelta

import pytest
from pyotp import TOTP
from sqlalchemy import func, select

from consult import clock
from consult.accounts import codes, links, queries
from consult.accounts.actions import inviting, second_step
from consult.accounts.models import Identity, Part, Passkey, Person, Purpose, RecoveryCode, Role, SignedIn
from consult.audit import AuditEntry, breaks
from consult.cli.health import findings
from consult.extensions import db, transaction
from tests.accounts.ground import PASSWORD, link_in, mails, read_again, somebody
from tests.accounts.providers import SECRET, query_of
from tests.factories import (
    a_guest,
    a_moderator,
    a_person,
    a_session,
    a_site,
    a_unit,
    an_administrator,
    an_official,
    an_organisation,
)
from tests.pages import Visitor

ANN = {"name": "Ann Ode", "email": "Ann.Ode@Roads.Example", "email_verified": True}
HOME = "http://127.0.0.1:8000"
THEIRS = ("werkzeug", "oidc_provider_mock", "authlib.oauth2.rfc")  # the provider runs in this process


@pytest.fixture(autouse=True)
def _site(app):
    a_site()


@pytest.fixture
def roads(app):
    """The units that the mapping names, in one body."""
    body = an_organisation(slug="roads", name="Roads Authority")
    return {slug: a_unit(body, slug=slug, name=f"{slug.title()} Unit") for slug in ("footways", "policy")}


def _everybody() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(Person)) or 0


def _person(email="ann.ode@roads.example") -> Person:
    db.session.rollback()
    db.session.expire_all()
    found = queries.person_by_email(email)
    assert found
    return found


def _parts(person: Person) -> set[str]:
    return {role.part.value for role in person.roles if role.is_played}


def _acts(person: Person) -> list[str]:
    db.session.rollback()
    wanted = select(AuditEntry.act).where(AuditEntry.subject == f"person:{person.id}").order_by(AuditEntry.id)
    return list(db.session.scalars(wanted))


def test_the_first_time_makes_a_confirmed_account(door, real_provider):
    real_provider.knows("sub-1", **ANN)
    at = door()
    answer = at.come("sub-1")
    assert (answer.status_code, answer.location) == (303, "/account")
    person = _person()
    assert (person.name, person.is_confirmed, person.password_hash) == ("Ann Ode", True, "")
    assert at.is_signed_in
    assert _acts(person) == ["account.make", "account.tie", "session.begin"]
    assert mails() == []


def test_the_second_time_it_is_the_same_person_whatever_their_address_is_now(door, real_provider):
    real_provider.knows("sub-1", **ANN)
    door().come("sub-1")
    real_provider.knows("sub-1", name="Ann Married", email="new@roads.example", email_verified=False)
    at = door()
    at.come("sub-1")
    assert at.is_signed_in
    assert _everybody() == 1
    person = _person()
    assert (person.name, person.email) == ("Ann Ode", "ann.ode@roads.example")
    assert len(person.roles) == 0
    identity = db.session.scalars(select(Identity)).one()
    assert (identity.issuer, identity.subject) == (real_provider.issuer, "sub-1")
    assert identity.last_used_at >= identity.created_at


def test_the_button_stands_where_people_sign_in_and_leads_on_to_where_they_were_going(door, real_provider):
    real_provider.knows("sub-1", **ANN)
    at = door()
    page = Visitor(at.client).get("/sign-in?next=/toolkit?x=1")
    form = page.select_one('form[action="/sign-in/with/start"]')
    assert form.button.text == "Sign in with Staff Gate"
    assert form.select_one('input[name="next"]')["value"] == "/toolkit?x=1"
    assert at.come("sub-1", next="/toolkit?x=1").location == "/toolkit?x=1"


def test_without_a_provider_there_is_no_button_and_no_door(visit):
    for path in ("/sign-in", "/forgotten-password"):
        assert "/sign-in/with" not in str(visit.get(path))
    visit.get("/sign-in/with/return?code=x&state=y", status=404)
    visit.post("/sign-in/with/start", status=404)


def test_going_there_is_no_link(door):
    assert door().client.get("/sign-in/with/start").status_code == 405


def test_what_is_asked_of_the_provider(door, real_provider):
    at = door()
    asked = query_of(at.leave())
    assert asked["response_type"] == "code"
    assert asked["redirect_uri"] == f"{HOME}/sign-in/with/return"
    assert asked["code_challenge_method"] == "S256"
    assert set(asked["scope"].split()) == {"openid", "profile", "email"}
    again = query_of(at.leave())
    for name in ("state", "nonce", "code_challenge"):
        assert len(asked[name]) >= 43
        assert asked[name] != again[name]
    assert "prompt" not in asked


def test_the_return_address_never_comes_from_the_host_header(door):
    at = door()
    answer = at.client.post("/sign-in/with/start", headers={"Host": "evil.example"})
    assert "evil.example" not in answer.text


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:x"]
)
def test_signing_in_there_never_leads_to_another_site(door, real_provider, target):
    real_provider.knows("sub-1", **ANN)
    assert door().come("sub-1", next=target).location == "/account"


# Parts


def test_groups_give_parts_that_count_at_once(door, real_provider, roads):
    real_provider.knows("sub-1", **ANN, groups=["footways", "wiki", "another"], amr=["mfa"])
    at = door()
    at.come("sub-1")
    person = _person()
    assert _parts(person) == {"official", "editor"}
    assert person.plays(Part.OFFICIAL, unit_id=roads["footways"].id)
    assert {role.granted_by for role in person.roles} == {"oidc"}
    Visitor(at.client).get("/desk")
    entries = db.session.scalars(select(AuditEntry).where(AuditEntry.act == "role.give")).all()
    assert {(entry.after, entry.reason) for entry in entries} == {
        ("official", f"unit:{roads['footways'].id} by:oidc"),
        ("editor", "by:oidc"),
    }
    assert not list(breaks())
    told = mails(person.email)
    assert len(told) == 2
    assert not any("/choose-password/" in mail.body for mail in told)


def test_parts_follow_the_groups_at_every_sign_in(door, real_provider, roads):
    real_provider.knows("sub-1", **ANN, groups=["footways"])
    door().come("sub-1")
    elsewhere = door()
    elsewhere.come("sub-1")
    assert elsewhere.is_signed_in
    real_provider.knows("sub-1", **ANN, groups=["policy"])
    at = door()
    at.come("sub-1")
    person = _person()
    assert at.is_signed_in
    assert not elsewhere.is_signed_in  # a part that is lost ends every other session
    assert [(role.unit_id, role.is_played) for role in sorted(person.roles, key=lambda role: role.id)] == [
        (roads["footways"].id, False),
        (roads["policy"].id, True),
    ]
    assert [act for act in _acts(person) if act.startswith("role")] == ["role.give", "role.end", "role.give"]


def test_the_same_groups_change_nothing(door, real_provider, roads):
    real_provider.knows("sub-1", **ANN, groups=["footways"])
    elsewhere = door()
    elsewhere.come("sub-1")
    door().come("sub-1")
    assert elsewhere.is_signed_in
    assert _acts(_person()).count("role.give") == 1


def test_without_groups_every_part_that_they_gave_ends(door, real_provider, roads):
    real_provider.knows("sub-1", **ANN, groups=["footways", "wiki"])
    door().come("sub-1")
    real_provider.knows("sub-1", **ANN)
    at = door()
    at.come("sub-1")
    assert _parts(_person()) == set()
    assert at.client.get("/desk").status_code == 403


def test_parts_that_somebody_gave_stay_and_are_not_given_twice(door, real_provider, roads):
    person = an_official(roads["footways"], email="ann.ode@roads.example")
    real_provider.knows("sub-1", **ANN, groups=["footways"])
    door().come("sub-1")
    assert [(role.granted_by, role.is_played) for role in read_again(person).roles] == [("", True)]
    real_provider.knows("sub-1", **ANN, groups=[])
    door().come("sub-1")
    assert [(role.granted_by, role.is_played) for role in read_again(person).roles] == [("", True)]


def test_a_unit_that_is_not_there_is_passed_over(door, real_provider, roads, caplog):
    real_provider.knows("sub-1", **ANN, groups=["ghosts", "footways"])
    at = door()
    with caplog.at_level(logging.WARNING):
        at.come("sub-1")
    assert at.is_signed_in
    assert _parts(_person()) == {"official"}
    assert any(getattr(line, "place", "") == "no-such-unit" for line in caplog.records)


def test_nobody_moderates_what_people_say_to_their_own_unit(door, real_provider, roads, caplog):
    real_provider.knows("sub-1", **ANN, groups=["footways", "mods"])
    at = door()
    with caplog.at_level(logging.WARNING):
        at.come("sub-1")
    assert at.is_signed_in
    assert _parts(_person()) == {"official"}
    assert any(getattr(line, "part", "") == "moderator" for line in caplog.records)
    real_provider.knows("sub-1", **ANN, groups=["mods"])
    door().come("sub-1")
    assert _parts(_person()) == {"moderator"}


def test_an_invitation_that_waits_is_not_answered_by_groups(door, real_provider, roads):
    with transaction():
        administrator = an_administrator()
        inviting.invite(
            actor=administrator,
            name="Ann O",
            email="ann.ode@roads.example",
            part=Part.OFFICIAL,
            unit=roads["footways"],
        )
    real_provider.knows("sub-1", **ANN, groups=["footways"])
    door().come("sub-1")
    person = _person()
    assert (person.name, person.is_confirmed) == ("Ann O", True)
    assert [(role.granted_by, role.is_played, role.ended_at) for role in person.roles] == [("", False, None)]


def test_nobody_becomes_administrator_by_a_group_that_is_not_mapped(door, real_provider, roads):
    real_provider.knows("sub-1", **ANN, groups=["administrator", "admins", "administrator:site", "site"])
    door().come("sub-1")
    assert _parts(_person()) == set()


def test_a_mapped_group_makes_administrators_and_the_last_one_stays(door, real_provider, roads):
    real_provider.knows("sub-1", **ANN, groups=["it"])
    door().come("sub-1")
    assert _parts(_person()) == {"administrator"}
    real_provider.knows("sub-1", **ANN, groups=[])
    at = door()
    assert at.come("sub-1").status_code == 303
    assert _parts(_person()) == {"administrator"}  # nobody else could set up the site
    an_administrator()
    door().come("sub-1")
    assert _parts(_person()) == set()


def test_groups_never_touch_the_parts_of_others(door, real_provider, roads):
    moderator = a_moderator(roads["footways"].organisation)
    real_provider.knows("sub-1", **ANN, groups=["mods"])
    door().come("sub-1")
    real_provider.knows("sub-1", **ANN, groups=[])
    door().come("sub-1")
    assert _parts(read_again(moderator)) == {"moderator"}


# Whose account it is


def test_an_account_with_the_same_address_is_tied_once_and_its_owner_is_told(door, real_provider, sign_in):
    owner = somebody(email="ann.ode@roads.example", name="Ann As She Is")
    elsewhere = sign_in(owner)
    real_provider.knows("sub-1", **ANN)
    at = door()
    at.come("sub-1")
    assert at.is_signed_in
    person = read_again(owner)
    assert person.name == "Ann As She Is"
    assert person.password_hash == ""
    assert elsewhere.get("/account").status_code == 303
    (mail,) = mails(owner.email)
    assert mail.subject == "You can now sign in with Staff Gate"
    assert "no longer works" in mail.body
    assert "account.tie" in _acts(owner)
    door().come("sub-1")
    assert len(mails(owner.email)) == 1


def test_whoever_signed_up_with_another_address_beforehand_is_out(door, real_provider, app):
    """A stranger who knows an official's address signs up with it, and waits for the official to come."""
    stranger = Visitor(app.test_client())
    form = {"name": "Made Up", "email": "ann.ode@roads.example", "password": PASSWORD}
    stranger.post("/sign-up", form)
    early = link_in(mails()[0])
    stranger.post("/sign-in", form)
    person = _person()
    person.totp_secret, person.totp_set_at, person.pending_email = "theirs", clock.now(), "evil@mail.example"
    digests = {"credential": "c", "public_key": "k", "name": "theirs"}
    db.session.add(Passkey(person_id=person.id, created_at=clock.now(), **digests))
    db.session.add(RecoveryCode(person_id=person.id, digest="d", created_at=clock.now()))
    change = links.make(Purpose.CHANGE_EMAIL, person)
    db.session.commit()
    assert stranger.client.get("/account").status_code == 200
    real_provider.knows("sub-1", **ANN)
    at = door()
    at.come("sub-1")
    person = _person()
    assert (person.name, person.is_confirmed, person.password_hash) == ("Ann Ode", True, "")
    assert (person.totp_secret, person.totp_set_at, person.pending_email) == ("", None, "")
    assert db.session.scalars(select(Passkey)).all() == []
    assert db.session.scalars(select(RecoveryCode)).all() == []
    assert stranger.client.get("/account").status_code == 303
    stranger.post("/sign-in", form, status=422)
    stranger.get(early, status=404)
    with pytest.raises(Exception, match=r"^$"):
        links.find(change, Purpose.CHANGE_EMAIL)


@pytest.mark.parametrize(
    ("claims", "says"),
    [
        ({"name": "Ann Ode"}, "not told your email address"),
        ({"email": "nonsense", "email_verified": True}, "not told your email address"),
        ({"email": "ann.ode@roads.example"}, "that your email address was checked"),
        ({**ANN, "email_verified": False}, "that your email address was checked"),
        ({**ANN, "email_verified": "true"}, "that your email address was checked"),
    ],
)
def test_an_address_that_is_not_vouched_for_opens_nothing(door, real_provider, claims, says):
    owner = somebody(email="ann.ode@roads.example")
    real_provider.knows("sub-1", **claims)
    at = door()
    page = Visitor(at.client).get(at.way_back("sub-1"), status=403)
    assert says in page.select_one('[role="alert"]').text
    assert not at.is_signed_in
    assert _everybody() == 1
    assert read_again(owner).password_hash
    assert mails() == []


@pytest.mark.parametrize("how", ["disabled_at", "closed_at"])
@pytest.mark.parametrize("when", ["before", "after"])
def test_an_account_that_is_shut_stays_shut(door, real_provider, roads, how, when):
    real_provider.knows("sub-1", **ANN, groups=["footways"])
    if when == "before":
        person = somebody(email="ann.ode@roads.example")
    else:
        door().come("sub-1")
        person = _person()
    setattr(person, how, clock.now())
    db.session.commit()
    given = len(person.roles)
    at = door()
    page = Visitor(at.client).get(at.way_back("sub-1"), status=403)
    assert "has been shut" in page.main.text
    assert not at.is_signed_in
    assert len(read_again(person).roles) == given
    assert db.session.scalar(select(func.count()).select_from(Identity)) == (when == "after")


def test_a_guest_with_the_same_address_is_somebody_else(door, real_provider):
    guest = a_guest(email="ann.ode@roads.example")
    real_provider.knows("sub-1", **ANN)
    door().come("sub-1")
    assert _person().id != guest.id
    assert read_again(guest).is_guest


def test_an_address_that_passes_to_somebody_else_does_not_take_the_account_along(door, real_provider, roads):
    """Another Ann Ode joins the body after the first has left, and is given her address."""
    real_provider.knows("sub-1", **ANN, groups=["footways"])
    door().come("sub-1")
    first = _person()
    real_provider.knows("sub-2", **ANN)
    at = door()
    page = Visitor(at.client).get(at.way_back("sub-2"), status=403)
    assert "belongs to somebody else" in page.main.text
    assert not at.is_signed_in
    assert [identity.person_id for identity in db.session.scalars(select(Identity))] == [first.id]
    assert _everybody() == 1


@pytest.mark.parametrize("name", ["Ann\u202eedO", "Moderator", "Footways Unit", ""])
def test_a_name_that_cannot_be_shown_or_poses_is_not_taken(door, real_provider, roads, name):
    real_provider.knows("sub-1", **{**ANN, "name": name})
    door().come("sub-1")
    assert _person().name == "New here"


def test_officials_may_be_called_the_same(door, real_provider, roads):
    an_official(roads["policy"], name="Ann Ode")
    real_provider.knows("sub-1", **ANN, groups=["footways"])
    door().come("sub-1")
    assert _person().name == "Ann Ode"
    real_provider.knows("sub-2", **{**ANN, "email": "other@mail.example"})
    door().come("sub-2")
    assert _person("other@mail.example").name == "New here"


# Coming back


def test_an_address_of_return_works_once(door, real_provider):
    real_provider.knows("sub-1", **ANN)
    at = door()
    back = at.way_back("sub-1")
    assert at.client.get(back).status_code == 303
    at.client.post("/sign-out")
    page = Visitor(at.client).get(back, status=400)
    assert "was not begun in this browser" in page.main.text
    assert not at.is_signed_in


def test_a_cookie_of_before_and_the_address_of_return_open_nothing_again(door, real_provider):
    real_provider.knows("sub-1", **ANN)
    at = door()
    back = at.way_back("sub-1")
    before = at.client.get_cookie("consult").value
    at.client.get(back)
    thief = at.client.application.test_client()
    thief.set_cookie("consult", before)
    assert thief.get(back).status_code == 503
    assert thief.get("/account").status_code == 303


def test_nobody_is_signed_in_by_a_link_that_another_browser_began(door, real_provider):
    """An attacker begins a sign-in of their own and sends the address of return to somebody else."""
    real_provider.knows("sub-evil", **{**ANN, "email": "evil@mail.example"})
    back = door().way_back("sub-evil")
    victim = door()
    assert victim.client.get(back).status_code == 400
    victim.leave()
    assert victim.client.get(back).status_code == 400
    assert not victim.is_signed_in
    assert _everybody() == 0


def test_a_state_that_was_changed_opens_nothing_and_spends_the_errand(door, real_provider):
    real_provider.knows("sub-1", **ANN)
    at = door()
    back = at.way_back("sub-1")
    assert at.client.get(f"{back}x").status_code == 400
    assert at.client.get(back).status_code == 400
    assert not at.is_signed_in


def test_a_sign_in_that_took_too_long_begins_again(door, real_provider):
    real_provider.knows("sub-1", **ANN)
    at = door()
    back, later = at.way_back("sub-1"), clock.now() + timedelta(minutes=11)
    clock.replace(lambda: later)
    page = Visitor(at.client).get(back, status=400)
    assert "took too long" in page.main.text


def test_somebody_who_declines_there_is_told_that_nothing_happened(door):
    at = door()
    page = Visitor(at.client).get(at.way_back(None), status=403)
    assert "You did not sign in with Staff Gate" in page.main.text
    assert page.select_one('form[action="/sign-in/with/start"] button')


def test_coming_back_from_nowhere_is_no_error(door):
    client = door().client
    for query in ("", "?state=", "?code=x", "?state=x&code=y", "?error=access_denied", "?state[]=x&code[]=y"):
        assert client.get(f"/sign-in/with/return{query}").status_code == 400, query


def test_no_secret_of_a_sign_in_is_logged(door, real_provider, roads, caplog):
    real_provider.knows("sub-1", **ANN, groups=["footways", "ghosts"])
    at = door()
    with caplog.at_level(logging.DEBUG):
        address = at.leave()
    back = at.provider.comes_back(address, "sub-1").removeprefix(HOME)
    with caplog.at_level(logging.DEBUG):
        at.client.get(back)
        at.client.get(back)
    ours = [line for line in caplog.records if not line.name.startswith(THEIRS)]
    logged = "\n".join(f"{line.getMessage()} {line.__dict__}" for line in ours)
    assert "no-such-unit" in logged
    for secret in (*query_of(back).values(), SECRET, "ann.ode", "Ann.Ode", "eyJ"):
        assert secret not in logged, secret


# Steps, and passwords


@pytest.mark.parametrize(
    ("rule", "methods", "counts"),
    [
        ("amr", ["pwd"], False),
        ("amr", ["pwd", "mfa"], True),
        ("always", ["pwd"], True),
        ("never", ["mfa"], False),
    ],
)
def test_two_steps_there_count_here_as_the_setting_says(door, real_provider, rule, methods, counts):
    real_provider.knows("sub-1", **ANN, amr=methods)
    door(CONSULT_OIDC_SECOND_FACTOR=rule).come("sub-1")
    db.session.rollback()
    session = db.session.scalars(select(SignedIn)).one()
    assert (session.second_step_at is not None) is counts


def test_a_second_step_that_somebody_has_here_is_asked_for_where_the_provider_asked_for_none(
    door, real_provider
):
    secret = codes.new_secret()
    person = somebody(email="ann.ode@roads.example")
    with transaction(person):
        second_step.set_up(actor=person, secret=secret, code=TOTP(secret).now())
    real_provider.knows("sub-1", **ANN, amr=["pwd"])
    at = door()
    assert at.come("sub-1", next="/toolkit").location == "/sign-in/second-step"
    assert not at.is_signed_in
    later = clock.now() + timedelta(seconds=30)
    clock.replace(lambda: later)
    code = {"again-code": TOTP(secret).at(later)}
    assert Visitor(at.client).post("/sign-in/second-step", code).location == "/toolkit"
    assert at.is_signed_in
    clock.replace(None)
    real_provider.knows("sub-1", **ANN, amr=["mfa"])
    twice = door()
    twice.come("sub-1")
    assert twice.is_signed_in


def test_parts_wait_for_a_second_step_where_the_provider_asked_for_none(door, real_provider, roads):
    real_provider.knows("sub-1", **ANN, groups=["footways"], amr=["pwd"])
    at = door()
    assert at.come("sub-1", next="/desk").location == "/account/second-step?next=/desk"
    assert at.client.get("/desk").status_code == 303
    real_provider.knows("sub-1", **ANN, groups=["footways"], amr=["pwd", "otp"])
    assert at.come("sub-1", next="/desk").location == "/desk"
    Visitor(at.client).get("/desk")


def test_who_is_asked_again_can_answer_at_the_provider(door, real_provider):
    real_provider.knows("sub-1", **ANN)
    at = door()
    at.come("sub-1")
    page = Visitor(at.client).get("/sign-in/again?next=/account/second-step")
    form = page.select_one('form[action="/sign-in/with/start"]')
    assert form.select_one('input[name="again"]')["value"] == "1"
    assert form.select_one('input[name="next"]')["value"] == "/account/second-step"
    assert not page.select('input[type="password"]')


def test_whoever_comes_without_a_password_is_told_so_where_others_change_it(door, real_provider, roads):
    real_provider.knows("sub-1", **ANN)
    at = door()
    at.come("sub-1")
    page = Visitor(at.client).get("/account/password")
    assert "You have no password here" in page.h1.text
    assert page.select_one('main a[href="/forgotten-password"]')
    real_provider.knows("sub-1", **ANN, groups=["footways"])
    at.come("sub-1")
    page = Visitor(at.client).get("/account/password")
    assert "Sign in with Staff Gate: no password is needed here." in page.main.text
    assert not page.select('main a[href="/forgotten-password"]')


def test_whoever_comes_without_a_password_changes_their_address_without_one(door, real_provider):
    real_provider.knows("sub-1", **ANN)
    at = door()
    at.come("sub-1")
    visit = Visitor(at.client)
    assert not visit.get("/account/email").select('input[type="password"]')
    visit.post("/account/email", {"email": "ann@home.example"}, status=200)
    assert _person().pending_email == "ann@home.example"


def test_the_command_that_checks_a_site_asks_the_provider_too(behind, real_provider, free_port):
    behind(real_provider.issuer)
    assert not [line for line in findings() if line.startswith("single sign-on")]
    behind(f"http://localhost:{free_port}")
    assert [line for line in findings() if line.startswith("single sign-on: the provider does not answer")]


def test_who_plays_a_part_by_groups_comes_in_by_the_provider_alone(door, real_provider, roads):
    """Or a password would let somebody in who has left, and whom the provider refuses."""
    real_provider.knows("sub-1", **ANN, groups=["footways"])
    at = door()
    at.come("sub-1")
    at.client.post("/sign-out")
    person = _person()
    before = links.make(Purpose.RESET_PASSWORD, person)
    person.password_hash = somebody().password_hash
    db.session.commit()
    visit = Visitor(at.client)
    page = visit.post("/sign-in", {"email": person.email, "password": PASSWORD}, status=422).page
    assert "Sign in with Staff Gate" in page.select_one('[role="alert"]').text
    visit.post("/forgotten-password", {"email": person.email}, status=200)
    mail = mails(person.email)[-1]
    assert mail.subject == "Sign in with Staff Gate"
    assert "/choose-password/" not in mail.body
    page = visit.post(f"/choose-password/{before}", {"password": "another good one"}, status=403).page
    assert "no password is needed here" in page.main.text
    assert not at.is_signed_in


def test_who_plays_no_part_by_groups_may_have_a_password_too(door, real_provider):
    real_provider.knows("sub-1", **ANN)
    at = door()
    at.come("sub-1")
    at.client.post("/sign-out")
    visit = Visitor(at.client)
    visit.post("/forgotten-password", {"email": "ann.ode@roads.example"}, status=200)
    visit.post(link_in(mails()[-1]), {"password": "quite another one"})
    assert at.is_signed_in


def test_a_wrong_password_says_nothing_of_how_somebody_comes_in(door, real_provider, roads):
    real_provider.knows("sub-1", **ANN, groups=["footways"])
    at = door()
    at.come("sub-1")
    at.client.post("/sign-out")
    form = {"email": "ann.ode@roads.example", "password": "not the right one"}
    page = Visitor(at.client).post("/sign-in", form, status=422).page
    assert "Email or password is not right" in page.select_one('[role="alert"]').text


def test_the_page_for_a_forgotten_password_says_that_none_is_needed(door):
    page = Visitor(door().client).get("/forgotten-password")
    assert "you need no password here" in page.main.text
    assert page.select_one('form[action="/sign-in/with/start"]')


def test_the_account_says_since_when_somebody_comes_this_way(door, real_provider):
    real_provider.knows("sub-1", **ANN)
    at = door()
    at.come("sub-1")
    assert "You sign in with Staff Gate, since" in Visitor(at.client).get("/account").main.text


def test_the_account_of_others_says_nothing_of_it(visit_as):
    assert "You sign in with" not in visit_as(a_person()).get("/account").main.text


def test_signing_in_there_replaces_who_was_signed_in_here(door, real_provider):
    other = a_person(name="Somebody Else")
    real_provider.knows("sub-1", **ANN)
    at = door()
    with at.client.session_transaction() as session:
        session["_user_id"] = a_session(other)
    at.come("sub-1")
    page = Visitor(at.client).get("/account")
    assert "Ann Ode" in page.text
    assert "Somebody Else" not in page.text


def test_roles_of_before_are_kept_as_a_record(door, real_provider, roads):
    real_provider.knows("sub-1", **ANN, groups=["footways"])
    door().come("sub-1")
    real_provider.knows("sub-1", **ANN, groups=[])
    door().come("sub-1")
    real_provider.knows("sub-1", **ANN, groups=["footways"])
    door().come("sub-1")
    db.session.rollback()
    rows = db.session.scalars(select(Role).order_by(Role.id)).all()
    assert [(role.part, role.ended_at is None) for role in rows] == [
        (Part.OFFICIAL, False),
        (Part.OFFICIAL, True),
    ]
