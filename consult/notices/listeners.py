"""Who is told what: each function hears one announcement and puts the fitting mail into the outbox.

It runs in the transaction of the act. Nobody is told of what they did themselves.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from consult import clock
from consult.accounts import queries as accounts
from consult.accounts.actions import guests
from consult.accounts.models import Part, Person
from consult.discussion.desk.acts import UNDO
from consult.discussion.models import Comment, Decision, Kind, Response, State, TeamReply
from consult.extensions import db, link_to
from consult.moderation.escalation.actions import UNSEEN
from consult.notices import letters
from consult.notices.actions import put_off, send, take_back
from consult.reasons import BY_APPEAL, BY_CODE, UNDONE


def tell(
    person: Person, letter: letters.Letter, *, unit: str = "", about: Comment | None = None, **how: Any
) -> None:
    """Write to somebody; a guest's mail holds a way back to what they wrote. Who has no address (any more) is not told.

    It is from a `unit`, or the site; one about a comment stands with others about its thread. `how` is what else
    `send` takes: once, named, after.
    """
    if not person.email:
        return
    if person.is_guest and person.is_confirmed:
        letter = letters.with_way_back(letter, guests.way_back(person))
    thread = f"thread-{_top_of(about)}" if about is not None else ""
    send(
        to=person.email,
        subject=letter.subject,
        body=letter.body,
        person=person,
        unit_name=unit,
        thread=thread,
        **how,
    )


def _top_of(comment: Comment) -> str:
    """Return the key of the comment at the top of a thread."""
    return comment.key if comment.root_id is None else db.session.get_one(Comment, comment.root_id).key


def on_guest_wrote(
    sender: object, *, guest: Person, comments: Sequence[Comment], token: str, **more: Any
) -> None:
    """Ask whoever has the address whether it was them. Nothing that was typed is in the mail: it may go to a stranger."""
    titles = list(dict.fromkeys(comment.document.title for comment in comments))
    tell(guest, letters.confirm_comment(len(comments), titles, token))


def on_guest_asked_for_link(sender: object, *, guests: Sequence[tuple[Person, str]], **more: Any) -> None:
    """Send one mail with a way back for each name that was written under with the address."""
    address = guests[0][0].email
    letter = letters.way_back([(guest.name, token) for guest, token in guests])
    send(to=address, subject=letter.subject, body=letter.body, person=guests[0][0])


def on_account_made(sender: object, *, person: Person, token: str, **more: Any) -> None:
    tell(person, letters.confirm_address(person.name, token))


def on_account_asked_again(sender: object, *, person: Person, token: str, **more: Any) -> None:
    tell(person, letters.asked_again(token))


def on_address_taken(sender: object, *, person: Person, **more: Any) -> None:
    tell(person, letters.address_taken(person.name))


def on_password_forgotten(sender: object, *, person: Person, token: str, **more: Any) -> None:
    tell(person, letters.forgotten_password(person.name, token))


def on_password_changed(sender: object, *, person: Person, **more: Any) -> None:
    tell(person, letters.password_changed(person.name))


def on_mail_test_asked(sender: object, *, to: str, token: str, **more: Any) -> None:
    letter = letters.mail_test(token)
    send(to=to, subject=letter.subject, body=letter.body, is_test=True)


def on_barrier_reported(
    sender: object, *, to: str, name: str, email: str, message: str, once: str, **more: Any
) -> None:
    letter = letters.barrier(name, email, message)
    send(to=to, subject=letter.subject, body=letter.body, once=once)


def on_comment_changed(
    sender: object,
    *,
    comment: Comment,
    before: State | None,
    actor: Person | None,
    decision: Decision | None,
    **more: Any,
) -> None:
    """Tell the author what became of it without them: published after a wait, taken down, returned, or unseen."""
    if decision is None or before is None or before is comment.state:
        return  # new, or other words in the same state
    if decision.reason == UNDONE:
        return  # nobody was told of what is taken back
    author = accounts.person(comment.author_id)
    if not author.is_active or (actor is not None and actor.id == author.id):
        return
    if decision.reason == BY_APPEAL or (comment.state is State.PUBLISHED and decision.reason in BY_CODE):
        return  # the letter that tells what was taken out, or how the appeal ended, says it: see `deciding`
    _site = accounts.site()  # held, so that the letter has it at hand
    later = after_undo(decision)
    words = (author.name, comment.body)
    if comment.state is State.PUBLISHED:
        tell(author, letters.comment_published(*words, comment.key), about=comment, **later)
    elif comment.state is State.WAITING and before is State.PUBLISHED:
        if decision.rule == UNSEEN:
            return  # somebody may be in danger: a person writes to them, and nothing does so by itself
        waits = letters.comment_waits_unseen(*words, comment.key, decision.reason)
        tell(author, waits, about=comment)
    elif comment.state is State.TAKEN_DOWN:
        place = where_decided(author, comment)
        tell(author, letters.comment_taken_down(*words, place, decision.reason, decision.note), **later)
    elif comment.state is State.RETURNED:
        place = where_decided(author, comment)
        tell(author, letters.comment_returned(*words, place, decision.reason, decision.note), **later)


def on_comment_sealed(sender: object, *, comment: Comment, was_up: bool, **more: Any) -> None:
    """Tell the author that what was up is not any more, without a word of it: the mail that quotes it has gone."""
    author = accounts.person(comment.author_id)
    if was_up and author.is_active:
        tell(
            author,
            letters.comment_sealed(author.name, comment.document.title, where_decided(author, comment)),
        )


def where_decided(author: Person, comment: Comment) -> str:
    """Return where somebody reads what was decided on their comment; a guest comes there by a link of their own."""
    if author.is_guest and author.is_confirmed:
        return link_to("discussion.guest_return", token=guests.way_back(author), decision=comment.key)
    return link_to("moderation.decision", key=comment.key)


def after_undo(decision: Decision) -> dict[str, Any]:
    """Return how the mail of a moderator's decision waits until it can be taken back no more; a rule's goes at once."""
    if decision.actor_id is None:
        return {}
    return {"named": _decision_mail(decision.id), "after": UNDO}


def _decision_mail(decision_id: int) -> str:
    return f"decision.{decision_id}"


def on_decisions_timed(sender: object, *, decision_ids: Sequence[int], at: datetime, **more: Any) -> None:
    """Let what authors are told of these decisions leave when the whole of an act can be taken back no more."""
    put_off([_decision_mail(each) for each in decision_ids], at)


def on_decision_undone(sender: object, *, decision_id: int, **more: Any) -> None:
    """Tell nobody of a decision that was taken back."""
    take_back([_decision_mail(decision_id)])


def on_question_marked(sender: object, *, comment: Comment, until: datetime, **more: Any) -> None:
    """Tell the author that their comment is treated as a question, once the mark can be taken back no more."""
    author = accounts.person(comment.author_id)
    if not author.is_active:
        return
    by_unit = comment.marked_as is Part.OFFICIAL
    unit = accounts.unit_by_id(comment.document.consultation.unit_id).name
    place = _place_of(comment, author)
    letter = letters.question_marked(author.name, unit, comment.body, place, by_unit=by_unit)
    tell(author, letter, once=_marked(comment), after=until - clock.now(), unit=unit, about=comment)


def on_question_unmarked(sender: object, *, comment: Comment, **more: Any) -> None:
    """Let the mail not leave that would have told of a mark: there is none any more."""
    take_back([_marked(comment)])


def _marked(comment: Comment) -> str:
    return f"question.{comment.key}"


def _place_of(comment: Comment, author: Person) -> str:
    """Return where an author finds a comment; what went to the team alone stands on no page but their own."""
    if comment.is_team_only and author.is_guest:
        return link_to("discussion.guest")
    return link_to("discussion.comment", key=comment.key)


def on_question_answered(
    sender: object, *, response: Response, comments: Sequence[Comment], **more: Any
) -> None:
    """Tell each author whose comment a response answers, once each, however many of theirs it answers.

    The mails leave when the response can no longer be taken back.
    """
    _site = accounts.site()  # held, so that each letter has it at hand
    unit = accounts.unit_by_id(response.unit_id).name
    authors = accounts.people_by_id({comment.author_id for comment in comments})
    told: set[int] = {response.author_id}
    for comment in comments:
        author = authors[comment.author_id]
        if author.id in told or not author.is_active:
            continue
        told.add(author.id)
        words = (author.name, unit, comment.body, comment.key, response.body)
        if comment.kind is Kind.QUESTION:
            told_of = letters.question_answered(*words, say=_where_to_say(author, comment.key))
        else:
            told_of = letters.comment_answered(*words)
        named = _answer_mail(response, author.id)
        with db.session.no_autoflush:
            tell(author, told_of, named=named, after=UNDO, unit=unit, about=comment)
    db.session.flush()


def on_response_undone(
    sender: object, *, response: Response, comments: Sequence[Comment], **more: Any
) -> None:
    """Tell nobody of a response that was taken back."""
    take_back([_answer_mail(response, comment.author_id) for comment in comments])


def _answer_mail(response: Response, person_id: int) -> str:
    return f"answer.{response.key}.{person_id}"


def _where_to_say(author: Person, key: str) -> str:
    """Return where somebody says whether a question is answered; a guest comes there by a link of their own."""
    if author.is_guest and author.is_confirmed:
        return link_to("discussion.guest_return", token=guests.way_back(author), about=key)
    return link_to("discussion.answered", key=key)


def on_team_replied(sender: object, *, reply: TeamReply, comment: Comment, **more: Any) -> None:
    """Send the reply to whoever wrote only to the team, in full: it stands on no page that they could be led to."""
    author = accounts.person(comment.author_id)
    if not author.is_active:
        return
    unit = accounts.unit_by_id(reply.unit_id).name
    place = link_to("discussion.guest") if author.is_guest else link_to("discussion.comment", key=comment.key)
    tell(author, letters.team_reply(author.name, unit, comment.body, reply, place), unit=unit)
