"""One person as administrators see them, and what an administrator of one organisation does not see."""

import pytest

from consult.accounts import queries, trails
from consult.accounts.actions import inviting, looking_after
from consult.accounts.actions import people as actions
from consult.accounts.models import Part, Person, Role
from consult.audit import AuditEntry
from consult.errors import NotAllowed, NotFound
from consult.extensions import db, transaction
from tests.accounts.ground import PASSWORD, link_in, mails, read_again, with_an_app
from tests.counting import queries as counted
from tests.factories import (
    a_guest,
    a_moderator,
    a_person,
    a_site,
    a_unit,
    an_administrator,
    an_editor,
    an_official,
)


@pytest.fixture(autouse=True)
def _site(app):
    a_site()


def _entries(act):
    db.session.rollback()
    return [
        (entry.actor_id, entry.subject, entry.chain, entry.after)
        for entry in db.session.query(AuditEntry).filter_by(act=act).order_by(AuditEntry.id)
    ]


# ---- the page


def test_the_page_tells_parts_now_and_before_and_what_was_done(visit_as):
    unit, administrator = a_unit(name="Footways Unit"), an_administrator(name="Anwen Lloyd")
    person = an_official(unit, name="Tom Ashdown")
    visit = visit_as(administrator)
    visit.post(f"/admin/roles/{person.roles[0].id}/end", status=303)
    with transaction():
        actions.give_role(actor=None, person=read_again(person), part=Part.EDITOR)
    page = visit.get(f"/admin/people/{person.id}")
    assert "Toolkit editor" in page.select_one('section[aria-labelledby="parts"]').text
    before = page.select_one('section[aria-labelledby="before"]').text
    assert "Official, Footways Unit" in before
    rows = [" ".join(row.text.split()) for row in page.select('section[aria-labelledby="trail"] tbody tr')]
    assert "Part given: Toolkit editor" in rows[0]
    assert "By command on the server" in rows[0]
    assert "Part ended: Official, Footways Unit" in rows[1]
    assert "Anwen Lloyd" in rows[1]


def test_every_act_on_a_person_has_words():
    """What is written down of a person, anywhere in the service, can be told; sessions are their own affair."""
    import re
    from pathlib import Path

    folder = Path(trails.__file__).resolve().parent
    written = set()
    for path in folder.rglob("*.py"):
        written |= set(
            re.findall(r'"((?:role|second_step|passkey)\.(?!id|person_id)\w+)"', path.read_text("utf-8"))
        )
        written |= set(re.findall(r'"(account\.\w+)",\s*f"person:', path.read_text("utf-8")))
    assert len(written) > 15
    assert written <= set(trails.ACTS)


def test_the_page_costs_the_same_however_much_there_is(visit_as):
    visit, person = visit_as(an_administrator()), an_official(a_unit())
    db.session.remove()
    with counted() as few:
        visit.get(f"/admin/people/{person.id}")
    for _ in range(3):
        with transaction():
            actions.give_role(actor=None, person=read_again(person), part=Part.OFFICIAL, unit=a_unit())
    db.session.remove()
    with counted() as many:
        visit.get(f"/admin/people/{person.id}")
    assert len(many) - len(few) <= 1, many  # who acted is asked for once somebody did


@pytest.mark.parametrize("who", ["member", "guest", "nobody"])
def test_those_who_play_no_part_have_no_page(visit_as, who):
    """Administrators look after those who help to run the site; members of the public are none of their business."""
    number = {"member": a_person, "guest": a_guest}[who]().id if who != "nobody" else 999
    visit = visit_as(an_administrator())
    visit.get(f"/admin/people/{number}", status=404)
    for act in ("address", "password-link", "disable", "enable", "reset-second-step"):
        visit.post(f"/admin/people/{number}/{act}", status=404)
    assert db.session.query(AuditEntry).count() == 0


# ---- addresses


def test_addresses_are_shown_on_request_and_that_is_on_record(visit_as):
    unit, administrator = a_unit(), an_administrator()
    official, moderator = an_official(unit), a_moderator(unit.organisation)
    visit = visit_as(administrator)
    for page in ("/admin/people", f"/admin/people/{official.id}", "/admin/organisations", "/admin"):
        for person in (official, moderator):
            assert person.email not in visit.get(page).text
    assert _entries("people.read_addresses") == []
    shown = visit.post("/admin/people/addresses", {"part": "", "after": ""}, status=200).page
    assert {official.email, moderator.email} <= {small.text for small in shown.select("tbody th .small")}
    assert _entries("people.read_addresses") == [(administrator.id, "people:list", 0, "3 people")]
    one = visit.post(f"/admin/people/{official.id}/address", status=200).page
    assert official.email in one.text
    assert moderator.email not in one.text
    assert _entries("people.read_addresses")[1:] == [(administrator.id, f"person:{official.id}", 0, "")]
    assert "Email address shown" in one.select_one('section[aria-labelledby="trail"]').text
    assert official.email not in visit.get(f"/admin/people/{official.id}").text


def test_only_the_page_that_is_asked_for_is_shown(visit_as):
    unit = a_unit()
    official, moderator = an_official(unit), a_moderator(unit.organisation)
    visit = visit_as(an_administrator())
    shown = visit.post("/admin/people/addresses", {"part": "moderator"}, status=200).page
    assert moderator.email in shown.text
    assert official.email not in shown.text
    nobody = visit.post("/admin/people/addresses", {"part": "editor"}, status=200).page
    assert not nobody.select("tbody tr")
    assert len(_entries("people.read_addresses")) == 1


def test_looking_at_the_address_of_the_button_shows_nothing(visit_as):
    visit_as(an_administrator()).get("/admin/people/addresses", status=405)


# ---- what administrators do


def test_a_password_link_goes_to_its_owner_and_changes_nothing_before(visit_as, visit):
    unit = a_unit()
    official = an_official(unit, email="tom@body.example")
    administrator = an_administrator()
    visit_as(administrator).post(f"/admin/people/{official.id}/password-link", status=303)
    (mail,) = mails("tom@body.example")
    assert "An administrator of this site" in mail.body
    visit.post(link_in(mail), {"password": PASSWORD}, status=303)
    assert read_again(official).password_hash
    assert [row[:3] for row in _entries("account.send_password_link")] == [
        (administrator.id, f"person:{official.id}", 0)
    ]


def test_nobody_who_was_only_invited_gets_a_password_link(visit_as):
    unit, administrator = a_unit(), an_administrator()
    with transaction(administrator):
        role = inviting.invite(
            actor=administrator, name="T", email="t@body.example", part=Part.OFFICIAL, unit=unit
        )
    visit = visit_as(administrator)
    visit.post(f"/admin/people/{role.person_id}/password-link", status=303)
    assert [mail.subject for mail in mails("t@body.example")] == ["You are invited to help run this site"]
    assert "no account" in visit.get(f"/admin/people/{role.person_id}").text


def test_an_account_is_shut_and_opened_again(visit_as, sign_in):
    unit, administrator = a_unit(), an_administrator()
    official = an_official(unit, email="tom@body.example")
    browser, visit = sign_in(official), visit_as(administrator)
    visit.post(f"/admin/people/{official.id}/disable", status=303)
    assert browser.get("/desk").status_code == 303
    assert not read_again(official).is_active
    page = visit.get(f"/admin/people/{official.id}")
    assert "was shut" in page.main.text
    assert not page.select('form[action$="/disable"], form[action$="/password-link"]')
    visit.post(f"/admin/people/{official.id}/enable", status=303)
    assert read_again(official).plays(Part.OFFICIAL, unit_id=unit.id)
    assert browser.get("/desk").status_code == 303, "the old session stays over"
    assert [mail.subject for mail in mails("tom@body.example")] == [
        "Your account was shut",
        "Your account is open again",
    ]
    assert _entries("account.disable")[0][0] == _entries("account.enable")[0][0] == administrator.id


def test_what_is_done_twice_is_done_once(visit_as):
    official, visit = an_official(a_unit()), visit_as(an_administrator())
    for act in ("disable", "disable", "enable", "enable"):
        visit.post(f"/admin/people/{official.id}/{act}", status=303)
    assert len(_entries("account.disable")) == len(_entries("account.enable")) == 1
    assert len(mails(official.email)) == 2


def test_a_lost_second_step_is_taken_off(visit_as, sign_in):
    official, _secret = with_an_app(an_official(a_unit()))
    browser, visit = sign_in(official), visit_as(an_administrator())
    assert visit.get(f"/admin/people/{official.id}").select('form[action$="/reset-second-step"] button')
    visit.post(f"/admin/people/{official.id}/reset-second-step", status=303)
    assert read_again(official).totp_set_at is None
    assert browser.get("/desk").status_code == 303
    page = visit.get(f"/admin/people/{official.id}")
    assert not page.select('form[action$="/reset-second-step"]')
    assert "Second step taken off" in page.main.text


def test_a_part_that_claims_gave_says_so_and_names_the_unit(visit_as):
    unit, person = a_unit(name="Footways Unit"), a_person()
    with transaction():
        actions.give_role(actor=None, person=person, part=Part.OFFICIAL, unit=unit, granted_by="oidc")
    page = visit_as(an_administrator()).get(f"/admin/people/{person.id}")
    (row,) = page.select('section[aria-labelledby="trail"] tbody tr')
    assert "Part given: Official, Footways Unit" in " ".join(row.text.split())
    assert "By single sign-on" in row.text
    assert "By command on the server" not in row.text


def test_nobody_shuts_or_resets_themselves_by_the_page(visit_as):
    an_administrator()
    administrator, _secret = with_an_app(an_administrator())
    page = visit_as(administrator).get(f"/admin/people/{administrator.id}")
    assert not page.select('form[action$="/disable"], form[action$="/reset-second-step"]')


def test_who_signs_in_elsewhere_is_sent_no_password_link(visit_as, app, monkeypatch):
    monkeypatch.setattr(queries, "comes_by_single_sign_on", lambda person: True)
    official, visit = an_official(a_unit()), visit_as(an_administrator())
    assert not visit.get(f"/admin/people/{official.id}").select('form[action$="/password-link"]')
    visit.post(f"/admin/people/{official.id}/password-link", status=303)
    assert "signs in by single sign-on" in visit.get(f"/admin/people/{official.id}").text
    assert not mails(official.email)


# ---- one organisation and another


@pytest.fixture
def ours(app):
    return a_unit(name="Our Unit")


@pytest.fixture
def theirs(app):
    return a_unit(name="Their Unit")


@pytest.fixture
def visit_ours(visit_as, ours):
    return visit_as(an_administrator(ours.organisation, name="Ours Truly"))


def test_who_is_only_invited_here_keeps_their_second_step(visit_ours, ours):
    outsider, _secret = with_an_app(a_person())
    administrator = db.session.query(Person).filter_by(name="Ours Truly").one()
    with transaction(administrator):
        offer = {"name": "Tom", "email": outsider.email, "part": Part.OFFICIAL, "unit": ours}
        inviting.invite(actor=administrator, **offer)
    page = visit_ours.get(f"/admin/people/{outsider.id}")
    assert not page.select('form[action$="/reset-second-step"]')
    visit_ours.post(f"/admin/people/{outsider.id}/reset-second-step", status=403)
    assert read_again(outsider).totp_set_at is not None


def test_nobody_of_another_organisation_is_found_by_any_number(visit_ours, theirs):
    others = [
        an_official(theirs),
        a_moderator(theirs.organisation),
        an_administrator(theirs.organisation),
        an_administrator(),
        an_editor(),
    ]
    for other in others:
        visit_ours.get(f"/admin/people/{other.id}", status=404)
        for act in ("address", "password-link", "reset-second-step"):
            visit_ours.post(f"/admin/people/{other.id}/{act}", status=404)
        for act in ("disable", "enable"):
            visit_ours.post(f"/admin/people/{other.id}/{act}", status=403)
        role = other.roles[0].id
        for path in (f"/admin/roles/{role}", f"/admin/roles/{role}/end"):
            visit_ours.get(path, status=404)
            visit_ours.post(path, {"title": "Mine"}, status=404)
        visit_ours.post(f"/admin/roles/{role}/invite-again", status=404)
        kept = read_again(other)
        assert kept.is_active
        assert [part.title for part in kept.parts] == [part.title for part in other.roles]
        assert mails(other.email) == []


def test_lists_counts_and_addresses_are_of_our_own(visit_ours, ours, theirs):
    mine = an_official(ours, name="Our Own")
    yonder = [an_official(theirs, name=f"Yonder {n}") for n in range(3)]
    with transaction():
        actions.disable(actor=None, person=yonder[0])
    page = visit_ours.get("/admin/people")
    assert [row.a.text for row in page.select("tbody tr")] == ["Our Own", "Ours Truly"]
    assert [tab.text.split()[-1] for tab in page.select('nav[aria-label="Role"] a')] == [
        "2",
        "1",
        "0",
        "0",
        "1",
    ]
    shown = visit_ours.post("/admin/people/addresses", {"part": ""}, status=200).page
    assert mine.email in shown.text
    assert not [person for person in yonder if person.email in shown.text]
    assert [row[2:] for row in _entries("people.read_addresses")] == [(ours.organisation_id, "2 people")]
    assert not visit_ours.get("/admin/people", query_string={"part": "shut"}).select("tbody tr")
    assert "Their Unit" not in visit_ours.get("/admin/organisations").text


def test_of_somebody_who_serves_both_only_our_part_is_seen(visit_ours, ours, theirs):
    both = an_official(ours, name="Both Sides")
    with transaction():
        actions.give_role(actor=None, person=both, part=Part.OFFICIAL, unit=theirs)
        actions.give_role(actor=None, person=both, part=Part.EDITOR)
    page = visit_ours.get(f"/admin/people/{both.id}")
    assert "Our Unit" in page.main.text
    assert "Their Unit" not in page.main.text
    assert "editor" not in page.main.text
    assert len(page.select('section[aria-labelledby="parts"] tbody tr')) == 1
    assert "Nothing is on record" in page.main.text, (
        "the trail of another organisation, or of the site, is not ours"
    )
    foreign = next(role for role in read_again(both).roles if role.unit_id == theirs.id)
    visit_ours.get(f"/admin/roles/{foreign.id}/end", status=404)


def test_of_somebody_who_left_we_see_what_was_and_no_address(visit_ours, ours):
    official = an_official(ours)
    visit_ours.post(f"/admin/roles/{official.roles[0].id}/end", status=303)
    page = visit_ours.get(f"/admin/people/{official.id}")
    assert "Part ended" in page.main.text
    assert not page.select('form[action$="/address"], form[action$="/password-link"]')
    visit_ours.post(f"/admin/people/{official.id}/address", status=404)
    visit_ours.post(f"/admin/people/{official.id}/password-link", status=404)


def test_an_organisation_gives_no_part_elsewhere_whatever_the_form_sends(visit_ours, ours, theirs):
    form = {"name": "Tom", "email": "tom@body.example", "title": ""}
    for part, place in [
        ("administrator", "site"),
        ("editor", "site"),
        ("official", f"unit:{theirs.slug}"),
        ("moderator", f"organisation:{theirs.organisation.slug}"),
        ("administrator", f"organisation:{theirs.organisation.slug}"),
    ]:
        sent = {**form, "part": part, "place": place, "organisation_id": "", "unit_id": str(theirs.id)}
        visit_ours.post("/admin/people/new", sent, status=422)
    assert db.session.query(Person).filter_by(email="tom@body.example").count() == 0
    mine = an_official(ours).roles[0]
    visit_ours.post(f"/admin/roles/{mine.id}", {"title": "", "unit": str(theirs.id)}, status=422)
    assert db.session.get(Role, mine.id).unit_id == ours.id


def test_actions_refuse_what_the_pages_do_not_offer(app, ours, theirs):
    administrator, other = an_administrator(ours.organisation), an_official(theirs)
    for act in (
        lambda: looking_after.send_password_link(actor=administrator, person=other),
        lambda: looking_after.read_addresses(actor=administrator, people=[other]),
    ):
        with pytest.raises(NotFound), transaction(administrator):
            act()
    for act in (
        lambda: actions.end_role(actor=administrator, role=other.roles[0]),
        lambda: actions.change_role(actor=administrator, role=other.roles[0], title="Mine"),
        lambda: actions.disable(actor=administrator, person=other),
        lambda: actions.enable(actor=administrator, person=other),
        lambda: inviting.invite_again(actor=administrator, role=other.roles[0]),
    ):
        with pytest.raises(NotAllowed), transaction(administrator):
            act()
    with pytest.raises(NotAllowed), transaction():
        looking_after.read_addresses(actor=a_person(), people=[other])


def test_names_and_addresses_of_those_who_run_it_are_in_no_search(visit, visit_as, ours, theirs):
    official = an_official(theirs, name="Quentin Xylander", email="quentin@body.example")
    for browser in (visit, visit_as(an_administrator(ours.organisation))):
        for words in ("Xylander", "quentin@body.example", "quentin"):
            found = browser.get("/search", query_string={"q": words})
            assert official.email not in found.text.replace(f'value="{words}"', "").replace(words, "")
            assert not found.select(f'a[href="/admin/people/{official.id}"]')


def test_sensitive_acts_ask_for_a_recent_proof(app):
    wanted = {
        *("accounts.give_role", "accounts.change_role", "accounts.end_role", "accounts.invite_again"),
        *("accounts.read_addresses", "accounts.read_address", "accounts.send_password_link"),
        *("accounts.reset_second_step", "accounts.disable", "accounts.enable", "accounts.data_details"),
    }
    assert not [name for name in wanted if not app.view_functions[name].recent]


def test_somebody_held_back_administers_nothing(app, sign_in, ours):
    """A session without the second step counts for no part: the pages lead to setting it up."""
    from tests import factories

    administrator = an_administrator()
    browser = app.test_client()
    with browser.session_transaction() as session:
        session["_user_id"] = factories.a_session(administrator, with_second_step=False)
    for path in ("/admin", "/admin/people", f"/admin/people/{administrator.id}", "/admin/people/new"):
        assert browser.get(path).location.startswith("/account/second-step"), path
    assert queries.person(administrator.id).plays(Part.ADMINISTRATOR)
