"""What a version did to the paragraphs on which somebody has commented, in words: before, after, and why."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import and_, func, select
from sqlalchemy.orm import aliased

from consult.accounts.models import Unit
from consult.consultations.models import Consultation
from consult.discussion.models import Comment
from consult.discussion.naming import title_of
from consult.discussion.visibility import public
from consult.documents.models import Block as Text
from consult.documents.models import Document, Paragraph, Relation, Version
from consult.extensions import db, link_to
from consult.notices.items import Item, excerpt
from consult.notices.models import ParagraphEvent
from consult.notices.paper import Block, Changed, Heading, Link, Quote, Words
from consult.text.diff import Op, word_diff

MOST = 20  # paragraphs in one mail
AROUND = 160  # characters that stand before and after a change where much stayed


@dataclass(frozen=True)
class ChangedParagraphs:
    """What a mail says of them; `count` is how many paragraphs there are."""

    item: Item
    title: str
    count: int
    consultation_id: int


def changed_paragraphs(version_id: int, people: Collection[int]) -> ChangedParagraphs | None:
    """Return what a version did to the paragraphs on which these people (names at one address) have a public comment.

    None where the version was withdrawn, or nothing of theirs is public there any more.
    """
    version = _version(version_id)
    rows = [] if version is None else _rows(version, people)
    own = _own_comments({row.paragraph_id for row in rows}, people)
    rows = [row for row in rows if row.paragraph_id in own]
    if version is None or not rows:
        return None
    blocks = [*_opening(version), *(block for row in rows[:MOST] for block in _block(version, row, own))]
    if len(rows) > MOST:
        blocks.append(Words(ngettext("And %(num)s more.", "And %(num)s more.", len(rows) - MOST)))
    thread = f"document-{version.consultation_slug}-{version.slug}"
    item = Item(
        version.published_at, version.consultation_title, "", version.unit_name, thread, tuple(blocks)
    )
    return ChangedParagraphs(item, version.title, len(rows), version.consultation_id)


def _version(version_id: int) -> Any:
    return db.session.execute(
        select(
            *(Version.id, Version.number, Version.note, Version.published_at, Version.document_id),
            *(Document.slug, Document.title, Document.consultation_id),
            *(Consultation.slug.label("consultation_slug"), Consultation.title.label("consultation_title")),
            Unit.name.label("unit_name"),
        )
        .join(Document, Document.id == Version.document_id)
        .join(Consultation, Consultation.id == Document.consultation_id)
        .join(Unit, Unit.id == Consultation.unit_id)
        .where(Version.id == version_id, Version.withdrawn_at.is_(None))
    ).one_or_none()


def _rows(version: Any, people: Collection[int]) -> Sequence[Any]:
    """Return each paragraph once, with its words before and now; those that it was joined to, where it was joined."""
    now, before, earlier, home = aliased(Text), aliased(Text), aliased(Version), aliased(Text)
    return db.session.execute(
        select(
            *(ParagraphEvent.paragraph_id, func.min(ParagraphEvent.relation).label("relation")),
            *(Paragraph.key, now.number, now.kind, now.is_removed),
            *(before.plain.label("was"), now.plain.label("now"), home.plain.label("home")),
        )
        .join(Paragraph, Paragraph.id == ParagraphEvent.paragraph_id)
        .join(now, and_(now.paragraph_id == Paragraph.id, now.version_id == version.id))
        .outerjoin(
            earlier,
            and_(earlier.document_id == version.document_id, earlier.number == version.number - 1),
        )
        .outerjoin(before, and_(before.paragraph_id == Paragraph.id, before.version_id == earlier.id))
        .outerjoin(home, and_(home.paragraph_id == Paragraph.home_id, home.version_id == version.id))
        .where(ParagraphEvent.version_id == version.id, ParagraphEvent.person_id.in_(people))
        .group_by(
            *(ParagraphEvent.paragraph_id, Paragraph.key, now.number, now.kind, now.is_removed),
            *(now.position, before.plain, now.plain, home.plain),
        )
        .order_by(now.position)
    ).all()


def _own_comments(paragraph_ids: Collection[int], people: Collection[int]) -> dict[int, str]:
    """Return the first public comment of these people on each paragraph."""
    rows = db.session.execute(
        select(Comment.paragraph_id, Comment.body)
        .where(Comment.paragraph_id.in_(paragraph_ids), Comment.author_id.in_(people), public())
        .order_by(Comment.id.desc())
    )
    return {row.paragraph_id: row.body for row in rows}


def _opening(version: Any) -> list[Block]:
    said: list[Block] = [
        Words(
            _(
                "Version %(number)s of %(title)s is published. It changes what you commented on.",
                number=version.number,
                title=version.title,
            )
        )
    ]
    if version.note:
        said += [Words(_("The reason that was given:")), Quote(version.note)]
    return said


def _block(version: Any, row: Any, own: dict[int, str]) -> list[Block]:
    place = {"slug": version.consultation_slug, "document": version.slug}
    after = (
        row.home
        if row.relation == Relation.MERGED.value and row.home
        else ("" if row.is_removed else row.now)
    )
    said: list[Block] = [Heading(title_of(row.kind, row.number)), Words(_became(row.relation))]
    if row.was is not None and row.was != after:
        ops = shortened(word_diff(row.was, after))
        said.append(Changed(ops, _("Before:"), _("Now:")))
    said += [Words(_("You had written:")), Quote(excerpt(own[row.paragraph_id]))]
    here = link_to("discussion.paragraph", **place, key=row.key)
    return [*said, Link(here, _("See the paragraph and its comments"))]


def _became(relation: str) -> str:
    words = {
        Relation.EDITED: _("Its words have changed."),
        Relation.SPLIT: _("It was split in two or more."),
        Relation.MERGED: _("It was joined with another paragraph."),
        Relation.REMOVED: _("It was taken out. Your comment stays, beside the words as they were."),
        Relation.MOVED: _("It stands in another place."),
        Relation.RESTORED: _("It is back."),
    }
    return str(words[Relation(relation)])


def shortened(ops: Sequence[tuple[Op, str]]) -> list[tuple[Op, str]]:
    """Return runs of words with the middle left out where much stayed."""
    return [(op, _ends(words) if op == "equal" else words) for op, words in ops]


def _ends(words: str) -> str:
    if len(words) <= 2 * AROUND + 20:
        return words
    first, last = words[:AROUND].rsplit(" ", 1)[0], words[-AROUND:].split(" ", 1)[-1]
    return f"{first} … {last}"
