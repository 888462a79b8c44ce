"""What stands beside an answer that is being written: notes, who else is at it, drafts, a request for information."""

from typing import Any

from flask import Response, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from consult import clock, workdays
from consult.consultations import queries as consultations
from consult.discussion import queries
from consult.discussion.answering import drafts, information, notes, presence
from consult.discussion.desk import actions as desk_actions
from consult.discussion.desk import rows as desk_rows
from consult.discussion.forms import InformationForm, NoteForm, WithdrawForm
from consult.discussion.ledger import entries as ledger
from consult.discussion.models import Comment
from consult.discussion.routes.addresses import KEY
from consult.discussion.routes.blueprint import bp
from consult.errors import Conflict, Invalid, NotFound
from consult.extensions import settings, transaction
from consult.permissions import May, allows, require
from consult.web import access, limits
from consult.web.access import needs
from consult.web.fields import blame
from consult.web.private import kept_nowhere

MOST_KEYS = 500


def aside_of(said: Comment) -> dict[str, Any]:
    """Return what the pages of an answer show beside it."""
    return {
        "here": presence_words(presence.others_at([said.id], access.actor().id)),
        "team_notes": notes.notes_on([said.id]),
        "drafts_of_it": drafts.drafts_to(said.id),
        "entry": ledger.entry_of(said.id),
        "colleagues": desk_rows.colleagues([said.document.consultation.unit_id]),
        "information_request": information.request_on(said.id),
        "days_left": days_left,
    }


def pass_on(said: Comment) -> str:
    """Give a comment to the colleague that was chosen, or to nobody, and return what was done; "" for nothing.

    Raises Invalid for who cannot have it, Conflict when it is gone.
    """
    who, given = access.actor(), request.form.get("assignee", "")
    assignee = None
    if given != "nobody":
        assignee = desk_rows.colleague(given, [said.document.consultation.unit_id])
        if assignee is None:
            raise Invalid(_("Choose a colleague."), field="assignee")
    with transaction(who):
        act = desk_actions.assign(actor=who, keys=[said.key], assignee=assignee)
    if act is None:
        return ""
    if assignee is None:
        return str(_("It is with nobody now."))
    return str(_("It is with %(name)s now.", name=assignee.name))


def presence_words(names: list[str]) -> str:
    """Say who else is answering; the empty text where nobody is."""
    if not names:
        return ""
    return str(
        ngettext(
            "%(names)s has this open to answer as well, or had a moment ago.",
            "%(names)s have this open to answer as well, or had a moment ago.",
            len(names),
            names=", ".join(names),
        )
    )


def days_left(request_for: Any) -> int:
    """Return how many working days are left of a request for information; below 0 when it is late."""
    today = clock.now().astimezone(settings().timezone).date()
    if today > request_for.due_on:
        return -workdays.working_days(request_for.due_on, today)
    return workdays.working_days(today, request_for.due_on)


@bp.post("/desk/here")
@needs(May.ANSWER)
@limits.PRESENCE
def still_here() -> Response:
    """Take a sign of life from an answer page, and tell it who else is there."""
    keys = [given for given in request.form.getlist("key") if KEY.fullmatch(given)][:MOST_KEYS]
    who = access.actor()
    if not keys or not WithdrawForm().validate_on_submit():
        return kept_nowhere(jsonify(words=""))
    said = queries.comments(keys)
    for document in {comment.document for comment in said}:
        require(May.ANSWER, who, document)
    with transaction(who):
        presence.note_presence(actor=who, comments=said)
    return kept_nowhere(jsonify(words=presence_words(presence.others_at([each.id for each in said], who.id))))


@bp.post("/desk/answer/<string:key>/note")
@needs(May.ANSWER)
@limits.DESK_NOTE
def add_note(key: str) -> Any:
    who, said, form = access.actor(), _said(key), NoteForm()
    if not form.validate_on_submit():
        page = render_template("discussion/add_note.html", said=said, form=form, place=_place(said, "notes"))
        return kept_nowhere(page, 422)
    with transaction(who):
        notes.add_note(actor=who, comment=said, body=form.note.data)
    flash(_("The note is kept for your unit."))
    return redirect(_place(said, "notes"), 303)


@bp.post("/desk/answer/<string:key>/information")
@needs(May.ANSWER)
@limits.DESK_NOTE
def mark_information(key: str) -> Any:
    """Mark a question as a request for information, or close that."""
    who, said, form = access.actor(), _said(key), InformationForm()
    place, is_closing = _place(said, "information"), request.form.get("do") == "close"
    try:
        if form.validate_on_submit():
            with transaction(who):
                if is_closing:
                    information.close_request(actor=who, request=information.request_by(key))
                else:
                    information.mark_request(actor=who, comment=said, received_on=form.day)
            flash(_("Closed.") if is_closing else _("Marked. The author and the contact are told."))
            return redirect(place, 303)
    except Invalid as refusal:
        blame(form, refusal)
    except Conflict as refusal:
        flash(refusal.message, "wait")
        return redirect(place, 303)
    page = render_template("discussion/mark_information.html", said=said, form=form, place=place)
    return kept_nowhere(page, 422)


@bp.get("/desk/information")
@needs(May.ANSWER)
def information_requests() -> Response:
    """List the requests for information that one's units have not closed, the one that is due first on top."""
    units = consultations.units_of(access.actor())
    rows = information.open_requests([unit.id for unit in units])
    return kept_nowhere(
        render_template("discussion/information_requests.html", rows=rows, days_left=days_left)
    )


def _said(key: str) -> Comment:
    """Return a comment of one's own unit; of what was sent only to the team nobody else learns that it is there."""
    said = queries.comment(key)
    if said.is_team_only and not allows(May.ANSWER, access.actor(), said.document):
        raise NotFound
    require(May.ANSWER, access.actor(), said.document)
    return said


def _place(said: Comment, anchor: str) -> str:
    if said.state not in ledger.SHOWN:
        return url_for(".information_requests")
    endpoint = ".team" if said.is_team_only else ".respond"
    return url_for(endpoint, key=said.key, _anchor=anchor)
