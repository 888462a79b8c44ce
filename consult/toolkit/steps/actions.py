"""What is done to the steps: an editor chooses the pages that help at them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, select

from consult import audit, clock
from consult.errors import Conflict, Invalid
from consult.extensions import db
from consult.permissions import May, require
from consult.toolkit.models import Page
from consult.toolkit.steps.models import Step, StepChoice
from consult.toolkit.steps.queries import help_at_each

LOCK = 4027  # of the steps, on PostgreSQL


@dataclass(frozen=True)
class Choice:
    """What an editor chose for one step: ids of pages, and the edition that they began from."""

    first: int | None
    second: int | None
    based_on: int

    @property
    def ids(self) -> tuple[int, ...]:
        return tuple(filter(None, (self.first, self.second)))


def choose_pages(*, actor: Any, choices: Mapping[Step, Choice]) -> list[Step]:
    """Let other pages help at these steps, and return those that changed; all of them, or none.

    Raises Invalid where a step would be without a page or with one that is not there, and Conflict, with the steps that
    somebody else has changed since, where their choice is another than this.
    """
    require(May.EDIT_TOOLKIT, actor)
    _hold_the_steps()
    now = help_at_each()
    shown = {step: tuple(page.id for page in now[step].pages) for step in choices}
    changed = {step: choice for step, choice in choices.items() if choice.ids != shown[step]}
    stale = [step for step, choice in changed.items() if choice.based_on != now[step].edition]
    if stale:
        raise Conflict(_("Somebody chose other pages before you."), theirs={s: now[s] for s in stale})
    there = _there({page_id for choice in changed.values() for page_id in choice.ids})
    for step, choice in changed.items():
        _check(step, choice, there)
    for step, choice in changed.items():
        _choose(actor, step, *choice.ids)
    return list(changed)


def _hold_the_steps() -> None:
    """Let one editor at a time choose; on SQLite the whole transaction already is alone."""
    if db.session.get_bind().dialect.name == "postgresql":
        db.session.execute(select(func.pg_advisory_xact_lock(LOCK, 0)))


def _there(ids: set[int]) -> set[int]:
    wanted = select(Page.id).where(Page.id.in_(ids), Page.current_revision_id.is_not(None))
    return set(db.session.scalars(wanted))


def _check(step: Step, choice: Choice, there: set[int]) -> None:
    if not choice.first:
        raise Invalid(_("Choose a page: no step goes without one"), field=f"{step.value}_first")
    for page_id, name in ((choice.first, "first"), (choice.second, "second")):
        if page_id and page_id not in there:
            raise Invalid(_("This page is not there any more: choose another"), field=f"{step.value}_{name}")
    if choice.first == choice.second:
        raise Invalid(_("Choose two different pages, or leave the second out"), field=f"{step.value}_second")


def _choose(actor: Any, step: Step, first_id: int, second_id: int | None = None) -> None:
    row = db.session.get(StepChoice, step.value)
    before = "" if row is None else _as_recorded(row.first_id, row.second_id)
    if row is None:
        row = StepChoice(step=step.value, first_id=first_id, edition=0)
        db.session.add(row)
    row.first_id, row.second_id = first_id, second_id
    row.edition += 1
    row.chosen_at, row.chosen_by = clock.now(), actor.id
    audit.record(
        "toolkit.choose_step",
        f"step:{step.value}",
        actor_id=actor.id,
        before=before,
        after=_as_recorded(first_id, second_id),
    )


def _as_recorded(*ids: int | None) -> str:
    return " ".join(f"page:{page_id}" for page_id in ids if page_id is not None)
