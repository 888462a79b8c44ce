"""The officials' desk: the points of a consultation, its working themes. No public page shows them."""

from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from consult.consultations import queries as consultations
from consult.consultations.models import Consultation
from consult.discussion.desk import point_actions, points
from consult.discussion.desk.models import Point
from consult.discussion.routes.blueprint import bp
from consult.errors import Conflict, Invalid, NotFound
from consult.extensions import transaction
from consult.permissions import May, allows
from consult.web import access, limits
from consult.web.access import needs
from consult.web.private import kept_nowhere

LONGEST = 500  # of what is shown again after a refusal


@bp.get("/desk/points/<string:slug>", endpoint="points")
@needs(May.ANSWER)
def points_of(slug: str) -> Response:
    return _page(_ours(slug), 200)


@bp.post("/desk/points/<string:slug>")
@limits.DESK
@needs(May.ANSWER)
def make_point(slug: str) -> Any:
    who, consultation = access.actor(), _ours(slug)
    title = request.form.get("title", "")
    try:
        with transaction(who):
            point_actions.make(actor=who, consultation=_ours(slug), title=title)
    except Invalid as refusal:
        return _page(consultation, 422, message=refusal.message, title=title)
    return redirect(url_for(".points", slug=slug), 303)


@bp.get("/desk/points/<string:slug>/<string:key>", endpoint="point")
@needs(May.ANSWER)
def one_point(slug: str, key: str) -> Response:
    return _point_page(_point(slug, key), 200)


@bp.post("/desk/points/<string:slug>/<string:key>")
@limits.DESK
@needs(May.ANSWER)
def change_point(slug: str, key: str) -> Any:
    """Rename a point, move it up or down, merge it with another, or delete it."""
    who = access.actor()
    _point(slug, key)
    what, title = request.form.get("do", ""), request.form.get("title", "")
    try:
        with transaction(who):
            _do(who, _point(slug, key), what, title)
    except (Invalid, Conflict) as refusal:
        field = getattr(refusal, "field", "") or ("confirm" if what == "delete" else "")
        status = 422 if isinstance(refusal, Invalid) else 409
        found = _point(slug, key)
        return _point_page(found, status, message=refusal.message, field=field, title=title or found.title)
    return redirect(url_for(".points", slug=slug), 303)


def _do(who: Any, point: Point, what: str, title: str) -> None:
    if what == "rename":
        point_actions.rename(actor=who, point=point, title=title)
    elif what in ("up", "down"):
        point_actions.move(actor=who, point=point, step=-1 if what == "up" else 1)
    elif what == "merge":
        into = point_actions.merge(actor=who, point=point, into=_into())
        flash(_("Merged into “%(title)s”.", title=into.title))
    elif what == "delete":
        point_actions.remove(actor=who, point=point, is_confirmed=request.form.get("confirm") == "1")
        flash(_("The point is deleted. What belonged to it stays on the desk."))
    else:
        raise Invalid(_("Choose what to do with it."))


def _into() -> Point:
    try:
        return points.point(request.form.get("into", "")[:LONGEST])
    except NotFound:
        raise Invalid(_("Choose another point of the same consultation."), field="into") from None


def _ours(slug: str) -> Consultation:
    """Return a consultation of one's own unit; nobody else learns which points there are, or that there are any."""
    found = consultations.consultation(slug)
    if not allows(May.ANSWER, access.actor(), found):
        raise NotFound
    return found


def _point(slug: str, key: str) -> Point:
    consultation, found = _ours(slug), points.point(key)
    if found.consultation_id != consultation.id:
        raise NotFound
    return found


def _page(consultation: Consultation, status: int, *, message: str = "", title: str = "") -> Response:
    html = render_template(
        "discussion/points.html",
        consultation=consultation,
        points=points.counted(consultation),
        message=message,
        title=title,
        longest=point_actions.LONGEST_TITLE,
    )
    return kept_nowhere(html, status)


def _point_page(
    point: Point, status: int, *, message: str = "", field: str = "title", title: str = ""
) -> Response:
    html = render_template(
        "discussion/point.html",
        consultation=point.consultation,
        point=point,
        is_empty=points.is_empty(point),
        others=[each for each in points.points_of([point.consultation_id]) if each.id != point.id],
        message=message,
        field=field,
        title=title or point.title,
        longest=point_actions.LONGEST_TITLE,
    )
    return kept_nowhere(html, status)
