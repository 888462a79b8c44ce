"""The drafts of one's units, released one or several at once; and the answers that wait to be cleared."""

from collections.abc import Callable, Sequence
from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from consult import clock
from consult.consultations import queries as consultations
from consult.discussion.answering import drafting, drafts
from consult.discussion.answering.models import DraftAnswer, Step
from consult.discussion.conditions import answers_held_until
from consult.discussion.forms import DecisionForm, WithdrawForm
from consult.discussion.models import State
from consult.discussion.routes.addresses import KEY
from consult.discussion.routes.answering import one as answering
from consult.discussion.routes.blueprint import bp
from consult.discussion.words import answer_written
from consult.errors import Closed, Conflict, DomainError, Invalid, NotAllowed
from consult.extensions import transaction
from consult.permissions import May, require
from consult.text.markdown import stored_html
from consult.text.plain import plain_text
from consult.web import access, limits
from consult.web.access import needs
from consult.web.fields import blame
from consult.web.private import kept_nowhere

MOST_AT_ONCE = 50
ACTS: dict[str, Callable[..., object]] = {
    "release": drafting.release,
    "drop": drafting.drop,
    "hold": drafting.hold,
}


@bp.get("/desk/drafts", endpoint="drafts")
@needs(May.ANSWER)
def drafts_in_hand() -> Response:
    return _list([], 200)


@bp.post("/desk/drafts")
@needs(May.ANSWER)
@limits.DESK_NOTE
def release_drafts() -> Any:
    """Release the drafts that were ticked, each by itself, or drop them; whatever cannot be done is said beside it."""
    who, keys = access.actor(), request.form.getlist("key")[:MOST_AT_ONCE]
    keys = [key for key in dict.fromkeys(keys) if KEY.fullmatch(key)]
    do = request.form.get("do", "")
    if not WithdrawForm().validate_on_submit() or not keys or do not in ACTS:
        flash(_("Choose at least one draft."), "wait")
        return redirect(url_for(".drafts"), 303)
    for key in keys:  # all of them first: nothing is done by halves where one of them is not there
        require(May.ANSWER, who, drafts.draft(key).unit)
    refused: list[tuple[str, DomainError]] = []
    released: list[str] = []
    done = 0
    for key in keys:
        try:
            with transaction(who):
                ACTS[do](actor=who, draft=drafts.draft(key))
                if do == "release":
                    released += answering.last_act()
            done += 1
        except (Invalid, Conflict, Closed, NotAllowed) as refusal:
            refused.append((key, refusal))
    if done and do == "hold":
        flash(_("Kept: they go out by themselves after the election."))
    elif done and do == "drop":
        flash(ngettext("%(num)s draft is dropped.", "%(num)s drafts are dropped.", done))
    elif done:
        said = ngettext(
            "%(num)s official reply is published.", "%(num)s official replies are published.", done
        )
        answering.told_with_undo(f"{said} {_('People are told in half a minute.')}", released)
    return _list(refused, 409) if refused else redirect(url_for(".drafts"), 303)


@bp.get("/desk/clearance")
@needs(May.CLEAR)
def clearance() -> Response:
    """List the answers that wait to be cleared, those that wait longest first."""
    rows = drafts.to_clear(drafts.clears_for(access.actor()))
    return kept_nowhere(render_template("discussion/clearance.html", rows=rows))


@bp.get("/desk/clearance/<string:key>")
@needs(May.CLEAR)
def clearance_of(key: str) -> Response:
    return _clearance_page(_to_clear(key), DecisionForm(formdata=None), 200)


@bp.post("/desk/clearance/<string:key>")
@needs(May.CLEAR)
@limits.DESK_NOTE
def decide_clearance(key: str) -> Any:
    """Clear an answer, or send it back with why."""
    who, draft, form = access.actor(), _to_clear(key), DecisionForm()
    is_cleared = request.form.get("do") == "clear"
    try:
        if not form.validate_on_submit():
            return _clearance_page(draft, form, 422)
        with transaction(who):
            act = drafting.clear if is_cleared else drafting.send_back
            act(
                actor=who,
                draft=drafts.draft(key),
                note=form.note.data or "",
                seen=request.form.get("seen", ""),
            )
    except Invalid as refusal:
        blame(form, refusal)
        return _clearance_page(draft, form, 422)
    except (Conflict, NotAllowed) as refusal:
        return _clearance_page(drafts.draft(key), form, 409, refusal)
    flash(
        _("Cleared. The unit is told and releases it.")
        if is_cleared
        else _("Sent back. Its author is told why.")
    )
    return redirect(url_for(".clearance"), 303)


def _to_clear(key: str) -> DraftAnswer:
    draft = drafts.draft(key)
    require(May.CLEAR, access.actor(), draft.unit)
    return draft


def _list(refused: Sequence[tuple[str, DomainError]], status: int) -> Response:
    who = access.actor()
    units = consultations.units_of(who)
    rows = drafts.drafts_of([unit.id for unit in units])
    now = clock.now()
    html = render_template(
        "discussion/drafts.html",
        rows=rows,
        opening={row.key: plain_text(row.body)[:200] for row in rows},
        refused={key: refusal.message or _("You may not do that.") for key, refusal in refused},
        is_held=any(answers_held_until(unit.organisation_id, now) for unit in units),
        clears=bool(drafts.clears_for(who)),
    )
    return kept_nowhere(html, status)


def _clearance_page(
    draft: DraftAnswer, form: DecisionForm, status: int, refusal: Conflict | NotAllowed | None = None
) -> Response:
    comments = drafts.comments_of(draft)
    html = render_template(
        "discussion/clearance_of.html",
        draft=draft,
        comments=[(said, stored_html(said.html)) for said in comments if said.state is State.PUBLISHED],
        gone=sum(said.state is not State.PUBLISHED for said in comments),
        words=_words(draft),
        seen=drafting.face_of(draft),
        form=form,
        is_waiting=draft.step is Step.CLEARING,
        is_own=access.actor().id in drafts.writers_of(draft),
        messages=[refusal.message or _("You may not do that.")] if refusal else [],
    )
    return kept_nowhere(html, status)


def _words(draft: DraftAnswer) -> Any:
    """Return a draft as it would look; what cannot be posted as it stands is shown as it was typed."""
    try:
        return stored_html(answer_written(draft.body).html)
    except Invalid:
        return draft.body
