"""Answering many comments at once, whatever their paragraphs: what was chosen at the desk, or what a draft answers."""

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from flask import Response, flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from consult import clock
from consult.consultations import stages
from consult.discussion import actions, queries
from consult.discussion.answering import drafting, drafts, presence
from consult.discussion.answering.models import IN_HAND, DraftAnswer
from consult.discussion.conditions import MOST_ANSWERED
from consult.discussion.forms import AnswerForm
from consult.discussion.models import Comment, State
from consult.discussion.routes.addresses import KEY
from consult.discussion.routes.answering import one as answering
from consult.discussion.routes.answering.aside import presence_words
from consult.discussion.routes.answering.beside import moment_given, shown_reply
from consult.discussion.routes.blueprint import bp
from consult.discussion.words import Words
from consult.errors import Closed, Conflict, Invalid, NotAllowed
from consult.extensions import transaction
from consult.permissions import May, require
from consult.text.markdown import stored_html
from consult.text.plain import plain_text
from consult.web import access
from consult.web.access import needs
from consult.web.private import kept_nowhere

MOST_IN_ADDRESS = 50
LONGEST_SHOWN = 300


@bp.get("/desk/answer-several")
@needs(May.ANSWER)
def answer_several() -> Any:
    """Begin an answer to the comments that the address names; more of them come by a form."""
    chosen = _chosen(request.args.getlist("key")[:MOST_IN_ADDRESS])
    if not chosen:
        return _nothing_chosen()
    _come_to(chosen)
    return _page(chosen, AnswerForm(formdata=None, seen=clock.now().isoformat()), 200)


@bp.post("/desk/answer-several")
@needs(May.ANSWER)
def post_to_several() -> Any:
    """Take the comments that were chosen, and show, keep or post what was typed, as the button says."""
    do, draft, given = request.form.get("do", ""), _draft_given(), request.form.getlist("key")
    chosen = _chosen(given[: MOST_ANSWERED + 1])
    if not chosen:
        return _nothing_chosen(is_gone=bool(given))
    form = AnswerForm()
    if do in ("choose", "leave"):
        return _began(chosen, form, draft)
    if not form.validate_on_submit():
        return _page(chosen, form, 422, draft=draft)
    try:
        if do in answering.KEEPING:
            return answering.keep(_keys(chosen), form, do=do, draft_key=draft.key if draft else "")
        words = actions.answer_written(form.body.data)
        if do == "preview":
            _come_to(chosen)
            return _page(chosen, form, 200, draft=draft, preview=words)
        _post(chosen, words, form, draft)
    except Invalid as refusal:
        form.body.errors = [*form.body.errors, refusal.message]
        return _page(chosen, form, 422, draft=draft)
    except (Closed, Conflict, NotAllowed) as refusal:
        return _page(_chosen(_keys(chosen)), form, 409, draft=draft, refusal=refusal)
    if gone := _left_out(chosen):
        flash(
            ngettext(
                "%(num)s comment is left out: it has been withdrawn or taken down meanwhile, or was sent only to the team.",
                "%(num)s comments are left out: they have been withdrawn or taken down meanwhile, or were sent only to the team.",
                gone,
            ),
            "wait",
        )
    session["sent"] = _kept_as(chosen, draft)
    return redirect(url_for(".desk"), 303)


@bp.get("/desk/drafts/<string:key>")
@needs(May.ANSWER)
def draft(key: str) -> Response:
    """Go on with a draft."""
    found = drafts.draft(key)
    require(May.ANSWER, access.actor(), found.unit)
    if found.step not in IN_HAND:
        raise Conflict(drafting.said_of(found.step))
    chosen = [said for said in drafts.comments_of(found) if said.state is State.PUBLISHED]
    gone = len(drafts.comments_of(found)) - len(chosen)
    if chosen:
        _come_to(chosen)
    form = AnswerForm(formdata=None, body=found.body, seen=clock.now().isoformat())
    return _page(chosen, form, 200, draft=found, gone=gone)


def begin(keys: Sequence[str]) -> Any:
    """Begin an answer to what was chosen at the desk."""
    chosen = _chosen(keys)
    return _began(chosen, AnswerForm(formdata=None), None) if chosen else _nothing_chosen()


def _nothing_chosen(*, is_gone: bool = False) -> Any:
    """Lead back to the desk, or show what was typed, if anything was."""
    message = _("Choose at least one comment that everybody can read.")
    if not request.form.get("body"):
        flash(message, "wait")
        return redirect(url_for(".desk"), 303)
    if is_gone:
        return answering.nothing_left(
            _("All that you answer has been withdrawn or taken down. There is nothing to answer.")
        )
    return answering.nothing_left(message, 422)


def _began(chosen: list[Comment], form: AnswerForm, kept: DraftAnswer | None) -> Response:
    """Show the page with the comments that are chosen now and what was typed so far: nothing is posted yet."""
    if form.seen.data is None or moment_given(form.seen.data) is None:
        form.seen.data = clock.now().isoformat()
    _come_to(chosen)
    return _page(chosen, form, 200, draft=kept)


def _post(chosen: list[Comment], words: Words, form: AnswerForm, kept: DraftAnswer | None) -> None:
    """Post what was typed; a draft is kept as it was typed first, and released, so that its end is known."""
    if kept is None:
        answering.post(_keys(chosen), words, form)
        return
    who = access.actor()
    with transaction(who):
        comments = queries.comments(_keys(chosen))
        drafting.save_draft(actor=who, comments=comments, body=words.body, draft=kept)
        drafting.release(actor=who, draft=kept, seen=moment_given(form.seen.data))
        presence.leave(actor=who, comments=comments)
    answering.told_with_undo(answering.published_words())


def _draft_given() -> DraftAnswer | None:
    key = request.form.get("draft", "")
    if not KEY.fullmatch(key):
        return None
    found = drafts.draft(key)
    require(May.ANSWER, access.actor(), found.unit)
    return found


def _come_to(chosen: Sequence[Comment]) -> None:
    if len({said.document.consultation_id for said in chosen}) == 1:
        answering.come_to(chosen)


def _chosen(keys: Sequence[str]) -> list[Comment]:
    """Return what was chosen of one's own units, by draft, paragraph and time; what is gone meanwhile is left out."""
    given = [key for key in dict.fromkeys(keys) if KEY.fullmatch(key)]
    if not given:
        return []
    who, found = access.actor(), queries.comments_to_answer(given)
    for document in {said.document for said in found}:
        require(May.ANSWER, who, document)
    return found


def _keys(chosen: Sequence[Comment]) -> list[str]:
    return [said.key for said in chosen]


def _kept_as(chosen: Sequence[Comment], kept: DraftAnswer | None) -> str:
    """Return the name under which the browser itself keeps what is typed."""
    return f"draft/{kept.key}" if kept else f"several/{chosen[0].key}/{len(chosen)}"


def _page(
    chosen: list[Comment],
    form: AnswerForm,
    status: int,
    *,
    draft: DraftAnswer | None = None,
    refusal: Closed | Conflict | NotAllowed | None = None,
    preview: Words | None = None,
    gone: int = 0,
) -> Response:
    if refusal is not None:
        form.seen.data = clock.now().isoformat()
    documents = list(dict.fromkeys(said.document for said in chosen))
    consultation = documents[0].consultation if documents else draft.consultation if draft else None
    html = render_template(
        "discussion/answer_several.html",
        chosen=chosen,
        groups=[(place, list(some)) for place, some in groupby(chosen, key=lambda said: said.paragraph)],
        words_of={said.key: _shown(said) for said in chosen},
        documents=documents,
        is_of_several=len({document.consultation_id for document in documents}) > 1,
        consultation=consultation,
        unit=consultation.unit if consultation else None,
        gone=gone or _left_out(chosen),
        is_too_many=len(chosen) > MOST_ANSWERED,
        form=form,
        draft=draft,
        kept_as=_kept_as(chosen, draft) if chosen else "",
        here=presence_words(presence.others_at([said.id for said in chosen], access.actor().id)),
        messages=[refusal.message] if refusal else [],
        theirs=shown_reply(refusal if not isinstance(refusal, NotAllowed) else None),
        preview=stored_html(preview.html) if preview else None,
        is_open=consultation is not None and stages.takes_responses(consultation, clock.now()),
        **(answering.signature(chosen) if chosen else {"title": "", "is_unnamed": False}),
    )
    return kept_nowhere(html, status)


def _left_out(chosen: Sequence[Comment]) -> int:
    """Return how many of those that were given are not among those that can be answered."""
    asked = len(set(request.form.getlist("key") or request.args.getlist("key")))
    return max(0, min(asked, MOST_ANSWERED) - len(chosen))


def _shown(said: Comment) -> str:
    words = plain_text(said.html)
    return words if len(words) <= LONGEST_SHOWN else words[:LONGEST_SHOWN].rsplit(" ", 1)[0] + " …"
