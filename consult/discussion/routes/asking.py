"""What people say of a question: that they have it too, or, where it is theirs, whether the answer answers it."""

from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from consult import clock
from consult.consultations import stages
from consult.discussion import queries, talk
from consult.discussion.forms import ObjectionForm, WithdrawForm
from consult.discussion.ledger import also, objecting
from consult.discussion.ledger.also import Asker
from consult.discussion.models import Comment, Kind, State
from consult.discussion.routes.addresses import comment_url, own_url
from consult.discussion.routes.blueprint import bp
from consult.discussion.routes.showing import readable
from consult.errors import Closed, Conflict, Invalid, NotAllowed, NotFound
from consult.extensions import transaction
from consult.permissions import May, allows
from consult.text.markdown import stored_html
from consult.web import access, limits, origin, sessions
from consult.web.access import needs
from consult.web.fields import blame
from consult.web.origin import begins_without_token
from consult.web.private import kept_nowhere
from consult.web.robots import unlisted


@bp.get("/comments/<string:key>/also")
@needs(May.READ)
@unlisted
def have_question_too(key: str) -> Response:
    """Show a question with the button to say that one has it too, or to take that back."""
    return _also_page(_public_question(key), 200)


@bp.post("/comments/<string:key>/also")
@needs(May.READ)
@begins_without_token
@limits.ALSO
def join_question(key: str) -> Any:
    """Count whoever asks. A page that is alike for everybody bears no token: then the browser counts, never a person."""
    who, question = access.actor(), _public_question(key)
    if not WithdrawForm().validate_on_submit() or (who.id is not None and not origin.has_token()):
        return _also_page(question, 422)
    asker = asker_here(create=True)
    takes_back = request.form.get("do") == "take-back"
    act = also.leave_question if takes_back else also.join_question
    try:
        with transaction(who):
            act(actor=who, asker=asker, comment=queries.comment(key))
    except (Closed, Conflict) as refusal:
        return _also_page(_public_question(key), 409, refusal.message)
    flash(
        _("You are not counted any more.")
        if takes_back
        else _("You are counted. The unit sees how many people have this question.")
    )
    return redirect(comment_url(queries.comment(key), who), 303)


def asker_here(*, create: bool = False) -> Asker:
    """Return who would be counted in this request; with `create` a browser that has no name yet is given one."""
    who = access.actor()
    if who.id is not None:
        return Asker(who.id, sessions.holder())
    return Asker(holder=sessions.holder(create=create))


def _public_question(key: str) -> Comment:
    said = queries.comment(key)
    if said.is_team_only or said.kind is not Kind.QUESTION or not said.was_published:
        raise NotFound
    readable(said.document.consultation.slug, said.document.slug)
    if said.state is not State.PUBLISHED:
        raise Conflict(_("This question has been withdrawn or taken down."))
    return said


def _also_page(question: Comment, status: int, refusal: str = "") -> Response:
    consultation = question.document.consultation
    is_waiting = question.answered_at is None and stages.takes_responses(consultation, clock.now())
    html = render_template(
        "discussion/have_question_too.html",
        question=question,
        current=stored_html(question.html),
        entry=objecting.entry_of(question),
        has_too=bool(also.theirs(asker_here(), [question.id])),
        is_own=question.author_id == access.actor().id,
        is_waiting=is_waiting,
        messages=[refusal] if refusal else [],
        place=comment_url(question, access.actor()),
    )
    return kept_nowhere(html, status)


@bp.get("/comments/<string:key>/answered")
@needs(May.OBJECT)
def answered(key: str) -> Response:
    """Ask whoever asked the question: did that answer it?"""
    return _answered_page(_own_question(key), ObjectionForm(formdata=None), 200)


@bp.post("/comments/<string:key>/answered")
@needs(May.OBJECT)
@limits.OBJECTION
def say_answered(key: str) -> Any:
    who, question, form = access.actor(), _own_question(key), ObjectionForm()
    is_content = request.form.get("do") == "yes"
    if not is_content and not form.validate_on_submit():
        return _answered_page(question, form, 422)
    try:
        with transaction(who):
            fresh = queries.comment(key)
            if is_content:
                objecting.accept_answer(actor=who, comment=fresh)
            else:
                objecting.object_to_answer(actor=who, comment=fresh, why=form.why.data)
    except Invalid as refusal:
        blame(form, refusal)
        return _answered_page(_own_question(key), form, 422)
    except (Closed, Conflict) as refusal:
        return _answered_page(_own_question(key), form, 409, refusal.message)
    flash(
        _("Thank you. The question stays marked as answered.")
        if is_content
        else _("Your question is back on the unit's desk, and waits from today.")
    )
    return redirect(own_url(who) if question.is_team_only else comment_url(queries.comment(key), who), 303)


def _own_question(key: str) -> Comment:
    """Return a question of the actor's own; of those of others nothing is told but that they are."""
    said = queries.comment(key)
    if not allows(May.OBJECT, access.actor(), said):
        if said.state is State.PUBLISHED:
            raise NotAllowed(_("Only whoever asked a question can say whether it is answered."))
        raise NotFound
    if said.kind is not Kind.QUESTION or said.state not in (State.PUBLISHED, State.RECEIVED):
        raise NotFound
    return said


def _answered_page(question: Comment, form: ObjectionForm, status: int, refusal: str = "") -> Response:
    entry = objecting.entry_of(question)
    html = render_template(
        "discussion/answered.html",
        question=question,
        current=stored_html(question.html),
        replies=talk.replies_to(question),
        entry=entry,
        can_object=objecting.can_object(question, entry),
        is_undecided=stages.takes_responses(question.document.consultation, clock.now()),
        form=form,
        messages=[refusal] if refusal else [],
        place=own_url(access.actor()) if question.is_team_only else url_for(".comment", key=question.key),
    )
    return kept_nowhere(html, status)
