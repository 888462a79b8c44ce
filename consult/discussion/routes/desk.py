"""The officials' desk: what waits for their units, and answering it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask import Response, current_app, flash, make_response, redirect, render_template, request, session
from flask_babel import gettext as _

from consult import clock, workdays
from consult.accounts.models import Unit
from consult.consultations import queries as consultations
from consult.consultations import stages
from consult.discussion import actions, desk, queries, tallies
from consult.discussion.answering import title_of
from consult.discussion.forms import AnswerCorrectionForm, AnswerForm
from consult.discussion.models import Comment, State
from consult.discussion.models import Response as Reply
from consult.discussion.routes.blueprint import bp
from consult.discussion.routes.showing import KEY, comment_url
from consult.discussion.words import Words
from consult.documents import listings
from consult.documents import queries as documents
from consult.errors import Closed, Conflict, Invalid, NotFound
from consult.extensions import transaction
from consult.permissions import May, require
from consult.text.diff import diff_html
from consult.text.markdown import stored_html
from consult.web import access
from consult.web.access import needs

SLUG_LENGTH = 80
MOST_AT_ONCE = 20


@bp.get("/desk", endpoint="desk")
@needs(May.ANSWER)
def who_is_waiting() -> str:
    units = consultations.units_of(access.actor())
    chosen = [unit for unit in units if unit.slug == request.args.get("unit")] or units
    consultation = request.args.get("consultation", "")[:SLUG_LENGTH] or None
    after = request.args.get("after", "")
    rows = desk.waiting_questions(
        [unit.id for unit in chosen],
        after=after if KEY.fullmatch(after) else None,
        consultation=consultation,
    )
    exercises = desk.exercises([unit.id for unit in units])
    return render_template(
        "discussion/desk.html",
        units=units,
        unit=chosen[0].slug if len(chosen) < len(units) else "",
        consultation=consultation or "",
        rows=rows[: desk.PAGE],
        following=rows[desk.PAGE - 1].key if len(rows) > desk.PAGE else None,
        is_first_page=not after,
        gap=desk.gap(_late_before(chosen), consultation=consultation),
        exercises=exercises,
        texts=listings.documents_of([row.id for row in exercises], with_unpublished=True),
    )


def _late_before(units: Sequence[Unit]) -> dict[int, datetime]:
    zone, now = current_app.config["CONSULT_ZONE"], clock.now()
    return {unit.id: workdays.late_before(now, unit.promise_days, zone) for unit in units}


@bp.get("/desk/answer/<string:key>")
@needs(May.ANSWER)
def respond(key: str) -> Response:
    question = _answerable(key)
    form = AnswerForm(formdata=None, seen=clock.now().isoformat())
    return _answer_page(question, form, [], 200)


@bp.post("/desk/answer/<string:key>")
@needs(May.ANSWER)
def post_response(key: str) -> Any:
    who = access.actor()
    question = _answerable(key)
    form = AnswerForm()
    also = [given for given in request.form.getlist("also") if KEY.fullmatch(given)][:MOST_AT_ONCE]
    if not form.validate_on_submit():
        return _answer_page(question, form, also, 422)
    try:
        words = actions.answer_written(form.body.data)
        if request.form.get("do") == "preview":
            return _answer_page(question, form, also, 200, preview=words)
        _respond(who, key, also, words, form)
    except Invalid as refusal:
        form.body.errors = [*form.body.errors, refusal.message]
        return _answer_page(question, form, also, 422)
    except (Closed, Conflict) as refusal:
        return _answer_page(queries.comment(key), form, also, 409, refusal)
    session["sent"] = f"answer/{key}"
    flash(_("Your official reply is published."))
    return redirect(comment_url(queries.comment(key), who), 303)


def _respond(who: Any, key: str, also: Sequence[str], words: Words, form: AnswerForm) -> None:
    with transaction(who):
        actions.respond(
            actor=who,
            comments=queries.comments([key, *also]),
            body=words,
            once=form.once.data,
            seen=_moment(form.seen.data),
        )


def _moment(given: str | None) -> datetime | None:
    """Return the moment a form carries, or None when it carries none that makes sense."""
    try:
        found = datetime.fromisoformat(given or "")
    except ValueError:
        return None
    return found if found.tzinfo else None


def _answerable(key: str) -> Comment:
    """Return the comment to answer, for an official of its unit. What was never public is not found."""
    said = queries.comment(key)
    require(May.ANSWER, access.actor(), said.document)
    if said.state is not State.PUBLISHED:
        if not said.was_published:
            raise NotFound
        raise Conflict(_("This comment has been withdrawn or taken down. There is nothing to answer."))
    return said


def _answer_page(
    question: Comment,
    form: AnswerForm,
    also: Sequence[str],
    status: int,
    refusal: Closed | Conflict | None = None,
    preview: Words | None = None,
) -> Response:
    document = question.document
    unit = document.consultation.unit
    paragraph = question.paragraph
    kin = documents.kin(document, paragraph.key)
    if kin.home is not None:  # joined with another since: its words of today stand there
        kin = documents.kin(document, kin.home.key)
    then, now = question.block, documents.block_of(kin.paragraph, document.current_version_id or 0)
    if now is not None and now.is_removed:
        now = None
    if refusal is not None:
        form.seen.data = clock.now().isoformat()
    html = render_template(
        "discussion/respond.html",
        question=question,
        tally=tallies.kept(kin.gathered),
        current=stored_html(question.html),
        form=form,
        also=also,
        others=desk.also_waiting(question),
        earlier=desk.responses_on(paragraph),
        latest=desk.latest_on(paragraph, question),
        parent=question.parent,
        parent_html=stored_html(question.parent.html) if question.parent else None,
        then=then,
        now_block=now,
        diff=diff_html(then.plain, now.plain) if then and now and then.plain != now.plain else None,
        following=desk.waiting_questions([unit.id], after=question.key, limit=1),
        title=title_of(access.actor(), unit.id),
        messages=[refusal.message] if refusal else [],
        theirs=_shown_reply(refusal),
        preview=stored_html(preview.html) if preview else None,
        is_open=stages.takes_responses(document.consultation, clock.now()),
    )
    response = make_response(html, status)
    response.headers["Cache-Control"] = "no-store"
    return response


def _shown_reply(refusal: Closed | Conflict | None) -> Any:
    """Return what a colleague answered meanwhile, to stand beside what was typed."""
    theirs = getattr(refusal, "theirs", None)
    return None if theirs is None else {"author": theirs.author.name, "html": stored_html(theirs.html)}


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
    except (Closed, Conflict) as refusal:
        return _reply_page(queries.response(key), form, 409, refusal)
    flash(_("The reply is changed. What it said before stays to be read."))
    return redirect(comment_url(queries.answered_by(answer)[0], who, anchor=answer.key), 303)


def _own_units(key: str) -> Reply:
    answer = queries.response(key)
    require(May.ANSWER, access.actor(), answer.unit)
    return answer


def _reply_page(
    answer: Reply, form: AnswerCorrectionForm, status: int, refusal: Closed | Conflict | None = None
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
