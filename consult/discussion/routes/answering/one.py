"""The page on which an official answers one comment: what it is about, what was said and answered there, and the reply."""

from collections.abc import Callable, Sequence
from typing import Any

from flask import Response, flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _

from consult import clock
from consult.consultations import stages
from consult.discussion import actions, queries, tallies
from consult.discussion.answering import drafting, drafts, presence, similar
from consult.discussion.answering.actions import by_document, signs_unnamed, title_shown
from consult.discussion.desk import acts as desk_acts
from consult.discussion.desk import queries as desk
from consult.discussion.forms import AnswerForm
from consult.discussion.models import Comment, State
from consult.discussion.routes.addresses import KEY, comment_url
from consult.discussion.routes.answering.aside import aside_of, pass_on
from consult.discussion.routes.answering.beside import (
    is_fetched_ahead,
    moment_given,
    shown_reply,
    words_then_and_now,
)
from consult.discussion.routes.blueprint import bp
from consult.discussion.words import Words
from consult.errors import Closed, Conflict, Invalid, NotAllowed, NotFound
from consult.extensions import transaction
from consult.permissions import May, require
from consult.text.markdown import stored_html
from consult.web import access
from consult.web.access import needs
from consult.web.private import kept_nowhere

MOST_ALSO = desk.MOST_ALSO + similar.MOST_SHOWN  # as many as the page offers to be answered as well
KEEPING = ("save", "clear", "hold")  # what is done with words that are not out yet


@bp.get("/desk/answer/<string:key>")
@needs(May.ANSWER)
def respond(key: str) -> Response:
    question = answerable(key)
    come_to([question])
    return _page(question, AnswerForm(formdata=None, seen=clock.now().isoformat()), [], 200)


@bp.post("/desk/answer/<string:key>")
@needs(May.ANSWER)
def post_response(key: str) -> Any:
    """Show, keep or post what was typed, as the button says."""
    try:
        return _answered(key)
    except Conflict as refusal:
        return nothing_left(refusal.message)


def _answered(key: str) -> Any:
    who, do = access.actor(), request.form.get("do", "")
    question = answerable(key)
    form = AnswerForm()
    also = [given for given in request.form.getlist("also") if KEY.fullmatch(given)][:MOST_ALSO]
    if do == "assign":
        return passed_on(question, lambda *refused: _page(queries.comment(key), form, also, *refused))
    if not form.validate_on_submit():
        return _page(question, form, also, 422)
    try:
        if do in KEEPING:
            return keep([key, *also], form, do=do)
        words = actions.answer_written(form.body.data)
        if do == "preview":
            come_to([question])
            return _page(question, form, also, 200, preview=words)
        post([key, *also], words, form)
    except Invalid as refusal:
        form.body.errors = [*form.body.errors, refusal.message]
        return _page(question, form, also, 422)
    except (Closed, Conflict, NotAllowed) as refusal:
        return _page(answerable(key), form, also, 409, refusal)
    session["sent"] = f"answer/{key}"
    return redirect(comment_url(queries.comment(key), who), 303)


def passed_on(said: Comment, page: Callable[..., Response]) -> Response:
    """Give a comment to a colleague, and show the same page with what was typed so far: nothing of it is lost."""
    try:
        done = pass_on(said)
    except (Invalid, Conflict) as refusal:
        return page(422 if isinstance(refusal, Invalid) else 409, refusal)
    if done:
        told_with_undo(done)
    return page(200)


def nothing_left(message: str, status: int = 409) -> Response:
    """Show what was typed once more where nothing can be answered: whoever wrote that has withdrawn it, say."""
    typed = request.form.get("body", "")
    html = render_template("discussion/_nothing_to_answer.html", message=message, typed=typed)
    return kept_nowhere(html, status)


def come_to(comments: Sequence[Comment]) -> None:
    """Note that whoever asks has opened these comments to answer them: they are read now, and colleagues are told."""
    if is_fetched_ahead():
        return
    who = access.actor()
    with transaction(who):
        presence.come_to(actor=who, comments=comments)


def post(keys: Sequence[str], words: Words, form: AnswerForm) -> None:
    """Post an answer to comments, on each draft of theirs that they are about, and offer to undo it."""
    who, acts = access.actor(), []
    with transaction(who):
        comments, seen = queries.comments(keys), moment_given(form.seen.data)
        for some in by_document(comments):
            actions.respond(actor=who, comments=some, body=words, once=form.once.data, seen=seen)
            acts += last_act()
        presence.leave(actor=who, comments=comments)
    told_with_undo(published_words(), acts)


def published_words() -> str:
    return str(_("Your official reply is published. People are told in half a minute."))


def told_with_undo(message: str, keys: Sequence[str] = ()) -> None:
    """Say on the next page what was done, with a button that takes it back: these acts, or the last one at the desk."""
    keys = keys or last_act()
    flash(message, f"undo {' '.join(keys)}" if keys else "message")


def last_act() -> list[str]:
    """Return the key of the last act at the desk of whoever asks, if it can still be undone."""
    return [act.key for act in desk_acts.last_acts(access.actor().id, clock.now(), 1)]


def keep(keys: Sequence[str], form: AnswerForm, *, do: str, draft_key: str = "") -> Any:
    """Keep what was typed as a draft of the unit, or one for each text that it is about, and go to the drafts.

    `do` is "clear" to ask to have it cleared, "hold" to let it out by itself after an election, or "save".
    """
    who = access.actor()
    with transaction(who):
        comments = queries.comments(keys)
        before = drafts.draft(draft_key) if draft_key else None
        # words that are kept already stay one draft, which answers comments on one text
        for some in [comments] if before else by_document(comments):
            draft = drafting.save_draft(actor=who, comments=some, body=form.body.data, draft=before)
            if do == "clear":
                drafting.ask_clearance(actor=who, draft=draft)
            elif do == "hold":
                drafting.hold(actor=who, draft=draft)
        presence.leave(actor=who, comments=comments)
    session["sent"] = f"answer/{keys[0]}"
    said = {
        "clear": _("Sent to be cleared. You get an email when it is."),
        "hold": _("Kept: it goes out by itself after the election."),
    }
    flash(said.get(do, _("Saved. Nobody outside sees it.")))
    return redirect(url_for(".drafts"), 303)


def answerable(key: str) -> Comment:
    """Return the comment to answer, for an official of its unit. What was never public is not found."""
    said = queries.comment(key)
    if said.is_team_only:
        raise NotFound
    require(May.ANSWER, access.actor(), said.document)
    if said.state is not State.PUBLISHED:
        if not said.was_published:
            raise NotFound
        raise Conflict(_("This comment has been withdrawn or taken down. There is nothing to answer."))
    return said


def _shown_above(parent: Comment | None) -> Any:
    """Return the words that a comment replies to, where they can still be read."""
    return stored_html(parent.html) if parent is not None and parent.state is State.PUBLISHED else None


def signature(comments: Sequence[Comment]) -> dict[str, Any]:
    """Return how a reply of whoever asks would be signed."""
    unit = comments[0].document.consultation.unit
    return {"title": title_shown(access.actor(), unit), "is_unnamed": signs_unnamed(unit)}


def _page(
    question: Comment,
    form: AnswerForm,
    also: Sequence[str],
    status: int,
    refusal: Closed | Conflict | NotAllowed | Invalid | None = None,
    preview: Words | None = None,
) -> Response:
    document = question.document
    unit = document.consultation.unit
    paragraph = question.paragraph
    words = words_then_and_now(question)
    if refusal is not None:
        form.seen.data = clock.now().isoformat()
    alike = similar.similar_to(question)
    html = render_template(
        "discussion/respond.html",
        question=question,
        **words.context,
        **aside_of(question),
        **signature([question]),
        tally=tallies.kept(words.kin.gathered),
        current=stored_html(question.html),
        form=form,
        also=also,
        similar=alike,
        others=[row for row in desk.also_waiting(question) if row.key not in {s.about.key for s in alike}],
        earlier=desk.responses_on(paragraph),
        latest=desk.latest_on(paragraph, question),
        parent=question.parent,
        parent_html=_shown_above(question.parent),
        following=desk.waiting_questions([unit.id], after=question.key, limit=1),
        messages=[refusal.message] if refusal else [],
        theirs=shown_reply(refusal if not isinstance(refusal, NotAllowed | Invalid) else None),
        preview=stored_html(preview.html) if preview else None,
        is_open=stages.takes_responses(document.consultation, clock.now()),
    )
    return kept_nowhere(html, status)
