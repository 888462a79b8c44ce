"""A person's own account."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from consult.accounts import passwords
from consult.accounts.actions import account as actions
from consult.accounts.forms.joining import ChangePasswordForm, NameForm
from consult.accounts.routes import sessions
from consult.accounts.routes.blueprint import bp as bp
from consult.accounts.routes.joining import Answer
from consult.discussion import queries as discussion
from consult.extensions import limiter, transaction
from consult.notices import queries as notices
from consult.permissions import May
from consult.web.access import actor, needs

SHOWN = 20
CHANGES_SHOWN = 5


@bp.get("/account")
@needs(May.HOLD_ACCOUNT)
def account() -> Answer:
    """Show the name, the address, what changed where this person commented, and what became of each comment."""
    who, after = actor(), request.args.get("after", "")[:12] or None
    comments = discussion.comments_of(who.id, after=after, limit=SHOWN + 1)
    decisions = discussion.decisions_on([comment.id for comment in comments[:SHOWN]])
    first = request.args.get("changes", "")[:9]
    changes = notices.changes(who.id, first=int(first) if first.isdecimal() else None, limit=CHANGES_SHOWN)
    return render_template(
        "accounts/account.html",
        changes=changes,
        first_change=first,
        comments=comments[:SHOWN],
        decisions=decisions,
        more=comments[SHOWN - 1].key if len(comments) > SHOWN else None,
        after=after,
    )


@bp.route("/account/name", methods=["GET", "POST"])
@needs(May.HOLD_ACCOUNT)
def change_name() -> Answer:
    who = actor()
    form = NameForm(name=who.name)
    if not form.validate_on_submit():
        return render_template("accounts/change_name.html", form=form), 422 if form.is_submitted() else 200
    with transaction(who):
        actions.change_name(actor=who, name=form.name.data)
    flash(_("Your name is changed, beside earlier comments too."))
    return redirect(url_for("accounts.account"), 303)  # type: ignore[return-value]


@bp.route("/account/password", methods=["GET", "POST"])
@needs(May.HOLD_ACCOUNT)
@limiter.limit("10 per 5 minutes", methods=["POST"], key_func=lambda: f"person:{actor().id}")
def change_password() -> Answer:
    who = actor()
    form = ChangePasswordForm()
    if not form.validate_on_submit():
        return _password_page(form, 422 if form.is_submitted() else 200)
    if not passwords.matches(who.password_hash, form.current.data):
        form.current.errors = [_("This is not the password you have now")]
        return _password_page(form, 422)
    password_hash = passwords.hash_of(form.password.data)
    with transaction(who):
        actions.change_password(actor=who, password_hash=password_hash)
    sessions.begin(who)
    flash(_("Your password is changed. Other devices are signed out."))
    return redirect(url_for("accounts.account"), 303)  # type: ignore[return-value]


def _password_page(form: ChangePasswordForm, status: int) -> tuple[str, int]:
    return render_template("accounts/change_password.html", form=form), status
