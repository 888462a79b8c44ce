"""Officials number the paragraphs of a document anew, in the open: a version with the same words, and a table.

Keys and links never change. What had been removed gives its number back: 9/2 is what was 9 of version 2.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import aliased

from consult import clock
from consult.documents import actions, queries
from consult.documents.again import Again, once_more
from consult.documents.matching import Old
from consult.documents.models import Block, Document, Draft, Paragraph, Version
from consult.documents.numbering import Place, is_retired, number_all, retired
from consult.documents.placing import Link, Plan, Slot
from consult.documents.queries import Rows
from consult.errors import Conflict, Invalid
from consult.extensions import db
from consult.text.blocks import RenderedDocument
from consult.text.bounds import NOTE_LENGTH, TooMuch
from consult.text.dialect.marks import NUMBER
from consult.text.markdown import render_document
from consult.text.marking import with_marks

_ANY_MARK = re.compile(rf"\[{NUMBER}\](?=\s|$)[ \t]*", re.M)


@dataclass(frozen=True)
class Renumbering:
    """What numbering anew would do: each paragraph of the page with its old number, and its new one."""

    again: Again
    old: Sequence[Old]
    new: Mapping[int, str]

    @property
    def changed(self) -> list[Old]:
        """Return the paragraphs that stand and get another number, in page order."""
        return [was for was in self.old if not was.is_removed and self.new[was.paragraph_id] != was.number]


def renumber(*, actor: Any, document: Document, note: str, seen: int | None = None) -> Version:
    """Publish the next version with the same words and new numbers, and bring the draft's marks along.

    `seen` is the number of the version that was looked at; Conflict when another is current by now. Invalid without
    a reason, and where the numbers run in order already.
    """
    actions.permit(document, actor=actor)
    note = _checked(note)
    actions.lock(document)
    if seen is not None and seen != document.version_count:
        raise Conflict(_("Another version was published after you opened this page. Look at it first."))
    what = renumbering(document)
    if not what.changed:
        raise Invalid(_("The numbers run from 1 without a gap: there is nothing to number anew."))
    known = queries.numbers(document.id)
    text = RenderedDocument(what.again.blocks, document.title)
    version = actions.add_version(
        actor=actor,
        document=document,
        prepared=actions.Prepared(what.again.source_for(what.new), known, text),
        planned=_plan(what),
        note=note,
        heeds_draft=False,
        is_renumbered=True,
    )
    actions.record("document.renumber", document, actor=actor, after=str(version.number))
    _bring_draft_along(document, version, what, known, actor)
    return version


def renumbering(document: Document) -> Renumbering:
    """Return the new number of every paragraph of the current page, whether it is another or not."""
    if not document.version_count:
        raise Invalid(_("There is no version to number anew yet."))
    again = once_more(document, queries.version(document, document.version_count))
    old = queries.current_page(document)
    places = [Place(block.kind, table=block.table) for block in again.blocks]
    new = dict(zip(again.paragraph_ids, number_all(places, ()), strict=True))
    return Renumbering(again, old, new | _given_back(document, old))


def table_of(document: Document, version: Version) -> Rows:
    """Return key, kind, old and new number and words of every paragraph that a version numbered anew, in its order."""
    before, earlier = aliased(Block), aliased(Version)
    return db.session.execute(
        select(
            Paragraph.key,
            Block.kind,
            Block.is_removed,
            before.number.label("old"),
            Block.number.label("new"),
            Block.plain,
        )
        .join(Paragraph, Paragraph.id == Block.paragraph_id)
        .join(before, before.paragraph_id == Block.paragraph_id)
        .join(earlier, earlier.id == before.version_id)
        .where(
            Block.version_id == version.id,
            earlier.document_id == document.id,
            earlier.number == version.number - 1,
        )
        .order_by(Block.position)
    ).all()


def renumbered_since(document: Document, draft: Draft) -> int | None:
    """Return the first version that numbered anew after a draft was saved; None where its marks hold."""
    return db.session.scalar(
        select(Version.number)
        .where(
            Version.document_id == document.id,
            Version.is_renumbered.is_(True),
            Version.published_at > draft.saved_at,
        )
        .order_by(Version.number)
        .limit(1)
    )


def marks_hold(document: Document, draft: Draft) -> bool:
    """Say whether the marks in a draft mean the numbers of today."""
    return renumbered_since(document, draft) is None


def source_of(document: Document, draft: Draft) -> str:
    """Return the source of a draft, with the numbers of today where it was saved under others."""
    by = renumbered_since(document, draft)
    if by is None:
        return draft.source
    rows = db.session.execute(
        select(Block.number, Paragraph.number)
        .join(Paragraph, Paragraph.id == Block.paragraph_id)
        .join(Version, Version.id == Block.version_id)
        .where(Version.document_id == document.id, Version.number == by - 1)
    )
    table = dict(rows.all())
    return with_new_marks(draft.source, table)


def with_new_marks(source: str, table: Mapping[str, str]) -> str:
    """Return a source in which every mark that is in `table` is what the table says; one that was given back goes."""
    known = frozenset(table)
    try:
        blocks = render_document(source, known_numbers=known).blocks
        given = [table.get(block.mark) if block.mark else None for block in blocks]
        return with_marks(source, given, known_numbers=known, blocks=blocks)
    except (
        TooMuch
    ):  # saved, and not to be published as it is: better no mark than one that means another paragraph
        return _ANY_MARK.sub("", source)


def _checked(note: str) -> str:
    note = note.strip()
    if not note:
        raise Invalid(_("Say why the paragraphs get new numbers."), field="note")
    if len(note) > NOTE_LENGTH:
        raise Invalid(_("The note must be %(limit)s characters or fewer.", limit=NOTE_LENGTH), field="note")
    return note


def _given_back(document: Document, old: Sequence[Old]) -> dict[int, str]:
    """Return what removed paragraphs bear from now on; those that gave their number back before keep that."""
    gone = {was.paragraph_id: was.number for was in old if was.is_removed}
    taken = {number for number in gone.values() if is_retired(number)}
    stood = _last_stood(document)
    for paragraph_id, number in gone.items():
        if not is_retired(number):
            gone[paragraph_id] = retired(number, stood[paragraph_id], taken)
            taken.add(gone[paragraph_id])
    return gone


def _last_stood(document: Document) -> dict[int, int]:
    rows = db.session.execute(
        select(Paragraph.id, Version.number)
        .join(Block, Block.id == Paragraph.last_block_id)
        .join(Version, Version.id == Block.version_id)
        .where(Paragraph.document_id == document.id, Paragraph.removed_in.is_not(None))
    )
    return dict(rows.all())


def _plan(what: Renumbering) -> Plan:
    place = {paragraph_id: index for index, paragraph_id in enumerate(what.again.paragraph_ids)}
    slots = [
        Slot(
            what.new[was.paragraph_id],
            was.kind,
            was,
            place.get(was.paragraph_id),
            "removed" if was.is_removed else "same",
        )
        for was in what.old
    ]
    return Plan(slots, (), tuple(Link(slot.old, slot, "same", 1.0) for slot in slots if slot.new is not None))


def _bring_draft_along(
    document: Document, version: Version, what: Renumbering, known: frozenset[str], actor: Any
) -> None:
    """Save the draft anew with the new numbers: whoever has it open is told, and saves no old ones over them."""
    table = {was.number: what.new[was.paragraph_id] for was in what.old}
    last = queries.latest_draft(document)
    draft = Draft(
        document_id=document.id,
        number=document.draft_number + 1,
        source=with_new_marks(last.source, table) if last else version.source,
        saved_at=clock.now(),
        saved_by=None if actor is None else actor.id,
    )
    document.draft_number = draft.number
    db.session.add(draft)
    db.session.flush()
    actions.record(
        "document.save", document, actor=actor, before=str(draft.number - 1), after=str(draft.number)
    )
