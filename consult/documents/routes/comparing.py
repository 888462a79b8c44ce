"""What changed between any two versions: paragraph by paragraph, with what people had said, or as one table."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from markupsafe import Markup, escape

from consult.documents import comparing, queries, wordings
from consult.documents.comparing import Change, Comparison
from consult.documents.models import Document
from consult.documents.routes.blueprint import bp
from consult.documents.routes.reading import may_read, page_of
from consult.permissions import May
from consult.text.diff import diff_html, sides_html
from consult.web.access import needs
from consult.web.conditional import Shelf, answer_alike
from consult.web.robots import unlisted

BOTH_WAYS_UP_TO = 150
"""Changes that are sent both in one text and side by side; a longer page has them one way at a time, by a link."""
WORDS_CHANGED = frozenset({"changed", "new", "restored", "removed"})
CELLS = Markup(" | ")
COUNTS: Shelf[int] = Shelf(200_000, lambda count: 200)


@dataclass(frozen=True)
class Asked:
    """How a comparison is asked for: as a table or not, with what stayed or not, and in which of the two ways."""

    is_table: bool
    is_whole: bool
    way: str

    @classmethod
    def read(cls) -> "Asked":
        args = request.args
        way = args.get("view", "")
        return cls(
            args.get("as") == "table", args.get("show") == "all", way if way in ("text", "side") else ""
        )

    def address(self, base: str, **changes: str) -> str:
        """Return the address that shows the same with `changes`."""
        names = {
            "as": "table" if self.is_table else "",
            "show": "all" if self.is_whole else "",
            "view": self.way,
        }
        query = "&".join(f"{name}={value}" for name, value in {**names, **changes}.items() if value)
        return f"{base}?{query}" if query else base


@dataclass(frozen=True)
class Shown:
    """A change and the id of its article."""

    change: Change
    anchor: str


@bp.get("/consultations/<string:slug>/<string:document>/compare")
@needs(May.READ)
def choose_versions(slug: str, document: str) -> Any:
    """Lead from the two lists of versions to their comparison; without a choice, to that of the last two."""
    row = queries.stamps(slug, document)
    may_read(row, slug, document)
    last = max(row.version_count, 1)
    first, second = (_number(request.args.get(name, "")) for name in ("from", "to"))
    address = url_for(
        ".compare", slug=slug, document=document, first=first or max(last - 1, 1), second=second or last
    )
    return redirect(address, 303)


@bp.get("/consultations/<string:slug>/<string:document>/compare/<int:first>...<int:second>")
@needs(May.READ)
@unlisted
def compare(slug: str, document: str, first: int, second: int) -> Any:
    row = queries.stamps(slug, document)
    at = may_read(row, slug, document)
    asked = Asked.read()
    if first > second:
        turned = url_for(".compare", slug=slug, document=document, first=second, second=first)
        return redirect(asked.address(turned), 301)
    if not 1 <= first <= second <= row.version_count:
        return _missing(queries.document(slug, document), first, second), 404
    if row.image_hosts:
        g.image_hosts = row.image_hosts.split()
    stamps = (row.id, row.stamp, row.consultation_stamp, row.site_stamp, at.value)
    return answer_alike(
        stamps,
        lambda: _compared(queries.document(slug, document), first, second, asked),
        place=asked.address(request.path),
    )


@bp.app_template_global()
def change_count(document: Document, before: Any, after: Any) -> int:
    """Return how many changes the comparison of two versions shows; kept, for their words hardly ever change."""
    stamps = (wordings.errata(before.id, after.id),)
    count, _built_for = COUNTS.get_or_build(
        (before.id, after.id), stamps, lambda: len(_comparison(document, before, after).changes)
    )
    return count


def _number(given: str) -> int | None:
    return int(given[:6]) if given.isdecimal() and given.isascii() else None


def _comparison(document: Document, before: Any, after: Any) -> Comparison:
    old, new = wordings.pages(before.id, after.id)
    return comparing.compared(old, new, wordings.homes(document.id, before.number, after.number))


def _compared(document: Document, first: int, second: int, asked: Asked) -> str:
    versions = queries.versions(document.id)
    before, after = versions[first - 1], versions[second - 1]
    found = _comparison(document, before, after)
    page = page_of(document, second)
    is_both = len(found.changes) <= BOTH_WAYS_UP_TO
    return render_template(
        "documents/_compare_table.html" if asked.is_table else "documents/compare.html",
        document=document,
        page=page,
        versions=versions,
        before=before,
        after=after,
        found=found,
        shown=_anchored(found.every if asked.is_whole else found.changes),
        strip=_anchored(found.strip),
        asked=asked,
        here=f"{page.base}/compare/{first}...{second}",
        ways=("text", "side") if is_both else (asked.way or "text",),
        is_both=is_both,
        in_one=_in_one,
        side_by_side=_side_by_side,
        is_heading=comparing.is_heading,
    )


def _missing(document: Document, first: int, second: int) -> str:
    """Return the page that says which versions there are, and offers the nearest two."""
    last = document.version_count
    return render_template(
        "documents/_compare_missing.html",
        document=document,
        page=page_of(document, last),
        versions=queries.versions(document.id),
        wanted=(first, second),
        nearest=(max(1, min(first, last - 1)), last),
    )


def _anchored(changes: Sequence[Change]) -> list[Shown]:
    """Give each change its id. After a renumbering two may bear one number: the second goes by its key."""
    taken: set[str] = set()
    shown = []
    for change in changes:
        anchor = f"change-{change.number if change.number not in taken else change.key}"
        taken.add(change.number)
        shown.append(Shown(change, anchor))
    return shown


def _in_one(change: Change) -> Markup:
    """Return both wordings in one text."""
    if change.sort in WORDS_CHANGED:
        return CELLS.join(diff_html(old, new, **_said()) for old, new in change.cells)
    return escape(change.after or change.before)


def _side_by_side(change: Change) -> tuple[Markup, Markup]:
    if change.sort in WORDS_CHANGED:
        old, new = zip(*(sides_html(old, new, **_said()) for old, new in change.cells), strict=True)
        return CELLS.join(old), CELLS.join(new)
    return escape(change.before), escape(change.after)


def _said() -> dict[str, Any]:
    """Return what is said before words to those who do not see how they are marked."""
    return {"deleted": _("Taken out:"), "inserted": _("Put in:"), "exact": False}
