"""Following by email: asking for it, confirming it, leaving by one click, coming back.

The links in mails work without a session and without a token of a browser: what they bear is proof enough, and nobody
but its reader has the mail. A GET changes nothing, so that a scanner of mails neither confirms nor leaves.
"""

from typing import Any

from flask import redirect, render_template, request, session, url_for

from consult.accounts import queries as accounts
from consult.accounts.retention import PERIODS, Kept
from consult.extensions import db, transaction
from consult.notices import followers, following, queries, targets
from consult.notices.forms import FollowForm, PaceForm
from consult.notices.models import Follow, Follower, Pace
from consult.notices.routes.blueprint import bp as bp
from consult.notices.routes.links import by_link
from consult.notices.signed import For, sign
from consult.notices.targets import Target
from consult.permissions import May
from consult.web import limits
from consult.web.access import actor, needs
from consult.web.origin import begins_without_token
from consult.web.private import kept_nowhere
from consult.web.robots import unlisted

NAMES = ("consultation", "document", "paragraph", "comment", "unit", "page")
LONGEST_NAME = 80


@bp.route("/follow", methods=["GET", "POST"])
@needs(May.FOLLOW)
@unlisted
@limits.FOLLOW
def follow() -> Any:
    """Ask how often, and whoever is not known for an address; the address that was typed is asked by mail first."""
    names, who = _names(), actor()
    if not any(names.values()):
        return redirect(url_for("consultations.index"), 303)
    target = targets.found(names)
    return _as_known(who, target) if _is_known(who) else _by_address(who, target)


def _names() -> dict[str, str]:
    return {name: request.args.get(name, "")[:LONGEST_NAME] for name in NAMES}


def _is_known(who: Any) -> bool:
    return who.id is not None and who.is_confirmed and bool(who.email)


def _as_known(who: Any, target: Target) -> Any:
    """One button with the pace; for what is followed already, what there is to choose."""
    own = followers.of_person(who)
    known = queries.follow_on(own, target)
    is_on = known is not None and known.left_at is None and known.pace is not Pace.NEVER
    form = PaceForm(pace=known.pace.value if is_on and known is not None else Pace.DAILY.value)
    if not form.validate_on_submit():
        page = _page(target, form, who=who, known=known if is_on else None)
        return page, 422 if form.is_submitted() else 200
    with transaction(who):
        if request.form.get("do") == "stop" and known is not None:
            following.leave(actor=who, follow=db.session.get_one(Follow, known.id))
        else:
            following.follow_as_known(actor=who, target=target, pace=Pace(form.pace.data))
    session["followed"] = "stopped" if request.form.get("do") == "stop" else form.pace.data
    names: Any = target.names
    return redirect(url_for(".follow", **names), 303)


def _by_address(who: Any, target: Target) -> Any:
    form = FollowForm()
    if not form.validate_on_submit():
        return _page(target, form, who=None), 422 if form.is_submitted() else 200
    with transaction(who):
        following.ask_to_follow(actor=who, email=form.email.data, target=target, pace=Pace(form.pace.data))
    return kept_nowhere(_page(target, form, who=None, sent_to=form.email.data))


def _page(target: Target, form: PaceForm, *, who: Any, **more: Any) -> str:
    done = session.pop("followed", "") if who is not None else ""
    days = PERIODS[Kept.LEFT].days
    return render_template(
        "notices/follow.html", target=target, form=form, who=who, done=done, days=days, **more
    )


@bp.route("/follow/confirm/<string:signed>", methods=["GET", "POST"])
@needs(May.FOLLOW)
@unlisted
@limits.LINK
@begins_without_token
@by_link
def confirm_follow(signed: str) -> str:
    """Show what is asked and two buttons: yes, and "this was not me"."""
    found = following.follow_of(signed, For.CONFIRM)
    if request.method == "POST" and request.form.get("do") == "refuse":
        with transaction():
            following.refuse(actor=actor(), signed=signed)
        return render_template("notices/confirm_follow.html", is_refused=True)
    if request.method == "POST":
        with transaction():
            found = following.confirm(actor=actor(), signed=signed)
    return _confirming(signed, found)


def _confirming(signed: str, found: Follow) -> str:
    follower = db.session.get_one(Follower, found.follower_id)
    return render_template(
        "notices/confirm_follow.html",
        target=_target_of(found),
        signed=signed,
        pace=found.pace,
        is_done=found.confirmed_at is not None and found.left_at is None,
        choose=sign(For.CHOOSE, follower.key),
    )


@bp.route("/follow/leave/<string:signed>", methods=["GET", "POST"])
@needs(May.FOLLOW)
@unlisted
@limits.LEAVE
@begins_without_token
@by_link
def leave(signed: str) -> str:
    """Stop following one thing: by the button, or by the POST of a mail program (RFC 8058)."""
    found = following.follow_of(signed, For.LEAVE)
    if request.method == "POST":
        with transaction():
            found = following.follow_of(signed, For.LEAVE)
            act = following.follow_again if _is_again() else following.leave
            act(actor=actor(), follow=found)
    follower = db.session.get_one(Follower, found.follower_id)
    here, is_left = url_for(".leave", signed=signed), found.left_at is not None
    return _leaving(here, follower, _target_of(found), is_left=is_left)


@bp.route("/follow/leave-all/<string:signed>", methods=["GET", "POST"])
@needs(May.FOLLOW)
@unlisted
@limits.LEAVE
@begins_without_token
@by_link
def leave_all(signed: str) -> str:
    """The same for everything that somebody follows."""
    follower = following.follower_of(signed, For.LEAVE_ALL)
    if request.method == "POST":
        with transaction():
            follower = following.follower_of(signed, For.LEAVE_ALL)
            act = following.follow_all_again if _is_again() else following.leave_all
            act(actor=actor(), follower=follower)
    here, is_left = url_for(".leave_all", signed=signed), not queries.follows_anything(follower)
    return _leaving(here, follower, None, is_left=is_left)


def _is_again() -> bool:
    return request.method == "POST" and request.form.get("do") == "again"


def _leaving(here: str, follower: Follower, target: Target | None, *, is_left: bool) -> str:
    return render_template(
        "notices/leave.html",
        here=here,
        target=target,
        is_left=is_left,
        is_again=_is_again(),
        choose=sign(For.CHOOSE, follower.key),
        site_name=accounts.site().name,
    )


def _target_of(found: Follow) -> Target:
    known = targets.described([(found.what, found.target_id)])
    return known[found.what, found.target_id]
