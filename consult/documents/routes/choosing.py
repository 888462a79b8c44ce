"""Officials choose what became of one paragraph among all of the new text: several where it was split, or none."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from consult.documents import actions, confirming, queries
from consult.documents.actions import Prepared
from consult.documents.between import Between, alike, found_by, joined_at, place_of
from consult.documents.forms import ChoosingForm
from consult.documents.matching import Old
from consult.documents.models import Document
from consult.documents.routes.blueprint import bp
from consult.documents.routes.editing import ours
from consult.documents.routes.overview import between, called
from consult.documents.routes.reading import page_of
from consult.errors import Conflict, Invalid, NotFound
from consult.extensions import transaction
from consult.permissions import May
from consult.text.brief import brief
from consult.web import access
from consult.web.access import needs

MOST_ALIKE = 6
MOST_FOUND = 100
WINDOW = 120  # paragraphs shown at a time
BEFORE = 20  # of them, how many stand before the place of the old one
MOST_TICKED = 50
WORDS = 320  # characters of each


@dataclass(frozen=True)
class Choice:
    """A new block that can be ticked: whether another paragraph lives on there already, or this one does."""

    value: str
    number: str
    words: str
    is_heading: bool
    joins: bool
    is_own: bool


@dataclass(frozen=True)
class Choices:
    """What the page offers: what is ticked already, what is most alike, and what was found or stands around."""

    ticked: Sequence[Choice]
    alike: Sequence[Choice]
    others: Sequence[Choice]
    found_count: int
    start: int
    total: int

    @property
    def earlier(self) -> int | None:
        return max(0, self.start - WINDOW) if self.start else None

    @property
    def later(self) -> int | None:
        return self.start + WINDOW if self.start + WINDOW < self.total else None


@bp.route("/consultations/<string:slug>/<string:document>/publish/<string:key>", methods=["GET", "POST"])
@needs(May.RUN_CONSULTATION)
def choose(slug: str, document: str, key: str) -> Any:
    found = ours(slug, document)
    draft = queries.latest_draft(found)
    if draft is None or not draft.source.strip():
        flash(_("There is no draft to publish yet. Write one first."), "wait")
        return redirect(url_for(".draft", slug=slug, document=document), 303)
    try:
        prepared = actions.prepare(found, draft.source)
    except Invalid:  # the page before says what to mend
        return redirect(url_for(".publish", slug=slug, document=document), 303)
    form = ChoosingForm()
    if form.is_submitted():
        return _answer(found, key, form, prepared)
    form.q.data = request.args.get("q", "")[:200]
    form.seen.data = str(found.version_count)
    return _page(found, key, form, prepared, request.args.getlist("to"))


def _answer(document: Document, key: str, form: ChoosingForm, prepared: Prepared) -> Any:
    do = request.form.get("do", "search")
    ticked = request.form.getlist("to")[:MOST_TICKED]
    if not form.validate():
        return _page(document, key, form, prepared, ticked, 422)
    if do == "search" or "from" in request.form:
        return _look_on(document, key, form, ticked)
    try:
        _save(document, key, form, prepared, do, ticked)
    except Invalid as error:
        return _page(document, key, form, prepared, ticked, 422, error.message)
    except Conflict as error:
        form.seen.data = str(document.version_count)
        return _page(document, key, form, prepared, ticked, 409, error.message)
    return redirect(_publishing(document, key), 303)


def _save(
    document: Document, key: str, form: ChoosingForm, prepared: Prepared, do: str, ticked: Sequence[str]
) -> None:
    who, seen = access.actor(), int(form.seen.data)
    if do == "undo":
        with transaction(who):
            confirming.reopen_match(actor=who, document=document, key=key, seen=seen)
        flash(_("That is taken back."))
        return
    if do == "removed" and ticked:
        raise Invalid(_("You ticked paragraphs as well. Untick them, or save those."))
    if do != "removed" and not ticked:
        raise Invalid(_("Tick the paragraphs that it became, or say that it is removed."))
    with transaction(who):
        confirming.confirm_matches(
            actor=who, document=document, said={key: ticked}, seen=seen, prepared=prepared
        )
    flash(ngettext("%(num)s match is confirmed.", "%(num)s matches are confirmed.", 1))


def _look_on(document: Document, key: str, form: ChoosingForm, ticked: Sequence[str]) -> Any:
    """Lead to an address that shows what was searched for, with what is ticked."""
    start = request.form.get("from", "")
    there: dict[str, Any] = {"slug": document.consultation.slug, "document": document.slug, "key": key}
    there |= {"from": start[:6]} if start.isdecimal() else {"q": form.q.data or None}
    return redirect(url_for(".choose", _anchor="choices", to=ticked, **there), 303)


def _publishing(document: Document, key: str) -> str:
    return url_for(
        ".publish", slug=document.consultation.slug, document=document.slug, _anchor=f"match-{key}"
    )


def _page(
    document: Document,
    key: str,
    form: ChoosingForm,
    prepared: Prepared,
    ticked: Sequence[str],
    status: int = 200,
    problem: str = "",
) -> Any:
    both = between(document, prepared)
    was = next((each for each in both.old if each.key == key), None)
    if was is None:
        raise NotFound
    is_confirmed = was.paragraph_id in queries.confirmations(document)
    if is_confirmed and not ticked and not form.is_submitted() and "to" not in request.args:
        ticked = _said(both, was)
    page = render_template(
        "documents/choose.html",
        document=document,
        page=page_of(document, document.version_count),
        form=form,
        was=was,
        called=called,
        comment_count=both.comments(was),
        choices=_choices(both, was, ticked, form.q.data or ""),
        is_confirmed=is_confirmed,
        problem=problem,
        back=_publishing(document, key),
    )
    return page, status


def _said(both: Between, was: Old) -> list[str]:
    """Return the fingerprints of what was confirmed of a paragraph."""
    index = both.old.index(was)
    return [both.names[target] for target in both.confirmed.get(index, ())]


def _choices(both: Between, was: Old, ticked: Sequence[str], wanted: str) -> Choices:
    chosen = set(ticked)
    here = [index for index, name in enumerate(both.names) if name in chosen]
    free = [index for index in range(len(both.blocks)) if index not in set(here)]
    like_it = [index for index, _likeness in alike(both, was, free, MOST_ALIKE)]
    found = found_by(both, wanted) if wanted else []
    start = 0 if wanted else _start(both, was)
    others = found[:MOST_FOUND] if wanted else range(start, min(start + WINDOW, len(both.blocks)))
    taken = {*here, *(() if wanted else like_it)}
    return Choices(
        [_choice(both, was, index) for index in here],
        [] if wanted else [_choice(both, was, index) for index in like_it],
        [_choice(both, was, index) for index in others if index not in taken],
        len(found),
        start,
        len(both.blocks),
    )


def _start(both: Between, was: Old) -> int:
    asked = request.args.get("from", "")
    if asked.isdecimal():
        return min(int(asked[:6]), max(0, len(both.blocks) - 1))
    return max(0, place_of(both, was) - BEFORE)


def _choice(both: Between, was: Old, index: int) -> Choice:
    block, slot = both.blocks[index], both.slot_of[index]
    return Choice(
        both.names[index],
        "" if block.level else slot.number,
        brief(block.plain or block.text, WORDS),
        bool(block.level),
        joined_at(both, was, index) is not None,
        slot.old is was,
    )
