"""The officials' desk: correcting what was answered."""

from typing import Any

from flask import Response, flash, make_response, redirect, render_template
from flask_babel import gettext as _

from consult.discussion import actions, queries
from consult.discussion.forms import AnswerCorrectionForm
from consult.discussion.models import Response as Reply
from consult.discussion.routes.addresses import comment_url
from consult.discussion.routes.blueprint import bp
from consult.errors import Closed, Conflict, Invalid, NotAllowed
from consult.extensions import transaction
from consult.permissions import May, require
from consult.text.markdown import stored_html
from consult.web import access
from consult.web.access import needs


@bp.get("/desk/replies/<string:key>")
@needs(May.ANSWER)
def correct_response(key: str) -> Response:
    answer = _own_units(key)
    form = AnswerCorrectionForm(formdata=None, body=answer.body, seen=actions.face(answer.body))
    return _reply_page(answer, form, 200)


@bp.post("/desk/replies/<string:key>")
@needs(May.ANSWER)
def save_response(key: str) -> Any:
    who = access.actor()
    answer = _own_units(key)
    form = AnswerCorrectionForm()
    if not form.validate_on_submit():
        return _reply_page(answer, form, 422)
    try:
        words = actions.answer_written(form.body.data)
        with transaction(who):
            actions.correct_response(actor=who, response=answer, body=words, seen=form.seen.data)
    except Invalid as refusal:
        form.body.errors = [*form.body.errors, refusal.message]
        return _reply_page(answer, form, 422)
    except (Closed, Conflict, NotAllowed) as refusal:
        return _reply_page(queries.response(key), form, 409, refusal)
    flash(_("The reply is changed. What it said before stays to be read."))
    return redirect(comment_url(queries.answered_by(answer)[0], who, anchor=answer.key), 303)


def _own_units(key: str) -> Reply:
    answer = queries.response(key)
    require(May.ANSWER, access.actor(), answer.unit)
    return answer


def _reply_page(
    answer: Reply,
    form: AnswerCorrectionForm,
    status: int,
    refusal: Closed | Conflict | NotAllowed | None = None,
) -> Response:
    if refusal is not None:
        form.seen.data = actions.face(answer.body)
    html = render_template(
        "discussion/correct_response.html",
        answer=answer,
        form=form,
        current=stored_html(answer.html),
        messages=[refusal.message] if refusal else [],
        theirs=getattr(refusal, "theirs", None),
    )
    return make_response(html, status)
