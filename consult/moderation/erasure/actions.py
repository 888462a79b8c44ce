"""Ask that the text of a comment goes; agree, as somebody else; or leave it as it is."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import delete, select, update

from consult import audit, clock
from consult.announcements import comment_erased
from consult.consultations.legal_holds import queries as legal_holds
from consult.discussion import actions as discussion
from consult.discussion.models import Comment, Correction, Decision, State, UnsentComment, Wording
from consult.documents.actions import touch
from consult.errors import Conflict, NotAllowed, NotFound
from consult.extensions import ROW, db
from consult.moderation.erasure import queries
from consult.moderation.erasure.models import Erasure, Ground
from consult.moderation.erasure.queries import Erased
from consult.moderation.models import Report
from consult.moderation.redaction import actions as redaction
from consult.permissions import May, require

ROOM = "consult.moderation"
OBEYED = "erasure.obeyed"  # the rule by which a restored copy follows what was erased since
NEVER = (State.ERASED, State.UNCONFIRMED)  # nothing is left, or it goes by itself


def ask(*, actor: Any, comment: Comment, ground: Ground) -> Erasure:
    """Ask that the text of a comment is erased. Nothing happens to it until somebody else agrees.

    Raises Conflict where somebody asked before, or nothing is there to erase.
    """
    _may(actor, comment)
    db.session.refresh(comment, ["state"], with_for_update=ROW)
    if comment.state in NEVER or queries.open_request(comment.id) is not None:
        raise Conflict(_("Somebody has asked for this already, or the text is gone. Look again."))
    request = Erasure(
        organisation_id=comment.organisation_id,
        comment_id=comment.id,
        ground=ground,
        asked_by=actor.id,
        asked_at=clock.now(),
    )
    db.session.add(request)
    _record("comment.ask_erasure", actor, comment, ground)
    return request


def refuse(*, actor: Any, comment: Comment) -> None:
    """Leave the text as it is: by whoever asked, or by anybody else who could agree. Raises Conflict if nothing is open."""
    _may(actor, comment)
    request = _locked(comment)
    request.refused_by, request.refused_at = actor.id, clock.now()
    _record("comment.refuse_erasure", actor, comment, request.ground)


def agree(*, actor: Any, comment: Comment) -> None:
    """Erase the text, everywhere and for good.

    Raises NotAllowed for whoever asked: it takes two people. Raises Conflict while a legal hold keeps it: the request
    stays, and somebody can agree when the hold is lifted.
    """
    _may(actor, comment)
    request = _locked(comment)
    if request.asked_by == actor.id:
        raise NotAllowed(_("You asked for this. Somebody else has to agree."))
    if legal_holds.covers(comment.document.consultation):
        raise legal_holds.kept()
    request.agreed_by, request.agreed_at = actor.id, clock.now()
    erase(actor=actor, comment=comment, reason=request.ground.value)


def obey(*, actor: None = None, erased: Sequence[Erased]) -> int:
    """Erase what is named, by the rule that a copy follows its original; return how many texts it had still.

    What is gone already, was never here, or is kept by a legal hold is passed over. For a site that was restored from a back-up.
    """
    found = 0
    for each in erased:
        comment = db.session.scalar(select(Comment).where(Comment.key == each.key))
        if (
            comment is None
            or comment.state is State.ERASED
            or legal_holds.covers(comment.document.consultation)
        ):
            continue
        request = queries.open_request(comment.id)
        if request is None:
            request = Erasure(
                organisation_id=comment.organisation_id,
                comment_id=comment.id,
                ground=each.ground,
                asked_at=each.at,
            )
            db.session.add(request)
        request.agreed_at = each.at
        erase(actor=actor, comment=comment, reason=each.ground.value, rule=OBEYED)
        found += 1
    return found


def erase(*, actor: Any, comment: Comment, reason: str, rule: str = "") -> None:
    """Take every copy of a comment's text away, and its salt: what the record says of it then says nothing more.

    For an act that has asked who may. The comment stays as a stone; its replies stay.
    """
    words = [comment.body, comment.replacement, *_earlier(comment), *redaction.forget(comment.id)]
    comment.redacted_at = None
    comment.body, comment.html, comment.salt, comment.once = "", "", "", None
    comment.replacement, comment.replacement_html = "", ""
    comment.confidential_reason, comment.source = "", ""
    comment.on_behalf_of, comment.on_behalf_kind = "", None
    db.session.flush()
    for table in (Wording, Correction, UnsentComment):
        db.session.execute(delete(table).where(table.comment_id == comment.id))
    for noted in (Report, Decision):  # what people wrote beside it may quote it
        db.session.execute(update(noted).where(noted.comment_id == comment.id).values(note=""))
    discussion.lead(actor=actor, comment=comment, after=State.ERASED, reason=reason, rule=rule)
    touch(comment.document)  # its stone reads otherwise now, also where it was not public any more
    comment_erased.send(ROOM, comment=comment, words=[each for each in words if each])


def _earlier(comment: Comment) -> list[str]:
    """Return what it said before, and what its author would have it say: mails may have quoted these."""
    found = []
    for table in (Wording, Correction):
        rows = db.session.execute(select(table.body, table.replacement).where(table.comment_id == comment.id))
        found += [words for row in rows for words in row]
    return found


def _may(actor: Any, comment: Comment) -> None:
    if comment.is_team_only:
        raise NotFound  # no moderator may know that it is there
    require(May.ERASE, actor, comment)


def _locked(comment: Comment) -> Erasure:
    db.session.refresh(comment, ["state"], with_for_update=ROW)
    request = queries.open_request(comment.id)
    if request is None or comment.state in NEVER:
        raise Conflict(_("Somebody settled this while you were looking. Look again."))
    return request


def _record(act: str, actor: Any, comment: Comment, ground: Ground) -> None:
    audit.record(
        act,
        f"comment:{comment.id}",
        actor_id=actor.id,
        organisation_id=comment.organisation_id,
        reason=ground.value,
    )
