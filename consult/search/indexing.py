"""What is put into the index, and taken out, as things happen: each listener runs in the transaction of the act.

What the public may not read is not there: a comment that is taken down leaves at once, the text of a consultation
enters when it is announced and can be found from its opening on.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import islice
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, insert, select, update

from consult.consultations.models import Consultation, Stage
from consult.consultations.stages import TAKING_COMMENTS
from consult.discussion.models import Comment, Response, State
from consult.documents.models import Block, Document, Paragraph, Version
from consult.extensions import db
from consult.search.models import Kind, SearchEntry
from consult.text.plain import plain_text
from consult.toolkit.entries import showing
from consult.toolkit.entries.staleness import has_agreed
from consult.toolkit.models import Page, Revision

AT_ONCE = 1_000  # rows of one statement

Row = dict[str, Any]


def on_consultation_changed(sender: object, *, consultation: Consultation, **rest: Any) -> None:
    """Follow what a consultation says of itself, and from when on its text may be read."""
    mine = SearchEntry.consultation_id == consultation.id
    if consultation.stage is Stage.PREPARING:
        db.session.execute(delete(SearchEntry).where(mine))
        return
    was_known = db.session.scalar(select(SearchEntry.id).where(_is(Kind.CONSULTATION, consultation.id)))
    _replace([_of_consultation(consultation)])
    if not was_known:
        for document in db.session.scalars(
            select(Document).where(Document.consultation_id == consultation.id)
        ):
            _follow_text(document)
    public_from = _public_from(consultation)
    moved = SearchEntry.public_from.is_distinct_from(public_from)
    db.session.execute(
        update(SearchEntry)
        .where(mine, SearchEntry.kind != Kind.CONSULTATION, moved)
        .values(public_from=public_from),
        execution_options={"synchronize_session": False},
    )


def on_version_published(sender: object, *, document: Document, **rest: Any) -> None:
    """Follow the paragraphs of a document to their words in the new version, or to those that were corrected."""
    if document.consultation.stage is not Stage.PREPARING and not document.consultation.is_toolkit:
        _follow_text(document)


def on_comment_changed(sender: object, *, comment: Comment, before: State | None, **rest: Any) -> None:
    """Put in what is published, take out what no longer is."""
    if before is State.PUBLISHED:
        db.session.execute(delete(SearchEntry).where(_is(Kind.COMMENT, comment.id)))
    if comment.state is State.PUBLISHED:
        _add([_of_comment(comment, comment.document)])


def on_question_answered(
    sender: object, *, response: Response, comments: Sequence[Comment], **rest: Any
) -> None:
    """Put an official reply in."""
    _add([_of_response(response, comments[0].document)])


def on_response_undone(sender: object, *, response: Response, **rest: Any) -> None:
    """Take an official reply out that was taken back."""
    db.session.execute(delete(SearchEntry).where(_is(Kind.RESPONSE, response.id)))


def on_response_corrected(sender: object, *, response: Response, **rest: Any) -> None:
    """Follow an official reply to its new words."""
    _replace([_of_response(response, db.session.get_one(Document, response.document_id))])


def on_page_changed(sender: object, *, page: Page, **rest: Any) -> None:
    """Follow a page of the toolkit to its current revision."""
    _replace([_of_page(page)])


def reindex() -> int:
    """Make the whole index anew from what is public, oldest first, and return how many entries it has.

    For a site that was filled with things of the past, whose order the index would otherwise not know. Call it
    inside `transaction()`.
    """
    db.session.execute(delete(SearchEntry))
    rows = sorted(_everything(), key=lambda row: (row["at"], row["kind"].value, row["ref_id"]))
    _add(rows)
    return len(rows)


def _everything() -> Iterable[Row]:
    exercises = select(Consultation).where(Consultation.stage != Stage.PREPARING, Consultation.is_exercise())
    for consultation in db.session.scalars(exercises):
        yield _of_consultation(consultation)
    documents = db.session.scalars(
        select(Document).join(Document.consultation).where(Consultation.stage != Stage.PREPARING)
    ).all()
    for document in documents:
        if not document.consultation.is_toolkit:  # its words are those of a page, which is found as one
            yield from _of_text(document)
        for comment in db.session.scalars(
            select(Comment).where(Comment.document_id == document.id, Comment.state == State.PUBLISHED)
        ):
            yield _of_comment(comment, document)
        answers = select(Response).where(Response.document_id == document.id, Response.stands())
        for response in db.session.scalars(answers):
            yield _of_response(response, document)
    for page in db.session.scalars(select(Page).where(Page.current_revision_id.is_not(None))):
        yield _of_page(page)


def _follow_text(document: Document) -> None:
    """Exchange the entries of those paragraphs alone whose words are not the same."""
    mine = and_(SearchEntry.document_id == document.id, SearchEntry.kind == Kind.PARAGRAPH)
    before = {
        row.ref_id: row
        for row in db.session.execute(
            select(SearchEntry.ref_id, SearchEntry.id, SearchEntry.words).where(mine)
        )
    }
    after = {row["ref_id"]: row for row in _of_text(document)}
    gone = [row.id for ref, row in before.items() if ref not in after or after[ref]["words"] != row.words]
    come = [row for ref, row in after.items() if ref not in before or before[ref].words != row["words"]]
    for some in _chunks(gone):
        db.session.execute(delete(SearchEntry).where(SearchEntry.id.in_(some)))
    _add(come)


def _of_text(document: Document) -> Iterable[Row]:
    rows = db.session.execute(
        select(Block.plain, Paragraph.id, Paragraph.key, Version.published_at)
        .join(Paragraph, Paragraph.id == Block.paragraph_id)
        .join(Version, Version.id == Block.version_id)
        .where(
            Block.version_id == document.current_version_id,
            Block.is_removed.is_(False),
            Block.kind != "table",  # its rows say the same
            Block.plain != "",
        )
        .order_by(Block.position)
    )
    for row in rows:
        yield _entry(
            Kind.PARAGRAPH,
            row.id,
            row.key,
            row.plain,
            row.published_at,
            document=document,
            paragraph_id=row.id,
        )


def _of_consultation(consultation: Consultation) -> Row:
    row = _entry(
        Kind.CONSULTATION,
        consultation.id,
        consultation.slug,
        consultation.summary,
        consultation.opens_at or consultation.created_at,
        title=consultation.title,
    )
    return row | {"consultation_id": consultation.id, "public_from": consultation.created_at}


def _of_comment(comment: Comment, document: Document) -> Row:
    return _entry(
        Kind.COMMENT,
        comment.id,
        comment.key,
        f"{plain_text(comment.html)} {comment.replacement}".rstrip(),
        comment.published_at or comment.created_at,
        document=document,
        paragraph_id=comment.paragraph_id,
    )


def _of_response(response: Response, document: Document) -> Row:
    return _entry(
        Kind.RESPONSE,
        response.id,
        response.key,
        plain_text(response.html),
        response.created_at,
        document=document,
        paragraph_id=response.paragraph_id,
    )


def _of_page(page: Page) -> Row:
    revision = db.session.get_one(Revision, page.current_revision_id)
    facts = revision.facts if has_agreed(page.kind, revision.facts) else {}
    words = " ".join((revision.summary, *showing.all_in_words(page.kind, facts), plain_text(revision.html)))
    row = _entry(Kind.PAGE, page.id, page.slug, words, revision.created_at, title=revision.title)
    return row | {"public_from": page.created_at}


def _entry(
    kind: Kind,
    ref_id: int,
    key: str,
    words: str,
    at: datetime,
    *,
    title: str = "",
    document: Document | None = None,
    paragraph_id: int | None = None,
) -> Row:
    return {
        "kind": kind,
        "ref_id": ref_id,
        "key": key,
        "title": title,
        "words": words,
        "at": at,
        "consultation_id": document.consultation_id if document else None,
        "document_id": document.id if document else None,
        "paragraph_id": paragraph_id,
        "public_from": _public_from(document.consultation) if document else None,
    }


def _public_from(consultation: Consultation) -> datetime | None:
    """Return when the text of a consultation may be read; `stages.text_is_public` says the same of one moment."""
    if consultation.stage is Stage.PREPARING:
        return None
    return consultation.opens_at if consultation.stage in TAKING_COMMENTS else consultation.created_at


def _is(kind: Kind, ref_id: int) -> ColumnElement[bool]:
    return and_(SearchEntry.kind == kind, SearchEntry.ref_id == ref_id)


def _replace(rows: Iterable[Row]) -> None:
    rows = list(rows)
    for row in rows:
        db.session.execute(delete(SearchEntry).where(_is(row["kind"], row["ref_id"])))
    _add(rows)


_table: Any = SearchEntry.__table__
_ADD = insert(_table)


def _add(rows: Sequence[Row]) -> None:
    for some in _chunks(rows):
        db.session.connection().execute(_ADD, some)


def _chunks(rows: Sequence[Any]) -> Iterable[list[Any]]:
    remaining = iter(rows)
    while some := list(islice(remaining, AT_ONCE)):
        yield some
