"""By what each list of entries can be narrowed, and what an address asks of it. Pure.

An address names a field and the key of a thing: `?language=welsh`. What it names besides is passed over.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from consult.consultations.slugs import slug_from
from consult.text.bounds import clean_name
from consult.toolkit.entries.kinds import LONGEST_PART, Field, Of, PageKind, fields_of, parts_of
from consult.toolkit.numbers import whole

BY = {
    PageKind.COMMUNITY: ("topic", "place", "language"),
    PageKind.PLATFORM: ("purpose",),
    PageKind.EXPERT: ("skills", "procurement"),
    PageKind.CASE_STUDY: ("organisation_kind", "serves", "subject", "method"),
}
NAME, CHECKED = "name", "checked"  # what a list can be sorted by
LONGEST_WORDS, MOST_WORDS = 100, 6
LAST_PAGE = 200
STRAIGHT = str.maketrans("’‘ʼ", "'''")


def fields_by(kind: PageKind) -> list[Field]:
    """Return the fields by which the list of a kind can be narrowed, in their order on the page."""
    known = {one.name: one for one in fields_of(kind)}
    return [known[name] for name in BY.get(kind, ())]


def key_of(words: str) -> str:
    """Return what a thing is called in an address; in letters that addresses do not know, its own small ones."""
    return slug_from(words) or words.casefold().strip()[:LONGEST_PART]


def folded(words: str) -> str:
    """Return words as they are looked for: in small letters, every apostrophe a straight one."""
    return words.translate(STRAIGHT).lower()


def things_of(kind: PageKind, facts: Mapping[str, str]) -> list[tuple[str, str, str]]:
    """Return field, key and words of each thing by which an entry can be found on its list."""
    found: dict[tuple[str, str], str] = {}
    for one in fields_by(kind):
        for key, words in _things(one, facts.get(one.name, "")):
            found.setdefault((one.name, key), words)
    return [(name, key, words) for (name, key), words in sorted(found.items())]


def _things(one: Field, words: str) -> Iterator[tuple[str, str]]:
    if one.of is Of.CHOICE:
        if words:
            yield words, words
        return
    for part in parts_of(words):
        yield key_of(part), part[:LONGEST_PART]


@dataclass(frozen=True)
class Asked:
    """What of a list an address asks for: things by field, words that an entry must have, its order and its page."""

    kind: PageKind
    chosen: Mapping[str, str] = field(default_factory=dict)
    words: str = ""
    sort: str = NAME
    page: int = 1
    has_more: bool = False  # a second thing in one field, which is passed over

    @classmethod
    def read(cls, kind: PageKind, args: Mapping[str, str], *, repeated: Collection[str] = ()) -> "Asked":
        """Read an address; whatever it names that is no field of this list counts as not asked.

        `repeated` are the fields for which it names several things: the first of them counts.
        """
        given = {name: key_of(args.get(name, "")[:LONGEST_PART]) for name in BY[kind]}
        return cls(
            kind=kind,
            chosen={name: key for name, key in given.items() if key},
            words=clean_name(args.get("q", "")[:LONGEST_WORDS]),
            sort=CHECKED if args.get("sort") == CHECKED else NAME,
            page=min(whole(args.get("from")) or 1, LAST_PAGE),
            has_more=bool({*BY[kind], "q"}.intersection(repeated)),
        )

    @property
    def is_narrowed(self) -> bool:
        return bool(self.chosen or self.words)

    @property
    def needles(self) -> list[str]:
        return folded(self.words).split()[:MOST_WORDS]

    def address(self, **changes: Any) -> dict[str, str]:
        """Return what stands behind the address that asks for the same, with `changes`; "" takes one away."""
        asked = {
            **self.chosen,
            "q": self.words,
            "sort": self.sort if self.sort != NAME else "",
            "from": str(self.page) if self.page > 1 else "",
            **changes,
        }
        return {name: str(value) for name, value in asked.items() if value}

    def without(self, name: str) -> dict[str, str]:
        """Return what stands behind the address that asks for the same but for one filter, from its beginning."""
        return replace(self, page=1).address(**{name: ""})
