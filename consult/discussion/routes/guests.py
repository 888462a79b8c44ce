"""A guest's doors: the link that confirms what was written, "this was not me", and the way back to one's own."""

from typing import Any

from flask import flash, redirect, render_template, request, session, url_for

from consult.discussion import guests, queries
from consult.discussion.forms import GuestLinkForm, WithdrawForm
from consult.discussion.models import State
from consult.discussion.routes.addresses import KEY, comment_url, draft_name
from consult.discussion.routes.blueprint import bp
from consult.discussion.routes.owning import owner
from consult.discussion.routes.sending import ASKED, own_page, sent_mark, sent_words
from consult.discussion.unsent import kept
from consult.errors import NotFound
from consult.extensions import transaction
from consult.permissions import May
from consult.text.markdown import stored_html
from consult.web import access, limits, sessions
from consult.web.access import needs

SHOWN = 20


@bp.route("/confirm-comment/<string:token>", methods=["GET", "POST"])
@needs(May.READ)
@limits.LINK
def confirm_comment(token: str) -> Any:
    """GET only shows what waits and a button: mail scanners open every link, and must not confirm anything."""
    who, form = access.actor(), WithdrawForm()
    try:
        if not form.validate_on_submit():
            comments = guests.waiting_of(guests.writer_of(token))
            return render_template(
                "discussion/confirm_comment.html",
                token=token,
                comments=[(comment, stored_html(comment.html)) for comment in comments],
            )
        with transaction(who):
            guest, comments = guests.confirm_comments(actor=who, token=token)
            posted = [queries.comment(comment.key) for comment in comments]
    except NotFound:
        return _spent(token)
    session.pop(ASKED, None)
    if not who.is_authenticated:
        sessions.begin(guest)
    return _on_to(posted)


def _on_to(posted: list[Any]) -> Any:
    places = [draft_name(comment.paragraph, None) for comment in posted]
    shown = [comment for comment in posted if comment.state in (State.WAITING, State.PUBLISHED)]
    if len(posted) == len(shown) == 1 and access.actor().id == posted[0].author_id:
        session["sent"] = sent_mark(places[0], posted[0])
        return redirect(comment_url(posted[0], access.actor()), 303)
    session["kept_sent"] = places
    flash(sent_words(posted))
    return redirect(own_page(), 303)


@bp.route("/confirm-comment/<string:token>/not-me", methods=["GET", "POST"])
@needs(May.READ)
@limits.LINK
def not_me(token: str) -> Any:
    """Take away what somebody else wrote with an address that was not theirs."""
    who = access.actor()
    try:
        if not WithdrawForm().validate_on_submit():
            guests.writer_of(token)
            return render_template("discussion/not_me.html", token=token, is_done=False)
        with transaction(who):
            guests.refuse_comments(actor=who, token=token)
    except NotFound:
        return _spent(token)
    return render_template("discussion/not_me.html", token=token, is_done=True)


@bp.get("/guest")
@needs(May.READ)
def guest() -> Any:
    """Show a guest what they wrote, its state and the answers; nobody else is shown one person's comments."""
    who, after = access.actor(), request.args.get("after", "")[:12] or None
    if who.is_authenticated:
        return redirect(url_for("accounts.account"), 303)
    if who.id is None:
        return redirect(url_for(".guest_link"), 303)
    comments = queries.comments_of(who.id, after=after, limit=SHOWN + 1)
    shown = [comment.id for comment in comments[:SHOWN]]
    return render_template(
        "discussion/guest.html",
        comments=comments[:SHOWN],
        decisions=queries.decisions_on(shown),
        team_replies=queries.team_replies_on(shown),
        more=comments[SHOWN - 1].key if len(comments) > SHOWN else None,
        after=after,
        unsent_count=kept.unsent_count(owner()),
        dropped=session.pop("kept_sent", []),
    )


@bp.route("/guest/link", methods=["GET", "POST"])
@needs(May.READ)
@limits.GUEST_LINK
def guest_link() -> Any:
    """Send a guest the link to what they wrote; whoever asks is told the same for every address."""
    who, form = access.actor(), GuestLinkForm()
    if not form.validate_on_submit():
        page = render_template("discussion/guest_link.html", form=form, email="")
        return page, 422 if form.is_submitted() else 200
    with transaction(who):
        guests.ask_for_link(actor=who, email=form.email.data)
    return render_template("discussion/guest_link.html", form=form, email=form.email.data)


@bp.route("/guest/come/<string:token>", methods=["GET", "POST"])
@needs(May.READ)
@limits.LINK
def guest_return(token: str) -> Any:
    """Let a guest back in to what they wrote, by a click and not by a scanner's look.

    With `about`, the key of a question of theirs, they come to say whether it is answered; with `decision`, the key
    of a comment, to read what a moderator decided on it.
    """
    who, about, decided = access.actor(), request.args.get("about", ""), request.args.get("decision", "")
    on = url_for(".answered", key=about) if KEY.fullmatch(about) else url_for(".guest")
    if KEY.fullmatch(decided):
        on = url_for("moderation.decision", key=decided)
    try:
        if not WithdrawForm().validate_on_submit():
            guests.returning(token)
            return render_template("discussion/guest_return.html", token=token, about=about, decided=decided)
        with transaction(who):
            found = guests.come_back(actor=who, token=token)
    except NotFound:
        if who.is_guest and (about or decided):  # it was opened here before
            return redirect(on, 303)
        return render_template("discussion/_spent_guest_link.html", is_waiting=False), 404
    sessions.begin(found)
    return redirect(on, 303)


@bp.post("/confirm-comment/<string:token>/again")
@needs(May.READ)
@limits.LINK_AGAIN
def confirmation_again(token: str) -> Any:
    """Send another link to where the first one went: to its guest's own page, or to confirm what still waits."""
    who = access.actor()
    if WithdrawForm().validate_on_submit():
        with transaction(who):
            guests.renew(actor=who, token=token)
    return render_template("discussion/_spent_guest_link.html", is_sent=True)


def _spent(token: str) -> Any:
    """Answer a link that is good no more: where its guest is known here, by their own page."""
    who, sent_to = access.actor(), guests.sent_to(token)
    if sent_to is not None and who.id == sent_to.id:
        return redirect(url_for(".guest"), 303)
    is_waiting = sent_to is not None and bool(guests.waiting_of(sent_to))
    page = render_template(
        "discussion/_spent_guest_link.html", token=token if sent_to else "", is_waiting=is_waiting
    )
    return page, 404
