"""What is done so that people can talk about a page: its talk is opened once, and follows the page from then on.

Reading writes nothing. A page that nobody talks about costs nothing; one with talk is rendered a second time, block by
block, where its words change: before the transaction, as the page itself is.
"""

from typing import Any

from flask_babel import gettext as _

from consult import audit, clock
from consult.accounts.models import Unit
from consult.consultations.models import Consultation, Policy, Stage
from consult.consultations.slugs import TOOLKIT
from consult.documents import carrying
from consult.documents.models import Document
from consult.errors import Closed
from consult.extensions import db
from consult.permissions import May, require
from consult.toolkit import queries as pages
from consult.toolkit.models import Page, Revision
from consult.toolkit.rendering import Rendered
from consult.toolkit.talk import ahead, marks, queries
from consult.toolkit.talk.locking import hold_the_toolkit
from consult.toolkit.talk.models import PageTalk


def open_talk(*, actor: Any, page: Page, text: Rendered | None = None) -> PageTalk:
    """Let people talk about a page from now on; one that has its talk keeps it. `text` is the page, with its blocks.

    Anybody may who may comment: what comes of it is no more than what a page looks like to the engine. Raises Closed
    while there is no unit on the site, and so nobody who would look at what is written, or nothing on the page.
    """
    require(May.BEGIN_COMMENT, actor)
    hold_the_toolkit(actor, page, opens=True)
    db.session.refresh(page)
    return queries.talk_of(page.id) or _open(actor, page, text)


def on_page_changed(sender: object, *, page: Page, text: Rendered | None = None, **more: Any) -> None:
    """Follow a page to its new words, and to its new name. On a site where nobody talks of pages nothing is done."""
    talk = queries.talk_of(page.id)
    if talk is not None:
        _follow(talk, page, text)


def choose_unit(*, actor: Any, unit: Unit) -> None:
    """Let the talk belong to a unit: the moderators of its organisation look at what is written from now on.

    What was written before stays with those who have it in their queue. The unit that it belongs to already changes
    nothing.
    """
    require(May.SET_UP_SITE, actor)
    hold_the_toolkit()
    carried = queries.carrier()
    if carried is None:
        carried, before = _carrier(unit), ""
    else:
        db.session.refresh(carried, with_for_update={"of": Consultation, "key_share": True})
        before = str(carried.unit_id)
    if before == str(unit.id):
        return
    carried.unit, carried.organisation_id = unit, unit.organisation_id
    carried.stamp += 1
    subject = f"consultation:{carried.id}"
    audit.record("toolkit.choose_unit", subject, actor_id=actor.id, before=before, after=str(unit.id))


def _open(actor: Any, page: Page, text: Rendered | None) -> PageTalk:
    carrier = queries.carrier() or _carrier(queries.first_unit())
    document = carrying.begin(carrier, title=page.title, slug=page.slug)
    talk = PageTalk(page_id=page.id, document_id=document.id, document=document, marks="")
    db.session.add(talk)
    db.session.flush()
    audit.record("toolkit.open_talk", f"page:{page.id}", actor_id=getattr(actor, "id", None))
    _follow(talk, page, text)
    if not document.version_count:
        raise Closed(_("There is nothing on this page yet that people could talk about."))
    return talk


def _carrier(unit: Unit | None) -> Consultation:
    if unit is None:
        raise Closed(_("Nobody can look at what is written here yet: there is no unit on this site."))
    now = clock.now()
    made = Consultation(
        unit=unit,
        organisation_id=unit.organisation_id,
        slug=TOOLKIT,
        title=_("Toolkit"),
        stage=Stage.OPEN,
        policy=Policy.BEFORE,
        opens_at=now,
        created_at=now,
        is_toolkit=True,
    )
    db.session.add(made)
    db.session.flush()
    return made


def _follow(talk: PageTalk, page: Page, text: Rendered | None) -> None:
    document: Document = talk.document
    if (document.title, document.slug) != (page.title, page.slug):
        carrying.rename(document, title=page.title, slug=page.slug)
    revision = pages.revision(page.id, page.revision_count)
    is_followed = (
        queries.source_followed(document) == revision.source
    )  # else than in its words it may have changed
    if is_followed and talk.marks:
        return
    if not is_followed:
        is_followed = _add_version(document, revision, text)
    talk.marks = marks.as_text(marks.marks_of(revision.html, queries.words(document))) if is_followed else ""
    db.session.flush()


def _add_version(document: Document, revision: Revision, text: Rendered | None) -> bool:
    """Say whether the talk could follow: not where a page has no words, or more than its talk can bear."""
    blocks = text.blocks if text is not None and text.source == revision.source else None
    version = carrying.follow(
        document,
        source=revision.source,
        text=ahead.blocks_of(revision.source) if blocks is None else blocks,
        number=revision.number,
        note=revision.note,
        writer=revision.author,
    )
    return version is not None
