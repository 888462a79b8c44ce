"""From numbers to the places of bars in a small chart. Pure: what it says in words is put in by the page."""

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 480, 190
TOP, FOOT = 26, 150  # between them the bars stand
EVERY = 3  # so many weeks from one date under the bars to the next


@dataclass(frozen=True)
class Bar:
    """One bar: its place, its height and what it stands for; `value` None where there is nothing to tell."""

    x: float
    y: float
    width: float
    height: float
    value: float | None
    is_last: bool
    is_dated: bool

    @property
    def middle(self) -> float:
        return round(self.x + self.width / 2, 1)

    @property
    def figure(self) -> str:
        """Return the value as it is written: whole, or with a half."""
        return "" if self.value is None else figure(self.value)


def figure(value: float) -> str:
    return str(int(value)) if value == int(value) else f"{value:.1f}"


def bars(values: Sequence[float | None]) -> list[Bar]:
    """Return a bar for each value, the highest as high as the chart lets it."""
    highest = max((value for value in values if value is not None), default=0) or 1
    step = WIDTH / max(1, len(values))
    found = []
    for n, value in enumerate(values):
        height = round((FOOT - TOP) * (value or 0) / highest, 1)
        found.append(
            Bar(
                x=round(n * step + step * 0.14, 1),
                y=round(FOOT - height, 1),
                width=round(step * 0.72, 1),
                height=height,
                value=value,
                is_last=n == len(values) - 1,
                is_dated=(len(values) - 1 - n) % EVERY == 0,
            )
        )
    return found
