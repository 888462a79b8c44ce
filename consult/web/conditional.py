"""Pages that are alike for everybody without a session: 304, kept bytes, or built anew.

A page hangs on nothing but its address, the stamps its route read (one indexed read), the day on the site's
calendar and our assets. So its ETag is known before it is built. What is kept is bounded in bytes and belongs to one
process; a stamp that moved on makes what was kept worthless, and it is replaced.
"""

import gzip
import hashlib
import threading
import time
import weakref
from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from flask import Flask, Response, current_app, g, make_response, request
from sqlalchemy.engine import Connection

from consult import clock
from consult.web.access import has_session
from consult.web.doorstep import MARK, Alike

PAGES_BYTES = 24_000_000  # of one process; the heaviest real document takes about 1.5 MB, packed copy and all
PIECES_BYTES = 12_000_000
SMALLEST_TO_PACK = 1_000  # bytes; below, gzip saves nothing
PACKING = 6  # gzip level: 9 saves 1 % more and takes twice the time
STRIPES = 16
HTML = "text/html; charset=utf-8"

Kept = TypeVar("Kept")
Stamps = tuple[object, ...]


@dataclass(slots=True)
class _Entry(Generic[Kept]):
    stamps: Stamps
    value: Kept
    size: int
    began: float


_SHELVES: "weakref.WeakSet[Shelf[Any]]" = weakref.WeakSet()


def forget() -> None:
    """Let go of everything kept in this process: where rows were changed behind the application's back."""
    for shelf in list(_SHELVES):
        shelf.clear()


class Shelf(Generic[Kept]):
    """Keeps the newest value of each place, up to so many bytes, letting go of the least recently used.

    One thread builds while the others that want the same place wait, and take what it built.
    """

    def __init__(self, limit: int, size: Callable[[Kept], int]) -> None:
        self._limit = limit
        self._size_of = size
        self._entries: OrderedDict[object, _Entry[Kept]] = OrderedDict()
        self._bytes = 0
        self._lock = threading.Lock()
        self._building = [threading.RLock() for _ in range(STRIPES)]
        _SHELVES.add(self)

    def get(self, place: object, stamps: Stamps) -> Kept | None:
        """Return what is kept for `place`, if it was built for these stamps."""
        with self._lock:
            entry = self._entries.get(place)
            if entry is None or entry.stamps != stamps:
                return None
            self._entries.move_to_end(place)
            return entry.value

    def get_or_build(self, place: object, stamps: Stamps, build: Callable[[], Kept]) -> tuple[Kept, Stamps]:
        """Return the value and the stamps it was built for, which may be later ones than those asked for."""
        kept = self.get(place, stamps)
        if kept is not None:
            return kept, stamps
        asked = time.monotonic()
        with self._building[hash(place) % STRIPES]:
            entry = self._entries.get(place)
            if entry is not None and (entry.stamps == stamps or entry.began > asked):
                return entry.value, entry.stamps
            began = time.monotonic()
            value = build()
            self.put(place, stamps, value, began)
            return value, stamps

    def put(self, place: object, stamps: Stamps, value: Kept, began: float = 0.0) -> None:
        size = self._size_of(value)
        with self._lock:
            old = self._entries.pop(place, None)
            self._bytes += size - (old.size if old else 0)
            self._entries[place] = _Entry(stamps, value, size, began)
            while self._bytes > self._limit and self._entries:
                self._bytes -= self._entries.popitem(last=False)[1].size

    def clear(self) -> None:
        with self._lock:
            self._entries.clear()
            self._bytes = 0

    @property
    def bytes(self) -> int:
        return self._bytes


class Page:
    """A finished page: its bytes, and the same packed, made when somebody first asks for it so."""

    __slots__ = ("_packed", "is_demonstration", "plain")

    def __init__(self, html: str, *, is_demonstration: bool) -> None:
        self.plain = html.encode()
        self.is_demonstration = is_demonstration
        self._packed: bytes | None = None

    @property
    def packed(self) -> bytes:
        if self._packed is None:
            self._packed = gzip.compress(self.plain, PACKING, mtime=0)
        return self._packed

    def bytes_for(self, accepted: str) -> tuple[bytes, list[tuple[str, str]]]:
        """Return the body and its encoding for what a browser accepts."""
        if len(self.plain) < SMALLEST_TO_PACK or "gzip" not in accepted:
            return self.plain, []
        return self.packed, [("Content-Encoding", "gzip")]

    def size(self) -> int:
        return len(self.plain) * 5 // 4  # with room for the packed copy


PAGES: Shelf[Page] = Shelf(PAGES_BYTES, Page.size)


def answer_alike(
    stamps: Stamps,
    build: Callable[[], str],
    *,
    place: str | None = None,
    ask: Callable[[Connection], Stamps] | None = None,
) -> Response:
    """Answer with a page that every reader without a session sees alike; whoever has one gets it built for them.

    `stamps` is all that the page hangs on besides its address: row stamps, where a consultation stands as of now.
    `place` names the page where the path alone does not, for one with arguments that count. `build` returns the HTML.
    With `ask`, which reads the same stamps anew outside any request, later readers are answered at the doorstep.
    """
    if has_session():
        return make_response(build())
    g.is_alike_for_all = True
    place = place or request.path
    whole = (*stamps, *surroundings(current_app))
    tag = _tag(place, whole)
    if tag in request.headers.get("If-None-Match", ""):
        return _headed(Response(status=304), tag)
    page, built_for = PAGES.get_or_build(place, whole, lambda: _built(build))
    g.is_demonstration = page.is_demonstration
    if built_for != whole:
        tag = _tag(place, built_for)
    elif ask is not None:
        _leave_at_doorstep(place, whole, tag, ask)
    return _headed(_response(page), tag)


def _leave_at_doorstep(place: str, stamps: Stamps, tag: str, ask: Callable[[Connection], Stamps]) -> None:
    app = current_app._get_current_object()  # type: ignore[attr-defined]

    def asked(connection: Connection) -> Stamps:
        return (*ask(connection), *surroundings(app))

    route = request.url_rule.rule if request.url_rule else "-"
    request.environ[MARK] = Alike(stamps, tag, asked, lambda wanted: PAGES.get(place, wanted), route)


def stream_alike(
    stamps: Stamps,
    build: Callable[[], Iterator[str]],
    *,
    content_type: str = HTML,
    place: str | None = None,
) -> Response:
    """Answer like `answer_alike` with a page or file too long to be kept: 304, or sent piece by piece as it is made.

    What `build` returns is read when the request is over: it needs neither Flask nor the session.
    """
    if has_session():
        return Response(build(), content_type=content_type)
    g.is_alike_for_all = True
    tag = _tag(place or request.path, (*stamps, *surroundings(current_app)))
    if tag in request.headers.get("If-None-Match", ""):
        return _headed(Response(status=304), tag)
    return _headed(Response(build(), content_type=content_type), tag)


def surroundings(app: Flask) -> Stamps:
    """Return what every page hangs on: the day on the site's calendar (pages say "in 25 days"), and our assets."""
    return (clock.now().astimezone(app.config["CONSULT_ZONE"]).date().isoformat(), app.config["ASSETS"])


def _built(build: Callable[[], str]) -> Page:
    html = build()
    return Page(html, is_demonstration=bool(g.get("is_demonstration")))


def _tag(place: str, stamps: Stamps) -> str:
    """Return a weak ETag: the same for the plain and the packed bytes."""
    return f'W/"{hashlib.blake2b(repr((place, stamps)).encode(), digest_size=12).hexdigest()}"'


def _response(page: Page) -> Response:
    body, encoding = page.bytes_for(request.headers.get("Accept-Encoding", ""))
    return Response(body, content_type=HTML, headers=encoding)


def _headed(response: Response, tag: str) -> Response:
    headers = response.headers
    headers["ETag"] = tag
    headers["Cache-Control"] = "public, no-cache"
    headers["Vary"] = "Accept-Encoding"
    return response
