"""Two wordings of a page side by side, for the pages that show them."""

from dataclasses import dataclass

from flask_babel import gettext as _

from consult.toolkit import changes
from consult.toolkit.changes import Change
from consult.toolkit.entries.kinds import PageKind
from consult.toolkit.entries.showing import facts_compared
from consult.toolkit.suggestions.queries import Words


@dataclass(frozen=True)
class Compared:
    """What is different: fields by their names in words, and the text paragraph by paragraph."""

    fields: list[tuple[str, list[Change]]]
    text: list[Change]
    count: int

    def __bool__(self) -> bool:
        return bool(self.fields or self.count)


def compared(old: Words, new: Words, kind: PageKind) -> Compared:
    """Return what changed from one wording of a page of this kind to another, word by word."""
    said = {"deleted": _("taken out:"), "inserted": _("put in:")}
    fields = [
        (str(name), changes.compared(before, after, **said))
        for name, before, after in (
            (_("Title"), old.title, new.title),
            (_("Summary"), old.summary, new.summary),
        )
        if before != after
    ]
    fields += [(str(name), drawn) for name, drawn in facts_compared(kind, old.facts, new.facts, **said)]
    text = changes.compared(old.source, new.source, **said)
    return Compared(fields, text, sum(change.kind not in ("same", "gap") for change in text))
