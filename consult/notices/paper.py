"""What a mail is made of, and its two forms: plain text, and simple HTML that can be read on a telephone. Pure.

A mail is a row of blocks, so that both forms say the same. A letter that was written as plain text is read back into
blocks: what is somebody's words there (`> `), an address alone on a line, the signature below `-- `.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

from consult.text.diff import Op

SIGNATURE = "-- "
ADDRESS = re.compile(r"https?://\S+")
LABELLED = re.compile(r"([^:]{1,60}: )(https?://\S+)")  # "Yes: https://…", as our own lines have it
# Programs that read mail know few properties: these they know. No picture, no font, nothing from elsewhere.
STYLE = Markup(
    "body{margin:0;padding:16px;background:#fff;color:#1c1c1a;font:16px/1.5 Arial,Helvetica,sans-serif}"
    "main{display:block;max-width:600px;margin:0 auto}h1{font-size:22px;line-height:1.25;margin:0 0 16px}"
    "h2{font-size:18px;line-height:1.3;margin:28px 0 8px;padding-top:12px;border-top:1px solid #d6d3c9}"
    "h3{font-size:16px;margin:20px 0 4px}p{margin:0 0 14px}a{color:#0b5c46}"
    "blockquote{margin:0 0 14px;padding:2px 0 2px 12px;border-left:4px solid #b9b4a6}"
    "a,p,h1,h2,h3{overflow-wrap:anywhere;word-break:break-word}"  # an address is longer than a telephone is wide
    "blockquote p{margin:0 0 8px}ins{background:#dcefe4;text-decoration:underline}"
    "del{background:#f6dfd8;text-decoration:line-through}"
    "footer{margin-top:28px;padding-top:12px;border-top:1px solid #d6d3c9;color:#55534c;font-size:14px}"
    "pre,code{white-space:pre-wrap;word-break:break-word}"
)


@dataclass(frozen=True)
class Heading:
    """A heading of level 2 or 3."""

    words: str
    level: int = 2


@dataclass(frozen=True)
class Words:
    """Our own words: a paragraph, its lines kept."""

    words: str


@dataclass(frozen=True)
class Quote:
    """Somebody else's words; `html` are the same as they stand on the page, sanitised."""

    words: str
    html: Markup | None = None


@dataclass(frozen=True)
class Link:
    """An address on a line of its own; in HTML the link bears `label`."""

    address: str
    label: str = ""


@dataclass(frozen=True)
class Changed:
    """Words before and after, as runs of what stayed, went and came; `was` and `now` name the two in plain text."""

    ops: Sequence[tuple[Op, str]]
    was: str
    now: str


@dataclass(frozen=True)
class Foot:
    """What stands below the signature, line by line."""

    lines: tuple[str, ...]


Block = Heading | Words | Quote | Link | Changed | Foot


def quoted(words: str) -> str:
    """Return somebody's words, each line marked as theirs, so that they cannot pass for ours."""
    return "\n".join(f"> {line}" for line in words.splitlines())


def as_text(blocks: Iterable[Block]) -> str:
    """Return a mail as plain text."""
    return "\n\n".join(_text(block) for block in blocks) + "\n"


def as_html(subject: str, blocks: Iterable[Block], *, language: str = "en-GB") -> str:
    """Return a mail as a page of HTML that fetches nothing."""
    inside = Markup("\n").join(_html(block) for block in blocks)
    return str(
        Markup(
            '<!DOCTYPE html>\n<html lang="{}"><head><meta charset="utf-8">'
            '<meta name="viewport" content="width=device-width, initial-scale=1">'
            "<title>{}</title><style>{}</style></head>\n<body><main><h1>{}</h1>\n{}\n</main></body></html>\n"
        ).format(language, subject, STYLE, subject, inside)
    )


def blocks_of(text: str) -> list[Block]:
    """Return the blocks of a letter that was written as plain text."""
    body, mark, foot = text.rstrip("\n").rpartition(f"\n\n{SIGNATURE}\n")
    if not mark:
        body, foot = foot, ""
    found: list[Block] = [_block(part) for part in re.split(r"\n{2,}", body) if part.strip()]
    return [*found, Foot(tuple(foot.splitlines()))] if foot else found


def _block(part: str) -> Block:
    lines = part.splitlines()
    if all(line.startswith(">") for line in lines):
        return Quote("\n".join(line[1:].removeprefix(" ") for line in lines))
    return Link(part) if ADDRESS.fullmatch(part) else Words(part)


def _text(block: Block) -> str:
    match block:
        case Heading(words, level):
            return f"{words}\n{('=' if level == 2 else '-') * min(len(words), 70)}"
        case Words(words):
            return words
        case Quote(words):
            return quoted(words)
        case Link(address):
            return address
        case Changed(ops, was, now):
            sides = (_side(ops, "insert"), _side(ops, "delete"))
            return "\n\n".join(
                f"{name}\n{quoted(words)}" for name, words in zip((was, now), sides, strict=True) if words
            )
        case Foot(lines):
            return "\n".join((SIGNATURE, *lines))


def _side(ops: Sequence[tuple[Op, str]], without: Op) -> str:
    return "".join(words for op, words in ops if op != without).strip()


def _html(block: Block) -> Markup:
    match block:
        case Heading(words, level):
            return Markup("<h{0}>{1}</h{0}>").format(level, words)
        case Words(words):
            return Markup("<p>{}</p>").format(_lines(words.splitlines()))
        case Quote(words, html):
            return Markup("<blockquote>{}</blockquote>").format(
                html if html is not None else _paragraphs(words)
            )
        case Link(address, label):
            return Markup('<p><a href="{}">{}</a></p>').format(address, label or address)
        case Changed(ops):
            return Markup("<blockquote><p>{}</p></blockquote>").format(Markup().join(map(_run, ops)))
        case Foot(lines):
            return Markup("<footer><p>{}</p></footer>").format(_lines(lines))


def _run(run: tuple[Op, str]) -> Markup:
    op, words = run
    if op == "equal":
        return escape(words)
    tag = "del" if op == "delete" else "ins"
    return Markup("<{0}>{1}</{0}>{2}").format(tag, words.rstrip(), words[len(words.rstrip()) :])


def _paragraphs(words: str) -> Markup:
    parts = [part for part in re.split(r"\n\s*\n", words) if part.strip()]
    lines = (Markup("<br>\n").join(map(escape, part.splitlines())) for part in parts)  # no link of ours
    return Markup().join(Markup("<p>{}</p>").format(words) for words in lines)


def _lines(lines: Iterable[str]) -> Markup:
    """Return lines with their breaks kept; an address alone on a line, or after its label, becomes a link."""
    return Markup("<br>\n").join(map(_line, lines))


def _line(line: str) -> Markup:
    if ADDRESS.fullmatch(line.strip()):
        return _linked(line.strip())
    if labelled := LABELLED.fullmatch(line):
        return escape(labelled[1]) + _linked(labelled[2])
    return escape(line)


def _linked(address: str) -> Markup:
    return Markup('<a href="{0}">{0}</a>').format(address)
