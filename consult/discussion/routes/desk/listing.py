"""The officials' desk: the list of what waits for them and their units, and what they do with many at once."""

import csv
import io
from collections.abc import Iterator, Sequence
from types import SimpleNamespace
from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from consult import clock
from consult.consultations import queries as consultations
from consult.consultations.election_queries import calendar
from consult.consultations.verdicts import LABELS, LONGEST_REASON, Verdict
from consult.discussion import team
from consult.discussion.desk import actions as desk_actions
from consult.discussion.desk import acts as desk_acts
from consult.discussion.desk import listing, point_actions, points, sieve
from consult.discussion.desk import queries as desk
from consult.discussion.desk import rows as desk_rows
from consult.discussion.desk.asked import Desk
from consult.discussion.desk.models import DeskAct
from consult.discussion.desk.sieve import Sieve, View
from consult.discussion.routes.addresses import KEY
from consult.discussion.routes.answering import several
from consult.discussion.routes.blueprint import bp
from consult.discussion.routes.desk import words
from consult.discussion.verdict import deciding
from consult.documents import listings
from consult.errors import Closed, Conflict, Invalid
from consult.extensions import settings, transaction
from consult.permissions import May
from consult.web import access, limits
from consult.web.access import needs
from consult.web.private import kept_nowhere

AT_ONCE = 500  # rows of the file that are fetched together
MOST_LINES = 50_000
MOST_TOGETHER = 50  # drafts that are released at once


@bp.get("/desk", endpoint="desk")
@needs(May.ANSWER)
def who_is_waiting() -> Response:
    return _page(sieve.read(request.args), 200)


@bp.post("/desk")
@limits.DESK
@needs(May.ANSWER)
def act_at_desk() -> Any:
    """Do something with all comments that are ticked, and lead back to the same list."""
    asked, who = sieve.read(request.args), access.actor()
    keys = _chosen(asked)
    try:
        if not keys:
            raise Invalid(_("Choose the comments first: tick one or more of them."), field="key")
        if request.form.get("do") == "answer":
            return several.begin(keys)
        with transaction(who):
            act = _do(who, request.form.get("do", ""), keys)
    except (Invalid, Conflict, Closed) as refusal:
        status = 422 if isinstance(refusal, Invalid) else 409
        return _page(asked, status, messages=[refusal.message], ticked=keys)
    if act is None:
        flash(_("There was nothing to do: it was so already."))
    return _back(asked)


@bp.post("/desk/undo/<string:key>", endpoint="undo")
@limits.DESK
@needs(May.ANSWER)
def undo_at_desk(key: str) -> Any:
    """Take back what one did at the desk a moment ago: one act, or several that were done together (`with`)."""
    who, asked = access.actor(), sieve.read(request.args)
    together = [given for given in request.form.getlist("with") if KEY.fullmatch(given)][:MOST_TOGETHER]
    count, refused = 0, []
    for each in dict.fromkeys([key, *together]):
        try:
            with transaction(who):
                count += desk_acts.undo(actor=who, act=desk_acts.act_of(each))
        except Conflict as refusal:
            refused.append(refusal.message)
    if count:
        flash(ngettext("Undone, for %(num)s comment.", "Undone, for %(num)s comments.", count))
    if refused:
        return _page(asked, 409, messages=list(dict.fromkeys(refused)))
    if together:
        return redirect(url_for(".drafts"), 303)
    return _back(asked)


@bp.get("/desk/list.csv", endpoint="desk_file")
@limits.DESK_FILE
@needs(May.ANSWER)
def list_as_file() -> Response:
    """The list as a table file, all pages of it. It is for officials alone."""
    asked = sieve.read(request.args)
    at = _desk_of(asked)
    answer = kept_nowhere(Response("".join(_lines(at, asked)), mimetype="text/csv"))
    answer.headers["Content-Disposition"] = "attachment; filename=desk.csv"
    return answer


def _do(who: Any, what: str, keys: Sequence[str]) -> DeskAct | None:
    if what == "read":
        return desk_actions.mark_read(actor=who, keys=keys)
    if what == "mine":
        return desk_actions.assign(actor=who, keys=keys, assignee=who)
    if what == "assign":
        return desk_actions.assign(actor=who, keys=keys, assignee=_assignee())
    if what in ("point", "unpoint"):
        point = points.point(_given("point", _("Choose a point.")))
        put = point_actions.put_under if what == "point" else point_actions.take_from
        return put(actor=who, keys=keys, point=point)
    if what == "verdict":
        verdict = next((each for each in Verdict if each.value == request.form.get("verdict")), None)
        if verdict is None:
            raise Invalid(_("Choose a verdict."), field="verdict")
        reason = request.form.get("reason", "").replace("\r\n", "\n")
        return deciding.give_verdicts(actor=who, keys=keys, verdict=verdict, reason=reason)
    raise Invalid(_("Choose what to do with them."), field="do")


def _assignee() -> Any:
    given = _given("assignee", _("Choose a colleague."))
    if given == "nobody":
        return None
    units = [unit.id for unit in consultations.units_of(access.actor())]
    found = desk_rows.colleague(given, units)
    if found is None:
        raise Invalid(_("Choose a colleague."), field="assignee")
    return found


def _given(name: str, message: str) -> str:
    given = request.form.get(name, "")[: sieve.LONGEST]
    if not given:
        raise Invalid(message, field=name)
    return given


def _chosen(asked: Sieve) -> list[str]:
    """Return the keys of what is ticked: one by one, or all that the list holds."""
    if request.form.get("all") == "1":
        return listing.keys_of(_desk_of(asked), asked, desk_actions.AT_ONCE)
    given = dict.fromkeys(request.form.getlist("key"))
    return [key for key in given if KEY.fullmatch(key)][: desk_actions.AT_ONCE]


def _back(asked: Sieve) -> Any:
    query: dict[str, Any] = {**asked.asked, **({"after": _after()} if _after() else {})}
    return redirect(url_for(".desk", **query, _anchor="list"), 303)


def _after() -> str:
    given = request.args.get("after", "")
    return given if KEY.fullmatch(given) else ""


def _desk_of(asked: Sieve) -> Desk:
    who, now = access.actor(), clock.now()
    units = consultations.units_of(who)
    held = calendar({unit.organisation_id for unit in units})
    older = None
    if asked.older_than is not None:
        days = asked.older_than
        older = {
            unit.id: held.late_before(
                now, SimpleNamespace(organisation_id=unit.organisation_id, promise_days=days)
            )
            for unit in units
        }
    return Desk(who.id, units, held.late_before_of(units, now), older)


def _page(asked: Sieve, status: int, *, messages: Sequence[str] = (), ticked: Sequence[str] = ()) -> Response:
    at = _desk_of(asked)
    ids = listing.page(at, asked, after=_after())
    rows = desk_rows.rows(ids[: listing.PAGE])
    unit_ids = [unit.id for unit in at.units]
    exercises = desk.exercises(unit_ids)
    colleagues = desk_rows.colleagues(unit_ids)
    themes = points.points_of([row.id for row in exercises])
    html = render_template(
        "discussion/desk.html",
        **_figures(at, asked),
        units=at.units,
        sieve=asked,
        rows=rows,
        points_on=points.titles_on([row.id for row in rows]),
        following=rows[-1].key if len(ids) > listing.PAGE else None,
        after=_after(),
        acts=_acts(colleagues, themes),
        colleagues=colleagues,
        themes=[(row, [point for point in themes if point.consultation_id == row.id]) for row in exercises],
        exercises=exercises,
        texts=listings.documents_of([row.id for row in exercises], with_unpublished=True),
        messages=messages,
        ticked=set(ticked) | {row.key for row in rows if request.args.get("tick") == "all"},
        words=words,
        verdicts=LABELS,
        longest_reason=LONGEST_REASON,
        most=desk_actions.AT_ONCE,
    )
    return kept_nowhere(html, status)


def _figures(at: Desk, asked: Sieve) -> dict[str, Any]:
    """Return the counts: of every list, or where it is narrowed of this one alone."""
    views = [asked.view] if asked.is_narrowed else list(View)
    late, late_with_nobody, mine, nobodys = listing.waiting(at, asked)
    counts = listing.counts(at, asked, views)
    return {
        "counts": counts,
        "unread": counts.get(View.UNREAD, 0),
        "late": late,
        "late_with_nobody": late_with_nobody,
        "waiting_with": {"": None, "me": mine, "nobody": nobodys},
        "team_gap": team.team_gap(dict(at.late_before)),
    }


def _acts(colleagues: Sequence[Any], themes: Sequence[Any]) -> list[tuple[DeskAct, str, int]]:
    """Return what can still be undone, in words, and for how many seconds more."""
    now = clock.now()
    acts = desk_acts.last_acts(access.actor().id, now)
    told = desk_acts.told_of(acts)
    names = {row.id: row.name for row in colleagues}
    titles = {point.id: point.title for point in themes}
    return [
        (
            act,
            words.done(act, told.get(act.id, {}), names, titles),
            int((act.at + desk_acts.UNDO - now).total_seconds()),
        )
        for act in acts
    ]


def _lines(at: Desk, asked: Sieve) -> Iterator[str]:
    """Yield the lines of the table file, page by page; the last one says so when there is more than a file takes."""
    kinds, places, after = words.kinds(), words.places(), ""
    zone = settings().timezone
    yield _line(
        [
            _("Key"),
            _("Consultation"),
            _("Document"),
            _("Paragraph"),
            _("Kind"),
            _("State"),
            _("Waiting since"),
            _("With"),
            _("Only to the team"),
            _("Name"),
            _("Points"),
            _("Words"),
            _("Address"),
        ]
    )
    for _part in range(MOST_LINES // AT_ONCE):
        ids = listing.page(at, asked, after=after, limit=AT_ONCE)
        rows = desk_rows.rows(ids)
        under = points.titles_on([row.id for row in rows])
        for row in rows:
            page = "discussion.team" if row.is_team_only else "discussion.respond"
            yield _line(
                [
                    *(row.key, row.consultation_title, row.document_title, row.number),
                    *(kinds[row.kind], places[row.place]),
                    row.since.astimezone(zone).isoformat(timespec="minutes") if row.waits else "",
                    *(row.assignee_name or "", _("yes") if row.is_team_only else "", row.author_name),
                    "; ".join(point.title for point in under[row.id]),
                    *(row.html.striptags(), settings().base_url + url_for(page, key=row.key)),
                ]
            )
        if len(ids) < AT_ONCE or not rows:
            return
        after = rows[-1].key
    yield _line([_("There is more than this file takes. Narrow the list.")])


def _line(cells: Sequence[Any]) -> str:
    line = io.StringIO()
    csv.writer(line).writerow([desk_rows.cell(str(each)) for each in cells])
    return line.getvalue()
