"""Notices of complaint: the form, open to everybody; the list and one notice, for moderators; the author's answer."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from consult import clock
from consult.accounts import queries as accounts
from consult.discussion import queries as discussion
from consult.discussion.models import Comment, State
from consult.errors import Closed, Conflict, Invalid, NotFound
from consult.extensions import settings, transaction
from consult.moderation import queries as moderation
from consult.moderation.complaints import actions, queries, times
from consult.moderation.complaints.forms import YES, AnswerForm, ComplaintForm, SettlingForm
from consult.moderation.complaints.models import Complaint, Wish
from consult.moderation.complaints.queries import Step
from consult.moderation.routes import bp as bp
from consult.permissions import May, require
from consult.web import access, limits
from consult.web.access import needs
from consult.web.fields import blame
from consult.web.robots import unlisted

TOLD = ("name", "email", "statement", "why", "meaning", "untrue")


@bp.route("/comments/<string:key>/complaint", methods=["GET", "POST"])
@needs(May.REPORT)
@unlisted
@limits.COMPLAINT
def complain(key: str) -> Any:
    """Take a notice of complaint about a public comment."""
    comment = _public(key)
    form = ComplaintForm()
    if not form.validate_on_submit():
        page = render_template("moderation/complain.html", form=form, comment=comment)
        return page, 422 if form.is_submitted() else 200
    notice = {name: form[name].data for name in TOLD}
    with transaction(access.actor()):
        actions.make_complaint(
            actor=access.actor(),
            comment=comment,
            once=form.once.data,
            shares_contact=form.shares.data == YES,
            **notice,
        )
    return redirect(url_for("moderation.complained", key=key), 303)


@bp.get("/comments/<string:key>/complained")
@needs(May.REPORT)
def complained(key: str) -> Any:
    comment = discussion.comment(key)
    if not comment.was_published:
        raise NotFound
    return render_template("moderation/complained.html", comment=comment, hours=times.HOURS)


def _public(key: str) -> Comment:
    comment = discussion.comment(key)
    if comment.state is not State.PUBLISHED:
        raise NotFound
    return comment


@bp.get("/moderation/complaints")
@needs(May.DECIDE)
def complaints() -> Any:
    organisations = moderation.organisations_of(access.actor())
    now = clock.now()
    waiting = queries.complaints_in(organisations, is_open=True)
    return render_template(
        "moderation/complaints.html",
        waiting=[(each, queries.step_of(each, now)) for each in waiting],
        settled=queries.complaints_in(organisations, is_open=False),
        last_days={each.id: times.last_day(each.due_at, settings().timezone) for each in waiting},
        now=now,
    )


@bp.route("/moderation/complaints/<string:key>", methods=["GET", "POST"])
@needs(May.DECIDE)
def complaint(key: str) -> Any:
    """Show a moderator one notice and what is to be done about it by when; do it."""
    who, form = access.actor(), SettlingForm()
    notice = queries.complaint(key)
    require(May.DECIDE, who, notice.comment)
    verb = request.form.get("do", "")
    if not form.validate_on_submit() or verb not in SAID:
        return _complaint_page(form, notice, 422 if form.is_submitted() else 200)
    try:
        with transaction(who):
            _done(verb, who, queries.complaint(key), form.message.data)
    except Invalid as refusal:
        blame(form, refusal)
        return _complaint_page(form, queries.complaint(key), 422)
    except Conflict as refusal:
        form.form_errors.append(refusal.message or _("This comment changed meanwhile. Look again."))
        return _complaint_page(form, queries.complaint(key), 409)
    flash(SAID[verb]())
    return redirect(url_for("moderation.complaints"), 303)


def _done(verb: str, who: Any, notice: Complaint, words: str) -> None:
    if verb == "pass-on":
        actions.pass_on(actor=who, complaint=notice)
    elif verb == "remove":
        actions.remove(actor=who, complaint=notice, words=words)
    elif verb == "let-stay":
        actions.let_stay(actor=who, complaint=notice, words=words)
    else:
        actions.refuse(actor=who, complaint=notice, words=words)


SAID = {
    "pass-on": lambda: str(_("Passed on. The author and whoever complained are told.")),
    "remove": lambda: str(_("Taken down. Both are told.")),
    "let-stay": lambda: str(_("It stays up. Both are told.")),
    "refuse": lambda: str(_("Settled without acting on it. Whoever complained is told why.")),
}


def _complaint_page(form: SettlingForm, notice: Complaint, status: int) -> Any:
    who, now = access.actor(), clock.now()
    barred = moderation.is_conflicted(who, notice.comment)
    return render_template(
        "moderation/complaint.html",
        form=form,
        notice=notice,
        step=queries.step_of(notice, now).value,
        now=now,
        said=notice.comment,
        is_barred=barred and moderation.another_moderator_exists(who, notice.comment),
        last_day=times.last_day(notice.due_at, settings().timezone),
    ), status


@bp.route("/complaints/<string:signed>", methods=["GET", "POST"])
@needs(May.READ)
@limits.LINK
@unlisted
def answer_complaint(signed: str) -> Any:
    """Let the author who was sent this link answer a notice; opening the link answers nothing."""
    form, notice = AnswerForm(), queries.sent_to_author(signed)
    if not form.validate_on_submit():
        return _answer_page(form, notice, 422 if form.is_submitted() else 200)
    try:
        with transaction(access.actor()):
            actions.answer(
                actor=access.actor(),
                complaint=queries.sent_to_author(signed),
                wish=Wish(form.wish.data),
                name=form.name.data or "",
                address=form.address.data,
                shares=bool(form.shares.data),
            )
    except Invalid as refusal:
        blame(form, refusal)
        return _answer_page(form, queries.sent_to_author(signed), 422)
    except (Closed, Conflict) as refusal:
        form.form_errors.append(refusal.message or _("This comment changed meanwhile. Look again."))
        return _answer_page(form, queries.sent_to_author(signed), 409)
    flash(_("Thank you. We have your answer."))
    return redirect(url_for("moderation.answer_complaint", signed=signed), 303)


def _answer_page(form: AnswerForm, notice: Complaint, status: int) -> Any:
    return render_template(
        "moderation/answer_complaint.html",
        form=form,
        notice=notice,
        said=notice.comment,
        is_open=queries.step_of(notice, clock.now()) is Step.AUTHOR,
        last_day=times.last_day(notice.due_at, settings().timezone),
        organisation=accounts.organisation_by_id(notice.organisation_id),
    ), status
