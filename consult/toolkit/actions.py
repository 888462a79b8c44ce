"""What is done to the toolkit: start a page, save it, rename it, bring an earlier revision back.

Every save adds a revision and moves the pointer; nothing is overwritten. Pages are rendered before the transaction
(`rendering.rendered`); whoever writes holds one lock for the whole toolkit, so that links and pages agree.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask_babel import gettext as _

from consult import announcements, audit, clock
from consult.errors import Conflict, Invalid
from consult.extensions import db
from consult.permissions import May, require
from consult.toolkit import linking, queries, rendering
from consult.toolkit.entries import keeping
from consult.toolkit.entries.checking import mistakes, tidied
from consult.toolkit.entries.kinds import PageKind
from consult.toolkit.merging import Touching, merged_field
from consult.toolkit.models import Page, Revision, Shelf
from consult.toolkit.names import Called
from consult.toolkit.rendering import Rendered
from consult.toolkit.talk.locking import hold_the_toolkit

FURTHEST_EAST = timedelta(hours=14)  # of UTC: where a day begins first
REVIEW_AFTER = timedelta(days=365)  # where no editor says otherwise


@dataclass(frozen=True)
class Wording:
    """What an editor writes: the title, the line under it, the text, and a note on what changed and why.

    `facts` are those of the page's kind; None leaves them as they stand.
    """

    title: str
    summary: str
    text: Rendered
    note: str = ""
    facts: Mapping[str, str] | None = None


@dataclass(frozen=True)
class Keeping:
    """How a page is kept, beside its words: on which shelf, by whom, and by when it is to be checked."""

    shelf: Shelf
    owner_id: int | None
    review_by: date | None


def start_page(
    *,
    actor: Any,
    slug: str,
    shelf: Shelf,
    wording: Wording,
    kind: PageKind = PageKind.PRACTICE,
    position: int = 100,
    reviewed_on: date | None = None,
    review_by: date | None = None,
    owner_id: int | None = None,
) -> Page:
    """Write a page that was not there; links that waited for it become live.

    `actor` is None when the site itself fills its shelves; whoever starts a page owns it, unless `owner_id` says
    somebody else, or 0 for nobody. `review_by` is a year from its review, or from now, unless
    told otherwise. Raises Invalid when the address or title is taken, or the facts are not those of the kind.
    """
    _check(actor)
    hold_the_toolkit()
    linking.check_address(slug)
    facts = _checked(actor, kind, wording.facts or {})
    page = Page(
        slug=slug,
        title=wording.title,
        shelf=shelf,
        kind=kind,
        summary=wording.summary,
        position=position,
        reviewed_on=reviewed_on,
        review_by=review_by or (reviewed_on or clock.now().date()) + REVIEW_AFTER,
        owner_id=_owner(actor.id if actor is not None and owner_id is None else owner_id or None),
        created_at=clock.now(),
        revision_count=0,
    )
    linking.check_names(slug, wording.title, None)
    db.session.add(page)
    db.session.flush()
    _add_revision(actor, page, wording, facts, act="toolkit.start")
    return page


def save_page(
    *,
    actor: Any,
    page: Page,
    wording: Wording,
    shelf: Shelf,
    based_on: int,
    is_reviewed: bool = False,
    review_by: date | None = None,
    owner_id: int | None = None,
    was: Keeping | None = None,
) -> Page:
    """Save a page as a new revision; a save that changes nothing adds none.

    `based_on` is the number of the revision that the writer began from. When somebody saved since, Conflict carries
    the revision that is stored and the wording that was typed. A page that is checked without a word on when again is
    to be checked again in a year. `owner_id` is 0 for nobody; None leaves the owner. `was` is how the page was kept
    when the writer began: what they left as it was stays as it is now, and what both changed is a Conflict.
    """
    _check(actor)
    hold_the_toolkit(actor, page)
    db.session.refresh(page)
    current = _current(page)
    facts = current.facts if wording.facts is None else tidied(page.kind, wording.facts)
    is_same = _says_the_same(page.kind, current, wording, facts)
    if page.revision_count != based_on and not is_same:
        raise Conflict(_("Somebody saved this page while you were writing."), theirs=current, yours=wording)
    linking.check_names(page.slug, wording.title, page.id)
    if facts != current.facts:
        _checked(actor, page.kind, facts)
    owner_id = page.owner_id if owner_id is None else owner_id or None
    wanted = _agreed(page, Keeping(shelf, owner_id, review_by), was, (current, wording))
    is_kept_so = was is None or was.review_by == page.review_by
    _review(page, is_reviewed, wanted.review_by, is_kept_so=is_kept_so)
    page.shelf = wanted.shelf
    is_arranged = db.session.is_modified(page)  # asked before anything is read, which would flush it
    is_handed_on = page.owner_id != wanted.owner_id
    if is_handed_on:
        page.owner_id = _owner(wanted.owner_id)
    if not is_same:
        _add_revision(actor, page, wording, facts, act="toolkit.save")
    elif is_arranged or is_handed_on:
        linking.raise_stamps(page, frozenset())
    if is_arranged:
        _record("toolkit.arrange", actor, page)
    if is_handed_on:
        _record("toolkit.own", actor, page, after=str(wanted.owner_id or ""))
    return page


def _agreed(page: Page, given: Keeping, was: Keeping | None, both: tuple[Revision, Wording]) -> Keeping:
    """Return how a page is to be kept by what the writer changed, and what others changed since they began."""
    if was is None:
        return given
    try:
        return Keeping(
            merged_field(was.shelf, given.shelf, page.shelf),
            merged_field(was.owner_id, given.owner_id, page.owner_id),
            merged_field(was.review_by, given.review_by or was.review_by, page.review_by),
        )
    except Touching as error:
        raise Conflict(
            _("Somebody saved this page while you were writing."), theirs=both[0], yours=both[1]
        ) from error


def take_over(*, actor: Any, page: Page) -> None:
    """Let an editor own a page that no editor owns. Raises Conflict where somebody does by now."""
    _check(actor)
    hold_the_toolkit(actor, page)
    db.session.refresh(page)
    if page.owner_id == actor.id:
        return
    if page.owner_id is not None and queries.edits(page.owner_id):
        raise Conflict(_("Somebody else looks after this page by now."))
    page.owner_id = _owner(actor.id)
    linking.raise_stamps(page, frozenset())
    _record("toolkit.own", actor, page, after=str(actor.id))


def _owner(person_id: int | None) -> int | None:
    """Return who is to own a page. Raises Invalid for somebody who does not edit the toolkit."""
    if person_id is not None and not queries.edits(person_id):
        raise Invalid(_("Choose somebody who edits the toolkit, or nobody"), field="owner")
    return person_id


def _review(page: Page, is_reviewed: bool, review_by: date | None, *, is_kept_so: bool) -> None:
    """Note that a page was checked, and by when it is to be again. A day that somebody else chose since stays."""
    today = clock.now().date()
    if is_reviewed:
        page.reviewed_on = today
    is_left = is_kept_so and review_by in (None, page.review_by)
    page.review_by = today + REVIEW_AFTER if is_reviewed and is_left else review_by or page.review_by


def restore_revision(*, actor: Any, page: Page, number: int, text: Rendered) -> Page:
    """Bring the words of an earlier revision back, as a new revision that says which one it restores.

    `text` is that revision's source, rendered anew. Restoring what stands there already does nothing. Raises Conflict
    for one that is withheld.
    """
    _check(actor)
    hold_the_toolkit(actor, page)
    db.session.refresh(page)
    earlier = queries.revision(page.id, number)
    db.session.refresh(earlier)
    if earlier.withheld_at is not None:
        raise Conflict(_("This revision is withheld: %(reason)s", reason=earlier.withheld_why))
    wording = Wording(earlier.title, earlier.summary, text)
    if _says_the_same(page.kind, _current(page), wording, earlier.facts):
        return page
    _add_revision(actor, page, wording, earlier.facts, act="toolkit.restore", restores=number)
    return page


def rename_page(*, actor: Any, page: Page, called: Called, was: Called, text: Rendered) -> Page:
    """Call a page something else: its address, its title or both. What it was called leads to it for good.

    A page may be called again what it was called before. `was` is what whoever does it was shown: Conflict carries
    the page where somebody else has renamed it since. `text` is the source of the page, rendered. Raises Invalid
    where the name leads, or led, to another page.
    """
    _check(actor)
    hold_the_toolkit(actor, page)
    db.session.refresh(page)
    now = Called(page.slug, page.title)
    if called == now:
        return page
    if was != now:
        raise Conflict(_("Somebody renamed this page meanwhile."), theirs=now, yours=called)
    linking.check_address(called.slug)
    linking.check_names(called.slug, called.title, page.id)
    current = _current(page)
    page.slug = called.slug
    db.session.flush()
    text = text if text.source == current.source else rendering.rendered(current.source)
    wording = Wording(called.title, current.summary, text, _note_on(now, called))
    _add_revision(actor, page, wording, current.facts, act="toolkit.rename")
    if called.slug != now.slug:
        linking.lead_links(page, now.slug)
    return page


def _note_on(was: Called, called: Called) -> str:
    """Return what the history says of a renaming."""
    if was.slug == called.slug:
        return str(_("Renamed: it was “%(title)s”", title=was.title))
    if was.title == called.title:
        return str(_("Moved: it was at %(slug)s", slug=was.slug))
    return str(_("Renamed and moved: it was “%(title)s”", title=was.title))


def _check(actor: Any) -> None:
    if actor is not None:
        require(May.EDIT_TOOLKIT, actor)


def _current(page: Page) -> Revision:
    return queries.revision(page.id, page.revision_count)


def _checked(actor: Any, kind: PageKind, given: Mapping[str, str]) -> dict[str, str]:
    """Return the facts as they are stored. Raises Invalid with the first that is missing or cannot be.

    The form says all of them, and knows what day it is where the site is; here a day that began anywhere is no
    future.
    """
    facts = tidied(kind, given)
    today = (clock.now() + FURTHEST_EAST).date() if actor is not None else None
    for field, message in mistakes(kind, facts, today).items():
        raise Invalid(message, field=field)
    return facts


def _says_the_same(kind: PageKind, revision: Revision, wording: Wording, facts: Mapping[str, str]) -> bool:
    return (revision.title, revision.summary, revision.source, tidied(kind, revision.facts)) == (
        wording.title,
        wording.summary,
        wording.text.source,
        tidied(kind, facts),
    )


def _add_revision(
    actor: Any,
    page: Page,
    wording: Wording,
    facts: Mapping[str, str],
    *,
    act: str,
    restores: int | None = None,
) -> None:
    text = _up_to_date(wording.text)
    before = linking.linked_from(page)
    revision = Revision(
        page_id=page.id,
        number=page.revision_count + 1,
        title=wording.title,
        summary=wording.summary,
        source=text.source,
        html=text.html,
        facts=dict(facts),
        note=wording.note,
        restores=restores,
        created_at=clock.now(),
        author_id=actor.id if actor is not None else None,
    )
    db.session.add(revision)
    db.session.flush()
    page.current_revision_id = revision.id
    page.revision_count = revision.number
    page.title = wording.title
    page.summary = wording.summary
    db.session.flush()
    linking.keep_links(page, text.targets)
    keeping.keep(page, facts)
    linking.give_names(page)
    linking.raise_stamps(page, before | text.targets)
    _record(act, actor, page, after=str(revision.number), text=text)
    announcements.page_changed.send("toolkit", page=page, text=text)


def _up_to_date(text: Rendered) -> Rendered:
    """Return the text as rendered, or rendered again where a page that it links to was started meanwhile."""
    known = queries.pages_named(text.targets)
    stale = any(text.pages.get(name) != known.get(name) for name in text.targets)
    return rendering.rendered(text.source, known) if stale else text


def _record(act: str, actor: Any, page: Page, *, after: str = "", text: Rendered | None = None) -> None:
    audit.record(act, f"page:{page.id}", actor_id=actor.id if actor is not None else None, after=after)
