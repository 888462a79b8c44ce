"""An invitation: who invites, to what, where; accepting and declining it. The link in the mail is the way in."""

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _

from consult.accounts import passwords, queries
from consult.accounts.actions import inviting as actions
from consult.accounts.forms.joining import NewcomerForm, PressForm
from consult.accounts.models import Part
from consult.accounts.routes import sessions
from consult.accounts.routes.blueprint import bp as bp
from consult.accounts.routes.joining import Answer
from consult.errors import Invalid, NotFound
from consult.extensions import transaction
from consult.permissions import May
from consult.web import limits
from consult.web.access import actor, needs
from consult.web.fields import Form, blame

FIRST_PAGE = {
    Part.OFFICIAL: "discussion.desk",
    Part.MODERATOR: "moderation.queue",
    Part.EDITOR: "toolkit.home",
    Part.ADMINISTRATOR: "accounts.admin",
}


@bp.route("/invitation/<string:token>", methods=["GET", "POST"])
@needs(May.READ)
@limits.LINK
def invitation(token: str) -> Answer:
    """GET only shows what is offered: mail scanners open every link, and must not spend it."""
    try:
        offer = actions.invitation(token)
        form = NewcomerForm(name=offer.person.name) if offer.is_new else PressForm()
        if not offer.may_be_answered_by(actor()) or not form.validate_on_submit():
            return _page(offer, form, token)
        part = offer.role.part
        _accept(offer, form, token)
    except NotFound:
        return render_template("accounts/_spent_link.html", is_invitation=True), 404
    except Invalid as error:
        blame(form, error)
        return _page(offer, form, token)
    flash(_("You have accepted. Thank you."))
    return sessions.go_on(url_for(FIRST_PAGE[part]))


@bp.post("/invitation/<string:token>/decline")
@needs(May.READ)
@limits.LINK
def decline_invitation(token: str) -> Answer:
    try:
        if not PressForm().validate_on_submit():
            return redirect(url_for("accounts.invitation", token=token), 303)  # type: ignore[return-value]
        with transaction(actor()):
            actions.decline(actor=actor(), token=token)
    except NotFound:
        return render_template("accounts/_spent_link.html", is_invitation=True), 404
    return render_template("accounts/_invitation_declined.html")


def _accept(offer: actions.Invitation, form: Form, token: str) -> None:
    """Accept, and begin a new session here: the earlier ones have ended. What was proved in this one still holds."""
    typed = {}
    if offer.is_new:
        typed = {"name": form["name"].data, "password_hash": passwords.hash_of(form["password"].data)}
    with transaction(actor()):
        person = actions.accept(actor=actor(), token=token, **typed)
    sessions.begin_again(person)


def _page(offer: actions.Invitation, form: Form, token: str) -> Answer:
    is_mine = offer.may_be_answered_by(actor())
    page = render_template(
        "accounts/invitation.html",
        offer=offer,
        form=form,
        token=token,
        is_mine=is_mine,
        place=queries.place_of(offer.role),
    )
    return page, 422 if form.is_submitted() and is_mine else 200
