"""The draft with every thread in its place, for paper: streamed, so that ten thousand comments fill no memory.

Built from rows and stored HTML by joining strings: a template for each comment would cost ten times as much.
"""

import itertools
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from operator import itemgetter
from typing import Any

from babel.dates import format_date
from flask import Response, current_app, g, render_template
from flask_babel import get_locale
from flask_babel import gettext as _
from markupsafe import escape
from sqlalchemy.engine import Connection, Engine

from consult.discussion import printing as talk
from consult.discussion import provenance
from consult.documents import contents, errata, page_queries, queries
from consult.documents.fragments import SPOT, phrase
from consult.documents.models import Document
from consult.documents.routes.blueprint import bp
from consult.documents.routes.reading import CUT, may_read, page_of
from consult.errors import NotFound
from consult.extensions import db
from consult.permissions import May
from consult.web.access import needs
from consult.web.conditional import stream_alike
from consult.web.robots import unlisted

SPOTS = "\x02\x03\x04"  # as SPOT, for several values of one phrase
DEEPEST = 2  # levels of indent; deeper replies stand under the third
PIECE = 32_000  # characters sent at once


@bp.get("/consultations/<string:slug>/<string:document>/print", endpoint="print")
@needs(May.READ)
@unlisted
def print_all(slug: str, document: str) -> Response:
    row = queries.stamps(slug, document)
    at = may_read(row, slug, document)
    g.image_hosts = row.image_hosts.split()
    stamps = (row.id, row.stamp, row.consultation_stamp, row.site_stamp, row.image_hosts, at.value)
    return stream_alike(stamps, lambda: _gathered(_printed(queries.document(slug, document))))


def _gathered(pieces: Iterator[str]) -> Iterator[str]:
    """Put small pieces together, so that the server has few to send."""
    waiting: list[str] = []
    size = 0
    for piece in pieces:
        waiting.append(piece)
        size += len(piece)
        if size > PIECE:
            yield "".join(waiting)
            waiting, size = [], 0
    yield "".join(waiting)


def _printed(document: Document) -> Iterator[str]:
    """Gather what Flask and the session must give, and return the page's pieces, which need neither."""
    versions = queries.versions(document.id)
    if document.current_version_id is None or not versions:
        raise NotFound
    hosts = document.consultation.unit.image_host_set
    items = contents.items(page_queries.blocks(document.current_version_id), document.version_count, hosts)
    page = page_of(document, document.version_count, items=items)
    shell = render_template(
        "documents/print.html",
        document=document,
        page=page,
        version=versions[-1],
        versions=versions,
        errata=errata.errata_of(versions[-1].id) if versions[-1].errata else [],
        cut=CUT,
    )
    return _pieces(shell, items, _Threads(document), db.engine)


def _pieces(shell: str, items: list[contents.Item], threads: "_Threads", engine: Engine) -> Iterator[str]:
    head, tail = shell.split(CUT)
    yield head
    with engine.connect() as connection:
        threads.open(connection)
        for item in items:
            yield _text(item, threads)
            for block in [item.block, *(row.block for row in item.rows)]:
                yield from threads.on(block)
        yield from threads.rest()
    yield tail


def _text(item: contents.Item, phrases: "_Threads") -> str:
    """Return one thing on the page as its readers see it, without what can be pressed."""
    block = item.block
    if item.sort == "heading":
        return f'<div class="head lv-{item.level}" id="p-{block.key}">{item.html}</div>'
    if item.sort in ("gone", "left"):
        numbers = ", ".join(row.block.number for row in item.rows) or block.number
        return (
            f'<div class="para gone" id="p-{block.key}"><span class="para-no">{numbers}</span><div class="para-text">'
            f"{phrases.removed_in(block.removed_in)}</div></div>"
        )
    if item.sort == "joined":
        return (
            f'<div class="para gone" id="p-{block.key}"><span class="para-no">{block.number}</span>'
            f'<div class="para-text">{phrases.joined(item)}</div></div>'
        )
    html, wide = item.html, ""
    if item.sort == "table":
        rows = "".join(f"<tr>{row.html}</tr>" for row in item.rows)
        html = f"<table><tbody>{rows}</tbody></table>"  # type: ignore[assignment]
    if (
        item.sort == "table" or block.kind == "code"
    ):  # may be wider than a screen: scrolls by itself, with keys as well
        name = phrases.table if item.sort == "table" else phrases.code
        wide = f' scroll-x" tabindex="0" role="region" aria-label="{name(block.number)}'
    depth = f" depth-{block.depth}" if block.depth else ""
    return (
        f'<div class="para{depth}" id="p-{block.key}"><span class="para-no">{block.number}</span>'
        f'<div class="para-text{wide}">{html}{phrases.part_of(item)}</div></div>'
    )


class _Threads:
    """Hands out the talk of each paragraph as the page comes to it, from one pass over all of it."""

    def __init__(self, document: Document) -> None:
        self._document_id = document.id
        self._phrases = provenance.Phrases(document.consultation.unit.name)
        self._version_id = document.current_version_id or 0
        self._answers = talk.answers_in(document.id)
        self._groups: Iterator[tuple[int, Iterator[Any]]] = iter(())
        self._group: tuple[int, Iterator[Any]] | None = None
        self.removed_in = phrase(_("Removed in version %(number)s.", number=SPOT))
        self.table = phrase(_("Table %(number)s", number=SPOT))
        self.code = phrase(_("Code %(number)s", number=SPOT))
        self._kept: dict[int, list[str]] = {}  # of paragraphs whose turn has not come
        self._names: dict[str, str] = {}
        self._day = _days()
        self._on = phrase(_("Comments on paragraph %(number)s", number=SPOT))
        self._on_all = _plain(_("Comments on the whole draft"))
        self._official = _plain(_("Official reply"))
        self._together = _plain(_("together with a comment above"))
        self._shown: set[str] = set()  # official replies that stand in full
        self._before = phrase(_("Written on version %(number)s, before these words changed", number=SPOT))
        self._joined = _plain(
            _("On paragraph %(number)s, joined in version %(version)s", number=SPOTS[0], version=SPOTS[1])
        )
        self._was_joined = _plain(
            _(
                "Paragraph %(number)s was joined with %(home)s in version %(version)s.",
                **dict(zip(("number", "home", "version"), SPOTS, strict=True)),
            )
        )
        self._was_part = _plain(
            _("Part of paragraph %(number)s until version %(version)s.", number=SPOTS[0], version=SPOTS[1])
        )
        self._kinds = {kind: _plain(words) for kind, words in talk.kind_names().items()}
        self._words_instead = phrase(_("Instead of the words of version %(number)s:", number=SPOT))
        self._labels = {"deleted": _("Taken out:"), "inserted": _("Put in:")}
        self._markers = {
            "withdrawn recorder": _plain(_("What the unit had written down here was taken back.")),
            "withdrawn": _plain(_("A comment was withdrawn by its author.")),
            "": _plain(_("A comment was taken down.")),
        }

    def joined(self, item: contents.Item) -> str:
        """Return the line of what was joined with another."""
        block = item.block
        return _filled(self._was_joined, block.number, item.home.number, block.removed_in)

    def part_of(self, item: contents.Item) -> str:
        """Return the line under what was a part of another; "" under all else."""
        if item.origin is None:
            return ""
        words = _filled(self._was_part, item.origin.number, item.block.first_version)
        return f'<p class="para-was">{words}</p>'

    def open(self, connection: Connection) -> None:
        """Begin to read; nothing of Flask's is needed from here on."""
        rows = talk.said_in(connection, self._document_id, self._version_id)
        self._groups = itertools.groupby(rows, key=itemgetter(0))
        self._group = next(self._groups, None)

    def on(self, block: Any) -> Iterator[str]:
        """Yield the threads of one paragraph under a line that names it.

        Rows come in page order; where the page groups otherwise (a table and what was removed from it), those of
        other paragraphs are kept until their turn.
        """
        if block.paragraph_id in self._kept:
            yield from _section(self._on(block.number), self._kept.pop(block.paragraph_id))
            return
        while self._group is not None:
            paragraph_id, rows = self._group
            if paragraph_id == block.paragraph_id:
                yield from _section(self._on(block.number), map(self._said, rows))
            elif block.comment_count:
                self._kept[paragraph_id] = list(map(self._said, rows))
            else:
                return
            self._group = next(self._groups, None)
            if paragraph_id == block.paragraph_id:
                return

    def rest(self) -> Iterator[str]:
        """Yield what is on the whole draft, behind what was kept and never asked for."""
        if self._kept or self._group is not None:
            kept = itertools.chain.from_iterable(self._kept.values())
            yield from _section(
                _plain(_("Comments on the whole draft")), itertools.chain(kept, self._remaining())
            )

    def _remaining(self) -> Iterator[str]:
        while self._group is not None:
            yield from map(self._said, self._group[1])
            self._group = next(self._groups, None)

    def _said(self, row: Any) -> str:
        _paragraph_id, comment_id, key, depth, _kind, state, _why, words, created_at, name, *_rest = row
        depth = min(depth, DEEPEST)
        if state == "published":
            if name not in self._names:
                self._names[name] = _plain(name)
            about = "".join(f' <span class="c-about">{each}</span>' for each in self._about(row))
            html = (
                f'<article class="comment in-{depth}" id="comment-{key}"><p class="c-head"><b>{self._names[name]}</b>'
                f'{about} <span class="c-on">{self._day(created_at)}</span></p><div class="c-body">{words}</div>'
                f"{self._instead(row)}</article>"
            )
        else:
            marker = self._markers.get(f"{state} {row.state_reason}") or self._markers.get(
                state, self._markers[""]
            )
            html = f'<p class="withheld in-{depth}" id="comment-{key}">{marker}</p>'
        if comment_id in self._answers:
            html += "".join(self._answer(answer, depth) for answer in self._answers[comment_id])
        return html

    def _instead(self, row: Any) -> str:
        """Return the words that a suggestion would put instead; "" under all else."""
        if not row.replacement_html:
            return ""
        change = talk.word_diff(row.replacement_html, **self._labels)
        return f'<div class="c-instead"><p>{self._words_instead(row.version)}</p><p class="diff">{change}</p></div>'

    def _about(self, row: Any) -> Iterator[str]:
        """Yield what stands beside a name: for whom it was said, what it is, how it came, on which words."""
        if row.on_behalf_of:
            yield _plain(self._phrases.behalf(row))
        if row.kind in self._kinds:
            yield self._kinds[row.kind]
        if row.received_on or row.is_late:
            yield from map(_plain, self._phrases.notes(row))
        if row.joined:
            yield _filled(self._joined, row.joined, row.joined_in)
        elif row.before:
            yield self._before(row.before)

    def _answer(self, row: Any, depth: int) -> str:
        """Return an official reply in full; where it was in full before, a line that leads there."""
        title = f", {escape(row.author_title)}" if row.author_title else ""
        depth = min(depth + 1, DEEPEST)
        if row.key in self._shown:
            return (
                f'<p class="withheld in-{depth}"><a href="#comment-{row.key}">{self._official}</a> '
                f"{escape(row.unit)}: {escape(row.author_name)}{title}, {self._together}</p>"
            )
        self._shown.add(row.key)
        return (
            f'<article class="comment official in-{depth}" id="comment-{row.key}" data-official>'
            f'<p class="c-head"><b>{self._official}</b> {escape(row.unit)}: {escape(row.author_name)}{title} '
            f'<span class="c-on">{self._day(row.created_at)}</span></p><div class="c-body">{row.html}</div></article>'
        )


def _plain(words: str) -> str:
    """Return words escaped, as a plain string: those join several times faster than markup does."""
    return str(escape(words))


def _filled(words: str, *values: object) -> str:
    """Put values into a phrase at its SPOTS, escaped."""
    for spot, value in zip(SPOTS, values, strict=False):
        words = words.replace(spot, _plain(str(value)))
    return words


def _section(heading: str, pieces: Iterable[str]) -> Iterator[str]:
    yield f'<section class="said"><h2>{heading}</h2>'
    yield from pieces
    yield "</section>"


def _days() -> Callable[[datetime], str]:
    """Return a function that writes a moment as a day of the site's zone; each day is put into words once."""
    zone, locale = current_app.config["CONSULT_ZONE"], get_locale()
    known: dict[date, str] = {}

    def written(at: datetime) -> str:
        on = at.astimezone(zone).date()
        if on not in known:
            known[on] = _plain(format_date(on, "d MMM yyyy", locale=locale))
        return known[on]

    return written
