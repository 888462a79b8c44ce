"""The pages that help at each step until an editor chooses others: `seed/steps.toml`. Pure."""

import tomllib
from collections.abc import Mapping
from functools import cache

from consult.toolkit.seeding import FOLDER, BadSeed
from consult.toolkit.steps.models import Step

FILE = FOLDER / "steps.toml"
MOST = 2  # pages of one step


@cache
def defaults() -> Mapping[Step, tuple[str, ...]]:
    """Return the names of one or two pages for every step. Raises BadSeed."""
    return read(FILE.read_text("utf-8"))


def read(source: str) -> dict[Step, tuple[str, ...]]:
    """Return what a file says: one line a step, all of them and no other, each with one or two different names."""
    given = tomllib.loads(source)
    unlike = set(given) ^ {step.value for step in Step}
    if unlike:
        raise BadSeed(f"steps.toml: every step once and nothing else; look at {', '.join(sorted(unlike))}")
    for name, pages in given.items():
        if not isinstance(pages, list) or not 0 < len(pages) <= MOST or len(set(pages)) < len(pages):
            raise BadSeed(f"steps.toml: {name} takes one page or two")
    return {step: tuple(given[step.value]) for step in Step}
