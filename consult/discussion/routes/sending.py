"""Sending what was written: who can read it, whom it is from. Whoever is known sends at once, a guest by a link."""

from collections.abc import Sequence
from typing import Any

from flask import Response, flash, make_response, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from consult import clock
from consult.discussion import guests, queries
from consult.discussion.forms import GuestForm, SendForm, WishesForm, WithdrawForm
from consult.discussion.models import Comment, State, UnsentComment
from consult.discussion.routes.addresses import KEY, comment_url, paragraph_url
from consult.discussion.routes.blueprint import bp
from consult.discussion.routes.noticing import sent_how
from consult.discussion.routes.owning import owner
from consult.discussion.routes.unsent import kept_as, let_go, place_in_words
from consult.discussion.unsent import keeping, kept
from consult.discussion.words import Words
from consult.errors import Closed, Conflict, Invalid
from consult.extensions import transaction
from consult.permissions import May, allows
from consult.text.markdown import stored_html
from consult.web import access, limits
from consult.web.access import needs
from consult.web.fields import blame

MOST_AT_ONCE = 100
ASKED = "guest"  # in the session: which guest a link was sent to, and where


@bp.get("/unsent/send")
@needs(May.BEGIN_COMMENT)
def send() -> Any:
    """Ask who it is from: a name and an address, or, of somebody who is known, only to read it through."""
    keys = request.args.getlist("c")
    rows = _chosen(keys)
    if not rows:
        return _nothing_to_send(keys)
    form = _form(rows, is_sent=False)
    return _page(rows, form, 200)


@bp.post("/unsent/send")
@needs(May.BEGIN_COMMENT)
@limits.GUEST
def post_unsent() -> Any:
    keys = request.form.getlist("c")
    rows = _chosen(keys)
    if not rows:
        return _nothing_to_send(keys)
    form = _form(rows, is_sent=True)
    if not form.validate_on_submit():
        return _page(rows, form, 422)
    try:
        words = {row.key: _words(row) for row in rows}
        return _send(rows, words, form)
    except Invalid as refusal:
        blame(form, refusal)
        return _page(rows, form, 422)
    except (Closed, Conflict) as refusal:
        return _page(rows, form, 409, [refusal.message])


def _words(row: UnsentComment) -> Words:
    """Render what is sent; what is wrong with one of several is said with its place."""
    try:
        return keeping.words_of(row)
    except Invalid as refusal:
        place = place_in_words(row)
        raise Invalid(_("%(place)s: %(problem)s", place=place, problem=refusal.message)) from refusal


def _send(rows: Sequence[UnsentComment], words: dict[str, Words], form: WishesForm) -> Any:
    who, keys = access.actor(), [row.key for row in rows]
    is_guest_form = isinstance(form, GuestForm)
    passed = form.begun.passed if isinstance(form, GuestForm) else None
    manners = {row.key: sent_how(row.body, row.document.slug, passed=passed) for row in rows}
    with transaction(who):
        fresh = kept.unsent(owner(), keys, to_send=True)
        if not fresh:
            return _nothing_to_send(keys)
        _refuse_other_words(fresh, words)
        if len(fresh) == 1 and form.has_chosen:
            keeping.wish(actor=who, unsent=fresh[0], wishes=form.wishes)
        places = {row.key: kept_as(row) for row in fresh}
        if is_guest_form:
            email = form.email.data
            guest, refused = guests.send_as_guest(
                actor=who, name=form.name.data, email=email, unsent=fresh, words=words, manners=manners
            )
            session[ASKED] = [guest.id, email]
        else:
            sent = keeping.send(actor=who, unsent=fresh, words=words, manners=manners)
            posted, refused = sent.posted, sent.refused
    for row, reason in refused:
        del places[row.key]
        flash(_("%(place)s was not sent: %(reason)s", place=place_in_words(row), reason=reason), "wait")
    if is_guest_form:
        session["kept_sent"] = list(places.values())
        return redirect(url_for(".link_sent"), 303)
    return _on_to(posted, list(places.values()))


def _refuse_other_words(rows: Sequence[UnsentComment], words: dict[str, Words]) -> None:
    """Raise Conflict where words were changed in another window since they were made ready to be sent."""
    if any(words[row.key].body != row.body.replace("\r\n", "\n").strip() for row in rows):
        raise Conflict(_("You changed these words in another window."))


def _on_to(posted: Sequence[Comment], places: list[str]) -> Any:
    """Lead to the one comment in its place, or to the list of one's own with a word on what became of them."""
    if not posted:
        return redirect(url_for(".unsent"), 303)
    if len(posted) == 1 and posted[0].state is not State.RECEIVED:
        session["sent"] = sent_mark(places[0], posted[0])
        return redirect(comment_url(posted[0], access.actor()), 303)
    session["kept_sent"] = places
    flash(sent_words(posted))
    return redirect(own_page(), 303)


def sent_mark(place: str, comment: Comment) -> list[str]:
    """Return what the next page is told: the draft that the browser lets go, what became of it, and why it waits."""
    is_waiting = comment.state is State.WAITING
    return [place, comment.state.value, *([queries.rule_of(comment)] if is_waiting else [])]


def sent_words(posted: Sequence[Comment]) -> str:
    """Say what became of comments that were sent together."""
    words = [ngettext("%(num)s comment is sent.", "%(num)s comments are sent.", len(posted))]
    if any(comment.state is State.WAITING for comment in posted):
        words.append(_("A moderator looks next."))
    if any(comment.state is State.RECEIVED for comment in posted):
        words.append(_("What you sent only to the team is not published."))
    return " ".join(words)


def own_page() -> str:
    """Return where somebody who is known finds what they wrote."""
    who = access.actor()
    return url_for("accounts.account") if who.is_authenticated else url_for(".guest")


@bp.route("/unsent/check-email", methods=["GET", "POST"])
@needs(May.BEGIN_COMMENT)
@limits.LINK_AGAIN
def link_sent() -> Any:
    """Say that a mail is on its way, whether or not one is; send it again on request."""
    guest_id, email = session.get(ASKED) or (0, "")
    if not email:
        return redirect(url_for(".unsent"), 303)
    who, form = access.actor(), WithdrawForm()
    if form.validate_on_submit():
        guest = guests.guest_by_id(guest_id)
        if guest is not None:
            with transaction(who):
                guests.send_link_again(actor=who, guest=guest)
        return redirect(url_for(".link_sent", again=1), 303)
    return render_template(
        "discussion/link_sent.html",
        email=email,
        again="again" in request.args,
        rows=kept.waiting_for_link(owner()),
        places=place_in_words,
        dropped=session.pop("kept_sent", []),
        back=_place_of_first(),
    )


def _place_of_first() -> str:
    rows = kept.waiting_for_link(owner())
    return paragraph_url(rows[0].paragraph) if rows else url_for("consultations.home")


def _chosen(given: Sequence[str]) -> list[UnsentComment]:
    keys = [key for key in given if KEY.fullmatch(key)][:MOST_AT_ONCE]
    return kept.unsent(owner(), keys) if keys else []


def _nothing_to_send(keys: Sequence[str]) -> Any:
    """Lead on from a form that was sent twice, or from nothing chosen."""
    waiting = [row for row in kept.waiting_for_link(owner()) if row.key in keys]
    if waiting:
        guest = guests.who_sent(waiting[0])
        session[ASKED] = [guest.id, guest.email]
        return redirect(url_for(".link_sent"), 303)
    flash(_("It was sent or deleted already.") if keys else _("Choose what to send."), "wait")
    is_sent = bool(keys) and access.actor().id is not None
    return redirect(own_page() if is_sent else url_for(".unsent"), 303)


def _form(rows: Sequence[UnsentComment], *, is_sent: bool) -> WishesForm:
    form = SendForm() if access.actor().id is not None else GuestForm()
    if not is_sent:
        form.process(None)
        if len(rows) == 1:  # of several, each bears its own
            form.wish(keeping.wishes_of(rows[0]))
    return form


def _page(
    rows: Sequence[UnsentComment], form: WishesForm, status: int, messages: Sequence[str] = ()
) -> Response:
    who = access.actor()
    consultation = rows[0].document.consultation
    previews = {row.key: _preview(row) for row in rows}
    html = render_template(
        "discussion/send.html",
        rows=rows,
        place=place_in_words,
        words=kept.words_at([row.paragraph_id for row in rows]),
        previews={key: words and stored_html(words.html) for key, words in previews.items()},
        instead={key: words.replacement_html if words else "" for key, words in previews.items()},
        cited={row.key: kept.cited(row.document, row.cites.split()) for row in rows if row.is_letter},
        form=form,
        messages=messages,
        is_known=who.id is not None,
        may_comment=allows(May.COMMENT, who),
        consultation=consultation,
        draft_names={row.key: kept_as(row) for row in rows},
        dropped=let_go(),
        now=clock.now(),
    )
    response = make_response(html, status)
    response.headers["Cache-Control"] = "no-store"
    return response


def _preview(row: UnsentComment) -> Words | None:
    try:
        return keeping.words_of(row)
    except Invalid:
        return None
