"""Emphasis, links, code and line breaks within one block: one pass, in time that grows with the text.

The rules are CommonMark's, with strikethrough and bare addresses as on GitHub.
"""

import re
from dataclasses import dataclass
from html import escape, unescape

from consult.text import bounds, urls
from consult.text.bounds import TooMuch
from consult.text.dialect import raw_html
from consult.text.dialect.addresses import (
    ASCII_PUNCTUATION,
    BARE,
    encoded,
    in_parentheses,
    trimmed,
    unescaped,
)
from consult.text.dialect.emphasis import Run, pair_up
from consult.text.dialect.parts import label
from consult.text.dialect.surroundings import Surroundings

_SPECIAL = re.compile(r"[\\`*_~\[\]<&\n]|!\[|\{:|https?://|www\.", re.I)
_TICKS = re.compile("`+")
_ENTITY = re.compile(r"&(?:#[xX][0-9a-fA-F]{1,6}|#[0-9]{1,7}|[A-Za-z][A-Za-z0-9]{1,31});")
_AFTER_ANGLE = re.compile(r"[\w/!?.#$%&'*+=^`{|}~-]")
_AUTOLINK = re.compile(r"<([A-Za-z][A-Za-z0-9+.-]{1,31}:[^\s<>]*)>")
_MAIL = re.compile(r"<([\w.!#$%&'*+/=?^`{|}~-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})*)>", re.A)
_KRAMDOWN = re.compile(r"\{:[^{}\n]*\}")
_LABEL = re.compile(r"\[((?:[^\[\]\\]|\\.){0,999})\]", re.S)
_NOTE = re.compile(r"\[\^([^\]\s^]+)\]")
_WIKI = re.compile(r"\[\[([^\[\]|\n]{1,200})(?:\|([^\[\]\n]{1,200}))?\]\](?!\()")


@dataclass
class Bracket:
    """A `[` or `![` that may turn out to open a link."""

    piece: int
    end: int
    is_image: bool
    is_active: bool = True


@dataclass
class Bare:
    """A bare address, or an image shown as a link: plain words where it stands inside a link."""

    html: str
    plain: str


Piece = str | Run | Bare


class Inline:
    """Reads one block. Make one for each: `Inline(source, line, around).html()`."""

    def __init__(self, source: str, line: int, around: Surroundings) -> None:
        self.source = source
        self.line = line
        self.around = around
        self.pieces: list[Piece] = []
        self.brackets: list[Bracket] = []
        self.position = 0
        self.marks = 0
        self.room = bounds.OUTPUT_RATIO * len(source) + bounds.OUTPUT_GRACE
        self.ticks: dict[int, list[int]] | None = None
        self.last_of: dict[str, int] = {}

    def html(self) -> str:
        readers = {
            "\\": self._backslash,
            "`": self._code,
            "*": self._run,
            "_": self._run,
            "~": self._run,
            "[": self._bracket,
            "!": self._image_bracket,
            "]": self._close_bracket,
            "<": self._angle,
            "&": self._entity,
            "\n": self._newline,
            "{": self._attributes,
        }
        while special := _SPECIAL.search(self.source, self.position):
            if special.start() > self.position:
                self._literal(special.start() - self.position)
            self._count_mark()
            readers.get(self.source[self.position], self._bare)()
        self._literal(len(self.source) - self.position)
        return self._join(0)

    def _count_mark(self) -> None:
        self.marks += 1
        if self.marks > bounds.BLOCK_MARKS:
            raise TooMuch("marks", line=self.line, limit=bounds.BLOCK_MARKS)

    # Pieces

    def _emit(self, piece: Piece, length: int) -> None:
        self.pieces.append(piece)
        self.position += length

    def _literal(self, length: int = 1) -> None:
        self._emit(escape(self.source[self.position : self.position + length]), length)

    def _backslash(self) -> None:
        following = self.source[self.position + 1 : self.position + 2]
        if following == "\n":
            self._emit("<br>\n", 2)
            self._skip_spaces()
        elif following and following in ASCII_PUNCTUATION:
            self._emit(escape(following), 2)
        else:
            self._literal()

    def _newline(self) -> None:
        if self.pieces and isinstance(last := self.pieces[-1], str) and last.endswith(" "):
            self.pieces[-1] = last.rstrip(" ")
            hard = last.endswith("  ")
        else:
            hard = False
        self._emit("<br>\n" if hard or self.around.rules.hard_breaks else "\n", 1)
        self._skip_spaces()

    def _skip_spaces(self) -> None:
        while self.source.startswith(" ", self.position):
            self.position += 1

    def _code(self) -> None:
        length = _run_length(self.source, self.position)
        start = self.position + length
        closing = self._find_ticks(length, start)
        if closing is None:
            self._literal(length)
            return
        text = self.source[start:closing].replace("\n", " ")
        if text.startswith(" ") and text.endswith(" ") and text.strip():
            text = text[1:-1]
        self._emit(f"<code>{escape(text)}</code>", closing + length - self.position)

    def _find_ticks(self, length: int, after: int) -> int | None:
        """Where the next run of exactly so many back-ticks is; every run is looked at once."""
        if self.ticks is None:
            self.ticks = {}
            for run in reversed(list(_TICKS.finditer(self.source))):
                self.ticks.setdefault(len(run[0]), []).append(run.start())
        places = self.ticks.get(length, [])
        while places and places[-1] < after:
            places.pop()
        return places[-1] if places else None

    def _entity(self) -> None:
        found = _ENTITY.match(self.source, self.position)
        text = unescape(found[0]) if found else ""
        if not found or text == found[0]:
            self._literal()
            return
        self._emit(escape(bounds.clean_source(text.replace("\x00", "\ufffd"))), len(found[0]))

    def _attributes(self) -> None:
        found = _KRAMDOWN.match(self.source, self.position) if self.around.rules.rich else None
        if found and self.source[self.position - 1 : self.position] in (*")]*_`>",):
            self._emit("", len(found[0]))
        else:
            self._literal()

    def _run(self) -> None:
        run = Run.at(self.source, self.position)
        self._emit(run, run.length)

    # Angle brackets

    def _angle(self) -> None:
        if not _AFTER_ANGLE.match(self.source, self.position + 1):
            self._literal()
        elif found := _AUTOLINK.match(self.source, self.position):
            self._emit(self._anchor(found[1], "", escape(found[1])), len(found[0]))
        elif found := _MAIL.match(self.source, self.position):
            self._emit(self._anchor("mailto:" + found[1], "", escape(found[1])), len(found[0]))
        elif self.around.rules.rich and (found := raw_html.TAG.match(self.source, self.position)):
            self._emit(raw_html.clean_tag(found[0], self.around.image), len(found[0]))
        elif self.around.rules.rich and (end := self._end_of_unshown()):
            self._emit("", end - self.position)
        else:
            self._literal()

    def _end_of_unshown(self) -> int | None:
        ending = raw_html.unshown_ending(self.source, self.position)
        if ending is None:
            return None
        if ending not in self.last_of:
            self.last_of[ending] = self.source.rfind(ending)
        is_open = self.last_of[ending] < self.position
        return None if is_open else raw_html.end_of_unshown(self.source, self.position)

    # Bare addresses

    def _bare(self) -> None:
        found = BARE.match(self.source, self.position)
        before = self.source[self.position - 1 : self.position] if self.position else ""
        if not found or before.isalnum() or before in ("/", "@", ".", "="):
            self._literal()
            return
        address = trimmed(found[0], inside_brackets=bool(self.brackets))
        where = address.partition("://")[2] or address
        if "." not in where.strip(".") and "localhost" not in where:
            self._literal()
            return
        shown = escape(address)
        href = address if "://" in address else "http://" + address
        self._emit(Bare(self._anchor(href, "", shown), shown), len(address))

    # Brackets

    def _image_bracket(self) -> None:
        self._open_bracket(2, is_image=True)

    def _bracket(self) -> None:
        if not (self.around.rules.rich and (self._note_mark() or self._wiki_link())):
            self._open_bracket(1, is_image=False)

    def _open_bracket(self, length: int, *, is_image: bool) -> None:
        self.brackets.append(Bracket(len(self.pieces), self.position + length, is_image))
        self._literal(length)
        if len(self.brackets) > bounds.OPEN_BRACKETS:
            raise TooMuch("brackets", line=self.line, limit=bounds.OPEN_BRACKETS)

    def _note_mark(self) -> bool:
        found = _NOTE.match(self.source, self.position)
        if not found or label(found[1]) not in self.around.definitions.notes:
            return False
        key, cited = label(found[1]), self.around.definitions.cited
        back = "" if key in cited else f' id="fnref-{escape(found[1])}"'
        number = cited.setdefault(key, len(cited) + 1)
        mark = f'<sup class="note-mark"><a href="#fn-{escape(found[1])}"{back}>[{number}]</a></sup>'
        self._emit(mark, len(found[0]))
        return True

    def _wiki_link(self) -> bool:
        found = _WIKI.match(self.source, self.position) if self.around.wiki else None
        if not found or not self.around.wiki:
            return False
        target = unescaped(" ".join(found[1].split()))
        self._emit(self.around.wiki.html(target, unescaped(found[2] or target).strip()), len(found[0]))
        return True

    def _close_bracket(self) -> None:
        if not self.brackets:
            self._literal()
            return
        opener = self.brackets.pop()
        target = self._target(opener) if opener.is_active else None
        if target is None:
            self._literal()
            return
        end, url, title = target
        if opener.is_image:
            self._finish_image(opener, url)
        else:
            self._finish_link(opener, url, title)
        self.position = end

    def _finish_image(self, opener: Bracket, url: str) -> None:
        alt = unescape(re.sub(r"<[^>]*>", "", self._take(opener)))
        words = escape(alt or url)
        if self.around.rules.rich:
            self.pieces.append(Bare(self.around.image(url, alt), f'<span class="image-link">{words}</span>'))
        else:
            self.pieces.append(Bare(self._anchor(url, "", words), words))

    def _finish_link(self, opener: Bracket, url: str, title: str) -> None:
        inside = self._take(opener, is_link=True)
        self.pieces.append(self._anchor(url, title, inside))
        for bracket in self.brackets:
            if not bracket.is_image:
                bracket.is_active = False

    def _take(self, opener: Bracket, *, is_link: bool = False) -> str:
        """The finished HTML of what stands between the brackets, taken out of the pieces."""
        inside = self._join(opener.piece + 1, is_link=is_link)
        del self.pieces[opener.piece :]
        return inside

    def _anchor(self, url: str, title: str, inside: str) -> str:
        if not urls.is_safe(url):
            return inside
        self.room -= len(url) + len(title)
        if self.room < 0:
            raise TooMuch("output", line=self.line)
        given = f' title="{escape(title)}"' if title and self.around.rules.rich else ""
        return f'<a href="{escape(encoded(url))}"{given}>{inside}</a>'

    def _target(self, opener: Bracket) -> tuple[int, str, str] | None:
        """What follows a closed bracket: an address in parentheses, or a name defined elsewhere."""
        after = self.position + 1
        if self.source.startswith("(", after) and (found := in_parentheses(self.source, after + 1)):
            return found
        named = _LABEL.match(self.source, after)
        links = self.around.definitions.links
        if named and named[1].strip():
            name, end = named[1], named.end()
        else:
            name, end = self.source[opener.end : self.position], named.end() if named else after
        if not links or len(name) > 999 or label(name) not in links:
            return None
        url, title = links[label(name)]
        return end, unescaped(url), unescaped(title)

    # Joining

    def _join(self, start: int, *, is_link: bool = False) -> str:
        runs = [piece for piece in self.pieces[start:] if isinstance(piece, Run)]
        depth = pair_up(runs)
        if depth > bounds.NESTING:
            raise TooMuch("nesting", line=self.line, limit=bounds.NESTING)
        return "".join(self._final(piece, is_link) for piece in self.pieces[start:])

    @staticmethod
    def _final(piece: Piece, is_link: bool) -> str:
        if isinstance(piece, Bare):
            return piece.plain if is_link else piece.html
        return piece.html if isinstance(piece, Run) else piece


def _run_length(source: str, position: int) -> int:
    mark, end = source[position], position
    while end < len(source) and source[end] == mark:
        end += 1
    return end - position
