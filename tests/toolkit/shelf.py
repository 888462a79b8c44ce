"""Toolkit pages to test with, made and changed through the actions of the room."""

from typing import Any

from consult.extensions import transaction
from consult.toolkit import actions, names, queries, rendering
from consult.toolkit.actions import Wording
from consult.toolkit.models import Page, Shelf
from consult.toolkit.names import Called


def worded(
    source: str = "Words.",
    *,
    title: str = "A page",
    summary: str = "What it is for.",
    note: str = "",
    facts: dict[str, str] | None = None,
) -> Wording:
    return Wording(title, summary, rendering.rendered(source), note, facts)


def a_page(
    source: str = "Words.", *, actor: Any = None, title: str = "A page", slug: str = "", **how: Any
) -> Page:
    kept = {name: how.pop(name) for name in ("review_by", "owner_id") if name in how}
    with transaction():
        return actions.start_page(
            actor=actor,
            slug=slug or names.name_of(title),
            shelf=how.pop("shelf", Shelf.CONSULT),
            **kept,
            wording=worded(source, title=title, **how),
        )


def resaved(page: Page, source: str, *, actor: Any = None, based_on: int | None = None, **how: Any) -> Page:
    wording = worded(
        source, title=how.pop("title", page.title), summary=how.pop("summary", page.summary), **how
    )
    with transaction():
        return actions.save_page(
            actor=actor,
            page=page,
            wording=wording,
            shelf=page.shelf,
            based_on=page.revision_count if based_on is None else based_on,
        )


def restored(page: Page, number: int, *, actor: Any = None) -> Page:
    text = rendering.rendered(queries.revision(page.id, number).source)
    with transaction():
        return actions.restore_revision(actor=actor, page=page, number=number, text=text)


def renamed(
    page: Page, *, slug: str = "", title: str = "", was: Called | None = None, actor: Any = None
) -> Page:
    now = Called(page.slug, page.title)
    text = rendering.rendered(queries.revision(page.id, page.revision_count).source)
    with transaction():
        return actions.rename_page(
            actor=actor,
            page=page,
            called=Called(slug or now.slug, title or now.title),
            was=was or now,
            text=text,
        )


def html_of(page: Page) -> str:
    return queries.revision(page.id, page.revision_count).html
