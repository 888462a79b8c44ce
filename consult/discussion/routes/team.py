"""The officials' desk: what was sent only to the team, and answering it by mail."""

from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from consult import clock
from consult.consultations import queries as consultations
from consult.consultations import stages
from consult.discussion import actions, queries, team
from consult.discussion.answering import notes, replying
from consult.discussion.answering.actions import title_of
from consult.discussion.desk import queries as desk
from consult.discussion.forms import AnswerForm
from consult.discussion.models import Comment, State
from consult.discussion.routes.addresses import KEY
from consult.discussion.routes.answering.aside import aside_of
from consult.discussion.routes.answering.beside import (
    late_before,
    moment_given,
    note_read,
    shown_reply,
    words_then_and_now,
)
from consult.discussion.routes.answering.one import nothing_left, passed_on
from consult.discussion.routes.blueprint import bp
from consult.discussion.words import Words
from consult.errors import Closed, Conflict, Invalid, NotAllowed, NotFound
from consult.extensions import transaction
from consult.permissions import May, allows
from consult.text.markdown import stored_html
from consult.web import access
from consult.web.access import needs
from consult.web.private import kept_nowhere


@bp.get("/desk/team")
@needs(May.ANSWER)
def team_only() -> Response:
    """List what was sent only to one's units: the questions that wait, or all of it."""
    units = consultations.units_of(access.actor())
    after = request.args.get("after", "")
    show_all = request.args.get("show") == "all"
    rows = team.received(
        [unit.id for unit in units],
        only_waiting=not show_all,
        after=after if KEY.fullmatch(after) else None,
    )
    html = render_template(
        "discussion/team_only.html",
        units=units,
        rows=rows[: desk.PAGE],
        following=rows[desk.PAGE - 1].key if len(rows) > desk.PAGE else None,
        is_first_page=not after,
        show_all=show_all,
        team_gap=team.team_gap(late_before(units)),
    )
    return kept_nowhere(html)


@bp.get("/desk/team/<string:key>", endpoint="team")
@needs(May.ANSWER)
def one_of_the_team(key: str) -> Response:
    note_read(_sent(key))
    return _page(_sent(key), AnswerForm(formdata=None, seen=clock.now().isoformat()), 200)


@bp.post("/desk/team/<string:key>")
@needs(May.ANSWER)
def post_team_reply(key: str) -> Any:
    try:
        return _replied(key)
    except Conflict as refusal:
        return nothing_left(refusal.message)


def _replied(key: str) -> Any:
    who = access.actor()
    said = _sent(key)
    form = AnswerForm()
    if request.form.get("do") == "assign":
        return passed_on(said, lambda *refused: _page(_sent(key), form, *refused))
    if not form.validate_on_submit():
        return _page(said, form, 422)
    try:
        if request.form.get("do") == "note":
            return _kept_as_note(said, form)
        words = actions.answer_written(form.body.data)
        if request.form.get("do") == "preview":
            return _page(said, form, 200, preview=words)
        with transaction(who):
            replying.reply_to_sender(
                actor=who,
                comment=team.sent(key),
                body=words,
                once=form.once.data,
                seen=moment_given(form.seen.data),
            )
    except Invalid as refusal:
        form.body.errors = [*form.body.errors, refusal.message]
        return _page(said, form, 422)
    except (Closed, Conflict, NotAllowed) as refusal:
        return _page(_sent(key), form, 409, refusal)
    flash(_("Your reply is sent. It stands on no public page."))
    return redirect(url_for(".team", key=key, _anchor="replies"), 303)


def _kept_as_note(said: Comment, form: AnswerForm) -> Any:
    """Keep what was typed for one's unit, until it can be sent or for whoever may send it."""
    who = access.actor()
    with transaction(who):
        notes.add_note(actor=who, comment=said, body=form.body.data)
    flash(_("The note is kept for your unit."))
    return redirect(url_for(".team", key=said.key, _anchor="notes"), 303)


def _sent(key: str) -> Comment:
    """Return what was sent only to the team, for officials of its unit; nobody else may know that it is there."""
    said = team.sent(key)
    if not allows(May.ANSWER, access.actor(), said.document) or said.state is State.UNCONFIRMED:
        raise NotFound
    if said.state is not State.RECEIVED:
        raise Conflict(_("This was withdrawn by whoever sent it. There is nothing to read or answer."))
    return said


def _page(
    said: Comment,
    form: AnswerForm,
    status: int,
    refusal: Closed | Conflict | Invalid | NotAllowed | None = None,
    preview: Words | None = None,
) -> Response:
    document, now = said.document, clock.now()
    unit = document.consultation.unit
    not_yet = replying.held_until(unit.organisation_id, now) or replying.uncleared(access.actor(), unit)
    if refusal is not None:
        form.seen.data = clock.now().isoformat()
    html = render_template(
        "discussion/team.html",
        question=said,
        current=stored_html(said.html),
        earlier_words=[
            (stored_html(row.html), row.replaced_at, row.replacement_html)
            for row in queries.wordings_of(said)
        ],
        **words_then_and_now(said).context,
        form=form,
        replies=team.team_replies_on([said.id])[said.id],
        **aside_of(said),
        title=title_of(access.actor(), unit.id),
        messages=[refusal.message] if refusal else [],
        theirs=shown_reply(None if isinstance(refusal, Invalid | NotAllowed) else refusal),
        preview=stored_html(preview.html) if preview else None,
        not_yet=not_yet.message if not_yet else "",
        is_open=stages.takes_responses(document.consultation, now),
    )
    return kept_nowhere(html, status)
