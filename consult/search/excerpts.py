"""The piece of a text in which the words were found, with the words marked. Pure.

Escaped first, then marked. Endings are compared roughly, as the indexes do: "parking" marks "parked".
"""

import re
from collections.abc import Set

from markupsafe import Markup, escape

from consult.search.terms import WORD, folded

LENGTH = 240  # characters, about three lines
LEAD = 60  # characters before the first word that was found
SCANNED = 20_000  # characters; what lies beyond is found but not shown
ENDINGS = (  # the longest first, so that what belongs together ends alike
    *("ations", "ators", "ating", "ation", "ates", "ated", "ator", "ings", "ate", "ing", "ies", "ied", "ers"),
    *("er", "ed", "es", "ly", "s", "e", "y"),
)
SHORTEST_STEM = 3
MARK = Markup("<mark>{}</mark>")
ELLIPSIS = "…"


def excerpt(words: str, wanted: Set[str]) -> Markup:
    """Return the piece around the first word of `wanted`, or the beginning when none is seen."""
    words = words[:SCANNED]
    stems = {stem(word) for word in wanted}
    first = next((found.start() for found in WORD.finditer(words) if _is_wanted(found, stems)), 0)
    start = _start(words, first)
    end = _end(words, start + LENGTH)
    before = ELLIPSIS if start else ""
    after = ELLIPSIS if end < len(words) else ""
    return Markup("{}{}{}").format(before, marked(words[start:end], wanted), after)


def marked(words: str, wanted: Set[str]) -> Markup:
    """Return words, escaped, with those of `wanted` marked."""
    stems = {stem(word) for word in wanted}
    pieces: list[Markup] = []
    done = 0
    for found in WORD.finditer(words):
        if _is_wanted(found, stems):
            pieces += [escape(words[done : found.start()]), MARK.format(found[0])]
            done = found.end()
    return Markup().join([*pieces, escape(words[done:])])


def stem(word: str) -> str:
    """Return a word without its ending, roughly."""
    for ending in ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= SHORTEST_STEM:
            cut = word.removesuffix(ending)
            return cut[:-1] if len(cut) > SHORTEST_STEM and cut[-1] == cut[-2] else cut
    return word


def _is_wanted(found: re.Match[str], stems: Set[str]) -> bool:
    return stem(folded(found[0])) in stems


def _start(words: str, first: int) -> int:
    if first <= LEAD:
        return 0
    space = words.find(" ", first - LEAD, first)
    return space + 1 if space >= 0 else first


def _end(words: str, wanted: int) -> int:
    if wanted >= len(words):
        return len(words)
    space = words.rfind(" ", max(0, wanted - LEAD), wanted)
    return space if space >= 0 else wanted
