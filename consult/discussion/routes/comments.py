"""One comment: its place, its earlier words, and what its author can do with it."""

from typing import Any

from flask import Response, flash, g, make_response, redirect, render_template
from flask_babel import gettext as _

from consult.discussion import actions, queries
from consult.discussion.forms import CorrectionForm, WithdrawForm
from consult.discussion.models import Comment, State
from consult.discussion.routes.blueprint import bp
from consult.discussion.routes.showing import comment_url, paragraph_url, readable
from consult.discussion.states import CORRECTABLE
from consult.errors import Closed, Conflict, Invalid, NotAllowed, NotFound
from consult.extensions import transaction
from consult.permissions import May, allows
from consult.text.markdown import stored_html
from consult.web import access
from consult.web.access import needs


@bp.get("/comments/<string:key>")
@needs(May.READ)
def comment(key: str) -> Any:
    """Lead to where a comment, or an official reply, stands. What was never public is not found."""
    if not access.has_session():
        g.is_alike_for_all = True
    said, _answer = queries.said_under(key)
    _readable(said)
    return redirect(comment_url(said, access.actor(), anchor=key), 302)


@bp.get("/comments/<string:key>/history")
@needs(May.READ)
def history(key: str) -> Response:
    """What a comment or an official reply said before. What is no longer public has no public past either."""
    said, answer = queries.said_under(key)
    _readable(said)
    if answer is None and said.state is not State.PUBLISHED:
        raise NotFound
    now, earlier = (
        (answer, queries.wordings_of_response(answer)) if answer else (said, queries.wordings_of(said))
    )
    if not access.has_session():
        g.is_alike_for_all = True
    return make_response(
        render_template(
            "discussion/history.html",
            said=said,
            answer=answer,
            current=stored_html(now.html),
            written_at=now.created_at,
            edited_at=now.edited_at,
            earlier=[(stored_html(row.html), row.replaced_at) for row in earlier],
            place=comment_url(said, access.actor(), anchor=key),
        )
    )


@bp.get("/comments/<string:key>/edit")
@needs(May.CORRECT)
def correct(key: str) -> Any:
    said = _own(key)
    waiting = queries.correction_of(said.id)
    form = CorrectionForm(
        formdata=None, body=waiting.body if waiting else said.body, seen=actions.face(said.body)
    )
    return _correction_page(said, form, 200)


@bp.post("/comments/<string:key>/edit")
@needs(May.CORRECT)
def save_correction(key: str) -> Any:
    who = access.actor()
    said = _own(key)
    form = CorrectionForm()
    if not form.validate_on_submit():
        return _correction_page(said, form, 422)
    try:
        words = actions.written(form.body.data)
        with transaction(who):
            actions.correct_comment(actor=who, comment=said, body=words, seen=form.seen.data)
    except Invalid as refusal:
        form.body.errors = [*form.body.errors, refusal.message]
        return _correction_page(said, form, 422)
    except (Closed, Conflict) as refusal:
        return _correction_page(queries.comment(key), form, 409, refusal)
    flash(_("Your words are changed.") if not queries.correction_of(said.id) else _correction_waits())
    return redirect(comment_url(said, who), 303)


@bp.get("/comments/<string:key>/withdraw")
@needs(May.CORRECT)
def withdraw(key: str) -> str:
    said = _own(key)
    return render_template(
        "discussion/withdraw.html",
        said=said,
        current=stored_html(said.html),
        form=WithdrawForm(formdata=None),
    )


@bp.post("/comments/<string:key>/withdraw")
@needs(May.CORRECT)
def take_back(key: str) -> Any:
    who = access.actor()
    said = _own(key)
    with transaction(who):
        actions.withdraw_comment(actor=who, comment=said)
    flash(_("Your comment is withdrawn."))
    return redirect(comment_url(said, who) if said.was_published else paragraph_url(said.paragraph), 303)


def _readable(said: Comment) -> None:
    """Ask for the text around a comment first: what is said on a text that is not public is not either."""
    document = said.document
    readable(document.consultation.slug, document.slug)


def _own(key: str) -> Comment:
    """Return the comment if it is the actor's own; what others may not know of is not found."""
    said = queries.comment(key)
    who = access.actor()
    if not allows(May.CORRECT, who, said):
        if said.state is State.PUBLISHED:
            raise NotAllowed(_("Only whoever wrote a comment can change or withdraw it."))
        raise NotFound
    if said.state not in CORRECTABLE:
        raise Conflict(_("This comment has been withdrawn or taken down. Nothing about it can be changed."))
    return said


def _correction_waits() -> str:
    return str(_("A moderator looks at your correction next. Until then people read what you wrote before."))


def _correction_page(
    said: Comment, form: CorrectionForm, status: int, refusal: Closed | Conflict | None = None
) -> Response:
    theirs = refusal.theirs if isinstance(refusal, Conflict) else None
    if refusal is not None:
        form.seen.data = actions.face(said.body)
    html = render_template(
        "discussion/correct.html",
        said=said,
        form=form,
        current=stored_html(said.html),
        theirs=theirs,
        messages=[refusal.message] if refusal else [],
        is_told=actions.is_told(said),
        waits=said.state is State.PUBLISHED and said.document.consultation.policy.value == "before",
    )
    return make_response(html, status)
