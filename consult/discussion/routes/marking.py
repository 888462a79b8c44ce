"""Marking a comment as a question, and taking the mark back: by whoever made it, or once by the comment's author."""

from typing import Any

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _

from consult.discussion import queries
from consult.discussion.forms import WithdrawForm
from consult.discussion.ledger import marking
from consult.discussion.models import Comment, State
from consult.discussion.routes.addresses import comment_url, own_url
from consult.discussion.routes.blueprint import bp
from consult.errors import NotAllowed, NotFound
from consult.extensions import transaction
from consult.permissions import May, allows
from consult.web import access, limits
from consult.web.access import needs


@bp.post("/comments/<string:key>/question")
@needs(May.MARK_QUESTION)
@limits.MARK
def mark_question(key: str) -> Any:
    """Mark somebody's comment as a question; with `do=undo` take the mark back that one made a moment ago."""
    who, said = access.actor(), queries.comment(key)
    if not (said.state in marking.MARKABLE or said.was_published):
        raise NotFound
    back = _back(said)
    if not WithdrawForm().validate_on_submit():
        return redirect(back, 303)
    with transaction(who):
        fresh = queries.comment(key)
        if request.form.get("do") == "undo":
            marking.take_mark_back(actor=who, comment=fresh)
        else:
            marking.mark_as_question(actor=who, comment=fresh)
    if request.form.get("do") == "undo":
        flash(_("The mark is taken back. Its author is not told."))
    else:
        flash(_("It is marked as a question and waits for an answer. Its author is told in ten minutes."))
    return redirect(back, 303)


@bp.post("/comments/<string:key>/no-question")
@needs(May.CORRECT)
@limits.CORRECTION
def no_question(key: str) -> Any:
    """Let an author say of their own comment that it is no question after all."""
    who, said = access.actor(), queries.comment(key)
    if not allows(May.CORRECT, who, said):
        raise NotAllowed if said.state is State.PUBLISHED else NotFound
    if WithdrawForm().validate_on_submit():
        with transaction(who):
            marking.say_no_question(actor=who, comment=queries.comment(key))
        flash(_("It is no question any more. We read it, and say at the end what we did about it."))
    is_shown = said.state is State.PUBLISHED and not said.is_team_only
    return redirect(comment_url(said, who) if is_shown else own_url(who), 303)


def _back(said: Comment) -> str:
    """Return the page on which the button stood, of the few that have it."""
    at = request.form.get("at", "")
    if said.is_team_only:
        return url_for("discussion.team", key=said.key)
    if at == "moderation" or said.state is State.WAITING:
        return url_for("moderation.item", key=said.key)
    if at == "answer":
        return url_for("discussion.respond", key=said.key)
    return comment_url(said, access.actor())
