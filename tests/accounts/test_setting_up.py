"""A real site's first day: its first administrator, what is missing, its details, organisations and units."""

from datetime import timedelta

import pyotp
import pytest

from consult import clock
from consult.accounts import passwords, queries
from consult.accounts.actions import setting_up as actions
from consult.accounts.models import Organisation, Part, Person, Site, Unit
from consult.audit import AuditEntry
from consult.errors import Conflict, NotAllowed, NotFound, Unavailable
from consult.extensions import db, transaction
from tests.accounts.ground import PASSWORD
from tests.factories import a_person, a_site, a_unit, an_administrator, an_organisation

FIRST = {
    "site_name": "Streets and Places",
    "name": "Anwen Lloyd",
    "email": "anwen@body.example",
    "password": PASSWORD,
}
SITE = {
    "name": "Streets and Places",
    "contact_email": "hello@body.example",
    "contact_telephone": "020 7946 0123",
    "contact_address": "1 Example Street\nExampleton",
}
DATA = {
    "controller": "Department for Streets",
    "data_protection_contact": "dpo@body.example",
    "retention_months": "18",
}
PRIVACY = {
    "privacy_notice": "## Lawful basis\n\nWe act in the *public interest*. <script>alert(1)</script>",
}
ACCESSIBILITY = {
    "accessibility_contact": "access@body.example",
    "accessibility_prepared_on": "23/11/2026",
    "accessibility_known_problems": "Charts have no table.\nVideos lack sign language.",
    "enforcement_body": "Equality Commission for Northern Ireland (ECNI)",
}
UNIT = {
    "name": "Footways Unit",
    "slug": "footways",
    "about": "",
    "email": "footways@body.example",
    "telephone": "",
    "address": "",
    "promise_days": "10",
    "retention_months": "",
    "image_hosts": "images.body.example",
}


def _started() -> str:
    with transaction():
        return actions.start_site()


def _site() -> Site:
    db.session.rollback()
    db.session.expire_all()
    return queries.site()


def _acts() -> list[str]:
    db.session.rollback()
    return [entry.act for entry in db.session.query(AuditEntry).order_by(AuditEntry.id)]


# ---- the first administrator


def test_before_the_start_every_page_says_that_the_site_is_not_set_up(visit):
    with pytest.raises(Unavailable):
        queries.site()
    visit.get("/about", status=503)


def test_the_first_administrator_comes_in_by_a_link_that_works_once(visit):
    token = _started()
    visit.get(f"/start/{token}")
    assert visit.post(f"/start/{token}", FIRST).location == "/admin"
    assert visit.client.get("/admin").location == "/account/second-step?next=/admin"
    secret = visit.get("/account/second-step?next=/admin").select_one("code.key").text
    code = pyotp.TOTP(secret.replace(" ", "")).now()
    visit.post("/account/second-step", {"code": code, "next": "/admin"}, status=200)
    page = visit.get("/admin")
    assert "Streets and Places" in page.title.text
    person = db.session.query(Person).one()
    assert person.is_confirmed
    assert person.plays(Part.ADMINISTRATOR)
    visit.post(f"/start/{token}", {**FIRST, "email": "other@body.example"}, status=404)
    assert db.session.query(Person).count() == 1


def test_a_real_site_is_no_demonstration_and_has_no_other_account(app):
    _started()
    assert not _site().is_demonstration
    assert db.session.query(Person).count() == 0


def test_starting_again_before_anybody_came_makes_a_new_link_and_ends_the_old(visit):
    old, new = _started(), _started()
    visit.get(f"/start/{old}", status=404)
    visit.get(f"/start/{new}")


def test_a_site_with_an_administrator_cannot_be_started_again(app):
    a_site()
    an_administrator()
    with pytest.raises(Conflict):
        _started()


def test_a_demonstration_cannot_be_made_a_real_site(app):
    a_site(is_demonstration=True)
    with pytest.raises(Conflict):
        _started()


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("site_name", ""),
        ("site_name", "x\u202ey"),
        ("name", "N" * 1_000_000),
        ("email", "nobody"),
        ("password", "password1234"),
    ],
)
def test_mistakes_at_the_start_spend_nothing(visit, field, typed):
    token = _started()
    page = visit.post(f"/start/{token}", {**FIRST, field: typed}, status=422).page
    assert page.select_one(f"#{field}")["aria-invalid"] == "true"
    visit.post(f"/start/{token}", FIRST)


# ---- the site's details


def test_the_details_stand_on_every_page(visit_as, visit):
    a_site(contact_email="")
    before = _site().stamp
    visit_as(an_administrator()).post("/admin/site", SITE)
    assert _site().stamp > before
    page = visit.get("/about")
    assert "Streets and Places" in page.title.text
    assert page.select_one('footer a[href="mailto:hello@body.example"]')
    assert "site.revise" in _acts()


def test_the_privacy_notice_is_rendered_once_and_made_safe(visit_as, visit):
    a_site()
    visit_as(an_administrator()).post("/admin/privacy-notice", PRIVACY)
    visit_as(an_administrator()).post("/admin/data-protection", DATA)
    site = _site()
    assert (site.controller, site.retention_months) == ("Department for Streets", 18)
    page = visit.get("/privacy")
    assert page.select_one("section.notice em").text == "public interest"
    assert not page.select("section.notice script")
    assert "18 months after the outcome" in page.main.text
    assert "delete it when you close your account" in visit.get("/sign-up").main.text
    assert page.select_one('a[href="mailto:dpo@body.example"]')


def test_the_form_comes_back_filled_in(visit_as):
    a_site()
    visit = visit_as(an_administrator())
    visit.post("/admin/data-protection", DATA)
    visit.post("/admin/privacy-notice", PRIVACY)
    page = visit.get("/admin/data-protection")
    assert page.select_one("#controller")["value"] == "Department for Streets"
    assert page.select_one("#retention_months option[selected]")["value"] == "18"
    assert "Lawful basis" in visit.get("/admin/privacy-notice").select_one("#privacy_notice").text


@pytest.mark.parametrize(
    ("page", "good", "field", "typed", "says"),
    [
        ("site", SITE, "name", "", "Enter a name"),
        ("site", SITE, "name", "a\u202eb", "cannot be shown"),
        ("site", SITE, "contact_email", "no address", "with an @"),
        ("site", SITE, "contact_telephone", "0" * 81, "80 characters or fewer"),
        ("site", SITE, "contact_telephone", "0\x00", "cannot be shown"),
        ("site", SITE, "contact_address", "x" * 1_000_000, "500 characters or fewer"),
        ("data-protection", DATA, "controller", "", "Enter the name"),
        ("data-protection", DATA, "retention_months", "1000000", "Choose how many months"),
        ("data-protection", DATA, "retention_months", "many", "Choose how many months"),
        ("privacy-notice", PRIVACY, "privacy_notice", "", "Enter your privacy notice"),
        ("privacy-notice", PRIVACY, "privacy_notice", "x" * 1_000_000, "50,000 characters or fewer"),
        ("privacy-notice", PRIVACY, "privacy_notice", ">" * 200 + " deep", "levels"),
        ("accessibility", ACCESSIBILITY, "accessibility_contact", "", "Enter the email address"),
        ("data-protection", DATA, "data_protection_contact", "", "Enter the email address"),
        ("accessibility", ACCESSIBILITY, "accessibility_prepared_on", "", "Enter the day"),
        ("accessibility", ACCESSIBILITY, "accessibility_prepared_on", "31/02/2026", "Enter a date"),
        ("accessibility", ACCESSIBILITY, "accessibility_prepared_on", "soon", "Enter a date"),
        ("accessibility", ACCESSIBILITY, "enforcement_body", "Nobody", "Choose who enforces"),
    ],
)
def test_details_that_cannot_be_are_refused_and_kept(visit_as, page, good, field, typed, says):
    a_site(name="As it was")
    visit = visit_as(an_administrator())
    answer = visit.post(f"/admin/{page}", {**good, field: typed}, status=422).page
    summary = answer.select_one('[role="alert"]')
    assert says in summary.text
    assert answer.select_one(summary.a["href"])
    for name, value in good.items():
        control = answer.select_one(f'input#{name}[type="text"], input#{name}[type="email"], textarea#{name}')
        if name != field and control is not None:
            assert (control.get("value") or control.text.removeprefix("\n")) == value
    assert _site().name == "As it was"
    assert "site.revise" not in _acts()


def test_fields_that_a_form_does_not_have_are_not_saved(visit_as):
    a_site()
    form = {**SITE, "is_demonstration": "y", "mail_tested_at": "2026-01-01", "stamp": "99", "id": "2"}
    visit_as(an_administrator()).post("/admin/site", form)
    site = _site()
    assert (site.is_demonstration, site.mail_tested_at, site.id) == (False, None, 1)


def test_an_action_takes_only_what_is_a_detail(app):
    a_site()
    administrator = an_administrator()
    with pytest.raises(ValueError, match="is_demonstration"), transaction(administrator):
        actions.revise_site(actor=administrator, is_demonstration=True)


def test_the_accessibility_statement_says_what_was_filled_in(visit_as, visit):
    a_site()
    visit_as(an_administrator()).post("/admin/accessibility", ACCESSIBILITY)
    words = visit.get("/accessibility").main.text
    assert _site().accessibility_prepared_on == "2026-11-23"
    assert "prepared on 23 November 2026" in words
    assert "Charts have no table." in words
    assert "partially compliant" in words
    assert "Equality Commission for Northern Ireland" in words


# ---- organisations and units


def test_an_organisation_and_its_unit_are_added_changed_and_recorded(visit_as):
    a_site()
    visit = visit_as(an_administrator())
    body = {"name": "Hallowmere Council", "slug": "hallowmere", "kind": "local", "about": "A council."}
    visit.post("/admin/organisations/new", body)
    visit.post("/admin/organisations/hallowmere/new-unit", UNIT)
    unit = db.session.query(Unit).one()
    assert (unit.name, unit.promise_days, unit.organisation.name) == (
        "Footways Unit",
        10,
        "Hallowmere Council",
    )
    assert unit.image_host_set == {"images.body.example"}
    page = visit.get("/admin/organisations")
    assert "Footways Unit" in page.main.text
    changed = {"name": "Kerbs Unit", "promise_days": "5", "retention_months": "6", "slug": "other"}
    assert unit.retention_months is None
    visit.post("/admin/units/footways", {**UNIT, **changed})
    visit.post("/admin/organisations/hallowmere", {**body, "name": "Hallow Mere", "slug": "other"})
    db.session.rollback()
    db.session.expire_all()
    unit = db.session.query(Unit).one()
    assert (unit.name, unit.slug, unit.promise_days) == ("Kerbs Unit", "footways", 5)
    assert unit.retention_months == 6
    form = visit.get("/admin/units/footways")
    assert form.select_one("#retention_months option[selected]")["value"] == "6"
    assert (unit.organisation.name, unit.organisation.slug) == ("Hallow Mere", "hallowmere")
    assert [act for act in _acts() if act.startswith(("org", "unit"))] == [
        "organisation.add",
        "unit.add",
        "unit.revise",
        "organisation.revise",
    ]


def test_a_unit_can_answer_at_the_end(visit_as):
    a_site()
    visit = visit_as(an_administrator())
    visit.post(
        "/admin/organisations/new",
        {"name": "Hallowmere", "slug": "hallowmere", "kind": "local", "about": "A council."},
    )
    visit.post("/admin/organisations/hallowmere/new-unit", {**UNIT, "promise_days": "end"})
    assert db.session.query(Unit).one().promise_days is None
    assert "at the end" in visit.get("/admin/organisations").select_one("td[data-l='Aims to answer in']").text
    form = visit.get("/admin/units/footways")
    assert form.select_one("#promise_days option[selected]")["value"] == "end"
    visit.post("/admin/units/footways", {**UNIT, "promise_days": "3"})
    db.session.expire_all()
    assert db.session.query(Unit).one().promise_days == 3


@pytest.mark.parametrize(
    ("field", "typed", "says"),
    [
        ("name", "", "Enter the name"),
        ("name", "x" * 121, "120 characters or fewer"),
        ("name", "x\u202ey", "cannot be shown"),
        ("slug", "", "Enter a short address"),
        ("slug", "Foot Ways", "small letters"),
        ("slug", "../admin", "small letters"),
        ("slug", "new", "meaning of its own"),
        ("slug", "a" * 81, "80 characters"),
        ("slug", "taken", "Another unit"),
        ("email", "no address", "with an @"),
        ("promise_days", "0", "Choose a number of days"),
        ("promise_days", "-5", "Choose a number of days"),
        ("retention_months", "0", "Choose how many months"),
        ("retention_months", "120", "Choose how many months"),
        ("image_hosts", "https://images.body.example/", "Enter hosts only"),
        ("image_hosts", "*", "Enter hosts only"),
        ("image_hosts", "localhost; script-src *", "Enter hosts only"),
        ("about", "x" * 1_000_000, "2,000 characters"),
    ],
)
def test_a_unit_that_cannot_be_is_refused_and_kept(visit_as, field, typed, says):
    a_site()
    organisation = an_organisation()
    a_unit(organisation, slug="taken")
    visit = visit_as(an_administrator())
    page = visit.post(
        f"/admin/organisations/{organisation.slug}/new-unit", {**UNIT, field: typed}, status=422
    ).page
    summary = page.select_one('[role="alert"]')
    assert says.lower() in summary.text.lower()
    assert page.select_one(summary.a["href"])["name"] == field
    assert db.session.query(Unit).count() == 1


@pytest.mark.parametrize("field", ["name", "slug", "kind"])
def test_an_organisation_must_say_its_name_address_and_kind(visit_as, field):
    a_site()
    visit = visit_as(an_administrator())
    body = {"name": "Body", "slug": "body", "kind": "local", "about": "", field: ""}
    visit.post("/admin/organisations/new", body, status=422)
    assert db.session.query(Organisation).count() == 0


# ---- who may


SITE_PAGES = [
    *("/admin/site", "/admin/data-protection", "/admin/privacy-notice", "/admin/accessibility"),
    *("/admin/organisations/new", "/admin/mail", "/admin/backup"),
]


@pytest.mark.parametrize("path", SITE_PAGES)
def test_only_administrators_of_the_site_set_it_up(visit_as, visit, path):
    a_site()
    assert visit.client.get(path).status_code == 303
    visit_as(a_person()).get(path, status=403)
    visit_as(an_administrator(an_organisation())).get(path, status=403)
    visit_as(an_administrator()).get(path)


def test_an_administrator_of_one_organisation_sees_and_changes_that_one_alone(visit_as):
    a_site()
    mine, theirs = a_unit(), a_unit()
    visit = visit_as(an_administrator(mine.organisation))
    page = visit.get("/admin/organisations")
    assert mine.organisation.name in page.main.text
    assert theirs.organisation.name not in page.main.text
    visit.get(f"/admin/units/{mine.slug}")
    visit.get(f"/admin/units/{theirs.slug}", status=403)
    visit.post(f"/admin/units/{theirs.slug}", UNIT, status=403)
    visit.get(f"/admin/organisations/{theirs.organisation.slug}", status=403)
    visit.get(f"/admin/organisations/{theirs.organisation.slug}/new-unit", status=403)
    visit.post("/admin/mail-test", status=403)
    visit.get("/admin")


def test_actions_ask_for_themselves_who_may(app):
    a_site()
    person, unit = a_person(), a_unit()
    with pytest.raises(NotAllowed), transaction(person):
        actions.revise_site(actor=person, name="Mine")
    with pytest.raises(NotAllowed), transaction(person):
        actions.revise_unit(actor=person, unit=unit, name="Mine", promise_days=1)


def test_a_link_of_48_hours_ago_starts_nothing(visit, app):
    now = clock.now()
    token = _started()
    clock.replace(lambda: now + timedelta(hours=49))
    visit.post(f"/start/{token}", FIRST, status=404)
    with pytest.raises(NotFound), transaction():
        actions.begin_as_administrator(
            actor=a_person(),
            token=token,
            site_name="x",
            name="x",
            email="x@body.example",
            password_hash=passwords.hash_of(PASSWORD),
        )
