"""Officials correct typing errors in the current version, in the open: same version, same numbers, same comments.

Only misprints: every block stays in its place and nearly as it was, and nothing turns what it says. What would be more
is another version. The words before are kept beside the correction.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from rapidfuzz.distance import Indel
from sqlalchemy import select, update

from consult import clock
from consult.announcements import version_corrected
from consult.documents import actions, errata, queries
from consult.documents.again import known_marks
from consult.documents.models import Block as Stored
from consult.documents.models import Document, Erratum, Misprint, Paragraph, Version
from consult.documents.numbering import HEADINGS
from consult.documents.paging import LONGEST_ANCHOR
from consult.documents.queries import Rows
from consult.errors import Conflict, Invalid
from consult.extensions import db
from consult.text.block import Block
from consult.text.bounds import NOTE_LENGTH, TooMuch, clean_source
from consult.text.markdown import render_document
from consult.text.meaning import Turn, turned
from consult.text.sameness import same_words

MOST_BLOCKS = 20  # paragraphs of one correction: what goes further deserves a version of its own
FEW_LETTERS = 4  # put in or taken out: so many are a misprint even in a short heading
SHARE = 0.1  # of a paragraph's letters that may be others
MOST_LETTERS = 60  # in a long paragraph too
LONGEST_NAME = 60  # characters of a heading that names itself
STRUCK = re.compile(r"<(del|s|ins|sup|sub)\b[^>]*>(.*?)</\1>", re.DOTALL)  # “must ~~not~~”, 10<sup>2</sup>
TURNED = re.compile("[\u202a-\u202e\u2066-\u2069]")  # characters that turn the way of reading


@dataclass(frozen=True)
class Slip:
    """One block with a misprint: where it stands, what it says, and what it should say."""

    row: Any
    before: Block
    after: Block


@dataclass(frozen=True)
class Proof:
    """A corrected source, what it changes, and what it was held against. Made by `proof` alone."""

    source: str
    slips: tuple[Slip, ...]
    seen: str

    @property
    def shown(self) -> list[Slip]:
        """Return the blocks to look at: a table is its rows."""
        return [slip for slip in self.slips if slip.row.kind != "table"]


def state_of(document: Document) -> str:
    """Return what a page for correcting was made from: the version, and how often it was corrected since."""
    if document.current_version_id is None:
        raise Invalid(_("There is no version to correct yet."))
    return f"{document.version_count}.{errata.count_of(document.current_version_id)}"


def proof(document: Document, source: str) -> Proof:
    """Hold a corrected source against the current version, outside any transaction.

    Raises Invalid, naming the paragraph, where it is more than a misprint, and where nothing is different.
    """
    seen = state_of(document)
    version = queries.version(document, document.version_count)
    rows = _rows(version)
    known = known_marks(document, version)
    before = _blocks(document, version.source, known)
    if [block.kind for block in before] != [row.kind for row in rows]:
        raise Invalid(
            _("This version cannot be corrected any more. Publish a new one instead."), field="source"
        )
    try:
        source = clean_source(source)
        after = _blocks(document, source, known)
    except TooMuch as error:
        raise Invalid(_(error.message, **error.params), field="source") from error
    _require_same_page(rows, before, after)
    slips = tuple(
        Slip(row, was, now)
        for row, was, now in zip(rows, before, after, strict=True)
        if _words(was) != _words(now)
    )
    made = Proof(source, slips, seen)
    _require_misprints(made.shown)
    return made


def correct_version(
    *,
    actor: Any,
    document: Document,
    source: str,
    note: str,
    seen: str | None = None,
    prepared: Proof | None = None,
) -> Version:
    """Correct misprints in the current version. `note` says what was wrong; everybody reads it.

    `seen` is the `state_of` the document that was looked at; Conflict, with the source as it is now, when somebody
    published or corrected since. `prepared` is the `proof` of the same source made beforehand. Raises Invalid as
    `proof` does.
    """
    actions.permit(document, actor=actor)
    note = _checked(note)
    actions.lock(document)
    state = state_of(document)
    version = queries.version(document, document.version_count)
    db.session.refresh(version)
    if seen is not None and seen != state:
        raise Conflict(
            _("This version was corrected, or another published, after you opened this page."),
            theirs=version.source,
            yours=source,
        )
    if prepared is None or prepared.seen != state or prepared.source != source:
        prepared = proof(document, source)
    _store(version, prepared, note, actor)
    actions.record("document.correct_version", document, actor=actor, before=state, after=state_of(document))
    actions.touch(document)
    version_corrected.send("consult.documents", document=document, version=version, actor=actor)
    return version


def _checked(note: str) -> str:
    note = note.strip()
    if not note:
        raise Invalid(_("Say what was wrong."), field="note")
    if len(note) > NOTE_LENGTH:
        raise Invalid(_("The note must be %(limit)s characters or fewer.", limit=NOTE_LENGTH), field="note")
    return note


def _rows(version: Version) -> Rows:
    return db.session.execute(
        select(
            *(Stored.id, Stored.kind, Stored.level, Stored.number, Stored.plain),
            *(Stored.text, Stored.html, Paragraph.key),
        )
        .join(Paragraph, Paragraph.id == Stored.paragraph_id)
        .where(Stored.version_id == version.id, Stored.is_removed.is_(False))
        .order_by(Stored.position)
    ).all()


def _blocks(document: Document, source: str, known: frozenset[str]) -> tuple[Block, ...]:
    hosts = document.consultation.unit.image_host_set
    return render_document(source, known_numbers=known, allowed_image_hosts=hosts).blocks


def _require_same_page(rows: Rows, before: Sequence[Block], after: Sequence[Block]) -> None:
    """Refuse anything but the same blocks in the same order with the same marks, naming the first that is not."""
    is_other_page = len(before) != len(after)
    for row, was, now in zip(rows, before, after, strict=False):
        if _shape(was) != _shape(now) or (is_other_page and _is_other(was, now)):
            raise _other_page(row)
    if is_other_page:
        raise _other_page(rows[min(len(before), len(after)) - 1])


def _other_page(row: Any) -> Invalid:
    message = _(
        "%(place)s: paragraphs, headings and rows must stay as many as they are, in their order."
        " Publish a new version instead.",
        place=_named(row),
    )
    return Invalid(message, field="source")


def _shape(block: Block) -> tuple[Any, ...]:
    """Return all of a block but its words: what its place, its number and its comments hang on."""
    return (
        *(block.kind, block.level, block.depth, block.marker, block.mark),
        *(block.is_commentable, block.table, block.is_header, block.note),
    )


def _words(block: Block) -> tuple[str, str, str, str]:
    return block.text, block.plain, block.html, block.anchor


def _require_misprints(slips: Sequence[Slip]) -> None:
    if not slips:
        raise Invalid(_("Nothing is different from what stands published."), field="source")
    if len(slips) > MOST_BLOCKS:
        raise Invalid(
            _(
                "A correction may touch %(limit)s paragraphs, and this would touch %(count)s."
                " Publish a new version instead.",
                limit=MOST_BLOCKS,
                count=len(slips),
            ),
            field="source",
        )
    for slip in slips:
        _require_misprint(slip)


def _require_misprint(slip: Slip) -> None:
    turns = turned(slip.before.plain, slip.after.plain)
    if turns:
        message = _(
            "%(place)s would say something else (%(what)s). Publish a new version instead.",
            place=_named(slip.row),
            what=", ".join(map(_said, turns)),
        )
        raise Invalid(message, field="source")
    if _is_other(slip.before, slip.after) or _read_otherwise(slip.before) != _read_otherwise(slip.after):
        message = _(
            "%(place)s would be reworded: that is more than a typing error. Publish a new version instead.",
            place=_named(slip.row),
        )
        raise Invalid(message, field="source")


def _is_other(was: Block, now: Block) -> bool:
    """Say whether more letters are others than a slip of the hand explains."""
    before, after = same_words(was.text), same_words(now.text)
    few = min(MOST_LETTERS, max(FEW_LETTERS, int(SHARE * len(before))))
    return Indel.distance(before, after, score_cutoff=few) > few


def _read_otherwise(block: Block) -> list[object]:
    """Return what is read otherwise than its letters say: struck out, raised or lowered, or turned right to left."""
    return [*STRUCK.findall(block.html), *TURNED.findall(block.plain)]


def _named(row: Any) -> str:
    """Return how a paragraph is called in a message; a heading by its words, for it bears its number unseen."""
    if row.kind in HEADINGS:
        words = row.plain if len(row.plain) <= LONGEST_NAME else f"{row.plain[:LONGEST_NAME]}…"
        return str(_("The heading “%(words)s”", words=words))
    return str(_("Paragraph %(number)s", number=row.number))


def _said(turn: Turn) -> str:
    if turn.before and turn.after:
        return str(_("“%(before)s” to “%(after)s”", before=turn.before, after=turn.after))
    return f"“{turn.before or turn.after}”"


def _store(version: Version, made: Proof, note: str, actor: Any) -> None:
    """Put the words before aside, and those that are right in their place."""
    erratum = Erratum(
        version_id=version.id,
        note=note,
        source_before=version.source,
        corrected_at=clock.now(),
        corrected_by=None if actor is None else actor.id,
    )
    db.session.add(erratum)
    db.session.flush()
    for slip in made.slips:
        row = slip.row
        db.session.add(
            Misprint(erratum_id=erratum.id, block_id=row.id, text=row.text, plain=row.plain, html=row.html)
        )
    words = [
        {"id": slip.row.id}
        | {name: getattr(slip.after, name) for name in ("text", "plain", "html")}
        | {"anchor": slip.after.anchor[:LONGEST_ANCHOR]}
        for slip in made.slips
    ]
    db.session.execute(update(Stored).execution_options(synchronize_session=False), words)
    version.source = made.source
    db.session.flush()
