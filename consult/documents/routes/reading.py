"""What everybody can read: the current version, any other, the draft only, what was removed.

The page of a version is the same for all and kept in pieces; around it stands what depends on who is reading.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from flask import Response, current_app, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from markupsafe import Markup
from sqlalchemy.engine import Connection

from consult import clock
from consult.consultations.stages import Standing, standing, step
from consult.discussion import tallies
from consult.documents import contents, errata, page_queries, paragraph_queries, queries
from consult.documents.fragments import Fragments
from consult.documents.models import Document
from consult.documents.past import as_it_stood, past
from consult.documents.routes.blueprint import bp
from consult.errors import NotAllowed, NotFound
from consult.permissions import May, allows
from consult.text.markdown import stored_html
from consult.web import access
from consult.web.access import needs
from consult.web.conditional import PIECES_BYTES, Shelf, answer_alike, surroundings
from consult.web.elections import forms_are_closed
from consult.web.robots import leave_unlisted, unlisted

CUT = Markup(
    "<!-- the text -->"
)  # parts the template around it; what anybody wrote is escaped, and never holds it
KEY = re.compile(r"[2-9a-z]{1,12}")


@dataclass(frozen=True)
class Place:
    """Which page of which document is asked for. `opened` is the key of the paragraph whose thread is open in it."""

    slug: str
    document: str
    number: int | None = None  # of the version; None: the current one
    just_text: bool = False
    opened: str = ""

    @property
    def name(self) -> str:
        return f"{request.path}?v={'' if self.number is None else self.number}&p={self.opened}"


@dataclass(frozen=True)
class Page:
    """What the templates of a page need to know besides its text."""

    base: str
    canonical: str
    number: int
    current: int
    step: Any
    standing: str
    just_text: bool
    removed_count: int
    takes_comments: bool

    @property
    def is_old(self) -> bool:
        return self.number != self.current


@dataclass(frozen=True)
class Pieces:
    """The page of a version cut into pieces, and in which piece each paragraph stands.

    `home_of` leads from what was joined with another to where its talk is shown.
    """

    html: tuple[str, ...]
    place_of: dict[str, int]
    home_of: dict[str, str]
    page: Page
    title: str
    is_withdrawn: bool

    def size(self) -> int:
        return sum(map(len, self.html)) + 100 * len(self.place_of)


PIECES: Shelf[Pieces] = Shelf(PIECES_BYTES, Pieces.size)


@bp.get("/consultations/<string:slug>/<string:document>")
@needs(May.READ)
def show(slug: str, document: str) -> Any:
    asked = request.args.get("v", "")
    if asked.isdecimal():
        return redirect(url_for(".version", slug=slug, document=document, number=int(asked[:6])), 303)
    opened = request.args.get("p", "")
    return _answer(Place(slug, document, opened=opened if KEY.fullmatch(opened) else ""))


@bp.get("/consultations/<string:slug>/<string:document>/v/<int:number>")
@needs(May.READ)
def version(slug: str, document: str, number: int) -> Any:
    opened = request.args.get("p", "")
    return _answer(Place(slug, document, number, opened=opened if KEY.fullmatch(opened) else ""))


@bp.get("/consultations/<string:slug>/<string:document>/read")
@needs(May.READ)
def read(slug: str, document: str) -> Any:
    asked = request.args.get("v", "")
    number = int(asked[:6]) if asked.isdecimal() else None
    return _answer(Place(slug, document, number, just_text=True))


@bp.get("/consultations/<string:slug>/<string:document>/removed")
@needs(May.READ)
@unlisted
def removed(slug: str, document: str) -> Response:
    row = queries.stamps(slug, document)
    stamps = _stamps(row, may_read(row, slug, document))
    return answer_alike(stamps, lambda: _removed(slug, document), ask=_asker(slug, document))


def may_read(row: Any, slug: str, document: str) -> Standing:
    """Return where the consultation stands now, unless this text is not for whoever is asking.

    Before the opening only officials of the unit read it: while it is prepared nobody else may know that it is.
    """
    at = standing(row, clock.now())
    if at in (Standing.PREPARING, Standing.COMING) or not row.version_count:
        found = queries.document(slug, document)
        if not allows(May.RUN_CONSULTATION, access.actor(), found):
            if at is Standing.COMING:
                raise NotAllowed(_("This draft can be read once the consultation has opened."))
            raise NotFound
    return at


def _answer(place: Place) -> Any:
    if place.opened:
        leave_unlisted()
    row = queries.stamps(place.slug, place.document)
    at = may_read(row, place.slug, place.document)
    if not row.version_count:
        return redirect(url_for(".draft", slug=place.slug, document=place.document), 303)
    if row.image_hosts:
        g.image_hosts = row.image_hosts.split()
    stamps = _stamps(row, at)
    return answer_alike(
        stamps, lambda: _shell(place, stamps), place=place.name, ask=_asker(place.slug, place.document)
    )


def _stamps(row: Any, at: Standing) -> tuple[Any, ...]:
    return (row.id, row.stamp, row.consultation_stamp, row.site_stamp, row.image_hosts, at.value)


def _asker(slug: str, document: str) -> Callable[[Connection], tuple[Any, ...]]:
    """Return what reads the stamps of a document's pages anew: one indexed read, and the clock."""

    def ask(connection: Connection) -> tuple[Any, ...]:
        row = queries.stamps(slug, document, connection)
        return _stamps(row, standing(row, clock.now()))

    return ask


def _shell(place: Place, stamps: tuple[Any, ...]) -> str:
    """Return the whole page: the pieces everybody shares, a thread among them, and the reader's own surroundings."""
    document = queries.document(place.slug, place.document)
    pieces, _built_for = PIECES.get_or_build(
        (place.slug, place.document, place.number, place.just_text),
        (*stamps, *surroundings(current_app)),
        lambda: _pieces(place, document),
    )
    opened = _opened(place, pieces, document)
    at = pieces.place_of[opened.paragraph.key] if opened else None
    cut = len(pieces.html) if at is None else at + 1
    before = list(pieces.html[:cut])
    if at is not None:
        before[at] = before[at].replace('class="para', 'class="para on', 1)
    return render_template(
        "documents/show.html",
        document=document,
        version=pieces,
        page=pieces.page,
        before=Markup("".join(before)),  # noqa: S704 - pieces are what templates made
        after=Markup("".join(pieces.html[cut:])),  # noqa: S704
        opened=opened,
        is_official=access.has_session() and allows(May.RUN_CONSULTATION, access.actor(), document),
    )


def _opened(place: Place, pieces: Pieces, document: Document) -> paragraph_queries.Kin | None:
    """Return whose thread is open in the page; of what was joined with another, the other's."""
    key = pieces.home_of.get(place.opened, place.opened)
    return paragraph_queries.kin(document, key) if key in pieces.place_of else None


def _pieces(place: Place, document: Document) -> Pieces:
    versions = queries.versions(document.id)
    number = document.version_count if place.number is None else place.number
    shown = next((row for row in versions if row.number == number), None)
    if shown is None:
        raise NotFound
    hosts = document.consultation.unit.image_host_set
    blocks, whole = _blocks(document, shown)
    items = contents.items(blocks, shown.number, hosts)
    page = page_of(document, shown.number, just_text=place.just_text, items=items)
    found = errata.errata_of(shown.id) if shown.errata else []
    around = render_template(
        "documents/_body.html",
        document=document,
        version=shown,
        versions=versions,
        page=page,
        contents=contents.entries(items),
        whole=whole,
        errata=found,
        cut=CUT,
    )
    start, end_of_text, end = around.split(CUT)
    written = Fragments(
        page.base,
        page.number,
        just_text=place.just_text,
        takes_comments=page.takes_comments and not page.is_old,
        is_old=page.is_old,
        earlier=_earlier(items, document),
        corrected={place.key for each in found for place in each.places},
    )
    html = (start, *map(written.item, items), end_of_text, end)
    homes = {item.block.key: item.home.key for item in items if item.home is not None}
    return Pieces(html, _places(items), homes, page, shown.title, shown.withdrawn_at is not None)


def _blocks(document: Document, shown: Any) -> tuple[Sequence[Any], Any]:
    """Return the blocks of a version and the talk on the whole draft: of an old one as they stood then."""
    blocks, whole = page_queries.blocks(shown.id), paragraph_queries.whole(document.id)
    if shown.number == document.version_count or whole is None:
        return blocks, whole
    stood = past(document.id, shown.number)
    said = tallies.on_page(document.id, shown.number, stood.homes)
    then = [
        SimpleNamespace(**as_it_stood(row, stood, said.get(row.paragraph_id, tallies.NOTHING)))
        for row in blocks
    ]
    return then, said.get(whole.id, tallies.NOTHING)


def _earlier(items: Sequence[contents.Item], document: Document) -> dict[int, int]:
    """Return how much was said before each further part of a split paragraph came to be; asked where there is one."""
    return tallies.before_split(document.id) if any(item.origin is not None for item in items) else {}


def _places(items: Sequence[contents.Item]) -> dict[str, int]:
    """Return in which piece each paragraph stands: the first piece is the head, the last but one the whole draft's."""
    places = {row.block.key: index for index, item in enumerate(items, 1) for row in (item, *item.rows)}
    return {**places, "all": len(items) + 1}


def page_of(
    document: Document, number: int, *, just_text: bool = False, items: Sequence[contents.Item] = ()
) -> Page:
    consultation = document.consultation
    base = url_for(".show", slug=consultation.slug, document=document.slug)
    at = standing(consultation, clock.now())
    return Page(
        base=base,
        canonical=current_app.config["CONSULT"].base_url.rstrip("/") + base,
        number=number,
        current=document.version_count,
        step=step(consultation, document.version_count),
        standing=at.value,
        just_text=just_text,
        removed_count=sum(item.sort == "gone" for item in items),
        takes_comments=at is Standing.OPEN and not forms_are_closed(consultation),
    )


def _removed(slug: str, document: str) -> str:
    found = queries.document(slug, document)
    page = page_of(found, found.version_count)
    written = Fragments(page.base, page.number)
    rows = [
        (row, stored_html(row.html), Markup(written.count(row)))  # noqa: S704 - Fragments escapes what it is given
        for row in page_queries.removed(found.id)
    ]
    return render_template("documents/removed.html", document=found, page=page, removed=rows)
