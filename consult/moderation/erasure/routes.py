"""Erasure of one text, for moderators and administrators; what was erased, for everybody."""

from collections.abc import Sequence
from typing import Any

from flask import Response, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from consult.accounts import queries as accounts
from consult.accounts.models import Organisation, Part
from consult.consultations.legal_holds import queries as legal_holds
from consult.discussion.models import Comment, State
from consult.extensions import transaction
from consult.moderation import queries as moderation
from consult.moderation.erasure import actions, queries
from consult.moderation.erasure.forms import GROUNDS, EraseForm
from consult.moderation.erasure.models import Ground
from consult.moderation.erasure.queries import Erased
from consult.moderation.routes import bp
from consult.permissions import May, require
from consult.text.csv_line import BOM, csv_line
from consult.web import access
from consult.web.access import needs
from consult.web.conditional import Stamps, answer_alike

PATH = "/organisations/<string:slug>/erased"


@bp.get("/moderation/erasures")
@needs(May.ERASE)
def erasures() -> Any:
    """List what waits for a second person, with the way back to where moderators or administrators come from."""
    who = access.actor()
    home = (
        (url_for("moderation.queue"), _("Moderation"))
        if who.plays(Part.MODERATOR)
        else (url_for("accounts.admin"), _("Set up"))
    )
    return render_template(
        "moderation/erasures.html", waiting=queries.waiting_for(who), grounds=GROUNDS, home=home
    )


@bp.route("/moderation/<string:key>/erase", methods=["GET", "POST"])
@needs(May.ERASE, recent=True)
def erase(key: str) -> Any:
    who = access.actor()
    comment = moderation.comment_to_decide(key)
    require(May.ERASE, who, comment)  # before anything of it is shown
    form = EraseForm()
    verb = request.form.get("do", "ask")
    if verb not in SAID or (verb == "ask" and not form.validate_on_submit()):
        return _page(form, comment, 200 if request.method == "GET" else 422)
    with transaction(who):
        _done(verb, who, moderation.comment_to_decide(key), form)
    flash(str(SAID[verb]()))
    return redirect(url_for("moderation.erasures"), 303)


def _done(verb: str, who: Any, comment: Comment, form: EraseForm) -> None:
    if verb == "ask":
        actions.ask(actor=who, comment=comment, ground=Ground(form.ground.data))
    elif verb == "agree":
        actions.agree(actor=who, comment=comment)
    else:
        actions.refuse(actor=who, comment=comment)


SAID = {
    "ask": lambda: _("Asked. The text stays until somebody else agrees."),
    "agree": lambda: _("Erased. A note with the date stays in the thread."),
    "refuse": lambda: _("The text stays as it is."),
}


def _page(form: EraseForm, comment: Comment, status: int) -> Any:
    return render_template(
        "moderation/erase.html",
        form=form,
        said=comment,
        asked=queries.open_request(comment.id),
        grounds=GROUNDS,
        me=access.actor(),
        is_gone=comment.state is State.ERASED,
        is_kept=legal_holds.covers(comment.document.consultation),
    ), status


@bp.get(PATH)
@needs(May.READ)
def erased(slug: str) -> Response:
    """List what was erased, so that those who took copies can follow."""
    about = accounts.organisation(slug)
    found = queries.erased(about.id)
    return answer_alike(
        _stamps(about, found),
        lambda: render_template("moderation/erased.html", organisation=about, found=found, grounds=GROUNDS),
    )


@bp.get(f"{PATH}.json")
@needs(May.READ)
def erased_json(slug: str) -> Response:
    """Give out the same as data; `consult restore --erased` reads it."""
    about = accounts.organisation(slug)
    found = queries.erased(about.id)
    response = answer_alike(_stamps(about, found), lambda: _json(about, found))
    response.headers["Content-Type"] = "application/json; charset=utf-8"
    return response


@bp.get(f"{PATH}.csv")
@needs(May.READ)
def erased_csv(slug: str) -> Response:
    about = accounts.organisation(slug)
    found = queries.erased(about.id)
    response = answer_alike(_stamps(about, found), lambda: _csv(found))
    response.headers["Content-Type"] = "text/csv; charset=utf-8"
    response.headers["Content-Disposition"] = f'attachment; filename="{about.slug}-erased.csv"'
    return response


def _stamps(about: Organisation, found: Sequence[Erased]) -> Stamps:
    return (about.name, accounts.site().stamp, len(found), found[0].key if found else "")


def _json(about: Organisation, found: Sequence[Erased]) -> str:
    return str(current_app.json.dumps({"organisation": about.slug, "erased": _rows(found)}, indent=1))


def _csv(found: Sequence[Erased]) -> str:
    names = ("comment", "erased_at", "ground")
    lines = [csv_line(names), *(csv_line(row[name] for name in names) for row in _rows(found))]
    return BOM + "".join(lines)


def _rows(found: Sequence[Erased]) -> list[dict[str, str]]:
    return [
        {"comment": each.key, "erased_at": each.at.isoformat(timespec="seconds"), "ground": each.ground.value}
        for each in found
    ]
