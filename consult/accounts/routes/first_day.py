"""The first day of a site: the checklist, and the pages of its two proofs, mail that arrives and a copy that restores."""

from datetime import date

from flask import Response, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from consult import clock
from consult.accounts import links, opening, queries, roster
from consult.accounts.actions import setting_up as actions
from consult.accounts.forms.joining import PressForm
from consult.accounts.models import Part, Purpose
from consult.accounts.routes.blueprint import bp as bp
from consult.accounts.routes.joining import Answer
from consult.errors import NotFound
from consult.extensions import settings, transaction
from consult.notices import queries as notices
from consult.permissions import May
from consult.web import limits
from consult.web.access import actor, needs

NAMED = 5  # units and moderators that the checklist names


@bp.get("/admin")
@needs(May.ADMINISTER)
def admin() -> Answer:
    """Show the first day's steps: what is left to do before anything can open, and what is done.

    On a demonstration they are shown as they would be, and hold up nothing.
    """
    mine, site = roster.scope_of(actor()), queries.site()
    staffing = queries.staffing(mine)
    left = opening.missing(site, staffing)
    moderators = roster.roles_in(mine, part=Part.MODERATOR, limit=NAMED)
    return render_template(
        "accounts/admin.html",
        left=left,
        done=[step for step in opening.STEPS if step not in left],
        steps=opening.STEPS,
        staffing=staffing,
        organisations=queries.organisations(mine),
        moderators=moderators,
        mail=_mail() if mine is None else None,
        prepared_on=date.fromisoformat(site.accessibility_prepared_on)
        if site.accessibility_prepared_on
        else None,
        stale=_stale(),
        may_set_up=mine is None,
    )


@bp.get("/admin/mail")
@needs(May.SET_UP_SITE)
def mail() -> Answer:
    """Say whether mail leaves, whether it arrived, and what to do if not."""
    return render_template("accounts/mail.html", mail=_mail(), address=actor().email)


@bp.post("/admin/mail-test")
@needs(May.SET_UP_SITE)
@limits.MAIL_TEST
def test_mail() -> Answer:
    form, who = PressForm(), actor()
    if form.validate_on_submit():
        with transaction(who):
            actions.ask_for_mail_test(actor=who)
        flash(_("A test mail is on its way to you. Open the link in it and press the button there."))
    return _to("accounts.mail")


@bp.route("/mail-received/<string:token>", methods=["GET", "POST"])
@needs(May.READ)
@limits.LINK
def mail_received(token: str) -> Answer:
    """GET only shows a button: a mail scanner that opens the link has proved nothing."""
    form = PressForm()
    try:
        if not form.validate_on_submit():
            links.find(token, Purpose.MAIL_RECEIVED)
            return render_template("accounts/mail_received.html", form=form, token=token)
        with transaction(actor()):
            actions.note_that_mail_arrived(actor=actor(), token=token)
    except NotFound:
        return render_template("accounts/_spent_link.html"), 404
    return render_template("accounts/_mail_has_arrived.html")


@bp.get("/admin/backup")
@needs(May.SET_UP_SITE)
def backup() -> Answer:
    """Say which two commands to type on the server, and when each was last done."""
    return render_template("accounts/backup.html", stale=_stale(), file=f"consult-{clock.now():%Y-%m-%d}.zip")


def _mail() -> dict[str, object]:
    """Return how mail stands: what waits, since when, what was given up, and whether it leaves at all."""
    waiting, oldest = notices.waiting()
    return {
        "waiting": waiting,
        "oldest": oldest,
        "given_up": notices.given_up(),
        "is_real": not settings().mail_url.startswith("file:"),
    }


def _stale() -> dict[str, bool]:
    site, now = queries.site(), clock.now()
    return {
        "backup": opening.is_stale(site.backed_up_at, now),
        "restore": opening.is_stale(site.restored_at, now),
    }


def _to(endpoint: str) -> Response:
    return redirect(url_for(endpoint), 303)  # type: ignore[return-value]
