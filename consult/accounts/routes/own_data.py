"""What is held about whoever asks, to read and to take away; and the way out."""

import json

from flask import Response, redirect, render_template, session, url_for
from flask_login import logout_user

from consult import clock
from consult.accounts import held, held_words, queries
from consult.accounts.actions import closing as actions
from consult.accounts.forms.closing import CloseForm
from consult.accounts.models import Person
from consult.accounts.routes.blueprint import bp as bp
from consult.accounts.routes.joining import Answer
from consult.discussion import held as discussion
from consult.errors import Conflict
from consult.extensions import link_to, transaction
from consult.moderation import held as moderation
from consult.notices import held as notices
from consult.permissions import May
from consult.toolkit import held as toolkit
from consult.web import limits, sessions
from consult.web.access import actor, needs
from consult.web.conditional import answer_alike
from consult.web.errors import SecondStepFirst
from consult.web.private import kept_nowhere

KINDS = (*held.KINDS, *discussion.KINDS, *moderation.KINDS, *toolkit.KINDS, *notices.KINDS)
SHOWN = 20  # of each kind on the page; the file has all


def held_about(person: Person, holder: str = "") -> dict[str, list[held.Row]]:
    """Return all that is held about a person, by the name of its kind, the newest of each first.

    `holder` names the browser of a guest, for which what they have not sent is kept.
    """
    found = {kind.name: list(kind.read(person)) for kind in KINDS}
    found["unsent"] += discussion.unsent_in_browser(holder)
    return found


@bp.get("/account/data")
@needs(May.HOLD_ACCOUNT)
def data() -> Answer:
    """Show what is held about the person signed in, in words; what there is much of, in part."""
    found = held_about(actor())
    kinds = [(kind, found[kind.name][:SHOWN], len(found[kind.name])) for kind in KINDS]
    words = {"field_names": held_words.NAMES, "readable": held_words.readable}
    return kept_nowhere(render_template("accounts/data.html", kinds=kinds, shown=SHOWN, **words))


@bp.get("/account/data.json")
@needs(May.HOLD_ACCOUNT, recent=True)
@limits.OWN_DATA
def data_file() -> Answer:
    return _file(actor())


@bp.get("/guest/data.json")
@needs(May.SEE_OWN_DATA)
@limits.OWN_DATA
def guest_data() -> Answer:
    """The same for the guest who is known in this browser."""
    return _file(actor())


def _file(person: Person) -> Response:
    """Answer with all that is held about a person as one JSON object, to be saved."""
    now = clock.now()
    content = {
        "site": queries.site().name,
        "address": link_to("consultations.home"),
        "made_at": now.isoformat(),
        **held_about(person, sessions.holder() if person.is_guest else ""),
    }
    response = Response(
        json.dumps(content, default=held.in_json, ensure_ascii=False, indent=2) + "\n",
        content_type="application/json; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="my-data-{now:%Y-%m-%d}.json"'},
    )
    return kept_nowhere(response)


@bp.route("/account/close", methods=["GET", "POST"])
@needs(May.HOLD_ACCOUNT, recent=True)
@limits.CLOSING
def close() -> Answer:
    """Close the account of the person signed in, once they have said what becomes of their comments.

    Whoever plays a part gives the second step first: a stolen password must not end it.
    """
    if actor().is_held_back:
        raise SecondStepFirst
    return _close("accounts/close.html")


@bp.route("/guest/close", methods=["GET", "POST"])
@needs(May.SEE_OWN_DATA)
@limits.CLOSING
def close_guest() -> Answer:
    """Delete what is held about the guest who is known in this browser, but for what they said, if they let it stay."""
    if not actor().is_guest:
        return redirect(url_for("accounts.close"), 303)  # type: ignore[return-value]
    return _close("accounts/close_guest.html")


def _close(page: str) -> Answer:
    who, form, messages = actor(), CloseForm(), []
    if form.validate_on_submit():
        try:
            with transaction(who):
                actions.close_account(actor=who, withdraws=form.withdraws, holder=sessions.holder())
            return _gone()
        except Conflict as refusal:
            messages = [refusal.message]
    status = 409 if messages else 422 if form.is_submitted() else 200
    return render_template(page, form=form, messages=messages), status


def _gone() -> Answer:
    """Let the browser forget who was here, and say that it is done. The mailbox of a demonstration stays its own."""
    logout_user()
    kept = {"browser": session["browser"]} if "browser" in session else {}
    session.clear()
    session.update(kept)
    return redirect(url_for("accounts.closed"), 303)  # type: ignore[return-value]


@bp.get("/account/closed")
@needs(May.READ)
def closed() -> Answer:
    """Say that it is done, to whoever comes here: nobody is known any more."""
    return answer_alike((queries.site().stamp,), lambda: render_template("accounts/closed.html"))
