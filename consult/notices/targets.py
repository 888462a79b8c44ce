"""What can be followed, and what it is called: found by the names in its address, and described for lists and mails."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from consult import clock
from consult.accounts import queries as accounts
from consult.accounts.models import Unit
from consult.consultations import queries as consultations
from consult.consultations.models import Consultation, Stage
from consult.consultations.stages import text_is_public
from consult.discussion import queries as discussion
from consult.discussion.models import Comment, State
from consult.discussion.naming import name_of
from consult.documents import paragraph_queries
from consult.documents import queries as documents
from consult.documents.models import Document, Paragraph
from consult.errors import NotFound
from consult.extensions import db
from consult.notices.models import What
from consult.toolkit import queries as toolkit
from consult.toolkit.models import Page

Place = tuple[str, Mapping[str, str]]  # the endpoint of a page, and what its address holds


@dataclass(frozen=True)
class Target:
    """One thing that can be followed. `hears` says in a few words what a follower is told of.

    `place` is its page; `names` are what `found` takes to find it again.
    """

    what: What
    id: int
    title: str
    place: Place
    names: Mapping[str, str]
    consultation_id: int | None = None

    @property
    def hears(self) -> str:
        words: dict[What, Callable[[], str]] = {
            What.CONSULTATION: lambda: _("Comments, official replies, new versions, dates and the outcome"),
            What.DOCUMENT: lambda: _(
                "Comments, official replies and new versions of this text, and the outcome"
            ),
            What.PARAGRAPH: lambda: _("Comments and official replies here, and when its words change"),
            What.THREAD: lambda: _("Every comment and official reply in this thread"),
            What.UNIT: lambda: _("When it opens a consultation, publishes a version or an outcome"),
            What.PAGE: lambda: _("When the page changes, and what is said about it"),
        }
        return words[self.what]()


def found(names: Mapping[str, str]) -> Target:
    """Return what an address names: `comment`, `page`, `unit`, or `consultation` with `document` and `paragraph`.

    NotFound for what is not there, or not for everybody to read.
    """
    if names.get("comment"):
        return _thread_of(names["comment"])
    if names.get("page"):
        return _page(toolkit.page(names["page"]))
    if names.get("unit"):
        return _unit(accounts.unit(names["unit"]))
    slug, document = names.get("consultation", ""), names.get("document", "")
    if not document:
        return _consultation(_public(consultations.consultation(slug)))
    if not names.get("paragraph"):
        return _document(_consulted_on(_readable(documents.document(slug, document))))
    paragraph = paragraph_queries.place(slug, document, names["paragraph"])
    _readable(paragraph.document)
    return _paragraph(paragraph)


def described(wanted: Collection[tuple[What, int]]) -> dict[tuple[What, int], Target]:
    """Return what these are called, in one read a kind; what is not there any more is left out."""
    ids: dict[What, list[int]] = {}
    for what, target_id in wanted:
        ids.setdefault(what, []).append(target_id)
    rows = (
        (what, row)
        for what, some in ids.items()
        for row in db.session.scalars(
            select(TABLES[what]).where(TABLES[what].id.in_(some)).options(*AROUND.get(what, ()))
        )
    )
    return {(what, row.id): DESCRIBED[what](row) for what, row in rows}


def _public(consultation: Consultation) -> Consultation:
    if consultation.stage is Stage.PREPARING:
        raise NotFound
    return consultation


def _readable(document: Document) -> Document:
    if not document.version_count or not text_is_public(document.consultation, clock.now()):
        raise NotFound
    return document


def _consulted_on(document: Document) -> Document:
    """Return a text of a consultation; NotFound for one that carries the talk on a page, which is followed itself."""
    if document.consultation.is_toolkit:
        raise NotFound
    return document


def _thread_of(key: str) -> Target:
    comment = discussion.comment(key)
    top = db.session.get_one(Comment, comment.root_id) if comment.root_id else comment
    if top.state is not State.PUBLISHED and not top.was_published:
        raise NotFound
    return _thread(top)


def _consultation(row: Consultation) -> Target:
    return Target(
        What.CONSULTATION,
        row.id,
        row.title,
        ("consultations.overview", {"slug": row.slug}),
        {"consultation": row.slug},
        row.id,
    )


def _names(document: Document) -> dict[str, str]:
    return {"consultation": document.consultation.slug, "document": document.slug}


def _document(row: Document) -> Target:
    place = {"slug": row.consultation.slug, "document": row.slug}
    return Target(
        What.DOCUMENT,
        row.id,
        _titled(row),
        ("documents.show", place),
        _names(row),
        row.consultation_id,
    )


def _titled(document: Document) -> str:
    """Return the title of a text; one that bears its consultation's title is told apart from it."""
    if document.title == document.consultation.title:
        return str(_("%(title)s, the text", title=document.title))
    return document.title


def _paragraph(row: Paragraph) -> Target:
    document = row.document
    place = {"slug": document.consultation.slug, "document": document.slug, "key": row.key}
    return Target(
        What.PARAGRAPH,
        row.id,
        _("%(title)s, %(paragraph)s", title=document.title, paragraph=_paragraph_name(row)),
        ("discussion.paragraph", place),
        {**_names(document), "paragraph": row.key},
        document.consultation_id,
    )


def _thread(row: Comment) -> Target:
    title = _(
        "%(title)s, %(paragraph)s: the thread of one comment",
        title=row.document.title,
        paragraph=_paragraph_name(row.paragraph),
    )
    return Target(
        What.THREAD,
        row.id,
        title,
        ("discussion.comment", {"key": row.key}),
        {"comment": row.key},
        row.document.consultation_id,
    )


def _paragraph_name(row: Paragraph) -> str:
    return name_of(row.kind, row.number)


def _unit(row: Unit) -> Target:
    return Target(What.UNIT, row.id, row.name, ("consultations.unit", {"slug": row.slug}), {"unit": row.slug})


def _page(row: Page) -> Target:
    return Target(What.PAGE, row.id, row.title, ("toolkit.page", {"slug": row.slug}), {"page": row.slug})


TABLES: dict[What, Any] = {
    What.CONSULTATION: Consultation,
    What.DOCUMENT: Document,
    What.PARAGRAPH: Paragraph,
    What.THREAD: Comment,
    What.UNIT: Unit,
    What.PAGE: Page,
}
AROUND: dict[What, Any] = {  # what else a description needs, in the same read
    What.PARAGRAPH: (joinedload(Paragraph.document, innerjoin=True),),
    What.THREAD: (
        joinedload(Comment.document, innerjoin=True),
        joinedload(Comment.paragraph, innerjoin=True),
    ),
}
DESCRIBED: dict[What, Callable[[Any], Target]] = {
    What.CONSULTATION: _consultation,
    What.DOCUMENT: _document,
    What.PARAGRAPH: _paragraph,
    What.THREAD: _thread,
    What.UNIT: _unit,
    What.PAGE: _page,
}


def in_order(targets: Sequence[Target]) -> list[Target]:
    """Return targets as a list shows them: those of one consultation together."""
    return sorted(targets, key=lambda target: (target.consultation_id or 0, target.what.value, target.title))
