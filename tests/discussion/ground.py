"""A published draft to talk about, and short ways to say something on it."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from consult import clock
from consult.accounts.models import Person
from consult.announcements import consultation_changed
from consult.consultations.models import Consultation, Policy, Stage
from consult.discussion import actions, recording
from consult.discussion.ledger.models import LedgerEntry
from consult.discussion.models import Channel, Comment, Kind, Response, State
from consult.discussion.recording import Consent, Record
from consult.discussion.wishes import Wishes
from consult.documents.actions import publish_version
from consult.documents.models import WHOLE, Document, Paragraph
from consult.extensions import db, transaction
from tests import factories

LONDON = ZoneInfo("Europe/London")
TEXT = "# A plan\n\nFirst, we count the trees.\n\nSecond, we plant more of them.\n\nThird, we water them.\n"


def a_draft(text: str = TEXT, **values: Any) -> Document:
    """A document with one published version, in an open consultation unless told otherwise."""
    if factories.db.session.get(factories.Site, 1) is None:
        factories.a_site()
    document = factories.a_document(factories.a_consultation(**values))
    return publish(document, text)


def publish(document: Document, text: str, note: str = "") -> Document:
    with transaction():
        publish_version(actor=None, document=document, source=text, note=note, doubtful="remove")
    return document


def paragraph(document: Document, number: str = "1") -> Paragraph:
    """Return the paragraph with a number; `all` is the whole draft."""
    wanted = Paragraph.key == WHOLE if number == WHOLE else Paragraph.number == number
    return db.session.query(Paragraph).filter(Paragraph.document_id == document.id, wanted).one()


def say(
    where: Paragraph,
    body: str = "Plant oaks.",
    *,
    by: Person | None = None,
    ask: bool = False,
    **values: Any,
) -> Comment:
    """Post a comment and commit it."""
    by = by or factories.a_person()
    with transaction(by):
        return actions.post_comment(
            actor=by,
            paragraph=where,
            body=body,
            kind=Kind.QUESTION if ask else Kind.COMMENT,
            **values,
        )


def tell_team(
    where: Paragraph, body: str = "Our trees are sick.", *, why: str = "", **values: Any
) -> Comment:
    """Send a comment only to the team."""
    return say(where, body, wishes=Wishes(is_team_only=True, confidential_reason=why), **values)


def record(
    where: Paragraph, body: str = "Oaks, please.", *, by: Person | None = None, **values: Any
) -> Comment:
    """Have an official write down what came by letter today, with a name."""
    by = by or factories.an_official(where.document.consultation.unit)
    plain: dict[str, Any] = {
        "channel": Channel.LETTER,
        "received_on": clock.now().astimezone(LONDON).date(),
        "source": "Letter, ref. 12",
        "consent": Consent.NAMED,
        "name": "Wilf Thackray",
    }
    how = {name: values.pop(name) for name in list(values) if name in Record.__dataclass_fields__}
    with transaction(by):
        return recording.record_response(
            actor=by,
            paragraph=where,
            words=actions.letter_written(body),
            kind=values.pop("kind", Kind.COMMENT),
            record=Record(**{**plain, **how}),
            zone=LONDON,
            **values,
        )


def reply(to: Comment, body: str = "I agree.", *, by: Person | None = None, **values: Any) -> Comment:
    return say(to.paragraph, body, by=by, parent=to, **values)


def answer(
    *comments: Comment, body: str = "It is so because of the roots.", by: Person | None = None
) -> Response:
    """Answer as an official of the unit."""
    by = by or factories.an_official(comments[0].document.consultation.unit)
    with transaction(by):
        return actions.respond(actor=by, comments=list(comments), body=body)


def move(comment: Comment, after: State, *, by: Person | None = None, reason: str = "") -> None:
    """Have a moderator change the state of a comment."""
    by = by or factories.a_moderator(comment.document.consultation.unit.organisation)
    with transaction(by):
        actions.change_state(actor=by, comment=comment, after=after, reason=reason)


def backdate(comment: Comment, at: datetime) -> None:
    """Have something be said, and wait, since another moment."""
    with transaction():
        entry = db.session.get_one(LedgerEntry, comment.id)
        comment.created_at = entry.since = at
        entry.asked_at = at if entry.asked_at else None


def end(consultation: Consultation, stage: Stage = Stage.OUTCOME) -> None:
    """Lead a consultation to another stage, and tell everybody."""
    with transaction():
        consultation.stage = stage
        db.session.flush()
        consultation_changed.send("tests", consultation=consultation, actor=None)


def take_down(comment: Comment, reason: str = "abuse") -> None:
    move(comment, State.TAKEN_DOWN, reason=reason)


def withdraw(comment: Comment) -> None:
    with transaction(comment.author):
        actions.withdraw_comment(actor=comment.author, comment=comment)


def address(where: Paragraph) -> str:
    document = where.document
    return f"/consultations/{document.consultation.slug}/{document.slug}/p/{where.key}"


def consultation_of(where: Paragraph) -> Consultation:
    return where.document.consultation


BEFORE = Policy.BEFORE
