"""A person's own account."""

from flask import flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _

from consult.accounts import passwords, queries
from consult.accounts.actions import account as actions
from consult.accounts.actions.joining import why_no_password
from consult.accounts.forms.joining import ChangePasswordForm, GapMailForm, NameForm
from consult.accounts.models import Pace, Part
from consult.accounts.routes import sessions
from consult.accounts.routes.blueprint import bp as bp
from consult.accounts.routes.joining import Answer
from consult.discussion import queries as discussion
from consult.discussion.unsent import kept
from consult.discussion.unsent.kept import Owner
from consult.errors import Invalid
from consult.extensions import transaction
from consult.notices import queries as notices
from consult.permissions import May
from consult.toolkit.suggestions import queries as suggestions
from consult.toolkit.unsaved import queries as unsaved
from consult.web import limits
from consult.web.access import actor, needs, session_row
from consult.web.fields import blame
from consult.web.passkeys import are_offered

SHOWN = 20
CHANGES_SHOWN = 5
FOLLOWED_SHOWN = 5


@bp.get("/account")
@needs(May.HOLD_ACCOUNT)
def account() -> Answer:
    """Show the name, the address, what changed where this person commented, and what became of each comment."""
    who, after = actor(), request.args.get("after", "")[:12] or None
    comments = discussion.comments_of(who.id, after=after, limit=SHOWN + 1)
    shown = [comment.id for comment in comments[:SHOWN]]
    decisions = discussion.decisions_on(shown)
    first = request.args.get("changes", "")[:9]
    changes = notices.changes(who.id, first=int(first) if first.isdecimal() else None, limit=CHANGES_SHOWN)
    return render_template(
        "accounts/account.html",
        changes=changes,
        first_change=first,
        comments=comments[:SHOWN],
        decisions=decisions,
        team_replies=discussion.team_replies_on(shown),
        more=comments[SHOWN - 1].key if len(comments) > SHOWN else None,
        after=after,
        unsent_count=kept.unsent_count(Owner(person_id=who.id)),
        dropped=session.pop("kept_sent", []),
        ways=queries.ways_of(who),
        is_needed=queries.needs_second_step(who),
        has_passkeys=are_offered(),
        signed_in=queries.sessions_of(who),
        here=session_row(),
        followed=notices.followed_by_person(who, limit=FOLLOWED_SHOWN + 1),
        paces=notices.PACES,
        claimable=discussion.claimable(who)[0],
        identities=queries.identities_of(who),
        suggested=(suggestions.waiting_count_of(who.id), unsaved.count_of(who.id)),
    )


@bp.route("/account/name", methods=["GET", "POST"])
@needs(May.HOLD_ACCOUNT)
@limits.OWN_NAME
def change_name() -> Answer:
    who = actor()
    form = NameForm(name=who.name)
    if not form.validate_on_submit():
        return render_template("accounts/change_name.html", form=form), 422 if form.is_submitted() else 200
    try:
        with transaction(who):
            actions.change_name(actor=who, name=form.name.data)
    except Invalid as refusal:
        blame(form, refusal)
        return render_template("accounts/change_name.html", form=form), 422
    flash(_("Your name is changed, beside earlier comments too."))
    return redirect(url_for("accounts.account"), 303)  # type: ignore[return-value]


@bp.route("/account/gap-mail", methods=["GET", "POST"])
@needs(May.HOLD_ACCOUNT)
@limits.OWN_NAME
def gap_mail() -> Answer:
    """Choose whether to be told on Mondays of what one could mend, how soon of questions that come back, and the like."""
    who = actor()
    form = GapMailForm(
        wants=who.wants_gap_mail,
        suggestions=who.wants_suggestion_mail,
        waves=who.wants_wave_mail,
        returned=who.returned_pace.value,
    )
    if not form.validate_on_submit():
        return render_template("accounts/gap_mail.html", form=form), 422 if form.is_submitted() else 200
    with transaction(who):
        actions.choose_gap_mail(actor=who, wants=form.wants.data)
        if who.plays(Part.MODERATOR):
            actions.choose_wave_mail(actor=who, wants=form.waves.data)
        if who.plays(Part.EDITOR):
            actions.choose_suggestion_mail(actor=who, wants=form.suggestions.data)
        if form.returned.data:
            actions.choose_returned_pace(actor=who, pace=Pace(form.returned.data))
    if form.wants.data:
        flash(_("The mail of gaps comes on Mondays, when there are any."))
    else:
        flash(_("The mail of gaps does not come any more."))
    return redirect(url_for("accounts.account"), 303)  # type: ignore[return-value]


@bp.route("/account/password", methods=["GET", "POST"])
@needs(May.HOLD_ACCOUNT, recent=True)
@limits.OWN_PASSWORD
def change_password() -> Answer:
    who = actor()
    if not who.password_hash:
        return render_template("accounts/_no_password.html", why=why_no_password(who))
    form = ChangePasswordForm()
    if not form.validate_on_submit():
        return _password_page(form, 422 if form.is_submitted() else 200)
    if not passwords.matches(who.password_hash, form.current.data):
        form.current.errors = [_("This is not the password you have now")]
        return _password_page(form, 422)
    password_hash = passwords.hash_of(form.password.data)
    with transaction(who):
        actions.change_password(actor=who, password_hash=password_hash)
    sessions.begin_again(who)
    flash(_("Your password is changed. Other devices are signed out."))
    return redirect(url_for("accounts.account"), 303)  # type: ignore[return-value]


def _password_page(form: ChangePasswordForm, status: int) -> tuple[str, int]:
    return render_template("accounts/change_password.html", form=form), status
