"""What one follows and how often one is told: in the account, and by the link in each mail for who has none."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select

from consult.extensions import db, transaction
from consult.notices import followers, following, queries
from consult.notices.forms import ButtonForm
from consult.notices.models import Follow, Follower, Pace
from consult.notices.routes.blueprint import bp as bp
from consult.notices.routes.links import by_link
from consult.notices.signed import For
from consult.permissions import May
from consult.web import limits
from consult.web.access import actor, needs
from consult.web.origin import begins_without_token
from consult.web.private import kept_nowhere
from consult.web.robots import unlisted

SHOWN = 50
PACES = {pace.value: pace for pace in Pace}


@bp.route("/account/following", methods=["GET", "POST"])
@needs(May.HOLD_ACCOUNT)
@limits.FOLLOWS
def following_list() -> Any:
    """Show an account what it follows, and take how often."""
    who = actor()
    if ButtonForm().validate_on_submit():
        with transaction(who):
            _choose(who, followers.of_person(who))
        flash(_said())
        return redirect(url_for(".following_list", after=request.args.get("after")), 303)
    return kept_nowhere(_page(followers.of_person(who), url_for(".following_list")))


@bp.route("/follow/choose/<string:signed>", methods=["GET", "POST"])
@needs(May.FOLLOW)
@unlisted
@limits.LINK
@begins_without_token
@by_link
def choose(signed: str) -> str:
    """The same for whoever has a mail of ours, without an account."""
    follower, done = following.follower_of(signed, For.CHOOSE), ""
    if request.method == "POST":
        with transaction():
            follower = following.follower_of(signed, For.CHOOSE)
            _choose(actor(), follower)
        done = _said()
    return _page(follower, url_for(".choose", signed=signed), done=done, is_by_link=True)


def _choose(who: Any, follower: Follower | None) -> None:
    """Do what was chosen: one thing is stopped by its button, or the pace of each is set."""
    if follower is None:
        return
    mine = select(Follow).where(Follow.follower_id == follower.id, Follow.confirmed_at.is_not(None))
    stopped = request.form.get("stop", "")[:16]
    if stopped:
        for follow in db.session.scalars(mine.where(Follow.key == stopped)):
            following.leave(actor=who, follow=follow)
        return
    chosen = {
        name.removeprefix("pace-"): PACES[value]
        for name, value in list(request.form.items())[: 4 * SHOWN]
        if name.startswith("pace-") and value in PACES
    }
    for follow in db.session.scalars(mine.where(Follow.key.in_(chosen))):
        pace = chosen[follow.key]
        if pace is Pace.NEVER:
            following.leave(actor=who, follow=follow)
        else:
            following.choose_pace(actor=who, follow=follow, pace=pace)


def _said() -> str:
    return str(_("You no longer follow it.") if request.form.get("stop") else _("Saved."))


def _page(follower: Follower | None, here: str, **more: Any) -> str:
    after = request.args.get("after", "")[:16]
    rows = queries.followed_by(follower, after=after, limit=SHOWN + 1)
    return render_template(
        "notices/following_list.html",
        rows=rows[:SHOWN],
        last=rows[SHOWN - 1].follow.key if len(rows) > SHOWN else None,
        after=after,
        here=here,
        paces=queries.PACES,
        **more,
    )
