"""Take passages out of a text, wherever they stand in it, and leave a mark in the place of each. Pure.

A passage is what somebody saw and typed or ticked, so that it is found whatever marks of Markdown stand between its
words, in capitals or not. It is taken out of the source, and the rest keeps its emphasis, lists and links. Where that
cannot be done cleanly (a passage runs from inside a link to outside it), the text is kept without its formatting: what
is taken out must stand nowhere, also not in an address, and the rest must read as it did.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape, unescape
from urllib.parse import unquote

from consult.text.bounds import TooMuch

_BREAK = re.compile(r"<br\b[^>]*>\n?")
_BLOCK = re.compile(r"\s*<(?:hr|/?(?:p|div|li|ul|ol|pre|blockquote))\b[^>]*>\s*")
_TAG = re.compile(r"<[a-zA-Z/][^>]*>")
_LINK = re.compile(r'<a\b[^>]*?href="([^"]*)"[^>]*>(.*?)</a>', re.S)
_SENTENCE = re.compile(r".+?(?:[.!?…][\"'’”)\]]*(?=\s)|$)")
_LETTER = r"[^\W_]"
_BETWEEN = (
    r"(?:(?!\n[^\S\n]*\n)[\W_])+"  # between two words of a passage: anything but letters or a new paragraph
)


@dataclass(frozen=True)
class Taken:
    """A text with marks in it: its source, its HTML, and how many marks there are."""

    body: str
    html: str
    count: int


def told(html: str) -> str:
    """Return what a reader sees of safe HTML: a new line where one is shown, an empty line between blocks."""
    text = unescape(_TAG.sub("", _BLOCK.sub("\n\n", _BREAK.sub("\n", html))))
    return re.sub(r"\n{3,}", "\n\n", text).strip()


def sentences(html: str) -> list[str]:
    """Return the sentences of a text as a reader sees them, each once, in order."""
    found = (part.strip() for line in told(html).split("\n") for part in _SENTENCE.findall(line))
    return list(dict.fromkeys(part for part in found if part))


def stands_in(passage: str, text: str) -> bool:
    """Say whether a passage stands in a text as a reader sees it."""
    return _pattern(passage, [text]).search(text) is not None


def take_out_plainly(text: str, passages: Sequence[str], mark: str) -> tuple[str, int]:
    """Take passages out of a text without formatting; return it with how many marks it has now."""
    spans = _spans(text, [_pattern(passage, [text]) for passage in passages])
    for start, end in reversed(spans):
        text = text[:start] + mark + text[end:]
    return text, len(spans)


def take_out(
    source: str, html: str, passages: Sequence[str], *, mark: str, render: Callable[[str], str]
) -> Taken:
    """Take passages out of a text with its formatting. `html` is what `render` made of `source`; `mark` is plain words."""
    shown = told(html)
    patterns = [_pattern(passage, [shown, source]) for passage in passages]
    stand_in = _stand_in(source + html)
    expected, count = _replaced(shown, patterns, stand_in)
    ways = (patterns, [re.compile(f"[*_~]*{each.pattern}[*_~]*", each.flags) for each in patterns])
    tried = (_in_source(source, way, patterns, stand_in, expected, render) for way in ways)
    taken = next((each for each in tried if each is not None), None)
    if taken is None:
        expected = _without_coded(expected, patterns, stand_in)
        taken = expected, _as_paragraphs(expected)
    body, made = taken
    return Taken(body.replace(stand_in, mark), made.replace(stand_in, f"<em>{escape(mark)}</em>"), count)


def is_nothing_left(taken: Taken, mark: str) -> bool:
    """Say whether only marks are left of a text."""
    return not re.search(_LETTER, taken.body.replace(mark, ""))


def _in_source(
    source: str,
    way: Sequence[re.Pattern[str]],
    patterns: Sequence[re.Pattern[str]],
    stand_in: str,
    expected: str,
    render: Callable[[str], str],
) -> tuple[str, str] | None:
    """Return source and HTML, or None where the passages still stand somewhere or something else has changed.

    `way` finds the passages in the source: alone, or with the marks of emphasis around them.
    """
    body, _count = _replaced(source, way, stand_in)
    body = re.sub(rf"(?<!\\)\[([^][]*)\]\([^()]*{stand_in}[^()]*\)", r"\1", body)  # links that told
    try:
        html = _without_links(str(render(body)), patterns, stand_in)
    except (TooMuch, RecursionError):
        return None
    seen = told(html)
    is_alike = seen.split() == expected.split()
    hidden = (body, unquote(body), unescape(body), seen)
    return (
        (body, html) if is_alike and not any(_stands(patterns, text, stand_in) for text in hidden) else None
    )


def _without_links(html: str, patterns: Sequence[re.Pattern[str]], stand_in: str) -> str:
    """Take away each link whose address held a passage, or holds it in its own spelling. Its words stay."""

    def kept(link: re.Match[str]) -> str:
        address = unquote(unescape(link[1]))
        is_told = stand_in in address or _stands(patterns, address, stand_in)
        return link[2] if is_told else link[0]

    return _LINK.sub(kept, html)


def _without_coded(text: str, patterns: Sequence[re.Pattern[str]], stand_in: str) -> str:
    """Take out what spells a passage in the code of addresses (“John%20Smith”), as far as blanks."""
    return re.sub(
        r"\S*%\S*",
        lambda found: stand_in if _stands(patterns, unquote(found[0]), stand_in) else found[0],
        text,
    )


def _as_paragraphs(text: str) -> str:
    blocks = (escape(block, quote=False).replace("\n", "<br>\n") for block in text.split("\n\n"))
    return "\n".join(f"<p>{block}</p>" for block in blocks)


def _stand_in(text: str) -> str:
    """Return letters that a text does not hold and that mean nothing in Markdown."""
    number = 0
    while (letters := f"qzx{number}xzq") in text.lower():
        number += 1
    return letters


def _replaced(text: str, patterns: Sequence[re.Pattern[str]], by: str) -> tuple[str, int]:
    spans = _spans(text, patterns)
    for start, end in reversed(spans):
        text = text[:start] + by + text[end:]
    return text, len(spans)


def _spans(text: str, patterns: Sequence[re.Pattern[str]]) -> list[tuple[int, int]]:
    """Return from where to where passages stand; where two overlap, all that both cover is one."""
    found = sorted(match.span() for pattern in patterns for match in pattern.finditer(text))
    spans: list[tuple[int, int]] = []
    for start, end in found:
        if spans and start < spans[-1][1]:
            spans[-1] = (spans[-1][0], max(end, spans[-1][1]))
        else:
            spans.append((start, end))
    return spans


def _stands(patterns: Sequence[re.Pattern[str]], text: str, stand_in: str) -> bool:
    return any(pattern.search(part) for part in text.split(stand_in) for pattern in patterns)


def _pattern(passage: str, texts: Sequence[str]) -> re.Pattern[str]:
    """Return how a passage is found: as whole words where it stands as such in one of the texts, otherwise anywhere.

    The marks with which it begins and ends go with it where they stand there.
    """
    words = re.findall(f"{_LETTER}+", passage)
    if not words:
        return re.compile(r"\s+".join(re.escape(part) for part in passage.split()))
    core = _BETWEEN.join(re.escape(word) for word in words)
    whole = f"(?<!{_LETTER}){core}(?!{_LETTER})"
    is_whole = any(re.search(whole, text, re.I) for text in texts)
    first, last = passage.find(words[0]), passage.rfind(words[-1]) + len(words[-1])
    before, after = re.escape(passage[:first].strip()), re.escape(passage[last:].strip())
    return re.compile(f"(?:{before})?{whole if is_whole else core}(?:{after})?", re.I)
