"""Keeping what lists are made of in step with the facts of current revisions, in the transaction of the change."""

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import delete, insert, select

from consult.extensions import db
from consult.toolkit.entries import filters
from consult.toolkit.entries.kinds import PageKind
from consult.toolkit.entries.models import Entry, Fact
from consult.toolkit.entries.showing import all_in_words
from consult.toolkit.entries.staleness import day_of, has_agreed
from consult.toolkit.models import Page, Revision


def keep(page: Page, facts: Mapping[str, str]) -> None:
    """Let the lists show an entry as it now is. A page of guidance stands on none."""
    if page.kind is PageKind.PRACTICE:
        return
    for table in (Fact, Entry):
        db.session.execute(delete(table).where(table.page_id == page.id))
    db.session.execute(insert(Entry), [_entry(page, facts)])
    if rows := _facts(page, facts):
        db.session.execute(insert(Fact), rows)


def recount() -> list[str]:
    """Hold the lists against the facts, put right what differs, and return it in words."""
    wanted = (
        select(Page, Revision.facts)
        .join(Revision, Revision.id == Page.current_revision_id)
        .where(Page.kind != PageKind.PRACTICE)
        .order_by(Page.id)
    )
    return [line for page, facts in db.session.execute(wanted).all() for line in _mended(page, facts)]


def _mended(page: Page, facts: Mapping[str, str]) -> Iterator[str]:
    entry, kept = _entry(page, facts), _facts(page, facts)
    if _stored(Entry, page) != [entry] or _stored(Fact, page) != kept:
        keep(page, facts)
        yield f"toolkit_entry {page.id}: did not say what the page says"


def _stored(table: Any, page: Page) -> list[dict[str, Any]]:
    columns = table.__table__.columns
    rows = db.session.execute(select(*columns).where(table.page_id == page.id)).mappings()
    return sorted(map(dict, rows), key=lambda row: (row.get("field", ""), row.get("key", "")))


def _entry(page: Page, facts: Mapping[str, str]) -> dict[str, Any]:
    said = all_in_words(page.kind, facts)
    return {
        "page_id": page.id,
        "kind": page.kind,
        "checked": day_of(facts, "checked"),
        "is_listed": has_agreed(page.kind, facts),
        "words": filters.folded("\n".join((page.title, page.summary, *said))),
    }


def _facts(page: Page, facts: Mapping[str, str]) -> list[dict[str, Any]]:
    return [
        {"page_id": page.id, "field": field, "key": key, "words": words}
        for field, key, words in filters.things_of(page.kind, facts)
    ]
