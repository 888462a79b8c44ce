"""The queue and its decisions, for moderators; the report form, for every reader."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from consult.discussion import queries as discussion
from consult.discussion.models import Comment, State
from consult.errors import Conflict, Invalid, NotFound
from consult.extensions import limiter, transaction
from consult.moderation import actions, queries
from consult.moderation.actions import Verb
from consult.moderation.forms import DecisionForm, ReportForm
from consult.moderation.models import Cause
from consult.permissions import May, require
from consult.web import access
from consult.web.access import needs

bp = Blueprint("moderation", __name__)


@bp.get("/moderation")
@needs(May.DECIDE)
def queue() -> Any:
    return _queue(DecisionForm(formdata=None))


def _queue(form: DecisionForm) -> Any:
    """Answer with the queue: the list, and one item open beside it."""
    who = access.actor()
    organisations = queries.organisations_of(who)
    cause = next((cause for cause in Cause if cause.value == request.args.get("cause")), None)
    place = queries.Place.read(request.args.get("after", ""))
    items = queries.queue(organisations, cause=cause, after=place, limit=queries.PAGE + 1)
    keys = [item.key for item in items[: queries.PAGE]]
    chosen = request.args.get("item", "")
    at = keys.index(chosen) if chosen in keys else 0
    around = _surroundings(who, form, queries.comment_to_decide(keys[at])) if keys else {}
    last = items[queries.PAGE - 1] if len(items) > queries.PAGE else None
    return render_template(
        "moderation/queue.html",
        form=form,
        items=items[: queries.PAGE],
        following=keys[at + 1] if at + 1 < len(keys) else None,
        next_place=queries.Place(last.since, last.id) if last else None,
        place=place,
        cause=cause,
        tallies=queries.tallies(organisations),
        **around,
    )


def _surroundings(who: Any, form: DecisionForm, comment: Comment) -> dict[str, Any]:
    """Return what a page needs to let `who` decide on a comment; `form` is told what they are looking at."""
    correction, is_conflicted = queries.outlook(who, comment)
    form.seen.data = actions.face(comment, correction)
    return {
        "current": comment,
        "correction": correction,
        "record": queries.record_of(comment.author_id, comment.organisation_id),
        "history": queries.history_of(comment.id),
        "is_barred": is_conflicted and queries.another_moderator_exists(who, comment),
        "State": State,
    }


@bp.get("/moderation/<string:key>")
@needs(May.DECIDE)
def item(key: str) -> Any:
    comment = queries.comment_to_decide(key)
    require(May.DECIDE, access.actor(), comment)
    return _item(DecisionForm(formdata=None), comment)


def _item(form: DecisionForm, comment: Comment, status: int = 200) -> Any:
    """Answer with one comment on a page of its own, in the queue or long decided."""
    around = _surroundings(access.actor(), form, comment)
    return render_template("moderation/item.html", form=form, **around), status


@bp.post("/moderation/<string:key>")
@needs(May.DECIDE)
def decide(key: str) -> Any:
    who = access.actor()
    form = DecisionForm()
    comment = queries.comment_to_decide(key)
    require(May.DECIDE, who, comment)  # before anything of it is shown again
    verb = next((verb for verb in Verb if verb.value == request.form.get("do")), None)
    if verb is None or not form.validate_on_submit():
        return _item(form, comment, 422)
    try:
        with transaction(who):
            actions.decide(
                actor=who,
                comment=comment,
                verb=verb,
                reason=form.reason.data or "",
                message=form.message.data,
                seen=form.seen.data or "",
            )
    except Invalid as error:
        form[error.field].errors = [error.message]
        return _item(form, queries.comment_to_decide(key), 422)
    except Conflict as error:
        fresh = queries.comment_to_decide(key)
        form.form_errors.append(error.message or _("Somebody decided on this comment first. Look again."))
        return _item(form, fresh, 409)
    flash(_said(verb))
    return redirect(url_for("moderation.queue", **_where()), 303)


def _where() -> dict[str, Any]:
    """Return what the address said of the place in the queue, and the item to open next."""
    kept = {name: request.args[name] for name in ("cause", "after") if name in request.args}
    following = request.form.get("next", "")
    return {**kept, "item": following} if following else kept


@bp.app_template_global()
def state_words(state: State | str) -> str:
    """Return what a state is called on the page."""
    words = {
        State.UNCONFIRMED: _("not confirmed"),
        State.WAITING: _("waiting"),
        State.PUBLISHED: _("published"),
        State.RETURNED: _("returned to the author"),
        State.TAKEN_DOWN: _("taken down"),
        State.WITHDRAWN: _("withdrawn by the author"),
        State.ERASED: _("erased"),
    }
    return str(words[State(state)])


def _said(verb: Verb) -> str:
    words = {
        Verb.PUBLISH: _("Published."),
        Verb.KEEP: _("The earlier words stay."),
        Verb.TAKE_DOWN: _("Taken down. The author is told why."),
        Verb.RETURN: _("Returned to the author with your message."),
    }
    return str(words[verb])


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
@limiter.limit("20 per hour", methods=["POST"])
def report(key: str) -> Any:
    who = access.actor()
    comment = discussion.comment(key)
    if comment.state is not State.PUBLISHED:
        raise NotFound
    form = ReportForm()
    if not form.validate_on_submit():
        status = 422 if form.is_submitted() else 200
        return render_template("moderation/report.html", form=form, comment=comment), status
    with transaction(who):
        actions.report_comment(
            actor=who, comment=comment, reason=form.reason.data, note=form.note.data, once=form.once.data
        )
    return redirect(url_for("moderation.reported", key=key), 303)


@bp.get("/comments/<string:key>/reported")
@needs(May.REPORT)
def reported(key: str) -> Any:
    return render_template("moderation/reported.html", comment=discussion.comment(key))
