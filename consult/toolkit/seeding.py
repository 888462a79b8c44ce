"""The pages that a new site begins with: `seed/*.md`, loaded once into a toolkit that has none.

Guidance stands in the folder itself, the entries of each directory in one of its own, with their facts among the
lines at the top.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path

from sqlalchemy import select

from consult.extensions import db
from consult.toolkit import actions, names, rendering
from consult.toolkit.actions import Wording
from consult.toolkit.entries.checking import mistakes, tidied
from consult.toolkit.entries.kinds import FOLDERS, PageKind, fields_of
from consult.toolkit.models import Page, Shelf

FOLDER = Path(__file__).resolve().parent / "seed"
FRONT = re.compile(r"\A---\n(.*?)\n---\n+(.*)\Z", re.S)
FIELDS = {"title", "shelf", "summary", "order", "reviewed"}
LONGEST_TITLE, LONGEST_SUMMARY = 120, 240


class BadSeed(ValueError):
    """A seed page that cannot be used: which one, and why."""


@dataclass(frozen=True)
class SeedPage:
    """One page as its file gives it."""

    slug: str
    title: str
    shelf: Shelf
    summary: str
    order: int
    reviewed: date
    source: str
    kind: PageKind = PageKind.PRACTICE
    facts: dict[str, str] = field(default_factory=dict)


def seed(actor: object = None, owner_id: int | None = None) -> int:
    """Load the pages into a toolkit without any and return how many; 0 where there are pages already.

    Call it inside `transaction()`. `actor` is who sets the site up, or None for the site itself.
    `owner_id` is the editor who is to own the pages.
    """
    if db.session.scalar(select(Page.id).limit(1)) is not None:
        return 0
    pages = read_pages()
    for page in pages:
        actions.start_page(
            actor=actor,
            slug=page.slug,
            shelf=page.shelf,
            wording=Wording(page.title, page.summary, rendering.rendered(page.source), facts=page.facts),
            kind=page.kind,
            position=page.order,
            reviewed_on=page.reviewed,
            owner_id=owner_id,
        )
    return len(pages)


@cache
def read_pages(folder: Path = FOLDER) -> tuple[SeedPage, ...]:
    """Return the seed pages, kind by kind, in the order of their addresses. Raises BadSeed."""
    pages = tuple(_read(path, kind) for kind in PageKind for path in _files(folder, kind))
    bearing: dict[str, str] = {}
    for page in pages:
        for name in {page.slug, names.name_of(page.title)} - {""}:
            if bearing.setdefault(name, page.slug) != page.slug:
                raise BadSeed(f"{page.slug}: {bearing[name]} is called “{name}” already")
    return pages


def _files(folder: Path, kind: PageKind) -> Iterator[Path]:
    yield from sorted((folder / FOLDERS.get(kind, "")).glob("*.md"))


def _read(path: Path, kind: PageKind) -> SeedPage:
    found = FRONT.match(path.read_text("utf-8"))
    if found is None:
        raise BadSeed(f"{path.name}: no front matter between lines of ---")
    given = dict(_pairs(path, found[1]))
    facts = _facts(path, kind, {name: given.pop(name) for name in set(given) - FIELDS})
    if set(given) != FIELDS:
        raise BadSeed(f"{path.name}: the front matter must give {', '.join(sorted(FIELDS))}")
    if not names.is_name(path.stem):
        raise BadSeed(f"{path.name}: not an address that a page can have")
    if not 0 < len(given["title"]) <= LONGEST_TITLE or not 0 < len(given["summary"]) <= LONGEST_SUMMARY:
        raise BadSeed(f"{path.name}: the title or the summary is missing or too long")
    try:
        return SeedPage(
            slug=path.stem,
            title=given["title"],
            shelf=Shelf(given["shelf"]),
            summary=given["summary"],
            order=int(given["order"]),
            reviewed=date.fromisoformat(given["reviewed"]),
            source=found[2].strip() + "\n",
            kind=kind,
            facts=facts,
        )
    except ValueError as error:
        raise BadSeed(f"{path.name}: {error}") from error


def _facts(path: Path, kind: PageKind, given: dict[str, str]) -> dict[str, str]:
    known = {one.name for one in fields_of(kind)}
    if unknown := sorted(set(given) - known):
        raise BadSeed(
            f"{path.name}: the front matter gives {', '.join(unknown)}, which is not of a {kind.value} page"
        )
    facts = tidied(kind, given)
    if wrong := mistakes(kind, facts):
        raise BadSeed(f"{path.name}: " + "; ".join(f"{name}: {message}" for name, message in wrong.items()))
    return facts


def _pairs(path: Path, front: str) -> list[tuple[str, str]]:
    pairs = []
    for line in front.splitlines():
        key, colon, value = line.partition(":")
        if not colon:
            raise BadSeed(f"{path.name}: “{line}” is not of the form key: value")
        pairs.append((key.strip(), value.strip()))
    return pairs
