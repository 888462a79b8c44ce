"""The form for what was written in somebody's name and not by them: open to everybody, with no account."""

from typing import Any

from flask import redirect, render_template, url_for

from consult.discussion import queries as discussion
from consult.discussion.models import State
from consult.errors import NotFound
from consult.extensions import transaction
from consult.moderation import actions
from consult.moderation.disowning.forms import NotByMeForm
from consult.moderation.routes import bp as bp
from consult.permissions import May
from consult.web import access, limits
from consult.web.access import needs
from consult.web.robots import unlisted


@bp.route("/comments/<string:key>/report/not-by-me", methods=["GET", "POST"])
@needs(May.REPORT)
@unlisted
@limits.REPORT
def not_by_me(key: str) -> Any:
    comment = discussion.comment(key)
    if comment.state is not State.PUBLISHED:
        raise NotFound
    form = NotByMeForm()
    if not form.validate_on_submit():
        page = render_template("moderation/not_by_me.html", form=form, comment=comment)
        return page, 422 if form.is_submitted() else 200
    with transaction(access.actor()):
        actions.report_comment(
            actor=access.actor(),
            comment=comment,
            reason=actions.NOT_AUTHOR,
            note=form.note.data,
            once=form.once.data,
            is_own_name=True,
        )
    return redirect(url_for("moderation.reported", key=key), 303)
