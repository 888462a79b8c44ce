"""The decision on one's own comment and the appeal against it; its hearing, inside and outside; who is named for it."""

from typing import Any

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _

from consult import clock
from consult.accounts import queries as accounts
from consult.consultations import stages
from consult.discussion import queries as discussion
from consult.discussion.models import Comment, State
from consult.errors import Conflict, Invalid, NotAllowed, NotFound
from consult.extensions import transaction
from consult.moderation import queries as moderation
from consult.moderation.appeals import actions, queries
from consult.moderation.appeals import who as moderating
from consult.moderation.appeals.forms import AppealForm, HearingForm, OutsiderForm
from consult.moderation.appeals.models import Appeal, Outcome
from consult.moderation.escalation import queries as escalation
from consult.moderation.redaction import queries as redaction
from consult.moderation.routes import bp as bp
from consult.moderation.routes import item_page
from consult.permissions import May, allows, require
from consult.reasons import BY_CODE
from consult.web import access, limits
from consult.web.access import needs
from consult.web.conditional import answer_alike
from consult.web.fields import blame
from consult.web.robots import unlisted

OUTCOMES = {"grant": Outcome.GRANTED, "uphold": Outcome.UPHELD}


@bp.route("/comments/<string:key>/decision", methods=["GET", "POST"])
@needs(May.CORRECT)
@limits.APPEAL
@unlisted
def decision(key: str) -> Any:
    """Show an author what was decided on their comment, why, by which rule; let them appeal, once, or withdraw it."""
    who, said = access.actor(), _own(key)
    form = AppealForm()
    if request.form.get("do") == "withdraw":
        return _withdraw(who, said)
    if not form.validate_on_submit():
        return _decision_page(said, form, 422 if form.is_submitted() else 200)
    try:
        with transaction(who):
            actions.make_appeal(actor=who, comment=said, why=form.why.data)
    except Invalid as refusal:
        blame(form, refusal)
        return _decision_page(_own(key), form, 422)
    except Conflict as refusal:
        form.form_errors.append(refusal.message or _("You have appealed already."))
        return _decision_page(_own(key), form, 409)
    flash(_("Your appeal has arrived. We tell you the outcome by email."))
    return redirect(url_for("moderation.decision", key=key), 303)


def _withdraw(who: Any, said: Comment) -> Any:
    try:
        with transaction(who):
            actions.withdraw_appeal(actor=who, comment=said)
    except Conflict as refusal:
        form = AppealForm(formdata=None)
        form.form_errors.append(refusal.message)
        return _decision_page(_own(said.key), form, 409)
    flash(_("You have withdrawn your appeal."))
    return redirect(url_for("moderation.decision", key=said.key), 303)


def _own(key: str) -> Comment:
    said = discussion.comment(key)
    if not allows(May.CORRECT, access.actor(), said):
        raise NotFound
    return said


def _decision_page(said: Comment, form: AppealForm, status: int) -> Any:
    taken = queries.decision_on(said)
    html = render_template(
        "moderation/decision.html",
        said=said,
        form=form,
        decision=taken,
        reason=BY_CODE.get(taken.reason) if taken else None,
        appeal=queries.appeal_on(taken) if taken else None,
        original=redaction.original_of(said),
        taken_out=next(iter(redaction.standing(said)), None),
        may_appeal=taken is not None and queries.may_be_appealed(taken, said),
        may_correct=stages.takes_comments(said.document.consultation, clock.now()),
        State=State,
    )
    return make_response(html, status)


@bp.post("/moderation/<string:key>/appeal")
@needs(May.DECIDE)
def hear(key: str) -> Any:
    """Decide an appeal as a second moderator."""
    who, form = access.actor(), HearingForm()
    comment = moderation.comment_to_decide(key)
    require(May.DECIDE, who, comment)
    appeal, outcome = queries.last_appeal(comment.id), OUTCOMES.get(request.form.get("do", ""))
    if appeal is None:
        return _again(form, key, _("Nobody appeals against a decision on this comment."))
    if outcome is None or not form.validate_on_submit():
        return item_page(comment, 422, hearing=form)
    try:
        with transaction(who):
            actions.decide_appeal(actor=who, appeal=appeal, outcome=outcome, words=form.told.data)
    except Conflict as refusal:
        with transaction(who):
            actions.note_late(actor=who, appeal=appeal)
        return _again(form, key, refusal.message)
    flash(_said(outcome))
    return redirect(url_for("moderation.queue"), 303)


def _again(form: HearingForm, key: str, message: str) -> Any:
    form.form_errors.append(message)
    return item_page(moderation.comment_to_decide(key), 409, hearing=form)


def _said(outcome: Outcome) -> str:
    if outcome is Outcome.GRANTED:
        return str(_("The appeal is granted. The author is told."))
    return str(_("The decision stands. The author is told why."))


@bp.route("/appeals/<string:signed>", methods=["GET", "POST"])
@needs(May.READ)
@limits.LINK
@unlisted
def hear_outside(signed: str) -> Any:
    """Let the outsider who was sent this link read an appeal and decide it; opening the link decides nothing."""
    form = HearingForm()
    appeal = queries.sent_to_outsider(signed)
    outcome = OUTCOMES.get(request.form.get("do", ""))
    if not form.validate_on_submit() or outcome is None:
        return _outside_page(signed, appeal, form, 422 if form.is_submitted() else 200)
    try:
        with transaction():
            actions.decide_as_outsider(
                actor=access.actor(),
                appeal=queries.sent_to_outsider(signed),
                outcome=outcome,
                words=form.told.data,
            )
    except Conflict as refusal:
        form.form_errors.append(refusal.message)
        return _outside_page(signed, appeal, form, 409)
    return render_template("moderation/_heard_outside.html", outcome=outcome)


def _outside_page(signed: str, appeal: Appeal, form: HearingForm, status: int) -> Any:
    html = render_template(
        "moderation/hear_outside.html",
        form=form,
        appeal=appeal,
        signed=signed,
        reason=BY_CODE.get(appeal.reason),
        decision=queries.decision_on(appeal.comment),
        original=redaction.original_of(appeal.comment),
        taken_out=next(iter(redaction.standing(appeal.comment)), None),
        organisation=accounts.organisation_by_id(appeal.organisation_id),
    )
    return make_response(html, status)


@bp.route("/admin/organisations/<string:slug>/appeals", methods=["GET", "POST"])
@needs(May.ADMINISTER)
def outsider(slug: str) -> Any:
    """Name who hears appeals of an organisation where it has no second moderator."""
    organisation = accounts.organisation(slug)
    who = access.actor()
    if not allows(May.ADMINISTER, who, organisation):
        raise NotAllowed
    named = queries.outsider_of(organisation.id)
    form = OutsiderForm(obj=named)
    if form.validate_on_submit():
        try:
            with transaction(who):
                actions.name_outsider(
                    actor=who,
                    organisation=organisation,
                    name=form.name.data or "",
                    email=form.email.data or "",
                )
            flash(_("Saved."))
            return redirect(url_for("accounts.organisations"), 303)
        except Invalid as refusal:
            blame(form, refusal)
    page = render_template("moderation/outsider.html", form=form, organisation=organisation)
    return make_response(page, 422 if form.is_submitted() else 200)


@bp.get("/organisations/<string:slug>/moderators")
@needs(May.READ)
def moderators(slug: str) -> Response:
    """Show everybody who moderates here, what they do not decide on, and who hears appeals."""
    organisation = accounts.organisation(slug)
    people = moderating.moderators_of(organisation.id)
    outsider = queries.outsider_of(organisation.id)
    named = escalation.named_person_of(organisation.id)
    shown = (named.name if named.is_public else "somebody") if named else ""
    stamps = (
        organisation.name,
        accounts.site().stamp,
        str(people),
        outsider.name if outsider else "",
        shown,
    )
    return answer_alike(
        stamps,
        lambda: render_template(
            "moderation/moderators.html",
            organisation=organisation,
            people=people,
            outsider=outsider,
            named=named,
        ),
    )
