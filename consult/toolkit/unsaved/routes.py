"""What one person has begun for the toolkit: kept while they write, listed in their account, deleted."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from consult.extensions import transaction
from consult.permissions import May
from consult.toolkit.numbers import whole
from consult.toolkit.routes.blueprint import bp
from consult.toolkit.suggestions import queries as suggestions
from consult.toolkit.unsaved import actions, keeping, queries
from consult.toolkit.unsaved.queries import Place
from consult.web import access, limits
from consult.web.access import needs
from consult.web.private import kept_nowhere

KEEPS = ("keep", "autosave")
FORGETS = "forget"


@bp.get("/account/suggestions")
@needs(May.HOLD_ACCOUNT)
def own_suggestions() -> Any:
    """All that somebody suggested, with what became of it, and what they have begun and not sent."""
    who, first = access.actor(), whole(request.args.get("before"))
    rows = suggestions.suggested_by(who.id, first)
    shown = rows[: suggestions.PAGE]
    html = render_template(
        "toolkit/own_suggestions.html",
        rows=shown,
        older=shown[-1].id if len(rows) > len(shown) else None,
        before=first,
        unsaved=queries.kept_by(who.id) if first is None else [],
    )
    return kept_nowhere(html)


@bp.post("/account/suggestions/<string:key>/delete")
@needs(May.HOLD_ACCOUNT)
@limits.UNSENT
def delete_unsaved(key: str) -> Any:
    """Delete what one has begun."""
    who = access.actor()
    with transaction(who):
        actions.delete_unsaved(actor=who, unsaved=queries.own(who.id, key))
    flash(_("Deleted. Nobody has read it."))
    return redirect(url_for("toolkit.own_suggestions"), 303)


def kept_or_forgotten(form: Any, place: Place, here: str) -> Any:
    """Answer a form that was sent only to be kept, or to be forgotten; None for every other errand.

    A script sends it `quietly`, while somebody writes. Raises Invalid for what is too long to be kept.
    """
    do, who = request.form.get("do"), access.actor()
    if do not in (*KEEPS, FORGETS):
        return None
    with transaction(who):
        if do == FORGETS:
            actions.let_go(actor=who, place=place)
        else:
            actions.keep(actor=who, place=place, fields=keeping.held_in(form, request.form))
    if request.form.get("quietly"):
        return "", 204
    if do == FORGETS:
        flash(_("Deleted. Nobody has read it."))
        return redirect(here, 303)
    flash(_("Kept. Nobody else can read it until you send or save it."))
    return redirect(url_for("toolkit.own_suggestions"), 303)


def goes_on(form: Any, place: Place) -> Any:
    """Let a form hold what its writer has begun at a place, and return what is kept there; None where nothing is."""
    kept = queries.kept_at(access.actor().id, place)
    if kept is not None:
        keeping.fill(form, kept)
    return kept
