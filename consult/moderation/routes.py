"""The queue and its decisions, for moderators; the report form, for every reader."""

from datetime import datetime
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from consult import clock
from consult.consultations.models import Consultation
from consult.discussion import conditions, states
from consult.discussion import queries as discussion
from consult.discussion.desk.acts import UNDO
from consult.discussion.models import Comment, State
from consult.errors import Conflict, Invalid, NotFound
from consult.extensions import transaction
from consult.moderation import actions, claims, marks, queries, reads, standing
from consult.moderation import sieve as sieves
from consult.moderation.actions import Verb
from consult.moderation.appeals import queries as appeals
from consult.moderation.appeals.forms import HearingForm
from consult.moderation.campaigns import queries as campaigns
from consult.moderation.complaints import queries as complaints
from consult.moderation.escalation import queries as escalation
from consult.moderation.forms import DecisionForm, ReportForm
from consult.moderation.holds import names, unseen
from consult.moderation.holds import queries as holds
from consult.moderation.places import Place
from consult.moderation.redaction import queries as redaction
from consult.moderation.undoing import acts
from consult.moderation.waves import queries as waves
from consult.permissions import May, allows, require
from consult.reasons import BY_CODE
from consult.toolkit.suggestions import queries as suggestions
from consult.web import access, limits
from consult.web.access import needs
from consult.web.dates import in_words
from consult.web.robots import unlisted

bp = Blueprint("moderation", __name__)
KEPT = ("cause", "consultation", "hold", "campaign", "after")  # what an address says of a place in the queue
SENT_BACK = {state.value for state in states.SENT_BACK}


@bp.get("/moderation")
@needs(May.DECIDE)
def queue() -> Any:
    return _queue(DecisionForm(formdata=None))


def _queue(form: DecisionForm) -> Any:
    """Answer with the queue: the list, and one item open beside it."""
    who = access.actor()
    organisations = queries.organisations_of(who)
    through = sieves.read(request.args, organisations)
    place, now = Place.read(request.args.get("after", "")), clock.now()
    items = queries.queue(organisations, now=now, sieve=through, after=place, limit=queries.PAGE + 1)
    beyond = items[queries.PAGE :]
    items = items[: queries.PAGE]
    keys = [item.key for item in items]
    chosen = request.args.get("item", "")
    free = [not claims.is_held(item, who.id, now) for item in items]
    at = keys.index(chosen) if chosen in keys else free.index(True) if True in free else 0
    if chosen in keys:
        _claim(who, items[at].comment_id)
    around = _surroundings(who, form, queries.comment_to_decide(keys[at]), items[at].marks) if keys else {}
    last = items[-1] if beyond else None
    next_place = Place(place.as_of if place else now, last.risk, last.due_at, last.id) if last else None
    asked: dict[str, Any] = {**through.address(), **({"after": str(place)} if place else {})}
    following = next((keys[n] for n in range(at + 1, len(keys)) if free[n]), None)
    return render_template(
        "moderation/queue.html",
        form=form,
        items=items,
        following=following,
        skip_to=_skip_to(asked, following, next_place),
        is_free=free,
        opened=items[at] if keys else None,
        held=claims.of_row(items[at], who.id, now) if keys else None,
        next_place=next_place,
        place=place,
        now=now,
        over=queries.over_time(organisations, now),
        many=reads.MANY,
        undoable=[(act, int((act.at + UNDO - now).total_seconds())) for act in acts.last_acts(who.id, now)],
        cause=through.cause,
        through=through,
        asked=asked,
        open_elsewhere=queries.consultations_waiting(organisations) if keys or through.names else [],
        all_holds=names.ALL,
        tallies=queries.tallies(organisations),
        waves=waves.current(organisations, now),
        suggestions=suggestions.waiting(),
        may_edit=allows(May.EDIT_TOOLKIT, who),
        **around,
    )


def _skip_to(asked: dict[str, Any], following: str | None, next_place: Place | None) -> str:
    """Return where skipping leads: to the next on the page, or after the last one to the first of the next page."""
    if following:
        return url_for("moderation.queue", **{**asked, "item": following}, _anchor="detail")
    if next_place:
        return url_for("moderation.queue", **{**asked, "after": str(next_place)}, _anchor="detail")
    return ""


def _claim(who: Any, comment_id: int) -> None:
    """Let a comment that was opened be theirs for a few minutes, if it waits and is nobody else's."""
    if claims.is_due(comment_id, who.id, clock.now()):
        with transaction(who, is_known=True):
            claims.claim(actor=who, comment_id=comment_id)


def _surroundings(
    who: Any, form: DecisionForm, comment: Comment, marked: str | None = None
) -> dict[str, Any]:
    """Return what a page needs to let `who` decide on a comment; `form` is told what they are looking at."""
    correction, is_conflicted, held = queries.outlook(who, comment)
    new = correction or comment
    history = queries.history_of(comment.id)
    was_sent_back = any(decision.after in SENT_BACK for decision in history.decisions)
    form.offer(before_election=queries.is_before_election(comment))
    form.seen.data = actions.face(comment, correction, history.decision_id)
    return {
        "current": comment,
        "correction": correction,
        "record": queries.record_of(comment.author_id, comment.organisation_id),
        "history": history,
        "reporters": queries.reporters(history.reports, comment.organisation_id),
        "earlier": discussion.wordings_of(comment) if was_sent_back else [],
        "original": redaction.original_of(comment),
        "taken_out": redaction.standing(comment),
        "may_mark": conditions.takes_responses(comment.document.consultation, clock.now()),
        "is_barred": is_conflicted and queries.another_moderator_exists(who, comment),
        "fired": holds.fired_for(
            comment.document.consultation,
            held,
            "\n\n".join(filter(None, (new.body, new.replacement))),
            how="" if correction else comment.manner,
        ),
        **_appealed(who, comment),
        **_complained_of(comment, marked),
        "similar": campaigns.alike(comment.id),
        "State": State,
    }


def _complained_of(comment: Comment, marked: str | None) -> dict[str, Any]:
    """Return the notices of complaint that are open about a comment, the time at which they are read, and whether it
    was passed on.

    `marked` are the marks of its open item where they are known: without them nobody has to ask.
    """

    def may_be(mark: str) -> bool:
        return marked is None or mark in marks.read(marked)

    return {
        "notices_of_complaint": (
            complaints.open_complaints_on(comment.id) if may_be(marks.DEFAMATION) else []
        ),
        "notice_time": clock.now(),
        "passed_on": escalation.open_escalation(comment.id) if may_be(marks.PASSED_ON) else None,
    }


def _appealed(who: Any, comment: Comment) -> dict[str, Any]:
    """Return the appeal on a comment that was taken down or returned, and the form for who may hear it."""
    appeal = appeals.latest_appeal(comment)
    if appeal is None or appeal.settled_at is not None:
        return {"appeal": appeal, "hearing": None, "may_hear": False}
    may_hear = appeals.may_hear(who, appeal, comment)
    return {"appeal": appeal, "hearing": HearingForm(formdata=None), "may_hear": may_hear}


@bp.get("/moderation/<string:key>")
@needs(May.DECIDE)
def item(key: str) -> Any:
    comment = queries.comment_to_decide(key)
    require(May.DECIDE, access.actor(), comment)
    _claim(access.actor(), comment.id)
    return _item(DecisionForm(formdata=None), queries.comment_to_decide(key))


def _item(form: DecisionForm, comment: Comment, status: int = 200, hearing: HearingForm | None = None) -> Any:
    """Answer with one comment on a page of its own, in the queue or long decided."""
    who = access.actor()
    held = claims.of_another(comment.id, who.id, clock.now())
    around = _surroundings(who, form, comment)
    if hearing is not None:
        around["hearing"] = hearing
    return render_template("moderation/item.html", form=form, held=held, **around), status


def item_page(comment: Comment, status: int, *, hearing: HearingForm) -> Any:
    """Answer with the page of a comment on which somebody decides an appeal, with what they typed."""
    return _item(DecisionForm(formdata=None), comment, status, hearing)


@bp.post("/moderation/<string:key>")
@needs(May.DECIDE)
def decide(key: str) -> Any:
    who = access.actor()
    form = DecisionForm()
    verb = next((verb for verb in Verb if verb.value == request.form.get("do")), None)
    if verb is None or not form.validate_on_submit():
        comment = queries.comment_to_decide(key)
        require(May.DECIDE, who, comment)  # before anything of it is shown again
        return _item(form, comment, 422)
    try:
        with transaction(who, is_known=True):
            act = actions.decide(
                actor=who,
                comment=standing.hold(key, person_id=who.id),
                verb=verb,
                reason=form.reason.data or "",
                message=form.message.data,
                seen=form.seen.data or "",
                aware=request.form.get("aware", ""),
            )
    except Invalid as error:
        form[error.field].errors = [error.message]
        return _item(form, queries.comment_to_decide(key), 422)
    except Conflict as error:
        fresh = queries.comment_to_decide(key)
        told = _told_of_another(who, fresh, verb)
        form.form_errors.append(
            told or error.message or _("Somebody decided on this comment first. Look again.")
        )
        return _item(form, fresh, 409)
    if act is None:  # what can be undone is said beside the button
        flash(said(verb))
    return redirect(url_for("moderation.queue", **where()), 303)


def _told_of_another(who: Any, comment: Comment, verb: Verb) -> str:
    """Say which moderator decided first and when, and put on record who came late; "" where nobody did."""
    other = claims.decided_first(comment, who.id, clock.now())
    if other is None:
        return ""
    with transaction(who):
        claims.record_late(actor=who, comment=queries.comment_to_decide(comment.key), verb=verb.value)
    words = {
        "name": other.name,
        "time": in_words(other.decided_at, "d MMM yyyy, h.mm a"),
        "state": state_words(other.after),
    }
    return str(
        _(
            "%(name)s decided on this comment first, on %(time)s: %(state)s."
            " Yours was not carried out. It is on record that you both decided.",
            **words,
        )
    )


def where() -> dict[str, Any]:
    """Return what the address said of the place in the queue, and the item to open next."""
    kept = {name: request.args[name] for name in KEPT if request.args.get(name)}
    following, onward = request.form.get("next", ""), request.form.get("onward", "")
    if onward:
        return {**kept, "after": onward}
    return {**kept, "item": following} if following else kept


@bp.app_template_global()
def due_words(due_at: datetime, now: datetime) -> str:
    """Say how far off the time is by which a moderator should have looked, or for how long it has been over."""
    minutes = int(abs((due_at - now).total_seconds()) // 60)
    if minutes < 60:
        long = ngettext("%(num)s minute", "%(num)s minutes", minutes)
    elif minutes < 48 * 60:
        long = ngettext("%(num)s hour", "%(num)s hours", minutes // 60)
    else:
        long = ngettext("%(num)s day", "%(num)s days", minutes // (24 * 60))
    return str(_("over by %(long)s", long=long) if due_at <= now else _("due in %(long)s", long=long))


@bp.app_template_global()
def marks_of(codes: str) -> list[object]:
    """Return what the marks of an item of the queue are called."""
    return [marks.LABELS[code] for code in marks.read(codes)]


@bp.app_template_global()
def look_promise(about: Consultation) -> str:
    """Say within how many hours a moderator looks, as a unit promised it."""
    if about.look_counts_work:
        return str(ngettext("%(num)s working hour", "%(num)s working hours", about.look_hours))
    return str(ngettext("%(num)s hour", "%(num)s hours", about.look_hours))


@bp.app_template_global()
def state_words(state: State | str, reason: str = "") -> str:
    """Return what a state is called on the page; with the `reason` of a decision, what it decided."""
    if State(state) is State.PUBLISHED and reason in BY_CODE:
        return str(_("published without some words"))
    words = {
        State.UNCONFIRMED: _("not confirmed"),
        State.RECEIVED: _("with the team"),
        State.WAITING: _("waiting"),
        State.PUBLISHED: _("published"),
        State.RETURNED: _("returned to the author"),
        State.TAKEN_DOWN: _("taken down"),
        State.WITHDRAWN: _("withdrawn by the author"),
        State.ERASED: _("erased"),
    }
    return str(words[State(state)])


@bp.app_template_global("said_of_decision")
def said(verb: Verb | str) -> str:
    """Say what was just done."""
    words = {
        Verb.PUBLISH: _("Published."),
        Verb.KEEP: _("The earlier words stay."),
        Verb.TAKE_DOWN: _("Taken down. The author is told why."),
        Verb.RETURN: _("Returned to the author with your message."),
    }
    measures = {
        "take-out": _("Words taken out. The author is told which, and why."),
        "put-back": _("The words are back. The author is told why."),
        "close-thread": _("Thread closed to replies."),
        "open-thread": _("Thread opened again."),
    }
    return str(measures.get(str(verb)) or words[Verb(verb)])


@bp.get("/moderation/decisions")
@needs(May.DECIDE)
def decisions() -> Any:
    organisations = queries.organisations_of(access.actor())
    given = request.args.get("before", "")
    before = int(given) if given.isdigit() and len(given) < 18 else None
    found = queries.recent_decisions(organisations, before=before, limit=queries.PAGE + 1)
    more = found[queries.PAGE - 1].Decision.id if len(found) > queries.PAGE else None
    return render_template("moderation/decisions.html", found=found[: queries.PAGE], more=more, before=before)


@bp.route("/comments/<string:key>/report", methods=["GET", "POST"])
@needs(May.REPORT)
@unlisted
@limits.REPORT
def report(key: str) -> Any:
    who = access.actor()
    comment = discussion.comment(key)
    if comment.state is not State.PUBLISHED:
        raise NotFound
    form = ReportForm().offer(before_election=queries.is_before_election(comment))
    if not form.validate_on_submit():
        status = 422 if form.is_submitted() else 200
        return render_template("moderation/report.html", form=form, comment=comment), status
    is_threat = bool(form.is_threat.data)
    kind = unseen.kind_of(form.reason.data, is_threat=is_threat)
    with transaction(who):
        actions.report_comment(
            actor=who,
            comment=comment,
            reason=form.reason.data,
            note=form.note.data,
            once=form.once.data,
            is_threat=is_threat,
            may_hold=bool(kind) and limits.may_silence(str(comment.document_id)),
        )
    return redirect(url_for("moderation.reported", key=key), 303)


@bp.get("/comments/<string:key>/reported")
@needs(May.REPORT)
def reported(key: str) -> Any:
    comment = discussion.comment(key)
    if not comment.was_published:
        raise NotFound
    return render_template("moderation/reported.html", comment=comment)
