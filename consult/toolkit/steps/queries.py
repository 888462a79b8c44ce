"""Questions about the steps of the work: which pages help at each, in one read."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import case, func, literal, select, union_all

from consult.extensions import db
from consult.toolkit.models import Page, PageName
from consult.toolkit.steps.defaults import defaults
from consult.toolkit.steps.models import Step, StepChoice


@dataclass(frozen=True)
class Help:
    """The pages of one step. `edition` is that of the editor's choice; 0 where the step is as the site began."""

    pages: tuple[Any, ...] = ()
    edition: int = 0


@dataclass
class _Found:
    chosen: dict[int, Any] = field(default_factory=dict)
    edition: int = 0


def help_at_each() -> dict[Step, Help]:
    """Return the pages (id, slug, title) that help at each step.

    What an editor chose, as far as it is there; else the usual ones, found by their names, so that a page that was
    renamed is found as well. A step whose pages are all missing has none.
    """
    found: dict[str, _Found] = defaultdict(_Found)
    named: dict[str, Any] = {}
    for row in db.session.execute(_read()):
        if row.step == "":
            named[row.name] = row
        else:
            found[row.step].edition = row.edition
            if row.slug:
                found[row.step].chosen[row.place] = row
    return {
        step: Help(
            tuple(row for _place, row in sorted(found[step.value].chosen.items()))
            or _different(named[name] for name in names if name in named),
            found[step.value].edition,
        )
        for step, names in defaults().items()
    }


def _different(rows: Iterable[Any]) -> tuple[Any, ...]:
    """Return rows of pages without a page that comes twice: two names may have come to lead to one."""
    return tuple({row.slug: row for row in rows}.values())


def _read() -> Any:
    place = case((Page.id == StepChoice.first_id, 1), else_=2).label("place")
    chosen = select(
        StepChoice.step.label("step"),
        StepChoice.edition.label("edition"),
        place,
        literal("").label("name"),
        func.coalesce(Page.id, 0).label("id"),
        func.coalesce(Page.slug, "").label("slug"),
        func.coalesce(Page.title, "").label("title"),
    ).outerjoin(
        Page,
        Page.id.in_((StepChoice.first_id, StepChoice.second_id)) & Page.current_revision_id.is_not(None),
    )
    wanted = {name for names in defaults().values() for name in names}
    usual = (
        select(literal(""), literal(0), literal(0), PageName.name, Page.id, Page.slug, Page.title)
        .join(Page, Page.id == PageName.page_id)
        .where(PageName.name.in_(sorted(wanted)), Page.current_revision_id.is_not(None))
    )
    return union_all(chosen, usual)


def choosable() -> list[Any]:
    """Return every page that an editor can choose: id, slug and title, by title."""
    return list(
        db.session.execute(
            select(Page.id, Page.slug, Page.title)
            .where(Page.current_revision_id.is_not(None))
            .order_by(Page.title, Page.id)
        ).all()
    )


def pages_called(names: Iterable[str]) -> dict[str, Any]:
    """Return the pages (slug, title) that are found by these names, by name."""
    rows = db.session.execute(
        select(PageName.name, Page.slug, Page.title)
        .join(Page, Page.id == PageName.page_id)
        .where(PageName.name.in_(sorted(set(names))), Page.current_revision_id.is_not(None))
    )
    return {row.name: row for row in rows}
