"""The public ledger of a consultation: as a page, as JSON and as CSV, and what its figures mean."""

import itertools
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from flask import Response, render_template, request, url_for

from consult import clock
from consult.accounts import queries as accounts
from consult.consultations import queries as consultations
from consult.consultations import stages
from consult.consultations.models import Consultation
from consult.discussion.ledger import figures
from consult.discussion.ledger import queries as public_ledger
from consult.discussion.ledger import words as ledger_words
from consult.discussion.ledger.figures import Figures
from consult.discussion.ledger.models import Place
from consult.discussion.ledger.queries import AT_ONCE, FIELDS, PAGE, WAITING, Sieve
from consult.discussion.models import Kind
from consult.discussion.routes.addresses import KEY
from consult.discussion.routes.blueprint import bp
from consult.documents import queries as documents
from consult.documents.models import Document
from consult.errors import NotFound
from consult.extensions import db, link_to
from consult.permissions import May
from consult.text.csv_line import BOM, csv_line
from consult.web.access import needs
from consult.web.conditional import answer_alike, stream_alike
from consult.web.elections import calendar_of
from consult.web.robots import unlisted

PATH = "/consultations/<string:slug>/ledger"
SLUG_LENGTH = 80


@dataclass(frozen=True)
class Asked:
    """What of the ledger an address asks for. Whatever is no place and no kind counts as not asked."""

    about: Consultation
    document: Document | None
    state: str
    kind: Kind | None
    after: str | None

    @classmethod
    def read(cls, slug: str, args: Mapping[str, str]) -> "Asked":
        """Raise NotFound for a consultation that has not opened, and for a document that it has not published."""
        about = consultations.consultation(slug)
        if not stages.text_is_public(about, clock.now()):
            raise NotFound
        named = args.get("document", "")[:SLUG_LENGTH]
        document = documents.document(slug, named) if named else None
        if document is not None and not document.version_count:
            raise NotFound
        known = {WAITING, *(place.value for place in Place)}
        state, after = args.get("state", ""), args.get("after", "")
        return cls(
            about,
            document,
            state if state in known else "",
            next((kind for kind in Kind if kind.value == args.get("kind")), None),
            after if KEY.fullmatch(after) else None,
        )

    @property
    def sieve(self) -> Sieve:
        return Sieve(
            document_id=None if self.document is None else self.document.id,
            place=Place(self.state) if self.state and self.state != WAITING else None,
            only_waiting=self.state == WAITING,
            kind=self.kind,
        )

    def query(self, **changes: str) -> dict[str, str]:
        """Return what stands behind an address that asks for the same from its beginning, with `changes`."""
        asked = {
            "document": self.document.slug if self.document else "",
            "state": self.state,
            "kind": self.kind.value if self.kind else "",
            **changes,
        }
        return {name: value for name, value in asked.items() if value}

    @property
    def place(self) -> str:
        return f"{request.path}?{urlencode(self.query(after=self.after or ''))}"

    @property
    def stamps(self) -> tuple[object, ...]:
        about, unit = self.about, self.about.unit
        standing = stages.standing(about, clock.now())
        return (about.id, about.stamp, accounts.site().stamp, standing, unit.name, unit.promise_days)

    def figures(self, now: datetime) -> Figures:
        if self.document is not None:
            return figures.of(self.document, now)
        return figures.of(self.about, now)


@bp.get(PATH)
@needs(May.READ)
@unlisted
def ledger(slug: str) -> Response:
    asked = Asked.read(slug, request.args)
    return answer_alike(asked.stamps, lambda: _page(asked), place=asked.place)


def _page(asked: Asked) -> str:
    rows = public_ledger.entries(asked.about.id, asked.sieve, after=asked.after)
    if asked.after and not rows:
        raise NotFound
    return render_template(
        "discussion/ledger.html",
        asked=asked,
        about=asked.about,
        rows=rows[:PAGE],
        following=rows[PAGE - 1].key if len(rows) > PAGE else None,
        counts=public_ledger.count_of(asked.about.id, Sieve(document_id=asked.sieve.document_id)),
        figures=asked.figures(clock.now()),
        documents=[each for each in documents.documents_of(asked.about.id) if each.version_count],
        opening=public_ledger.opening,
        places=[place.value for place in Place],
        kinds=list(Kind),
    )


@bp.get(f"{PATH}.json")
@needs(May.READ)
@unlisted
def ledger_json(slug: str) -> Response:
    """Give out the figures and every entry that the filters let through, one line each."""
    asked = Asked.read(slug, request.args)
    return stream_alike(
        asked.stamps, lambda: _json(asked), content_type="application/json; charset=utf-8", place=asked.place
    )


@bp.get(f"{PATH}.csv")
@needs(May.READ)
@unlisted
def ledger_csv(slug: str) -> Response:
    """Give out the same entries as a table."""
    asked = Asked.read(slug, request.args)
    response = stream_alike(
        asked.stamps, lambda: _csv(asked), content_type="text/csv; charset=utf-8", place=asked.place
    )
    response.headers["Content-Disposition"] = f'attachment; filename="{asked.about.slug}-ledger.csv"'
    return response


def _json(asked: Asked) -> Iterator[str]:
    """Gather what Flask must give, and return the pieces of the file, which need nothing of it."""
    now, about = clock.now(), asked.about
    head = {
        "consultation": about.slug,
        "title": about.title,
        "unit": about.unit.name,
        "document": asked.document.slug if asked.document else None,
        "at": now.isoformat(timespec="seconds"),
        "definitions": link_to("discussion.figures"),
        "figures": {
            **public_ledger.said(about, asked.sieve.document_id).as_data(),
            **asked.figures(now).as_data(),
        },
        "paragraphs": public_ledger.paragraphs(about.id, asked.sieve.document_id),
    }
    return _json_pieces(json.dumps(head, ensure_ascii=False, indent=1), _entries(asked, now))


def _json_pieces(head: str, entries: Iterator[dict[str, Any]]) -> Iterator[str]:
    yield head.removesuffix("\n}") + ',\n "entries": ['
    between = "\n  "
    for piece in _gathered(json.dumps(entry, ensure_ascii=False) for entry in entries):
        yield between + ",\n  ".join(piece)
        between = ",\n  "
    yield "\n ]\n}\n"


def _csv(asked: Asked) -> Iterator[str]:
    return _csv_pieces(_entries(asked, clock.now()))


def _csv_pieces(entries: Iterator[dict[str, Any]]) -> Iterator[str]:
    yield BOM + csv_line(FIELDS)
    for piece in _gathered(csv_line(entry[name] for name in FIELDS) for entry in entries):
        yield "".join(piece)


def _gathered(lines: Iterator[str]) -> Iterator[tuple[str, ...]]:
    """Put lines together, so that the server has few pieces to send."""
    while piece := tuple(itertools.islice(lines, AT_ONCE)):
        yield piece


def _entries(asked: Asked, now: datetime) -> Iterator[dict[str, Any]]:
    about = asked.about
    days = calendar_of(about.organisation_id)
    address = link_to("discussion.comment", key="-")[:-1]
    rows = public_ledger.all_entries(db.engine, about.id, asked.sieve)
    return (public_ledger.as_data(row, now, days, address) for row in rows)


@bp.get("/figures", endpoint="figures")
@needs(May.READ)
def defined() -> Response:
    """Say of each figure what it counts."""
    return answer_alike((accounts.site().stamp,), lambda: render_template("discussion/figures.html"))


@bp.app_template_global()
def ledger_figures(thing: figures.Scope) -> Figures:
    """Return the figures of a document, a consultation or a unit."""
    about = thing.consultation if isinstance(thing, Document) else thing
    return figures.of(thing, clock.now(), calendar_of(about.organisation_id))


@bp.app_template_global()
def ledger_url(about: Consultation, document: Document | None = None, **more: Any) -> str:
    """Return the address of the public ledger of a consultation, or of one of its documents."""
    named = None if document is None else document.slug
    return url_for("discussion.ledger", slug=about.slug, document=named, **more)


bp.app_template_global("place_words")(ledger_words.place_words)
bp.app_template_global("also_words")(ledger_words.also_words)
