"""What a list shows of one consultation, put together from what its rooms know. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from consult.consultations.stages import Standing, Step, standing, step

SOON = timedelta(days=7)  # from here on a closing date is shown as near
ROWS = 20  # of one step on the first page
STEPS = (Step.DRAFT, Step.EARLY_IDEA, Step.REVISED)


@dataclass(frozen=True)
class Card:
    """One row of a list. `version` is the highest that any of its documents has reached; `talk` may be None."""

    about: Any
    standing: Standing
    step: Step
    version: int
    version_at: datetime | None
    talk: Any
    is_soon: bool


def cards_of(
    rows: Iterable[Any], documents: Mapping[int, Sequence[Any]], talk: Mapping[int, Any], now: datetime
) -> list[Card]:
    """Return the cards of some rows, in their order."""
    return [_card(row, documents.get(row.id, ()), talk.get(row.id), now) for row in rows]


def _card(row: Any, documents: Sequence[Any], talk: Any, now: datetime) -> Card:
    latest = max(documents, key=lambda document: document.version_count, default=None)
    version = latest.version_count if latest else 0
    where = standing(row, now)
    return Card(
        about=row,
        standing=where,
        step=step(row, version),
        version=version,
        version_at=latest.published_at if latest else None,
        talk=talk,
        is_soon=where is Standing.OPEN and row.closes_at is not None and row.closes_at - now < SOON,
    )


def by_step(cards: Iterable[Card]) -> list[tuple[Step, list[Card]]]:
    """Return the cards under the steps that have any, each cut at what the first page shows."""
    found = {name: [card for card in cards if card.step is name] for name in STEPS}
    return [(name, some[:ROWS]) for name, some in found.items() if some]
