"""Runs of `*`, `_` and `~~`, and which of them belong together (the delimiter algorithm of CommonMark)."""

import unicodedata
from dataclasses import dataclass, field

_TAGS = {("*", 1): "em", ("*", 2): "strong", ("_", 1): "em", ("_", 2): "strong", ("~", 2): "del"}


@dataclass(eq=False)
class Run:
    """One run of the same mark. What is paired becomes tags, the rest stays as typed."""

    mark: str
    length: int
    can_open: bool
    can_close: bool
    left: int = 0
    closed: list[str] = field(default_factory=list)
    opened: list[str] = field(default_factory=list)
    previous: "Run | None" = None

    @classmethod
    def at(cls, source: str, position: int) -> "Run":
        mark, end = source[position], position
        while end < len(source) and source[end] == mark:
            end += 1
        before = source[position - 1] if position else "\n"
        after = source[end] if end < len(source) else "\n"
        left, right = _flanks(before, after)
        if mark == "_":
            opens, closes = left and (not right or _is_mark(before)), right and (not left or _is_mark(after))
        else:
            opens, closes = left, right
        length = end - position
        if mark == "~" and length != 2:
            opens = closes = False
        return cls(mark, length, opens, closes, left=length)

    @property
    def html(self) -> str:
        closing = "".join(f"</{tag}>" for tag in self.closed)
        opening = "".join(f"<{tag}>" for tag in reversed(self.opened))
        return closing + self.mark * self.left + opening


def _flanks(before: str, after: str) -> tuple[bool, bool]:
    left = not after.isspace() and (not _is_mark(after) or before.isspace() or _is_mark(before))
    right = not before.isspace() and (not _is_mark(before) or after.isspace() or _is_mark(after))
    return left, right


def _is_mark(character: str) -> bool:
    return unicodedata.category(character)[0] in "PS"


def pair_up(runs: list[Run]) -> int:
    """Pair the runs of one stretch of text; the answer is how deep the pairs are nested."""
    openers: Run | None = None
    bottoms: dict[tuple[str, bool, int], Run | None] = {}
    for closer in runs:
        closer.previous = openers
        if closer.can_close:
            openers = _close(closer, openers, bottoms)
        if closer.can_open and closer.left:
            closer.previous = openers
            openers = closer
    return _depth(runs)


def _close(closer: Run, openers: Run | None, bottoms: dict[tuple[str, bool, int], Run | None]) -> Run | None:
    while closer.left:
        key = (closer.mark, closer.can_open, closer.length % 3)
        opener = _opener(closer, openers, bottoms.get(key))
        if opener is None:
            bottoms[key] = openers
            return openers
        used = 2 if closer.left >= 2 and opener.left >= 2 else 1
        tag = _TAGS[closer.mark, used]
        opener.left -= used
        closer.left -= used
        opener.opened.append(tag)
        closer.closed.append(tag)
        openers = opener if opener.left else opener.previous
    return openers


def _opener(closer: Run, openers: Run | None, bottom: Run | None) -> Run | None:
    opener = openers
    while opener is not None and opener is not bottom:
        if opener.mark == closer.mark and not _is_odd_match(opener, closer):
            return opener
        opener = opener.previous
    return None


def _is_odd_match(opener: Run, closer: Run) -> bool:
    """The rule of three: `**a*b**` is not one emphasis inside another by accident."""
    both = opener.can_close or closer.can_open
    return both and (opener.length + closer.length) % 3 == 0 and bool(opener.length % 3 or closer.length % 3)


def _depth(runs: list[Run]) -> int:
    depth = deepest = 0
    for run in runs:
        depth += len(run.opened) - len(run.closed)
        deepest = max(deepest, depth)
    return deepest
