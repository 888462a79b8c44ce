"""Mails that could not be delivered: an administrator sees why, has them tried again, or lets them go."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from consult.accounts import queries as accounts
from consult.extensions import transaction
from consult.notices import queries
from consult.notices.forms import ButtonForm
from consult.notices.giving_up import drop_mail, retry_mail
from consult.notices.models import OutboxMail
from consult.notices.routes.blueprint import bp as bp
from consult.permissions import May
from consult.web import limits
from consult.web.access import actor, needs
from consult.web.private import kept_nowhere

SHOWN = 50


@bp.get("/admin/mail/given-up")
@needs(May.SET_UP_SITE)
def given_up() -> Any:
    before = request.args.get("before", "")[:9]
    mails = queries.given_up_mails(int(before) if before.isdecimal() else None, SHOWN + 1)
    people = accounts.people_by_id([mail.person_id for mail in mails if mail.person_id])
    return kept_nowhere(
        render_template(
            "notices/given_up.html",
            rows=[(mail, _who(mail, people)) for mail in mails[:SHOWN]],
            last=mails[SHOWN - 1].id if len(mails) > SHOWN else None,
            before=before,
        )
    )


@bp.post("/admin/mail/<int(max=999999999):number>/retry")
@needs(May.SET_UP_SITE)
@limits.GIVEN_UP
def retry(number: int) -> Any:
    if ButtonForm().validate_on_submit():
        with transaction(actor()):
            retry_mail(actor=actor(), mail=queries.given_up_mail(number))
        flash(_("It is tried again now."))
    return redirect(url_for(".given_up"), 303)


@bp.post("/admin/mail/<int(max=999999999):number>/drop")
@needs(May.SET_UP_SITE)
@limits.GIVEN_UP
def drop(number: int) -> Any:
    if ButtonForm().validate_on_submit():
        with transaction(actor()):
            drop_mail(actor=actor(), mail=queries.given_up_mail(number))
        flash(_("It is deleted, and is not tried again."))
    return redirect(url_for(".given_up"), 303)


def _who(mail: OutboxMail, people: Any) -> str:
    """Return to whom a mail was, without giving away an address: a name, and where it goes."""
    name, domain = mail.to_address[:1], mail.to_address.rpartition("@")[2]
    masked = f"{name}…@{domain}"
    person = people.get(mail.person_id)
    return f"{person.name}, {masked}" if person is not None and person.name else masked
