"""Sealing one text, for moderators and administrators; opening it, for those who are named."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from consult.accounts.models import Part
from consult.discussion.models import Comment, State
from consult.errors import Conflict, Invalid
from consult.extensions import transaction
from consult.moderation import queries as moderation
from consult.moderation.erasure import queries as erasure
from consult.moderation.erasure.models import Ground
from consult.moderation.routes import bp as bp
from consult.moderation.seals import actions, queries
from consult.moderation.seals.forms import GROUNDS, SealForm
from consult.permissions import May, require
from consult.web import access
from consult.web.access import needs
from consult.web.fields import blame


@bp.get("/moderation/seals")
@needs(May.ERASE)
def seals() -> Any:
    """List what is sealed or waits for a second person."""
    who = access.actor()
    home = (
        (url_for("moderation.queue"), _("Moderation"))
        if who.plays(Part.MODERATOR)
        else (url_for("accounts.admin"), _("Set up"))
    )
    found = queries.seals_for(erasure.organisations_of(who))
    return render_template("moderation/seals.html", found=found, grounds=GROUNDS, home=home)


@bp.route("/moderation/<string:key>/seal", methods=["GET", "POST"])
@needs(May.ERASE, recent=True)
def seal(key: str) -> Any:
    """Ask, agree, open, ask to lift, lift, or leave it: what is done hangs on the button."""
    who = access.actor()
    comment = moderation.comment_to_decide(key)
    require(May.ERASE, who, comment)  # before anything of it is shown
    form = SealForm()
    verb = request.form.get("do", "ask")
    if verb not in (*SAID, "open") or (verb == "ask" and not form.validate_on_submit()):
        return _page(form, comment, 200 if request.method == "GET" else 422)
    try:
        with transaction(who):
            opened = _done(verb, who, moderation.comment_to_decide(key), form)
    except Invalid as refusal:
        blame(form, refusal)
        return _page(form, moderation.comment_to_decide(key), 422)
    except Conflict as refusal:
        form.form_errors.append(refusal.message)
        return _page(form, moderation.comment_to_decide(key), 409)
    if opened is not None:
        return _page(form, moderation.comment_to_decide(key), 200, opened)
    flash(SAID[verb]())
    return redirect(url_for("moderation.seals"), 303)


def _done(verb: str, who: Any, comment: Comment, form: SealForm) -> dict[str, str] | None:
    if verb == "open":
        return actions.open_text(actor=who, comment=comment)
    if verb == "ask":
        readers = [int(given) for given in form.readers.data or () if given.isdecimal() and len(given) < 10]
        actions.ask(actor=who, comment=comment, ground=Ground(form.ground.data), readers=readers)
    else:
        DOES[verb](actor=who, comment=comment)
    return None


DOES: dict[str, Any] = {
    "agree": actions.agree,
    "refuse": actions.refuse,
    "ask-to-lift": actions.ask_to_lift,
    "lift": actions.lift,
}
SAID = {
    "ask": lambda: str(_("Asked. Nothing happens to the text until somebody else agrees.")),
    "agree": lambda: str(_("Sealed. Only those who are named can read it.")),
    "refuse": lambda: str(_("It stays as it is.")),
    "ask-to-lift": lambda: str(_("Asked. The seal stays until somebody else agrees.")),
    "lift": lambda: str(_("The seal is lifted. The comment stays taken down until a moderator decides.")),
}


def _page(form: SealForm, comment: Comment, status: int, opened: dict[str, str] | None = None) -> Any:
    found = queries.seal_on(comment.id)
    people = [] if found is not None else queries.may_be_named(comment.organisation_id)
    form.readers.choices = [(str(each.id), each.name) for each in people]
    return render_template(
        "moderation/seal.html",
        form=form,
        said=comment,
        seal=found,
        opened=opened,
        openings=queries.openings_of(found) if found is not None else [],
        grounds=GROUNDS,
        me=access.actor(),
        is_gone=comment.state is State.ERASED,
    ), status
