"""Passing a comment on, for moderators; the named person's page, by a link; who is named, for administrators."""

from typing import Any

from flask import flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _

from consult.accounts import queries as accounts
from consult.discussion.models import Comment
from consult.errors import Conflict, Invalid, NotAllowed
from consult.extensions import transaction
from consult.moderation import queries as moderation
from consult.moderation.escalation import actions, queries, wordings
from consult.moderation.escalation.forms import DANGERS, EscalateForm, NamedPersonForm, ReplyForm
from consult.moderation.escalation.models import Danger, Escalation
from consult.moderation.routes import bp as bp
from consult.permissions import May, allows, require
from consult.web import access, limits
from consult.web.access import needs
from consult.web.fields import Form, blame
from consult.web.robots import unlisted


@bp.get("/moderation/escalations")
@needs(May.DECIDE)
def escalations() -> Any:
    found = queries.escalations_in(moderation.organisations_of(access.actor()))
    return render_template("moderation/escalations.html", found=found, dangers=DANGERS)


@bp.route("/moderation/<string:key>/escalate", methods=["GET", "POST"])
@needs(May.DECIDE)
def escalate(key: str) -> Any:
    """Pass a comment on, or see what became of that, write to its author, close it or take it back."""
    who = access.actor()
    comment = moderation.comment_to_decide(key)
    require(May.DECIDE, who, comment)
    verb = request.form.get("do", "")
    form: Form = EscalateForm() if verb in ("", "pass-on") else ReplyForm()
    if not form.validate_on_submit() or verb not in SAID:
        return _escalate_page(comment, form, 422 if form.is_submitted() else 200)
    try:
        with transaction(who):
            _done(verb, who, moderation.comment_to_decide(key), form)
    except Invalid as refusal:
        blame(form, refusal)
        return _escalate_page(moderation.comment_to_decide(key), form, 422)
    except Conflict as refusal:
        form.form_errors.append(refusal.message)
        return _escalate_page(moderation.comment_to_decide(key), form, 409)
    flash(SAID[verb]())
    return redirect(url_for("moderation.escalate", key=key), 303)


def _done(verb: str, who: Any, comment: Comment, form: Any) -> None:
    if verb == "pass-on":
        actions.pass_on(
            actor=who,
            comment=comment,
            danger=Danger(form.danger.data),
            note=form.note.data,
            waits=bool(form.waits.data),
        )
        return
    escalation = queries.open_escalation(comment.id)
    if escalation is None:
        raise Conflict(_("This is closed, or was taken back. Look again."))
    if verb == "reply":
        actions.reply(actor=who, escalation=escalation, words=form.message.data)
    elif verb == "close":
        actions.close(actor=who, escalation=escalation)
    else:
        actions.take_back(actor=who, escalation=escalation)


SAID = {
    "pass-on": lambda: str(_("Passed on. The mail holds a link and none of the words.")),
    "reply": lambda: str(_("Sent to the author.")),
    "close": lambda: str(_("Closed.")),
    "take-back": lambda: str(_("Taken back. The link opens nothing any more.")),
}


def _escalate_page(comment: Comment, form: Form, status: int) -> Any:
    found = queries.escalations_of(comment.id)
    current = found[0] if found and found[0].is_open else None
    writing = form if isinstance(form, ReplyForm) else ReplyForm(formdata=None)
    if current is not None and writing is not form:
        writing.message.data = wordings.beginning(current.danger)
    return render_template(
        "moderation/escalate.html",
        form=form,
        choosing=form if isinstance(form, EscalateForm) else EscalateForm(formdata=None),
        writing=writing,
        said=comment,
        current=current,
        earlier=found[1:] if current else found,
        named=queries.named_person_of(comment.organisation_id),
        dangers=DANGERS,
    ), status


@bp.route("/escalations/<string:signed>", methods=["GET", "POST"])
@needs(May.READ)
@limits.LINK
@unlisted
def look_outside(signed: str) -> Any:
    """Let the named person who was sent this link see a comment, write to its author and close it.

    Opening the link shows nothing: mail scanners do that. Pressing the button does, and is on record.
    """
    form, escalation = ReplyForm(), queries.sent_to(signed)
    verb = request.form.get("do", "")
    if not form.validate_on_submit() or verb not in ("show", "reply", "close"):
        return _outside_page(signed, escalation, form, 422 if form.is_submitted() else 200)
    try:
        with transaction(access.actor()):
            _done_outside(verb, queries.sent_to(signed), form.message.data)
    except Invalid as refusal:
        blame(form, refusal)
        return _outside_page(signed, queries.sent_to(signed), form, 422)
    except Conflict as refusal:
        form.form_errors.append(refusal.message)
        return _outside_page(signed, queries.sent_to(signed), form, 409)
    if verb == "close":
        return render_template("moderation/_escalation_closed.html")
    return redirect(url_for("moderation.look_outside", signed=signed), 303)


def _done_outside(verb: str, escalation: Escalation, words: str) -> None:
    who = access.actor()
    actions.note_seen(actor=who, escalation=escalation)
    if verb == "reply":
        actions.reply(actor=who, escalation=escalation, words=words, by_named_person=True)
    elif verb == "close":
        actions.close(actor=who, escalation=escalation, by_named_person=True)


def _outside_page(signed: str, escalation: Escalation, form: ReplyForm, status: int) -> Any:
    if not form.is_submitted():
        form.message.data = wordings.beginning(escalation.danger)
    html = render_template(
        "moderation/look_outside.html",
        form=form,
        escalation=escalation,
        said=escalation.comment,
        signed=signed,
        dangers=DANGERS,
        organisation=accounts.organisation_by_id(escalation.organisation_id),
    )
    return make_response(html, status)


@bp.route("/admin/organisations/<string:slug>/named-person", methods=["GET", "POST"])
@needs(May.ADMINISTER)
def named_person(slug: str) -> Any:
    """Name who is told in an organisation when somebody may be in danger."""
    organisation, who = accounts.organisation(slug), access.actor()
    if not allows(May.ADMINISTER, who, organisation):
        raise NotAllowed
    form = NamedPersonForm(obj=queries.named_person_of(organisation.id))
    if form.validate_on_submit():
        try:
            with transaction(who):
                actions.name_person(
                    actor=who,
                    organisation=organisation,
                    name=form.name.data or "",
                    email=form.email.data or "",
                    hours=form.hours.data or "",
                    is_public=bool(form.is_public.data),
                )
            flash(_("Saved."))
            return redirect(url_for("accounts.organisations"), 303)
        except Invalid as refusal:
            blame(form, refusal)
    page = render_template("moderation/named_person.html", form=form, organisation=organisation)
    return make_response(page, 422 if form.is_submitted() else 200)
