"""What administrators do for the accounts of others: signing them out where a device was lost."""

from sqlalchemy import select

from consult.audit import AuditEntry
from consult.extensions import db
from tests.accounts.ground import mails
from tests.factories import a_site, a_unit, an_administrator, an_official


def _is_in(browser) -> bool:
    return browser.get("/account/name").status_code == 200


def test_an_administrator_signs_somebody_out_everywhere(app, sign_in, visit_as):
    a_site()
    unit = a_unit()
    official, administrator = an_official(unit), an_administrator(unit.organisation)
    theirs, other = [sign_in(official), sign_in(official)], sign_in(an_official(unit))
    visit = visit_as(administrator)
    page = visit.get(f"/admin/people/{official.id}")
    action = f"/admin/people/{official.id}/end-sessions"
    assert page.select_one(f'form[action="{action}"]')
    visit.post(action)
    assert not any(map(_is_in, theirs))
    assert _is_in(other)
    visit.get("/admin")
    assert "signed out on every device" in mails(official.email)[-1].subject
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.act == "account.end_sessions")).one()
    assert (entry.subject, entry.actor_id) == (f"person:{official.id}", administrator.id)
    assert "Signed out on every device" in visit.get(f"/admin/people/{official.id}").main.text
    assert _is_in(sign_in(official))


def test_nobody_signs_out_those_of_another_organisation_or_themselves_so(app, sign_in, visit_as):
    a_site()
    official, elsewhere = an_official(a_unit()), an_administrator(a_unit().organisation)
    theirs = sign_in(official)
    visit = visit_as(elsewhere)
    visit.post(f"/admin/people/{official.id}/end-sessions", status=404)
    visit.post(f"/admin/people/{elsewhere.id}/end-sessions")
    assert _is_in(theirs)
    visit.get("/admin")
    assert not mails(official.email)
