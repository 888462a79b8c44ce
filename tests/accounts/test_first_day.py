"""The first day of a real site: what is missing before anything can open, and the proofs of mail and back-up."""

from datetime import timedelta

import pytest

from consult import clock
from consult.accounts import opening, queries
from consult.accounts.actions import setting_up as actions
from consult.accounts.models import Role, Site
from consult.audit import AuditEntry
from consult.errors import NotFound
from consult.extensions import db, transaction
from consult.notices import dispatch
from tests.accounts.ground import link_in, mails
from tests.accounts.test_setting_up import ACCESSIBILITY, DATA, PRIVACY, SITE
from tests.counting import queries as counted
from tests.factories import (
    a_moderator,
    a_person,
    a_ready_site,
    a_site,
    a_unit,
    an_administrator,
    an_official,
    an_organisation,
)
from tests.pages import Visitor

ALL = ["contact", "controller", "privacy", "accessibility", "unit", "moderators", "mail", "backup"]


def _site() -> Site:
    db.session.rollback()
    db.session.expire_all()
    return queries.site()


def _left(organisations=None):
    _site()
    return [step.code for step in queries.missing_to_open(organisations)]


# ---- the checklist


def test_a_fresh_site_lacks_everything(app):
    with transaction():
        actions.start_site()
    assert _left() == ALL


def test_each_step_done_leaves_one_fewer(visit_as):
    a_site(contact_email="")
    administrator = an_administrator()
    visit, left = visit_as(administrator), list(ALL)

    def done(step):
        left.remove(step)
        assert _left() == left

    visit.post("/admin/site", SITE)
    done("contact")
    visit.post("/admin/data-protection", DATA)
    done("controller")
    visit.post("/admin/privacy-notice", PRIVACY)
    done("privacy")
    visit.post("/admin/accessibility", ACCESSIBILITY)
    done("accessibility")
    unit = a_unit()
    done("unit")
    a_moderator(unit.organisation)
    done("moderators")
    with transaction():
        actions.note_that_mail_works()
    assert _left() == left, "taken by a mail server is not received"
    visit.post("/admin/mail-test")
    Visitor(visit.client).post(link_in(mails(administrator.email)[-1]), status=200)
    done("mail")
    with transaction():
        actions.note_backed_up()
    assert _left() == left, "a copy that nobody restored is a hope"
    with transaction():
        actions.note_restored()
    done("backup")
    assert "Consultations can open" in visit.get("/admin").main.text


def test_a_moderator_counts_once_they_accepted_and_while_their_account_is_open(app):
    a_ready_site()
    moderator = a_moderator(a_unit().organisation)
    assert _left() == []
    role = db.session.query(Role).filter_by(person_id=moderator.id).one()
    role.accepted_at = None
    db.session.commit()
    assert _left() == ["moderators"]
    role.accepted_at = clock.now()
    moderator.disabled_at = clock.now()
    db.session.commit()
    assert _left() == ["moderators"]


def test_a_moderator_of_one_organisation_opens_nothing_in_another(app):
    a_ready_site()
    ours, theirs = a_unit(), a_unit()
    a_moderator(ours.organisation)
    assert _left([ours.organisation_id]) == []
    assert _left([theirs.organisation_id]) == ["moderators"]
    assert _left() == ["moderators"], "the site as a whole lacks one until each organisation has one"
    an_organisation()  # without a unit nothing is drafted there
    a_moderator(theirs.organisation)
    assert _left() == []


@pytest.mark.parametrize(
    ("field", "step"),
    [
        ("contact_email", "contact"),
        ("controller", "controller"),
        ("data_protection_contact", "controller"),
        ("privacy_notice", "privacy"),
        ("accessibility_contact", "accessibility"),
        ("accessibility_prepared_on", "accessibility"),
        ("mail_tested_at", "mail"),
        ("mail_received_at", "mail"),
        ("backed_up_at", "backup"),
        ("restored_at", "backup"),
    ],
)
def test_each_half_of_a_step_is_needed(app, field, step):
    site = a_ready_site()
    a_moderator(a_unit().organisation)
    assert _left() == []
    setattr(site, field, None if field.endswith("_at") else "")
    db.session.commit()
    assert _left() == [step]


def test_a_demonstration_lacks_nothing_and_shows_what_it_would_lack(visit_as):
    a_site(is_demonstration=True, contact_email="")
    assert queries.missing_to_open() == []
    visit = visit_as(an_administrator())
    page = visit.get("/admin")
    assert "a demonstration is open already" in page.main.text
    assert len(page.select('section[aria-labelledby="left"] .todo-list > li')) == len(ALL)
    assert not visit.get("/admin/mail").select('form[action="/admin/mail-test"]')
    assert "A demonstration needs no back-up" in visit.get("/admin/backup").main.text


def test_the_page_leads_to_each_step_and_back(visit_as):
    a_site(contact_email="")
    visit = visit_as(an_administrator())
    left = visit.get("/admin").select_one('section[aria-labelledby="left"]')
    addresses = [link["href"] for link in left.select("a")]
    assert addresses == [
        "/admin/site",
        "/admin/data-protection",
        "/admin/privacy-notice",
        "/admin/accessibility",
        "/admin/organisations",
        "/admin/people",
        "/admin/mail",
        "/admin/backup",
    ]
    for address in addresses:
        assert visit.get(address).select_one('.crumbs a[href="/admin"]')


def test_the_checklist_shows_what_is_there(visit_as):
    a_ready_site(name="Streets and Places", contact_telephone="020 7946 0123")
    unit = a_unit(name="Footways Unit")
    a_moderator(unit.organisation, name="Colin Bray")
    invited = a_moderator(unit.organisation, name="Miriam Stone")
    invited.roles[0].accepted_at = None
    db.session.commit()
    words = visit_as(an_administrator()).get("/admin").main.text
    for proof in (
        "020 7946 0123",
        "Footways Unit",
        "Colin Bray has accepted",
        "Miriam Stone was invited and has not answered",
        "With one moderator alone",
        "Prepared on 23 November 2026",
        "8 of 8",
    ):
        assert proof in words


def test_an_administrator_of_one_organisation_sees_its_steps_and_nothing_of_others(visit_as):
    a_ready_site()
    ours, theirs = a_unit(name="Our Unit"), a_unit(name="Their Unit")
    a_moderator(theirs.organisation, name="Theo Yonder")
    an_official(theirs, name="Otto Yonder")
    page = visit_as(an_administrator(ours.organisation)).get("/admin")
    assert "Our Unit" in page.main.text
    for unseen in ("Their Unit", theirs.organisation.name, "Yonder", "waiting"):
        assert unseen not in page.main.text
    left = page.select_one('section[aria-labelledby="left"]')
    assert "Moderators" in left.text, "those of another organisation do not count for this one"
    assert not page.select('a[href="/admin/mail"], a[href="/admin/backup"], a[href="/admin/site"]')


def test_the_checklist_costs_the_same_however_much_there_is(visit_as):
    a_site()
    visit = visit_as(an_administrator())
    a_moderator(a_unit().organisation)
    db.session.remove()
    with counted() as few:
        visit.get("/admin")
    for _ in range(3):
        a_moderator(a_unit().organisation)
    db.session.remove()
    with counted() as many:
        visit.get("/admin")
    assert len(many) == len(few) <= 10, many


# ---- mail


def test_a_test_mail_counts_once_a_mail_server_took_it_and_its_link_was_opened(visit_as, visit):
    a_site()
    person = an_administrator()
    administrator = visit_as(person)
    administrator.post("/admin/mail-test")
    (mail,) = mails()
    assert (mail.to_address, mail.is_test) == (person.email, True)
    dispatch.deliver_due()
    assert _site().mail_tested_at is None, "a file on the server is no delivery"
    link = link_in(mail)
    for _ in range(2):  # a mail scanner looks, more than once
        assert visit.get(link).select_one("form button")
    assert _site().mail_received_at is None, "looking is not receiving"
    visit.post(link, status=200)
    assert _site().mail_received_at is not None
    assert "mail" in _left(), "nobody but files has taken it"
    visit.post(link, status=404)
    entry = db.session.query(AuditEntry).filter_by(act="site.mail_arrived").one()
    assert entry.actor_id == person.id


def test_another_test_makes_the_earlier_link_useless(visit_as, visit):
    a_site()
    administrator = visit_as(an_administrator())
    administrator.post("/admin/mail-test")
    administrator.post("/admin/mail-test")
    first, second = map(link_in, mails())
    visit.get(first, status=404)
    visit.get(second)


def test_a_link_of_another_purpose_proves_no_mail(visit):
    a_site()
    with transaction():
        token = actions.start_site()
    visit.get(f"/mail-received/{token}", status=404)
    visit.post(f"/mail-received/{token}", status=404)
    with pytest.raises(NotFound), transaction():
        actions.note_that_mail_arrived(actor=a_person(), token="nothing")


def test_a_link_of_three_days_ago_proves_nothing(visit_as, visit):
    a_site()
    visit_as(an_administrator()).post("/admin/mail-test")
    link = link_in(mails()[0])
    later = clock.now() + timedelta(hours=49)
    clock.replace(lambda: later)
    visit.post(link, status=404)
    assert _site().mail_received_at is None


# ---- back-up


def test_the_page_of_the_back_up_says_what_to_type_and_when_it_was_done(visit_as):
    site = a_ready_site()
    visit = visit_as(an_administrator())
    page = visit.get("/admin/backup")
    typed = [code.text for code in page.select("pre code")]
    day = f"{clock.now():%Y-%m-%d}"
    assert typed == [
        f".venv/bin/consult backup consult-{day}.zip",
        f".venv/bin/consult restore consult-{day}.zip --rehearse",
    ]
    assert not page.select(".tag-wait")
    site.backed_up_at = clock.now() - opening.STALE - timedelta(minutes=1)
    db.session.commit()
    assert len(visit.get("/admin/backup").select(".tag-wait")) == 1
    assert "More than 90 days ago" in visit.get("/admin").main.text
    assert _left() == ["unit", "moderators"], "an old copy is warned about, and holds up nothing"
    site.backed_up_at = site.restored_at = None
    db.session.commit()
    assert len(visit.get("/admin/backup").select(".tag-wait")) == 2


def test_both_proofs_are_on_record(app):
    a_site()
    with transaction():
        actions.note_backed_up()
        actions.note_restored()
    acts = [entry.act for entry in db.session.query(AuditEntry).order_by(AuditEntry.id)]
    assert acts == ["site.back_up", "site.rehearse_restore"]
