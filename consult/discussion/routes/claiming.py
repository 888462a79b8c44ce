"""Taking into an account what its owner wrote as a guest with the same address. Never without a click."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import ngettext

from consult.discussion import ownership, queries
from consult.discussion.forms import WithdrawForm
from consult.discussion.routes.blueprint import bp
from consult.errors import Conflict
from consult.extensions import transaction
from consult.permissions import May
from consult.web import access, limits
from consult.web.access import needs


@bp.route("/account/claim", methods=["GET", "POST"])
@needs(May.CLAIM)
@limits.CLAIM
def claim() -> Any:
    """Say what was written as a guest, under which names, and which name it would bear; take it in on a click."""
    who = access.actor()
    count, names = queries.claimable(who)
    if WithdrawForm().validate_on_submit():
        try:
            with transaction(who):
                claimed = ownership.claim_comments(actor=who)
        except Conflict as refusal:
            flash(refusal.message, "wait")
        else:
            flash(
                ngettext(
                    "%(num)s comment is in your account now.",
                    "%(num)s comments are in your account now.",
                    claimed,
                )
            )
        return redirect(url_for("accounts.account"), 303)
    return render_template(
        "discussion/claim.html", count=count, names=names, form=WithdrawForm(formdata=None)
    )
