"""What happened, in words for a mail: looked up when the mail leaves, so that only what is public then is in it."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import format_datetime
from flask_babel import gettext as _
from markupsafe import Markup
from sqlalchemy import select

from consult import clock
from consult.accounts.models import Person, Unit
from consult.consultations.models import Consultation, Extension, Stage
from consult.consultations.stages import Standing, standing
from consult.discussion import provenance
from consult.discussion.kind_words import LABELS
from consult.discussion.models import Answer, Comment, Kind, Response
from consult.discussion.naming import name_of, title_of
from consult.discussion.visibility import public
from consult.documents.models import Document, Paragraph, Version
from consult.extensions import db, link_to, settings
from consult.notices.models import Event
from consult.notices.paper import Block, Heading, Link, Quote, Words
from consult.text.markdown import stored_html
from consult.toolkit.models import Page, Revision

IN_FULL = 3_000  # characters of somebody's words; of longer ones the mail has the beginning
EXCERPT = 300
DAY = "EEEE d MMMM yyyy, h.mm a"


@dataclass(frozen=True)
class Item:
    """One thing that happened. `group` says under which heading it stands, `subject` what a mail of it alone is called.

    `thread` ties mails about the same thing together.
    """

    at: datetime
    group: str
    subject: str
    unit_name: str
    thread: str
    blocks: tuple[Block, ...]


def items(happenings: Sequence[Any]) -> dict[int, Item]:
    """Return by id those of some happenings that everybody may read about now, in words."""
    by_event: dict[Event, list[Any]] = {}
    for happening in happenings:
        by_event.setdefault(happening.event, []).append(happening)
    found: dict[int, Item] = {}
    for event, some in by_event.items():
        found.update(READERS.get(event, _of_consultations)(some))
    return found


def excerpt(words: str, longest: int = EXCERPT) -> str:
    """Return the beginning of somebody's words."""
    return words if len(words) <= longest else words[:longest].rsplit(" ", 1)[0] + " …"


def said(body: str, html: str) -> Quote:
    """Return somebody's words as they stand on the page; of very long ones the beginning, as they were typed."""
    if len(body) > IN_FULL:
        return Quote(excerpt(body, IN_FULL))
    base = settings().base_url
    return Quote(body, stored_html(re.sub(r'href="(?=[/#?])', f'href="{base}', html)))


def in_words(at: datetime | None) -> str:
    return str(format_datetime(at, DAY)) if at is not None else ""


_PLACE = (
    *(Consultation.title.label("consultation_title"), Consultation.slug.label("consultation_slug")),
    *(Document.title.label("document_title"), Document.slug.label("document_slug")),
    *(Consultation.stage, Consultation.opens_at, Consultation.closes_at, Consultation.is_toolkit),
)


def _comments(happenings: Sequence[Any]) -> dict[int, Item]:
    root = Comment.__table__.alias("root")
    rows = db.session.execute(
        select(
            *(Comment.id, Comment.key, Comment.kind, Comment.parent_id, Comment.body, Comment.html),
            *(Comment.replacement, Comment.replacement_html),
            *(Person.name, root.c.key.label("root_key"), *provenance.COLUMNS, *_PLACE),
            *(Paragraph.kind.label("paragraph_kind"), Paragraph.number, Unit.name.label("unit_name")),
        )
        .join(Person, Person.id == Comment.author_id)
        .join(Paragraph, Paragraph.id == Comment.paragraph_id)
        .join(Document, Document.id == Comment.document_id)
        .join(Consultation, Consultation.id == Document.consultation_id)
        .join(Unit, Unit.id == Consultation.unit_id)
        .outerjoin(root, root.c.id == Comment.root_id)
        .where(Comment.id.in_([one.comment_id for one in happenings]), public())
    )
    known = {row.id: row for row in rows if _is_open_to_all(row)}
    return {one.id: _comment(one, known[one.comment_id]) for one in happenings if one.comment_id in known}


def _comment(happening: Any, row: Any) -> Item:
    name, place = provenance.signed(row.name, row), title_of(row.paragraph_kind, row.number)
    if row.parent_id is not None:
        heading = _("%(place)s: %(name)s replied", place=place, name=name)
    elif row.kind is Kind.QUESTION:
        heading = _("%(place)s: %(name)s asked", place=place, name=name)
    elif row.kind is Kind.COMMENT:
        heading = _("%(place)s: %(name)s wrote", place=place, name=name)
    else:
        kind = LABELS[row.kind]
        heading = _("%(place)s: %(name)s wrote (%(kind)s)", place=place, name=name, kind=kind)
    blocks = [Heading(heading, 3), said(row.body, row.html), *_proposed(row)]
    link = Link(link_to("discussion.comment", key=row.key), _("Read it in its place, or reply"))
    return Item(
        happening.at,
        row.consultation_title,
        f"{row.document_title}, {name_of(row.paragraph_kind, row.number)}",
        "" if row.is_toolkit else row.unit_name,
        f"thread-{row.root_key or row.key}",
        (*blocks, link),
    )


def _proposed(row: Any) -> list[Block]:
    """Return the words that a suggestion would put instead of those of its paragraph."""
    if not row.replacement:
        return []
    change = Markup("<p>{}</p>").format(stored_html(row.replacement_html))
    return [Words(_("Instead of the words there:")), Quote(row.replacement, change)]


def _responses(happenings: Sequence[Any]) -> dict[int, Item]:
    ids = [one.response_id for one in happenings]
    rows = db.session.execute(
        select(
            *(Response.id, Response.key, Response.body, Response.html, *_PLACE),
            *(Paragraph.kind.label("paragraph_kind"), Paragraph.number, Unit.name.label("unit_name")),
        )
        .join(Paragraph, Paragraph.id == Response.paragraph_id)
        .join(Document, Document.id == Response.document_id)
        .join(Consultation, Consultation.id == Document.consultation_id)
        .join(Unit, Unit.id == Response.unit_id)
        .where(Response.id.in_(ids), Response.stands())
    )
    known = {row.id: row for row in rows if _is_open_to_all(row)}
    asked = _asked(ids)
    return {
        one.id: _response(one, known[one.response_id], asked.get(one.response_id))
        for one in happenings
        if one.response_id in known
    }


def _asked(response_ids: Sequence[int]) -> dict[int, Any]:
    """Return the first comment that each response answers and everybody can read."""
    root = Comment.__table__.alias("root")
    rows = db.session.execute(
        select(Answer.response_id, Comment.key, Comment.body, Person.name, root.c.key.label("root_key"))
        .join(Comment, Comment.id == Answer.comment_id)
        .join(Person, Person.id == Comment.author_id)
        .outerjoin(root, root.c.id == Comment.root_id)
        .where(Answer.response_id.in_(response_ids), public())
        .order_by(Comment.id.desc())
    )
    return {row.response_id: row for row in rows}


def _response(happening: Any, row: Any, asked: Any) -> Item:
    place = title_of(row.paragraph_kind, row.number)
    blocks: list[Block] = [
        Heading(_("%(place)s: official reply from %(unit)s", place=place, unit=row.unit_name), 3)
    ]
    if asked is not None:
        blocks.append(Words(_("%(name)s had written: %(words)s", name=asked.name, words=excerpt(asked.body))))
    blocks.append(said(row.body, row.html))
    if row.stage not in (Stage.OUTCOME, Stage.WITHDRAWN):
        blocks.append(Words(_("This explains the draft. No decision has been made.")))
    blocks.append(Link(link_to("discussion.comment", key=row.key), _("Read it in its place")))
    thread = f"thread-{asked.root_key or asked.key}" if asked is not None else f"reply-{row.key}"
    subject = f"{row.document_title}, {name_of(row.paragraph_kind, row.number)}"
    return Item(happening.at, row.consultation_title, subject, row.unit_name, thread, tuple(blocks))


def _versions(happenings: Sequence[Any]) -> dict[int, Item]:
    rows = db.session.execute(
        select(Version.id, Version.number, Version.note, Unit.name.label("unit_name"), *_PLACE)
        .join(Document, Document.id == Version.document_id)
        .join(Consultation, Consultation.id == Document.consultation_id)
        .join(Unit, Unit.id == Consultation.unit_id)
        .where(Version.id.in_([one.version_id for one in happenings]), Version.withdrawn_at.is_(None))
    )
    known = {row.id: row for row in rows if _is_open_to_all(row)}
    return {one.id: _version(one, known[one.version_id]) for one in happenings if one.version_id in known}


def _version(happening: Any, row: Any) -> Item:
    heading = _("Version %(number)s of %(title)s", number=row.number, title=row.document_title)
    place = {"slug": row.consultation_slug, "document": row.document_slug}
    blocks: list[Block] = [Heading(heading, 3)]
    if row.note:
        blocks.append(Quote(row.note))
    if row.number > 1:
        numbers = {"first": row.number - 1, "second": row.number}
        blocks.append(Link(link_to("documents.compare", **place, **numbers), _("See what changed")))
    blocks.append(Link(link_to("documents.version", **place, number=row.number), _("Read this version")))
    thread = f"document-{row.consultation_slug}-{row.document_slug}"
    return Item(happening.at, row.consultation_title, heading, row.unit_name, thread, tuple(blocks))


def _of_consultations(happenings: Sequence[Any]) -> dict[int, Item]:
    ids = [one.consultation_id for one in happenings]
    known = {row.id: row for row in db.session.scalars(select(Consultation).where(Consultation.id.in_(ids)))}
    found = ((one.id, _of_consultation(one, known[one.consultation_id])) for one in happenings)
    return {number: item for number, item in found if item is not None}


def _of_consultation(happening: Any, row: Consultation) -> Item | None:
    """Return what became of a consultation; None where it is so no longer."""
    if not IS_SO[happening.event](standing(row, clock.now())):
        return None
    heading, words = _became(happening.event, row)
    blocks: list[Block] = [Heading(heading, 3), *([Words(words)] if words else [])]
    reason = _reason(happening.event, row)
    if reason:
        blocks.append(Quote(reason))
    blocks.append(Link(link_to("consultations.overview", slug=row.slug), _("See the consultation")))
    subject = f"{row.title}: {heading}"
    return Item(happening.at, row.title, subject, row.unit.name, f"consultation-{row.slug}", tuple(blocks))


def _became(event: Event, row: Consultation) -> tuple[str, str]:
    """Return what became of a consultation: the heading, and one sentence more."""
    until = _("You can comment until %(day)s.", day=in_words(row.closes_at))
    if event is Event.OPENED:
        return _("It is open for comments"), until
    if event is Event.EXTENDED:
        return _("It is open for longer"), until
    if event is Event.OUTCOME:
        return _("The outcome is published"), ""
    return _("It is withdrawn"), _("What was said stays where it is, and can be read.")


def _reason(event: Event, row: Consultation) -> str:
    if event is Event.OPENED:
        return row.summary
    if event is Event.WITHDRAWN:
        return row.withdrawn_reason
    if event is Event.EXTENDED:
        last = select(Extension.reason).where(Extension.consultation_id == row.id)
        return db.session.scalar(last.order_by(Extension.id.desc()).limit(1)) or ""
    return ""


def _pages(happenings: Sequence[Any]) -> dict[int, Item]:
    rows = db.session.execute(
        select(Page.id, Page.slug, Page.title, Revision.note, Revision.number)
        .join(Revision, Revision.id == Page.current_revision_id)
        .where(Page.id.in_([one.page_id for one in happenings]))
    )
    known = {row.id: row for row in rows}
    newest: dict[int, Any] = {}
    for one in sorted(happenings, key=lambda one: (one.at, one.id)):
        newest[one.page_id] = one  # a page that changed often is told of once, as it reads now
    return {one.id: _page(one, known[page_id]) for page_id, one in newest.items() if page_id in known}


def _page(happening: Any, row: Any) -> Item:
    heading = _("%(title)s has changed", title=row.title)
    blocks: list[Block] = [Heading(heading, 3)]
    if row.note:
        blocks.append(Quote(row.note))
    blocks.append(Link(link_to("toolkit.page", slug=row.slug), _("Read the page")))
    blocks.append(Link(link_to("toolkit.history", slug=row.slug), _("See what changed")))
    return Item(happening.at, _("Toolkit"), heading, "", f"page-{row.slug}", tuple(blocks))


def _is_open_to_all(row: Any) -> bool:
    return standing(row, clock.now()) not in (Standing.PREPARING, Standing.COMING)


IS_SO: Mapping[Event, Callable[[Standing], bool]] = {
    Event.OPENED: lambda where: where is Standing.OPEN,
    Event.EXTENDED: lambda where: where is Standing.OPEN,
    Event.OUTCOME: lambda where: where is Standing.OUTCOME,
    Event.WITHDRAWN: lambda where: where is Standing.WITHDRAWN,
}
READERS: Mapping[Event, Callable[[Sequence[Any]], dict[int, Item]]] = {
    Event.COMMENT: _comments,
    Event.RESPONSE: _responses,
    Event.VERSION: _versions,
    Event.PAGE: _pages,
}
