"""One comment: its place, its earlier words, and what its author can do with it."""

from typing import Any

from flask import Response, flash, g, make_response, redirect, render_template, url_for
from flask_babel import gettext as _

from consult.discussion import actions, queries, replacing
from consult.discussion.forms import CorrectionForm, LetterCorrectionForm, WithdrawForm, take_off
from consult.discussion.models import Comment, Correction, Kind, State
from consult.discussion.routes.addresses import comment_url, own_url, paragraph_url
from consult.discussion.routes.blueprint import bp
from consult.discussion.routes.showing import readable
from consult.discussion.states import CORRECTABLE, SENT_BACK
from consult.discussion.words import Words
from consult.errors import Closed, Conflict, Invalid, NotAllowed, NotFound
from consult.extensions import transaction
from consult.permissions import May, allows
from consult.text.markdown import stored_html
from consult.web import access, limits
from consult.web.access import needs
from consult.web.fields import blame
from consult.web.robots import unlisted

WITHDRAWABLE = CORRECTABLE - {State.TAKEN_DOWN}  # the note that it was taken down stays


@bp.get("/comments/<string:key>")
@needs(May.READ)
@unlisted
def comment(key: str) -> Any:
    """Lead to where a comment, or an official reply, stands. What was never public is not found.

    What was sent only to the team leads its author to their own page and the unit's officials to their desk; nobody
    else learns that it is there.
    """
    if not access.has_session():
        g.is_alike_for_all = True
    elif (sent := queries.sent_to_team(key)) is not None:
        return redirect(_apart(sent), 302)
    said, _answer = queries.said_under(key)
    _readable(said)
    return redirect(comment_url(said, access.actor(), anchor=key), 302)


@bp.get("/comments/<string:key>/history")
@needs(May.READ)
@unlisted
def history(key: str) -> Response:
    """What a comment or an official reply said before. What is no longer public has no public past either."""
    said, answer = queries.said_under(key)
    _readable(said)
    if answer is None and said.state is not State.PUBLISHED:
        raise NotFound
    now, earlier = (
        (answer, queries.wordings_of_response(answer)) if answer else (said, queries.wordings_in_public(said))
    )
    if not access.has_session():
        g.is_alike_for_all = True
    return make_response(
        render_template(
            "discussion/history.html",
            said=said,
            answer=answer,
            current=stored_html(now.html),
            now_said=None if answer else said,
            written_at=now.created_at,
            edited_at=now.edited_at,
            earlier=[(stored_html(row.html), row.replaced_at, row) for row in earlier],
            place=comment_url(said, access.actor(), anchor=key),
        )
    )


@bp.get("/comments/<string:key>/edit")
@needs(May.CORRECT)
def correct(key: str) -> Any:
    said = _own(key)
    waiting = queries.correction_of(said.id)
    form = _correction_form(said, waiting, is_sent=False)
    return _correction_page(said, form, 200, held=waiting.rule if waiting else "")


@bp.post("/comments/<string:key>/edit")
@needs(May.CORRECT)
@limits.CORRECTION
def save_correction(key: str) -> Any:
    who = access.actor()
    said = _own(key)
    form = _correction_form(said, None, is_sent=True)
    if not form.validate_on_submit():
        return _correction_page(said, form, 422)
    try:
        words = _corrected_words(said, form)
        was_sent_back = said.state in SENT_BACK
        kind = form.chosen_kind if form.kind else None
        with transaction(who):
            actions.correct_comment(actor=who, comment=said, body=words, seen=form.seen.data, kind=kind)
    except Invalid as refusal:
        blame(form, refusal)
        return _correction_page(said, form, 422)
    except (Closed, Conflict) as refusal:
        return _correction_page(queries.comment(key), form, 409, refusal)
    flash(_saved_words(said, was_sent_back))
    return redirect(own_url(who) if said.is_team_only else comment_url(said, who), 303)


@bp.get("/comments/<string:key>/withdraw")
@needs(May.CORRECT)
def withdraw(key: str) -> str:
    said = _own(key, WITHDRAWABLE)
    return render_template(
        "discussion/withdraw.html",
        said=said,
        current=stored_html(said.html),
        form=WithdrawForm(formdata=None),
    )


@bp.post("/comments/<string:key>/withdraw")
@needs(May.CORRECT)
@limits.CORRECTION
def take_back(key: str) -> Any:
    who = access.actor()
    said = _own(key, WITHDRAWABLE)
    with transaction(who):
        actions.withdraw_comment(actor=who, comment=said)
    flash(_("Your comment is withdrawn."))
    if said.is_team_only:
        return redirect(own_url(who), 303)
    return redirect(comment_url(said, who) if said.was_published else paragraph_url(said.paragraph), 303)


def _apart(sent: Comment) -> str:
    who = access.actor()
    if allows(May.CORRECT, who, sent):
        return own_url(who)
    if allows(May.ANSWER, who, sent.document) and sent.state is State.RECEIVED:
        return url_for("discussion.team", key=sent.key)
    raise NotFound


def _readable(said: Comment) -> None:
    """Ask for the text around a comment first: what is said on a text that is not public is not either."""
    document = said.document
    readable(document.consultation.slug, document.slug)


def _own(key: str, states: frozenset[State] = CORRECTABLE) -> Comment:
    """Return the comment if it is the actor's own; what others may not know of is not found."""
    said = queries.comment(key)
    who = access.actor()
    if not allows(May.CORRECT, who, said):
        if said.state is State.PUBLISHED:
            raise NotAllowed(_("Only whoever wrote a comment can change or withdraw it."))
        raise NotFound
    if said.state not in states:
        raise Conflict(_("This comment has been withdrawn or taken down. Nothing about it can be changed."))
    return said


def _correction_form(said: Comment, waiting: Correction | None, *, is_sent: bool) -> CorrectionForm:
    """Return the form for other words: of a question it asks no kind, of what proposes none no words to put instead."""
    source = waiting or said
    filled: dict[str, Any] = {
        "body": source.body,
        "kind": source.kind.value,
        "replacement": source.replacement,
        "seen": actions.face_of(said),
    }
    sort = LetterCorrectionForm if said.is_letter else CorrectionForm
    form = (
        sort(kind=said.kind.value, replacement=said.replacement) if is_sent else sort(formdata=None, **filled)
    )
    is_question = said.kind is Kind.QUESTION
    take_off(
        form,
        kind=is_question or said.is_letter or said.document.consultation.is_toolkit,
        words=said.is_letter
        or said.document.consultation.is_toolkit
        or not replacing.can_replace(said.block)
        or (is_question and not said.replacement),
    )
    return form


def _corrected_words(said: Comment, form: CorrectionForm) -> Words:
    if said.is_letter:
        return actions.letter_written(form.body.data)
    words = actions.written(form.body.data)
    return replacing.with_replacement(words, form.replacement.data, said.block) if form.replacement else words


def _saved_words(said: Comment, was_sent_back: bool) -> str:
    if was_sent_back:
        return str(_("Your new words are with a moderator, and you are told what they decide."))
    if queries.correction_of(said.id):
        return str(
            _("A moderator looks at your correction next. Until then people read what you wrote before.")
        )
    return str(_("Your words are changed."))


def _correction_page(
    said: Comment,
    form: CorrectionForm,
    status: int,
    refusal: Closed | Conflict | None = None,
    held: str = "",
) -> Response:
    theirs = refusal.theirs if isinstance(refusal, Conflict) else None
    if refusal is not None:
        form.seen.data = actions.face_of(said)
    html = render_template(
        "discussion/correct.html",
        said=said,
        form=form,
        current=stored_html(said.html),
        theirs=theirs,
        messages=[refusal.message] if refusal else [],
        words_to_replace=replacing.words_to_replace(said.block),
        is_told=actions.is_told(said),
        held=held,
        is_sent_back=said.state in SENT_BACK,
        waits=said.state is State.PUBLISHED and said.document.consultation.policy.value == "before",
    )
    return make_response(html, status)
