"""What the page on which a version is published shows: the way from the current version to the draft."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from markupsafe import Markup

from consult.discussion import queries as discussion
from consult.discussion.naming import HEADINGS, name_of, title_of
from consult.documents import actions, page_queries, preview, queries, reviewing
from consult.documents.actions import Prepared
from consult.documents.between import Between, numbers_of
from consult.documents.matching import Old
from consult.documents.models import Confirmation, Document
from consult.documents.naming import in_words
from consult.documents.placing import Slot, plan
from consult.documents.reviewing import Labels
from consult.text.brief import brief

MOST_QUESTIONS = 30  # doubtful matches on one page; the next come when these are confirmed
ROWS = 50  # changes on one page of those to look over
MOST_LIGHT = 50  # of those folded below it
HEADING_WORDS = 80  # characters of a heading as its name


@dataclass(frozen=True)
class Row:
    """One change to look over, with its words."""

    change: reviewing.Change
    words: tuple[Markup, ...]
    numbers: tuple[str, ...]  # under which it lives on
    home: str  # what the paragraph is called that it was joined with


@dataclass(frozen=True)
class Confirmed:
    """What somebody said became of a paragraph, who, and when."""

    answer: reviewing.Answer
    said: Confirmation
    name: str


@dataclass(frozen=True)
class Review:
    """All that the page shows of the way from the current version to the draft."""

    tally: preview.Tally
    marks: preview.Marks
    asked_count: int = 0
    questions: Sequence[reviewing.Question] = ()
    confirmed: Sequence[Confirmed] = ()
    rows: Sequence[Row] = ()
    row_count: int = 0
    light: Sequence[Row] = ()
    light_count: int = 0
    gone_before: Sequence[tuple[Old, int]] = ()
    page: int = 1
    pages: int = 1
    comment_count: int = 0  # on paragraphs that live on
    left_count: int = 0  # on paragraphs that are removed
    people_count: int = 0

    @property
    def next_count(self) -> int:
        """How many changes the next page has."""
        return max(0, min(ROWS, self.row_count - ROWS * self.page))


def review_of(document: Document, prepared: Prepared, *, page: int, reader_id: int) -> Review:
    """Return what the page shows, of the changes to look over one `page`. `reader_id` is who is not told of them."""
    both = between(document, prepared)
    tally = preview.tally(both.plan.slots)
    marks = preview.marks(both.blocks, prepared.numbers)
    if not document.version_count:
        return Review(tally, marks)
    sifted = reviewing.sifted(both)
    pages = max(1, -(-len(sifted.weighty) // ROWS))
    page = min(max(1, page), pages)
    left = sum(both.comments(slot.old) for slot in tally.removed if slot.old)
    gone = [
        (slot.old, both.comments(slot.old))
        for slot in both.plan.slots
        if slot.old is not None and slot.old.is_removed and slot.is_removed
    ]
    return Review(
        tally,
        marks,
        asked_count=len(both.plan.doubts),
        questions=reviewing.questions(both, labels(), MOST_QUESTIONS),
        confirmed=_with_names(document, both),
        rows=_rows(both, sifted.weighty[(page - 1) * ROWS : page * ROWS]),
        row_count=len(sifted.weighty),
        light=_rows(both, sifted.light[:MOST_LIGHT]),
        light_count=len(sifted.light),
        gone_before=[(was, count) for was, count in gone if count],
        page=page,
        pages=pages,
        comment_count=sum(map(both.comments, both.old)) - left - sum(count for _was, count in gone),
        left_count=left,
        people_count=discussion.people_on(_changed_ids(both), besides=reader_id),
    )


def _changed_ids(both: Between) -> list[int]:
    """Return the paragraphs of which people are told that something became."""
    return [
        slot.old.paragraph_id
        for slot in both.plan.slots
        if slot.old is not None and slot.relation != "same" and not (slot.is_removed and slot.old.is_removed)
    ]


def _rows(both: Between, changes: Sequence[reviewing.Change]) -> list[Row]:
    said = labels()
    return [
        Row(
            change,
            reviewing.shown(both, change, said),
            numbers_of(both, change.became),
            _home(both, change.slot),
        )
        for change in changes
    ]


def _home(both: Between, slot: Slot) -> str:
    if slot.home is None:
        return ""
    home = both.plan.slots[slot.home]
    return called(home.old) if home.old else name_of(home.kind, home.number)


def _with_names(document: Document, both: Between) -> list[Confirmed]:
    said = queries.confirmations(document)
    names = queries.names({row.confirmed_by for row in said.values()})
    return [
        Confirmed(answer, row, names.get(row.confirmed_by or 0, ""))
        for answer in reviewing.answers(both, labels())
        if (row := said.get(answer.old.paragraph_id))  # a colleague may have taken it back this moment
    ]


def between(document: Document, prepared: Prepared) -> Between:
    """Return the current page beside the text to come, with what was confirmed and how the rest is matched."""
    old = queries.current_page(document)
    blocks = prepared.text.blocks
    said = queries.confirmations(document)
    confirmed = actions.confirmed_targets(old, blocks, said)
    return Between(
        old,
        blocks,
        plan(old, blocks, prepared.numbers, confirmed),
        confirmed,
        page_queries.talk_of(document.id),
        lapsed=said.keys() - {old[index].paragraph_id for index in confirmed},
    )


def labels() -> Labels:
    return Labels(_("Taken out:"), _("Put in:"))


def called(was: Old) -> str:
    """Return what a paragraph is called within a sentence; a heading goes by its words."""
    if was.kind in HEADINGS:
        return str(_("the heading “%(words)s”", words=brief(was.plain or was.text, HEADING_WORDS)))
    return name_of(was.kind, was.number)


def short_name(was: Old) -> str:
    """Return what a paragraph is called in a list: its number, where the page shows it."""
    if was.kind in HEADINGS:
        return str(_("Heading"))
    return title_of(was.kind, was.number) if was.kind == "footnote" else in_words(was.number)
