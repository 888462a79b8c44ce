"""Made revisions of a text whose right mapping is known: what real pairs have too little of.

Each old block meets one fate.  Some are the edits of a drafter (words changed, a sentence cut in two, lists made into
tables); some are traps: a paragraph replaced by another subject in the same turns of phrase, rows that differ in one
field, headings that differ by a word.  Everything hangs on the seed.
"""

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random

# How often each fate falls on a block, in 100; the rest stays as it is.
USUAL: dict[str, float] = {
    "light": 8,
    "heavy": 5,
    "split": 3,
    "split in three": 1,
    "merge": 3,
    "swallowed": 1,
    "remove": 4,
    "replace": 2,
    "look-alike": 3,
    "insert": 4,
    "move": 1,
    "to row": 3,
}
# Texts under this many words are only changed lightly: of half a heading nobody could say what it was.
SHORT = 9
SENTENCE = re.compile(r"(?<=[.;:!?。])\s+(?=\S)")


@dataclass(frozen=True)
class Made:
    """One block."""

    kind: str
    text: str


@dataclass
class Revision:
    """Two texts, where each old block lives on, and the name of its fate (none: the same words)."""

    old: list[Made] = field(default_factory=list)
    new: list[Made] = field(default_factory=list)
    gold: dict[int, list[int]] = field(default_factory=dict)
    fate: dict[int, str] = field(default_factory=dict)


class Drafter:
    """Revises one text; `others` lends the words of other subjects."""

    def __init__(
        self, text: Sequence[Made], others: Sequence[Made], seed: int, fates: Mapping[str, float] = USUAL
    ) -> None:
        self.draw = Random(seed)
        self.text = list(text)
        self.others = [b for b in others if len(b.text.split()) >= SHORT]
        self.fates = fates
        count = Counter(w for b in (*text, *self.others) for w in set(b.text.casefold().split()))
        self.common = {w for w, n in count.most_common(80)}
        self.words = [w for b in self.others for w in b.text.split()]
        self.rare = [w for w in self.words if w.casefold() not in self.common and w[:1].isalpha()]

    def revise(self) -> Revision:
        """Let every block meet its fate, in order; then move what moves."""
        made = Revision()
        places: list[tuple[Made, list[int]]] = []  # new blocks with the old ones that live on in them
        swallow: int | None = None
        for block in self.text:
            index = len(made.old)
            made.old.append(block)
            if swallow is not None and places and places[-1][0].kind == block.kind:
                made.fate[index] = "merge" if swallow else "swallowed"
                self._join(places, index, block, kept=0.9 if swallow else 0.35)
                swallow = None
                continue
            swallow = None
            fate = self._fate(block)
            if fate in ("merge", "swallowed"):
                swallow = int(fate == "merge")
                fate = "light"
            if fate:
                made.fate[index] = fate
            places.extend((new, [index] if mine else []) for new, mine in self._become(fate, block))
        self._move(places)
        made.gold = {i: [] for i in range(len(made.old))}
        for at, (new, sources) in enumerate(places):
            made.new.append(new)
            for i in sources:
                made.gold[i].append(at)
        return made

    def _fate(self, block: Made) -> str:
        names = list(self.fates)
        rest = max(0.0, 100 - sum(self.fates.values()))
        fate = self.draw.choices([*names, ""], [*self.fates.values(), rest])[0]
        short = len(block.text.split()) < SHORT
        if block.kind.startswith("h"):
            return "light" if fate in ("light", "heavy") else "remove" if fate == "remove" else ""
        if short and fate not in ("", "remove", "insert", "move", "to row"):
            return "light" if fate in ("light", "heavy") else ""
        if fate == "to row" and block.kind != "li":
            return "light"
        return fate

    def _become(self, fate: str, block: Made) -> list[tuple[Made, bool]]:
        """The new blocks in the place of an old one, each with whether the old one lives on in it."""
        same = Made(block.kind, block.text)
        other = self.draw.choice(self.others)
        simple: dict[str, Callable[[], list[tuple[Made, bool]]]] = {
            "light": lambda: [(self._put(block, self._changed(block.text, 0.12)), True)],
            "heavy": lambda: [(self._put(block, self._heavy(block.text)), True)],
            "split": lambda: self._parts(block, 2),
            "split in three": lambda: self._parts(block, 3),
            "remove": list,
            "replace": lambda: [(Made(block.kind, other.text), False)],
            "look-alike": lambda: [(self._put(block, self._look_alike(block.text)), False)],
            "insert": lambda: [(same, True), (Made(block.kind, other.text), False)],
            "to row": lambda: [(self._row(block), True)],
        }
        return simple.get(fate, lambda: [(same, True)])()

    def reworded(self, block: Made) -> Made:
        """The same block with up to a third of its words changed."""
        return Made(block.kind, self._changed(block.text, self.draw.uniform(0.05, 0.35)))

    @staticmethod
    def _put(block: Made, text: str) -> Made:
        return Made(block.kind, text)

    def _changed(self, text: str, share: float) -> str:
        """Drop, add and replace so large a share of the words."""
        kept: list[str] = []
        words = text.split()
        sure = self.draw.randrange(len(words))
        for at, word in enumerate(words):
            turn = self.draw.random()
            if at == sure or turn > share:
                kept.append(word)
            elif turn < share / 3:
                continue
            elif turn < 2 * share / 3:
                kept += [word, self.draw.choice(self.words)]
            else:
                kept.append(self.draw.choice(self.words))
        if kept == words:
            kept.insert(sure, self.draw.choice(self.words))
        return " ".join(kept)

    def _heavy(self, text: str) -> str:
        """Turn the clauses round and change two words in five."""
        clauses = re.split(r"(?<=[,;.:])\s+", text)
        self.draw.shuffle(clauses)
        return self._changed(" ".join(clauses), 0.4)

    def _parts(self, block: Made, count: int) -> list[tuple[Made, bool]]:
        """Cut at the ends of sentences, or else between words; change a little."""
        pieces = SENTENCE.split(block.text)
        if len(pieces) < count:
            words = block.text.split()
            step = -(-len(words) // count)
            pieces = [" ".join(words[at : at + step]) for at in range(0, len(words), step)]
        cuts = sorted(self.draw.sample(range(1, len(pieces)), count - 1))
        parts = [" ".join(pieces[a:b]) for a, b in zip([0, *cuts], [*cuts, len(pieces)], strict=True)]
        return [(self._put(block, self._changed(part, 0.08)), True) for part in parts]

    def _join(self, places: list[tuple[Made, list[int]]], index: int, block: Made, kept: float) -> None:
        """Add to the block before it what is kept of this one."""
        before, sources = places[-1]
        words = [w for w in block.text.split() if self.draw.random() < kept] or block.text.split()
        places[-1] = (Made(before.kind, f"{before.text} {' '.join(words)}"), [*sources, index])

    def _look_alike(self, text: str) -> str:
        """The same turns of phrase about another subject: common words stay, the others are replaced."""
        words = text.split()
        own = [at for at, word in enumerate(words) if word.casefold() not in self.common]
        for at in own or range(len(words)):
            words[at] = self.draw.choice(self.rare)
        return " ".join(words)

    def _row(self, block: Made) -> Made:
        """A list item as a row: its head in the first cell, and a word or two of its own in a last one."""
        head, _, rest = self._changed(block.text, 0.05).replace("|", "/").partition(" ")
        more, _, rest = rest.partition(" ")
        return Made("row", f"{head} {more} | {rest} | {self.draw.choice(self.words)}")

    def _move(self, places: list[tuple[Made, list[int]]]) -> None:
        """Take runs of blocks from one place to another."""
        share = self.fates.get("move", 0.0) / 100
        for _ in range(round(share * len(places))):
            at = self.draw.randrange(len(places))
            run = places[at : at + self.draw.choice((1, 1, 2, 5))]
            del places[at : at + len(run)]
            to = self.draw.randrange(len(places) + 1)
            places[to:to] = run


def register(seed: int, size: int = 24) -> Revision:
    """Boilerplate: rows and items that differ in a name and a number, under headings that differ in a word.

    Some entries go, some come, of some the number changes: an entry is the one with its name.
    """
    draw = Random(seed)
    names = draw.sample(_NAMES, min(size + 8, len(_NAMES)))
    made = Revision()
    for section in draw.sample(_SECTIONS, 3):
        kind = draw.choice(("row", "li", "p"))
        shape = draw.choice(_SHAPES)
        _block(made, Made("h2", f"{section} requirements"), Made("h2", f"{section} requirements"))
        fresh = iter(names[size:])
        for name in names[:size]:
            number = draw.randrange(1, 90)
            before = Made(kind, shape.format(name=name, number=number, section=section.lower()))
            turn = draw.random()
            changed = number + draw.randrange(1, 9) if turn < 0.3 else number
            after = Made(kind, shape.format(name=name, number=changed, section=section.lower()))
            _block(made, before, None if turn > 0.92 else after)
            if turn > 0.86 and (new := next(fresh, None)):
                made.new.append(
                    Made(kind, shape.format(name=new, number=draw.randrange(1, 90), section=section.lower()))
                )
        draw.shuffle(names)
    return made


def _block(made: Revision, before: Made, after: Made | None) -> None:
    index = len(made.old)
    made.old.append(before)
    made.gold[index] = [] if after is None else [len(made.new)]
    if after != before:
        made.fate[index] = "field row" if after else "field row removed"
    if after is not None:
        made.new.append(after)


_SECTIONS = ["Registration", "Resolution", "Retention", "Collection", "Presence", "Storage", "Inspection"]
_SHAPES = [
    "{name} | {number} | yes | not required",
    "{name}: the holder of a licence shall give notice within {number} days.",
    "A {section} officer of {name} may ask for up to {number} documents.",
    "**{name}** | the fee for {section} is {number} pounds | see the annex",
]
_NAMES = [
    a + b
    for a in ("Ash", "Birch", "Cold", "Drum", "Elm", "Fern", "Glen", "Hollow", "Iron", "Kings")
    for b in ("bridge", "field", "ford", "wick")
]


def draft(seed: int, size: int) -> list[Made]:
    """An invented text: sections of paragraphs and items, common words between the words of each section's subject."""
    draw = Random(seed)
    words = ["".join(draw.choices(_SYLLABLES, k=draw.randint(2, 4))) for _ in range(3_000)]
    usual = words[:300]
    blocks: list[Made] = []
    while len(blocks) < size:
        subject = draw.sample(words, 60)
        title = " ".join(draw.sample(subject, 3)).capitalize()
        blocks.append(Made("h2", title))
        kind = draw.choice(("p", "p", "p", "li", "row"))
        for _ in range(draw.randint(4, 14)):
            blocks.append(Made(kind, _sentences(draw, (_COMMON, usual, subject))))
    return blocks[:size]


def _sentences(draw: Random, pools: Sequence[Sequence[str]]) -> str:
    found = []
    for _ in range(draw.randint(1, 4)):
        which = draw.choices(pools, (5, 2, 4), k=draw.randint(7, 20))
        found.append(" ".join(draw.choice(pool) for pool in which).capitalize() + ".")
    return " ".join(found)


_SYLLABLES = [a + b for a in "bcdfglmnprstv" for b in ("a", "e", "i", "o", "u", "an", "er", "is", "om")]
_COMMON = [
    "the",
    "of",
    "and",
    "to",
    "in",
    "shall",
    "a",
    "be",
    "for",
    "or",
    "by",
    "that",
    "is",
    "any",
    "with",
    "under",
]
_COMMON += ["this", "may", "as", "not", "must", "such", "from", "on", "which", "an", "at", "it"]
