"""Ask that a text is sealed; agree, as somebody else; open it, on record; lift the seal, which takes two again."""

from collections.abc import Collection
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import update

from consult import audit, clock
from consult.announcements import comment_sealed
from consult.discussion import actions as discussion
from consult.discussion.models import Comment, State
from consult.documents.actions import touch
from consult.errors import Conflict, Invalid, NotAllowed, NotFound
from consult.extensions import ROW, db
from consult.moderation.erasure.models import Ground
from consult.moderation.seals import locking, queries
from consult.moderation.seals.models import Seal, SealReader
from consult.permissions import May, require

ROOM = "consult.moderation"
NEVER = (State.ERASED, State.UNCONFIRMED)
UP = (State.PUBLISHED, State.WAITING, State.RETURNED)
REASON = "unlawful"


def ask(*, actor: Any, comment: Comment, ground: Ground, readers: Collection[int]) -> Seal:
    """Ask that a text is sealed, for `readers` (numbers of people) alone. Nothing happens until somebody else agrees.

    Raises Invalid without somebody who can be named, Conflict where somebody asked before or nothing is there.
    """
    _may(actor, comment)
    db.session.refresh(comment, ["state"], with_for_update=ROW)
    if comment.state in NEVER or queries.seal_on(comment.id) is not None:
        raise Conflict(_("Somebody has asked for this already, or the text is gone. Look again."))
    named = [each.id for each in queries.may_be_named(comment.organisation_id) if each.id in set(readers)]
    if not named:
        raise Invalid(_("Choose at least one person who may read it"), field="readers")
    seal = Seal(
        organisation_id=comment.organisation_id,
        comment_id=comment.id,
        ground=ground,
        asked_by=actor.id,
        asked_at=clock.now(),
        readers=[SealReader(person_id=number) for number in named],
    )
    db.session.add(seal)
    db.session.flush()
    _record("seal.ask", seal, actor.id)
    return seal


def refuse(*, actor: Any, comment: Comment) -> None:
    """Leave a text unsealed, or sealed where somebody asked to lift the seal. Raises Conflict if nothing is open."""
    seal = _locked(actor, comment)
    if seal.is_sealed and seal.lifting_asked_at is None:
        raise Conflict(_("Somebody settled this while you were looking. Look again."))
    if seal.is_sealed:
        seal.lifting_asked_by = seal.lifting_asked_at = None
        _record("seal.keep", seal, actor.id)
        return
    seal.over_at, seal.over_by = clock.now(), actor.id
    _record("seal.refuse", seal, actor.id)


def agree(*, actor: Any, comment: Comment) -> None:
    """Seal the text: what was up is taken down, and every copy goes under the seal. It takes two people."""
    seal = _locked(actor, comment)
    if seal.is_sealed:
        raise Conflict(_("Somebody settled this while you were looking. Look again."))
    _refuse_the_same(seal.asked_by, actor)
    seal.agreed_by, seal.agreed_at = actor.id, clock.now()
    was_up = comment.state in UP
    if was_up:
        discussion.lead(actor=actor, comment=comment, after=State.TAKEN_DOWN, reason=REASON)
    words = locking.lock_away(seal, comment)
    comment.is_sealed = True
    db.session.flush()
    _record("seal.agree", seal, actor.id)
    touch(comment.document)
    comment_sealed.send(ROOM, comment=comment, words=words, was_up=was_up)


def open_text(*, actor: Any, comment: Comment) -> dict[str, str]:
    """Return a sealed text to somebody who is named for it; that they opened it is on record, each time.

    Raises NotAllowed for everybody else, Conflict where nothing is sealed.
    """
    seal = _locked(actor, comment)
    if not seal.is_sealed:
        raise Conflict(_("Nothing is sealed here. Look again."))
    if actor.id not in {reader.person_id for reader in seal.readers}:
        raise NotAllowed(_("Only those who are named for this text may read it."))
    _record(queries.OPENED, seal, actor.id)
    return locking.text_of(seal)


def ask_to_lift(*, actor: Any, comment: Comment) -> None:
    """Ask that a seal is lifted. The text stays under it until somebody else agrees."""
    seal = _locked(actor, comment)
    if not seal.is_sealed or seal.lifting_asked_at is not None:
        raise Conflict(_("Somebody settled this while you were looking. Look again."))
    seal.lifting_asked_by, seal.lifting_asked_at = actor.id, clock.now()
    _record("seal.ask_to_lift", seal, actor.id)


def lift(*, actor: Any, comment: Comment) -> None:
    """Put the text back where it was; it stays taken down until a moderator decides. It takes two people."""
    seal = _locked(actor, comment)
    if not seal.is_sealed or seal.lifting_asked_at is None:
        raise Conflict(_("Somebody settled this while you were looking. Look again."))
    _refuse_the_same(seal.lifting_asked_by, actor)
    locking.put_back(seal, comment)
    comment.is_sealed = False
    seal.over_at, seal.over_by = clock.now(), actor.id
    _record("seal.lift", seal, actor.id)
    touch(comment.document)


def follow_state(sender: object, *, comment: Comment, **rest: Any) -> None:
    """Let a sealed text go when it is erased: then the seal is over."""
    if comment.state is State.ERASED:
        db.session.execute(
            update(Seal)
            .where(Seal.comment_id == comment.id, Seal.over_at.is_(None))
            .values(text="", over_at=clock.now())
        )
        comment.is_sealed = False


def _may(actor: Any, comment: Comment) -> None:
    if comment.is_team_only:
        raise NotFound  # no moderator may know that it is there
    require(May.ERASE, actor, comment)


def _refuse_the_same(asker: int | None, actor: Any) -> None:
    if asker == actor.id:
        raise NotAllowed(_("You asked for this. Somebody else has to agree."))


def _locked(actor: Any, comment: Comment) -> Seal:
    _may(actor, comment)
    db.session.refresh(comment, with_for_update=ROW)
    seal = queries.seal_on(comment.id)
    if seal is None or comment.state in NEVER:
        raise Conflict(_("Somebody settled this while you were looking. Look again."))
    return seal


def _record(act: str, seal: Seal, actor_id: int) -> None:
    audit.record(
        act,
        f"seal:{seal.id}",
        actor_id=actor_id,
        organisation_id=seal.organisation_id,
        after="over" if seal.over_at else "sealed" if seal.agreed_at else "asked",
        reason=seal.ground.value,
    )
