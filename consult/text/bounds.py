"""How much text is too much, and what to say about it.

Messages are marked for the catalogue here and translated by the caller:
`gettext(error.message, **error.params)`.
"""

import re
from collections.abc import Mapping

DOCUMENT_BYTES = 2_000_000
DOCUMENT_BLOCKS = 5_000
BLOCK_LENGTH = 120_000
TABLE_COLUMNS = 60
NESTING = 12
OPEN_BRACKETS = 500
BLOCK_MARKS = 10_000
DOCUMENT_MARKS = 60_000
HTML_NESTING = 60
OUTPUT_RATIO = 20
OUTPUT_GRACE = 100_000
COMMENT_LENGTH = 5_000
COMMENT_BRACKETS = 100
ANSWER_LENGTH = 20_000
LETTER_LENGTH = 50_000  # some twenty pages
LETTER_BRACKETS = 400
NAME_LENGTH = 80
NOTE_LENGTH = 500


def N_(message: str) -> str:  # noqa: N802 (the marker that message extraction looks for)
    return message


MESSAGES = {
    "not text": N_("This is not plain text. Save it as a text file in UTF-8 and try again."),
    "document": N_("This document is longer than %(limit)s kB. Shorten it, or make two documents of it."),
    "blocks": N_(
        "This document has more than %(limit)s paragraphs and table rows (from line %(line)s on). "
        "Make two documents of it."
    ),
    "block": N_(
        "The paragraph at line %(line)s is longer than %(limit)s characters. Divide it with an empty line."
    ),
    "columns": N_("The table at line %(line)s has more than %(limit)s columns. Divide the table."),
    "nesting": N_(
        "Line %(line)s is more than %(limit)s levels deep in lists, quotes or emphasis. Use fewer levels."
    ),
    "brackets": N_(
        "The paragraph at line %(line)s has more than %(limit)s square brackets that are never closed. "
        "Close them or take them out."
    ),
    "marks": N_(
        "The paragraph at line %(line)s has more than %(limit)s links, emphasised words and other marks. "
        "Divide it with an empty line."
    ),
    "all marks": N_(
        "This document has more than %(limit)s links, table cells and other marks (from line %(line)s on). "
        "Make two documents of it."
    ),
    "output": N_(
        "The page made from this text would be very much longer than the text itself. "
        "Use fewer repeated links and footnotes (line %(line)s)."
    ),
    "comment": N_("This must be %(limit)s characters or fewer. It has %(length)s."),
    "comment brackets": N_("Use no more than %(limit)s square brackets. There are %(length)s."),
}


class TooMuch(ValueError):
    """Text that we refuse, with what to shorten: `message` (an id of the catalogue) and its `params`."""

    def __init__(self, what: str, **values: object) -> None:
        self.what = what
        self.values: Mapping[str, object] = values
        super().__init__(self.message % self.params)

    @property
    def message(self) -> str:
        return MESSAGES[self.what]

    @property
    def params(self) -> Mapping[str, object]:
        return self.values


_LINE_ENDS = re.compile("\r\n|[\r\x85\u2028\u2029]")
_SPACES = re.compile("[\x0b\x0c]")
_CONTROLS = re.compile("[\x01-\x08\x0e-\x1f\x7f-\x9f\ufeff\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_UNSEEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u2028-\u202e"
    "\u2060-\u206f\u3164\ufeff\uffa0\ufff0-\uffff\ud800-\udfff\U000e0000-\U000e0fff]"
)


def clean_source(text: str) -> str:
    """The same text with line ends as \\n and without control characters; NUL is refused as "not text"."""
    if "\x00" in text:
        raise TooMuch("not text")
    text = _LINE_ENDS.sub("\n", text)
    return _CONTROLS.sub("", _SPACES.sub(" ", text))


def is_plain_name(name: str) -> bool:
    """False if a short field hides something: direction marks, zero-width or control characters."""
    return not _UNSEEN.search(name)


def clean_name(name: str) -> str:
    """A short field on one line, without what cannot be seen and with single spaces."""
    return " ".join(_UNSEEN.sub("", _LINE_ENDS.sub(" ", name.replace("\t", " ").replace("\n", " "))).split())


def check_document(source: str) -> None:
    if len(source) > DOCUMENT_BYTES or len(source.encode("utf-8", "replace")) > DOCUMENT_BYTES:
        raise TooMuch("document", limit=DOCUMENT_BYTES // 1000)


def check_short(source: str, *, length: int, brackets: int) -> None:
    """For comments and answers, where characters count as the writer counts them."""
    if len(source) > length:
        raise TooMuch("comment", limit=length, length=len(source))
    if source.count("[") > brackets:
        raise TooMuch("comment brackets", limit=brackets, length=source.count("["))


_TAG = re.compile(r"<(/?)([a-z][a-z0-9]*)[^>]*>")
_CLOSE_THEMSELVES = frozenset({"p", "li", "td", "th", "tr", "dt", "dd", "br", "hr", "img", "wbr"})


def check_nesting(html: str, line: int) -> None:
    """Tags that are opened and never closed, thousands deep, make sanitisers slow: refused before them."""
    depth = 0
    for tag in _TAG.finditer(html):
        if tag[2] not in _CLOSE_THEMSELVES:
            depth = max(0, depth - 1) if tag[1] else depth + 1
            if depth > HTML_NESTING:
                raise TooMuch("nesting", line=line, limit=NESTING)


def check_output(source_length: int, output_length: int, line: int = 1) -> None:
    if output_length > OUTPUT_RATIO * source_length + OUTPUT_GRACE:
        raise TooMuch("output", line=line)
