"""Addresses in running text: after a link's words, defined elsewhere, or bare."""

import re
from html import unescape
from urllib.parse import quote

ASCII_PUNCTUATION = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"
BARE = re.compile(r"(?:https?://|www\.)[^\s<>]{1,2000}", re.I)
_DESTINATION = re.compile(r"<((?:[^<>\n\\]|\\.)*)>")
_LONGEST = 2_000
_PIECE = re.compile(r"(?:[^\s()\\\x00-\x1f]|\\[!-/:-@\[-`{-~]|\\)+|[()]")
_TITLE = re.compile(r"\"((?:[^\"\\]|\\.)*)\"|'((?:[^'\\]|\\.)*)'|\(((?:[^()\\]|\\.)*)\)", re.S)
_SPACE = re.compile(r"[ \t\n]*")
_ESCAPE = re.compile(rf"\\([{re.escape(ASCII_PUNCTUATION)}])")
_DEFINITION = re.compile(
    r"[ ]{0,3}\[((?:[^\[\]\\]|\\.){1,999})\]:\s*"
    r"(?:<([^<>\n]*)>|(\S+))"
    r"""(?:(?:[ \t]+|[ \t]*\n[ \t]*)("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|\((?:[^()\\]|\\.)*\)))?[ \t]*(?:\n|$)"""
)
_DEFINITION_ONLY = re.compile(
    r"[ ]{0,3}\[((?:[^\[\]\\]|\\.){1,999})\]:\s*(?:<([^<>\n]*)>|(\S+))[ \t]*(?:\n|$)"
)


def definition(text: str) -> tuple[int, str, str, str] | None:
    """`[name]: address "title"` at the head of a text: where it ends, and the three."""
    found = _DEFINITION.match(text) or _DEFINITION_ONLY.match(text)
    if not found or not found[1].strip() or found[1].startswith("^") or not _is_whole(found[3]):
        return None
    if found.end() > found.start() + 2 * _LONGEST:
        return None
    title = found[4][1:-1] if found.lastindex == 4 and found[4] else ""
    return found.end(), found[1], found[2] if found[2] is not None else found[3], title


def _is_whole(bare: str | None) -> bool:
    """An address that does not stand in angle brackets has no half pair of parentheses."""
    if bare is None:
        return True
    plain = re.sub(r"\\[()]", "", bare)
    return not bare.startswith("<") and plain.count("(") == plain.count(")")


def in_parentheses(source: str, start: int) -> tuple[int, str, str] | None:
    """`address "title")` after a link's words: where it ends, and the two."""
    position = _after_space(source, start)
    if bracketed := _DESTINATION.match(source, position):
        url, position = bracketed[1], bracketed.end()
    else:
        end = _end(source, position)
        if end is None:
            return None
        url, position = source[position:end], end
    space = _after_space(source, position)
    title = _TITLE.match(source, space) if space > position else None
    if title:
        space = _after_space(source, title.end())
    if not source.startswith(")", space):
        return None
    words = next((group for group in title.groups() if group is not None), "") if title else ""
    return space + 1, unescaped(url), unescaped(words)


def _after_space(source: str, position: int) -> int:
    found = _SPACE.match(source, position)
    return found.end() if found else position


def _end(source: str, start: int) -> int | None:
    """Where an address without angle brackets ends: at white space or a parenthesis too many."""
    if source.startswith("<", start):
        return None
    end, depth = start, 0
    for piece in _PIECE.finditer(source, start, start + _LONGEST):
        if piece.start() != end:
            break
        depth += (piece[0] == "(") - (piece[0] == ")")
        if depth < 0 or depth > 32:
            break
        end = piece.end()
    return end if depth <= 0 else None


def trimmed(address: str, *, inside_brackets: bool) -> str:
    """A bare address without the punctuation that belongs to the sentence around it."""
    for stop in ("**", "~~", *(("]",) if inside_brackets else ())):
        address = address.partition(stop)[0]
    while address:
        is_stray = address[-1] == ")" and address.count(")") > address.count("(")
        if is_stray or address[-1] in "?!.,:*_~'\"]":
            address = address[:-1]
        elif entity := re.search(r"&[A-Za-z0-9]+;$", address):
            address = address[: entity.start()]
        else:
            break
    return address


def unescaped(text: str) -> str:
    return unescape(_ESCAPE.sub(r"\1", text))


def encoded(url: str) -> str:
    return quote(url.encode("utf-8", "replace"), safe="!#$%&'()*+,/:;=?@[]~-._")
