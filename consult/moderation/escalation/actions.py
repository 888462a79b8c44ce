"""Name somebody; pass a comment on to them; they look; somebody writes to its author; it is closed, or taken back."""

from typing import Any

from flask_babel import gettext as _
from sqlalchemy import update

from consult import audit, clock
from consult.accounts.models import Organisation
from consult.announcements import comment_passed_on, escalation_replied
from consult.discussion import actions as discussion
from consult.discussion.models import Comment, State
from consult.errors import Conflict, Invalid
from consult.extensions import ROW, db
from consult.keys import new_key
from consult.moderation import marks, signing
from consult.moderation.actions import open_item, unmark
from consult.moderation.escalation import queries, wordings
from consult.moderation.escalation.models import Danger, Escalation, NamedPerson
from consult.moderation.escalation.queries import PURPOSE
from consult.moderation.models import Cause
from consult.permissions import May, require

ROOM = "consult.moderation"
UNSEEN = "escalation.unseen"  # the rule by which what was passed on waits; its author has no mail of that
NEVER = (State.ERASED, State.UNCONFIRMED)


def name_person(
    *, actor: Any, organisation: Organisation, name: str, email: str, hours: str, is_public: bool
) -> None:
    """Say who is told in an organisation. With neither name nor address nobody is named any more.

    Raises Invalid where one of name, address and hours is missing.
    """
    require(May.ADMINISTER, actor, organisation)
    named = queries.named_person_of(organisation.id)
    if not name and not email:
        if named is not None:
            db.session.delete(named)
            _record_naming("named_person.remove", organisation, actor)
        return
    missing = {"name": name, "email": email, "hours": hours}
    for field, given in missing.items():
        if not given:
            raise Invalid(_("Give name, address and hours, or leave all empty"), field=field)
    if named is None:
        named = NamedPerson(organisation_id=organisation.id)
        db.session.add(named)
    named.name, named.email, named.hours, named.is_public = name, email, hours, is_public
    named.named_by, named.named_at = actor.id, clock.now()
    _record_naming("named_person.name", organisation, actor)


def pass_on(
    *, actor: Any, comment: Comment, danger: Danger, note: str = "", waits: bool = False
) -> Escalation:
    """Pass a comment on to the named person of its organisation; with `waits` nobody else reads it meanwhile.

    Raises Conflict where nobody is named, it was passed on already, or its text is gone.
    """
    require(May.DECIDE, actor, comment)
    db.session.refresh(comment, ["state"], with_for_update=ROW)
    named = queries.named_person_of(comment.organisation_id)
    if named is None:
        raise Conflict(
            _("Nobody is named for this yet. An administrator of the organisation can name somebody.")
        )
    if comment.state in NEVER or queries.open_escalation(comment.id) is not None:
        raise Conflict(_("Somebody has passed this comment on already, or its text is gone. Look again."))
    escalation = Escalation(
        key=new_key(signing.KEY_LENGTH),
        organisation_id=comment.organisation_id,
        comment_id=comment.id,
        danger=danger,
        note=note,
        passed_by=actor.id,
        passed_at=clock.now(),
        told_name=named.name,
        told_email=named.email,
    )
    db.session.add(escalation)
    db.session.flush()
    _record("escalation.pass_on", escalation, actor.id, reason=danger.value)
    if waits and comment.state is State.PUBLISHED:
        discussion.hold_back(comment=comment, rule=UNSEEN)
    open_item(comment, Cause.REPORTED, mark=marks.PASSED_ON)
    signed = signing.sign(PURPOSE, escalation.key, escalation.told_email)
    comment_passed_on.send(ROOM, escalation=escalation, comment=comment, signed=signed)
    return escalation


def note_seen(*, actor: Any, escalation: Escalation) -> None:
    """Put on record that the named person has opened the comment; the link that they have says who they are."""
    db.session.refresh(escalation, ["seen_at"], with_for_update=True)
    if escalation.seen_at is None:
        escalation.seen_at = clock.now()
        _record("escalation.see", escalation, None)


def reply(*, actor: Any, escalation: Escalation, words: str, by_named_person: bool = False) -> None:
    """Write to the author of the comment: a moderator, or the named person, whose link says who they are.

    Raises Invalid for words that nobody has made their own, Conflict for a second reply or where no address is known.
    """
    comment = escalation.comment
    if not by_named_person:
        require(May.DECIDE, actor, comment)
    _lock(escalation)
    if escalation.replied_at is not None:
        raise Conflict(_("Somebody has written to the author already. Look again."))
    if not comment.author.email or not comment.author.is_active:
        raise Conflict(_("We know no address of the author, so nobody can write to them."))
    if not words:
        raise Invalid(_("Write to the author"), field="message")
    if wordings.is_untouched(words, escalation.danger):
        raise Invalid(
            _("Make these words your own, and write what stands in brackets: they go to one person"),
            field="message",
        )
    escalation.reply, escalation.replied_at = words, clock.now()
    escalation.replied_by = None if by_named_person else actor.id
    _record("escalation.reply", escalation, escalation.replied_by)
    name = escalation.told_name if by_named_person else actor.name
    escalation_replied.send(ROOM, escalation=escalation, comment=comment, name=name)


def take_back(*, actor: Any, escalation: Escalation) -> None:
    """Take it back: the link opens nothing any more. That it was passed on, and seen, stays on record."""
    require(May.DECIDE, actor, escalation.comment)
    _lock(escalation)
    escalation.taken_back_at = clock.now()
    _end("escalation.take_back", escalation, actor.id)


def close(*, actor: Any, escalation: Escalation, by_named_person: bool = False) -> None:
    """Say that it was dealt with: a moderator, or the named person. The decision on the comment is another matter."""
    if not by_named_person:
        require(May.DECIDE, actor, escalation.comment)
    _lock(escalation)
    escalation.closed_at = clock.now()
    escalation.closed_by = None if by_named_person else actor.id
    _end("escalation.close", escalation, escalation.closed_by)


def follow_state(sender: object, *, comment: Comment, **rest: Any) -> None:
    """Empty what may quote a text that was erased."""
    if comment.state is State.ERASED:
        db.session.execute(
            update(Escalation).where(Escalation.comment_id == comment.id).values(note="", reply="")
        )


def _end(act: str, escalation: Escalation, actor_id: int | None) -> None:
    escalation.told_email = ""
    _record(act, escalation, actor_id)
    unmark(escalation.comment, marks.PASSED_ON, actor_id=actor_id)


def _lock(escalation: Escalation) -> None:
    db.session.refresh(escalation.comment, ["state"], with_for_update=ROW)
    db.session.refresh(escalation)
    if not escalation.is_open:
        raise Conflict(_("This is closed, or was taken back. Look again."))


def _record(act: str, escalation: Escalation, actor_id: int | None, *, reason: str = "") -> None:
    audit.record(
        act,
        f"escalation:{escalation.id}",
        actor_id=actor_id,
        organisation_id=escalation.organisation_id,
        after="open" if escalation.is_open else "closed",
        reason=reason,
    )


def _record_naming(act: str, organisation: Organisation, actor: Any) -> None:
    audit.record(act, f"organisation:{organisation.id}", actor_id=actor.id, organisation_id=organisation.id)
