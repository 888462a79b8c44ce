"""Officials withdraw a version that was published in error: the words that stood before it hold again.

Nothing is deleted. The version stays at its address and says who withdrew it, when and why; the next one has the
words of the last that was not withdrawn. Which paragraph is which is known by name, so that nothing is in doubt.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select, update

from consult import clock
from consult.documents import actions, queries
from consult.documents.again import Again, once_more
from consult.documents.matching import Old
from consult.documents.models import Document, Paragraph, Version
from consult.documents.past import past
from consult.documents.placing import Plan, plan
from consult.documents.queries import AnyRow, Rows
from consult.errors import Conflict, Invalid
from consult.extensions import db
from consult.text.block import Block
from consult.text.blocks import RenderedDocument
from consult.text.bounds import NOTE_LENGTH


@dataclass(frozen=True)
class Withdrawal:
    """What withdrawing the current version would do: the version that stands again, its words, and the new page."""

    version: Version
    standing: Version
    again: Again
    planned: Plan
    homes: Mapping[int, int]


def withdraw_version(*, actor: Any, document: Document, why: str, seen: int | None = None) -> Version:
    """Withdraw the current version and publish the words before it as the next one, which is returned.

    `seen` is the number of the version that was looked at; Conflict when another is current by now. Invalid without
    a reason, and where no earlier version can stand again.
    """
    actions.permit(document, actor=actor)
    why = _checked(why)
    actions.lock(document)
    if seen is not None and seen != document.version_count:
        raise Conflict(_("Another version was published after you opened this page. Look at it first."))
    what = withdrawal(document)
    _mark(what.version, actor, why)
    actions.record("document.withdraw_version", document, actor=actor, before=str(what.version.number))
    version = actions.add_version(
        actor=actor,
        document=document,
        prepared=_prepared(document, what),
        planned=what.planned,
        note=_note(what, why),
        heeds_draft=False,
        restored_from=what.standing.number,
    )
    _bring_home(what.homes)
    return version


def withdrawal(document: Document) -> Withdrawal:
    """Return what withdrawing the current version would do. Invalid, with what to do instead, where it cannot be."""
    standing = queries.version(document, _last_standing(_versions(document)))
    again = once_more(document, standing)
    old = queries.current_page(document)
    homes = past(document.id, standing.number).homes
    numbers = {was.paragraph_id: was.number for was in old}
    blocks = tuple(
        replace(block, mark=numbers[paragraph_id])
        for block, paragraph_id in zip(again.blocks, again.paragraph_ids, strict=True)
    )
    planned = plan(old, blocks, queries.numbers(document.id), _gone(old, again.paragraph_ids, homes))
    current = queries.version(document, document.version_count)
    return Withdrawal(current, standing, replace(again, blocks=blocks), planned, homes)


def _checked(why: str) -> str:
    why = why.strip()
    if not why:
        raise Invalid(_("Say why this version is withdrawn."), field="why")
    if len(why) > NOTE_LENGTH:
        raise Invalid(_("The reason must be %(limit)s characters or fewer.", limit=NOTE_LENGTH), field="why")
    return why


def _versions(document: Document) -> Rows:
    return db.session.execute(
        select(Version.number, Version.withdrawn_at, Version.restored_from, Version.is_renumbered)
        .where(Version.document_id == document.id)
        .order_by(Version.number)
    ).all()


def _last_standing(versions: Sequence[AnyRow]) -> int:
    """Return the number of the version whose words would hold again."""
    if not versions:
        raise Invalid(_("There is no version to withdraw yet."))
    if versions[-1].is_renumbered:
        raise Invalid(
            _(
                "This version gave the paragraphs new numbers and left their words alone: publish another instead."
            )
        )
    by_number = {row.number: row for row in versions}
    words_of = _words_of(versions[-1], by_number)
    earlier = [row.number for row in versions if row.number < words_of and row.withdrawn_at is None]
    if not earlier:
        raise Invalid(
            _(
                "No earlier version can stand again. Publish a corrected version, or withdraw the consultation."
            )
        )
    return int(earlier[-1])


def _words_of(row: AnyRow, by_number: Mapping[int, AnyRow]) -> int:
    """Return which version first had the words of this one: it may have them from an earlier one."""
    while row.restored_from is not None or row.is_renumbered:
        row = by_number[row.number - 1 if row.restored_from is None else row.restored_from]
    return int(row.number)


def _gone(old: Sequence[Old], standing: Sequence[int], homes: Mapping[int, int]) -> dict[int, list[int]]:
    """Say of every paragraph that has no place in the words what becomes of it: joined as it was then, or removed."""
    place = {paragraph_id: index for index, paragraph_id in enumerate(standing)}
    return {
        index: [place[homes[was.paragraph_id]]]
        if not was.is_removed and homes.get(was.paragraph_id) in place
        else []
        for index, was in enumerate(old)
        if was.paragraph_id not in place
    }


def _mark(version: Version, actor: Any, why: str) -> None:
    version.withdrawn_at = clock.now()
    version.withdrawn_by = None if actor is None else actor.id
    version.withdrawn_why = why
    db.session.flush()


def _prepared(document: Document, what: Withdrawal) -> actions.Prepared:
    numbers = {slot.old.paragraph_id: slot.number for slot in what.planned.slots if slot.old}
    blocks: tuple[Block, ...] = what.again.blocks
    source = what.again.source_for(numbers)
    return actions.Prepared(source, queries.numbers(document.id), RenderedDocument(blocks, document.title))


def _note(what: Withdrawal, why: str) -> str:
    note = _(
        "Version %(number)s was withdrawn, and the words of version %(standing)s hold again. %(why)s",
        number=what.version.number,
        standing=what.standing.number,
        why=why,
    )
    return note if len(note) <= NOTE_LENGTH else f"{note[: NOTE_LENGTH - 1]}…"


def _bring_home(homes: Mapping[int, int]) -> None:
    """Show the talk of what was joined then at the paragraph where it was shown then."""
    if homes:
        db.session.execute(
            update(Paragraph).execution_options(synchronize_session=False),
            [{"id": paragraph_id, "home_id": home} for paragraph_id, home in homes.items()],
        )
