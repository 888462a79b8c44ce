"""The officials' desk after the close: saying what became of a comment, for the outcome."""

from typing import Any

from flask import Response, flash, redirect, render_template
from flask_babel import gettext as _

from consult.consultations.verdicts import EXPLAINED, LABELS, Verdict
from consult.discussion import queries
from consult.discussion.forms import VerdictForm
from consult.discussion.models import Comment, State
from consult.discussion.routes.addresses import comment_url
from consult.discussion.routes.blueprint import bp
from consult.discussion.verdict import deciding
from consult.errors import Conflict, Invalid, NotFound
from consult.extensions import transaction
from consult.permissions import May, require
from consult.text.markdown import stored_html
from consult.web import access
from consult.web.access import needs
from consult.web.fields import blame
from consult.web.private import kept_nowhere


@bp.get("/desk/verdicts/<string:key>")
@needs(May.RUN_CONSULTATION)
def decide(key: str) -> Response:
    said = _decidable(key)
    deciding.check_time(said.document.consultation)
    given = deciding.verdict_on(said)
    form = VerdictForm(
        formdata=None, verdict=given.verdict.value if given else None, reason=given.reason if given else ""
    )
    return _page(said, form, 200)


@bp.post("/desk/verdicts/<string:key>")
@needs(May.RUN_CONSULTATION)
def save_verdict(key: str) -> Any:
    who, said, form = access.actor(), _decidable(key), VerdictForm()
    if not form.validate_on_submit():
        return _page(said, form, 422)
    try:
        with transaction(who):
            deciding.give_verdict(
                actor=who,
                comment=queries.comment(key),
                verdict=Verdict(form.verdict.data),
                reason=form.reason.data,
            )
    except Invalid as refusal:
        blame(form, refusal)
        return _page(said, form, 422)
    flash(_("Kept. It is published with the outcome."))
    return redirect(comment_url(queries.comment(key), who), 303)


def _decidable(key: str) -> Comment:
    """Return a comment of the public talk, for an official of its unit."""
    said = queries.comment(key)
    if said.is_team_only or not said.was_published:
        raise NotFound
    require(May.RUN_CONSULTATION, access.actor(), said.document)
    if said.state is not State.PUBLISHED:
        raise Conflict(_("This comment has been withdrawn or taken down."))
    return said


def _page(said: Comment, form: VerdictForm, status: int) -> Response:
    html = render_template(
        "discussion/decide.html",
        said=said,
        current=stored_html(said.html),
        form=form,
        explained=[(LABELS[verdict], EXPLAINED[verdict]) for verdict in Verdict],
        place=comment_url(said, access.actor()),
    )
    return kept_nowhere(html, status)


@bp.app_template_global()
def verdict_words(verdict: Verdict) -> object:
    """Return what a verdict is called."""
    return LABELS[verdict]
