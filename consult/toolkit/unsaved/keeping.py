"""Between a form and what is kept of it. Pure of the web: a form comes in as its fields."""

from collections.abc import Iterable, Mapping
from typing import Any

from consult.text.bounds import clean_source
from consult.toolkit.unsaved.models import Unsaved

NEVER = frozenset(
    {"csrf_token", "once", "begun", "is_reviewed"}
)  # of one sending alone, or said anew each time


def held_in(form: Iterable[Any], typed: Mapping[str, str]) -> dict[str, str]:
    """Return what was typed into the fields of a form, by their names."""
    names = [field.name for field in form if field.name not in NEVER]
    return {name: clean_source(typed[name].replace("\x00", "")) for name in names if name in typed}


def fill(form: Iterable[Any], kept: Unsaved) -> None:
    """Let a form hold again what was kept."""
    for field in form:
        if field.name in kept.fields and field.name not in NEVER:
            field.data = kept.fields[field.name]
