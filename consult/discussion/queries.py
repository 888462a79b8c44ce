"""Questions about comments and responses, one at a time or in lists. Threads are in `talk`, the desk's in `desk.queries`."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, func, select, tuple_
from sqlalchemy.orm import aliased, joinedload, lazyload

from consult.accounts.models import Person
from consult.consultations.models import Consultation
from consult.discussion.desk.queries import waiting_questions as waiting_questions
from consult.discussion.fragments import shown
from consult.discussion.ledger.models import LedgerEntry
from consult.discussion.models import Answer, Comment, Correction, Decision, Response, State, Wording
from consult.discussion.talk import thread as thread
from consult.discussion.team import team_replies_on as team_replies_on
from consult.discussion.visibility import public as public
from consult.documents.models import WHOLE, Document, Paragraph
from consult.errors import NotFound
from consult.extensions import db

OWN_PAGE = 20
AT_ONCE = 1_000  # rows named in one question: a database takes only so many values


def comment(key: str) -> Comment:
    """Return a comment by its public key, whatever its state, with its author and document at hand."""
    found = db.session.scalar(
        select(Comment)
        .where(Comment.key == key)
        .options(
            joinedload(Comment.author, innerjoin=True).options(lazyload(Person.roles)),
            joinedload(Comment.paragraph, innerjoin=True),
            joinedload(Comment.document, innerjoin=True),
            joinedload(Comment.version, innerjoin=True),
            joinedload(Comment.block),
        )
    )
    if found is None:
        raise NotFound
    return found


def comments(keys: Sequence[str]) -> list[Comment]:
    """Return comments by their keys, in the order of the keys; NotFound when one of them is none."""
    public = select(Comment).where(Comment.key.in_(keys), Comment.is_team_only.is_(False))
    found = {row.key: row for row in db.session.scalars(public)}
    if missing := set(keys) - set(found):
        raise NotFound(", ".join(sorted(missing)))
    return [found[key] for key in dict.fromkeys(keys)]


def comments_to_answer(keys: Sequence[str]) -> list[Comment]:
    """Return those of some comments that everybody can read, by draft, paragraph and time, with what pages show at hand."""
    wanted = (
        select(Comment)
        .where(Comment.key.in_(keys), public())
        .order_by(Comment.document_id, Comment.paragraph_id, Comment.created_at, Comment.id)
        .options(
            joinedload(Comment.author, innerjoin=True).options(lazyload(Person.roles)),
            joinedload(Comment.paragraph, innerjoin=True),
            joinedload(Comment.document, innerjoin=True),
        )
    )
    return list(db.session.scalars(wanted))


def response(key: str) -> Response:
    """Return an official reply by its key; NotFound for one that was taken back."""
    found = db.session.scalar(select(Response).where(Response.key == key, Response.stands()))
    if found is None:
        raise NotFound
    return found


def said_under(key: str) -> tuple[Comment, Response | None]:
    """Return what a reply with this `parent` hangs on: a comment, or the first comment that a response answers.

    What was sent only to the team is not found.
    """
    found = db.session.scalar(select(Comment).where(Comment.key == key, Comment.is_team_only.is_(False)))
    if found is not None:
        return found, None
    answer = response(key)
    return answered_by(answer)[0], answer


def sent_to_team(key: str) -> Comment | None:
    """Return what was sent only to the team under this key. Who may know of it, the caller asks."""
    return db.session.scalar(select(Comment).where(Comment.key == key, Comment.is_team_only))


def answered_by(answer: Response) -> list[Comment]:
    """Return the comments that a response answers, oldest first."""
    return list(
        db.session.scalars(
            select(Comment)
            .join(Answer, Answer.comment_id == Comment.id)
            .where(Answer.response_id == answer.id)
            .order_by(Comment.created_at, Comment.id)
        )
    )


def whole(document: Document) -> Paragraph:
    """Return the paragraph that stands for the whole document."""
    found = db.session.scalar(
        select(Paragraph).where(Paragraph.document_id == document.id, Paragraph.key == WHOLE)
    )
    if found is None:
        raise NotFound
    return found


def correction_of(comment_id: int) -> Correction | None:
    """Return the correction of a published comment that waits for a moderator."""
    return db.session.scalar(select(Correction).where(Correction.comment_id == comment_id))


def wordings_of(said: Comment) -> list[Wording]:
    """Return what a comment said before, newest first."""
    return list(
        db.session.scalars(
            select(Wording).where(Wording.comment_id == said.id).order_by(Wording.id.desc()).limit(50)
        )
    )


def wordings_in_public(said: Comment) -> list[Wording]:
    """Return what a comment said before while the public could read it; what is withheld comes without its words."""
    shown = []
    for row in wordings_of(said):
        if said.published_at is None or row.replaced_at < said.published_at:
            continue
        if row.is_withheld:
            row = Wording(comment_id=said.id, kind=None, body="", html="", replaced_at=row.replaced_at)
            row.is_withheld, row.replacement_html = True, ""
        shown.append(row)
    return shown


def wordings_of_response(answer: Response) -> list[Wording]:
    return list(
        db.session.scalars(
            select(Wording).where(Wording.response_id == answer.id).order_by(Wording.id.desc()).limit(50)
        )
    )


def decisions_on(comment_ids: Iterable[int]) -> dict[int, list[Decision]]:
    """Return the decisions on each of these comments, newest first."""
    found: dict[int, list[Decision]] = {comment_id: [] for comment_id in comment_ids}
    rows = db.session.scalars(
        select(Decision)
        .where(Decision.comment_id.in_(list(found)))
        .order_by(Decision.id.desc())
        .options(joinedload(Decision.actor).lazyload(Person.roles))
    )
    for row in rows:
        found[row.comment_id].append(row)
    return found


def rule_of(comment: Comment) -> str:
    """Return the rule by which a comment came where it stands now; empty where a person decided, or its author."""
    newest = (
        select(Decision.rule).where(Decision.comment_id == comment.id).order_by(Decision.id.desc()).limit(1)
    )
    return str(db.session.scalar(newest) or "")


def comments_of(person_id: int, after: str | None = None, limit: int = OWN_PAGE) -> list[Any]:
    """Return a person's own comments, newest first, whatever their state; `after` is the key of the last one seen."""
    wanted = (
        select(
            Comment.id,
            Comment.key,
            Comment.kind,
            Comment.state,
            Comment.state_reason,
            shown(Comment.html),
            Comment.replacement_html,
            *(Comment.kind_before, Comment.marked_at, Comment.marked_as),
            Comment.created_at,
            Comment.edited_at,
            Comment.redacted_at,
            Comment.answered_at,
            Comment.was_published,
            Comment.is_team_only,
            *(LedgerEntry.read_at, LedgerEntry.objected_at, LedgerEntry.content_at, LedgerEntry.also_count),
            Paragraph.key.label("paragraph_key"),
            Paragraph.number,
            Paragraph.kind.label("paragraph_kind"),
            Document.slug.label("document_slug"),
            Document.title.label("document_title"),
            Consultation.slug.label("consultation_slug"),
            Consultation.title.label("consultation_title"),
            Consultation.stage,
            Consultation.opens_at,
            Consultation.closes_at,
        )
        .join(Paragraph, Paragraph.id == Comment.paragraph_id)
        .join(Document, Document.id == Comment.document_id)
        .join(Consultation, Consultation.id == Document.consultation_id)
        .outerjoin(LedgerEntry, LedgerEntry.comment_id == Comment.id)
        .where(Comment.author_id == person_id)
        .order_by(Comment.created_at.desc(), Comment.id.desc())
        .limit(limit)
    )
    if after is not None:
        cursor = aliased(Comment)
        wanted = wanted.where(
            tuple_(Comment.created_at, Comment.id)
            < tuple_(
                select(cursor.created_at).where(cursor.key == after).scalar_subquery(),
                select(cursor.id).where(cursor.key == after).scalar_subquery(),
            )
        )
    return list(db.session.execute(wanted))


def people_on(paragraph_ids: Sequence[int], *, besides: int | None = None) -> int:
    """Return how many people have a published comment on any of these paragraphs, not counting one of them."""
    people: set[int] = set()
    for start in range(0, len(paragraph_ids), AT_ONCE):
        some = paragraph_ids[start : start + AT_ONCE]
        people.update(
            db.session.scalars(
                select(Comment.author_id).where(Comment.paragraph_id.in_(some), public()).distinct()
            )
        )
    return len(people - {besides})


def claimable(person: Person) -> tuple[int, list[str]]:
    """Return how many comments were made as a guest with the confirmed address of an account, and under which names.

    Nobody can claim by an address that they have not confirmed.
    """
    if person.is_guest or not person.is_confirmed or not person.email:
        return 0, []
    rows = db.session.execute(
        select(Person.name, func.count(Comment.id))
        .join(Comment, Comment.author_id == Person.id)
        .where(*is_guest_of(person), Comment.state != State.UNCONFIRMED)
        .group_by(Person.id, Person.name)
        .order_by(Person.id)
    ).all()
    return sum(count for _name, count in rows), list(dict.fromkeys(name for name, _count in rows))


def is_guest_of(person: Person) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions for a guest whose confirmed address is that of an account."""
    return (
        Person.is_guest.is_(True),
        Person.email == person.email,
        Person.confirmed_at.is_not(None),
        Person.closed_at.is_(None),
    )
