"""Which paragraphs a letter is about, as people type them: "3, 7A, 12-15"."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from flask_babel import gettext as _

from consult.discussion.models import UnsentComment
from consult.discussion.unsent import kept
from consult.documents.models import Document
from consult.errors import Invalid

MOST = 60  # paragraphs that one letter can name
RANGE = re.compile(r"(\d{1,4})\s*[-–]\s*(\d{1,4})")
NUMBER = re.compile(r"\d{1,4}[A-Z]{0,3}(\.\d{1,3})?|[Ss]\d{1,4}|[Nn]\d{1,4}")


@dataclass(frozen=True)
class Citing:
    """The keys of the paragraphs that are named; none of them means the whole draft."""

    keys: tuple[str, ...]

    @classmethod
    def read(cls, document: Document, typed: str | None) -> "Citing":
        """Return what was typed as paragraphs of a document. Raises Invalid with the numbers that are none of it."""
        numbers = list(dict.fromkeys(_numbers(typed or "")))
        if len(numbers) > MOST:
            raise Invalid(
                _("Name %(most)s paragraphs or fewer, or the whole draft.", most=MOST), field="cites"
            )
        found = kept.numbered(document, numbers)
        if missing := [number for number in numbers if number not in found]:
            raise Invalid(
                _("This draft has no paragraph %(numbers)s.", numbers=", ".join(missing[:5])), field="cites"
            )
        return cls(tuple(found[number].key for number in numbers))


def cited_numbers(row: UnsentComment) -> str:
    """Return the paragraphs that an unfinished letter is about, as they were typed."""
    return ", ".join(each.number for each in kept.cited(row.document, row.cites.split()))


def _numbers(typed: str) -> Iterator[str]:
    for part in re.split(r"[,;]|\band\b", typed):
        part = part.strip()
        span = RANGE.fullmatch(part)
        if span and int(span[1]) < int(span[2]) <= int(span[1]) + MOST:
            yield from (str(number) for number in range(int(span[1]), int(span[2]) + 1))
            continue
        for number in part.split():
            number = number.upper() if number[0].isdigit() else number.lower()
            if not NUMBER.fullmatch(number):
                raise Invalid(_("Enter numbers of paragraphs, like 3, 7A, 12-15"), field="cites")
            yield number
