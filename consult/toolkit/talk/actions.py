"""What is done so that people can talk about a page: its talk is opened once, and follows the page from then on.

Reading writes nothing. A page that nobody talks about costs nothing; each save of one with talk renders it a second
time, block by block.
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
from consult.text.blocks import RenderedDocument
from consult.text.bounds import TooMuch
from consult.text.markdown import render_document
from consult.toolkit import names, rendering
from consult.toolkit import queries as pages
from consult.toolkit.models import Page, Revision
from consult.toolkit.talk import marks, queries
from consult.toolkit.talk.locking import hold_the_toolkit
from consult.toolkit.talk.models import PageTalk


def open_talk(*, actor: Any, page: Page) -> PageTalk:
    """Let people talk about a page from now on; one that has its talk keeps it.

    Anybody may who may comment: what comes of it is no more than what a page looks like to the engine. Raises Closed
    while there is no unit on the site, and so nobody who would look at what is written.
    """
    require(May.BEGIN_COMMENT, actor)
    hold_the_toolkit(actor, page, opens=True)
    return queries.talk_of(page.id) or _open(actor, page)


def on_page_changed(sender: object, *, page: Page, **more: Any) -> None:
    """Follow a page to its new words, and to its new name. On a site where nobody talks of pages nothing is done."""
    talk = queries.talk_of(page.id)
    if talk is not None:
        _follow(talk, page)


def _open(actor: Any, page: Page) -> PageTalk:
    carrier = queries.carrier() or _carrier(queries.first_unit())
    document = carrying.begin(carrier, title=page.title, slug=page.slug)
    talk = PageTalk(page_id=page.id, document_id=document.id, document=document, marks="")
    db.session.add(talk)
    db.session.flush()
    audit.record("toolkit.open_talk", f"page:{page.id}", actor_id=getattr(actor, "id", None))
    _follow(talk, page)
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


def _follow(talk: PageTalk, page: Page) -> None:
    document: Document = talk.document
    if (document.title, document.slug) != (page.title, page.slug):
        carrying.rename(document, title=page.title, slug=page.slug)
    if document.version_count >= page.revision_count:
        return
    revision = pages.revision(page.id, page.revision_count)
    text = _blocks(revision)
    if text is None:
        return
    version = carrying.follow(
        document, source=revision.source, text=text, number=revision.number, note=revision.note
    )
    if version is not None:
        talk.marks = marks.as_text(marks.marks_of(revision.html, queries.words(document)))
    db.session.flush()


def _blocks(revision: Revision) -> RenderedDocument | None:
    """Return the blocks of a revision; None for one that stands on its page and has too much for its talk to follow.

    What was said stays with the words before, and the next revision may be followed again.
    """
    known = pages.pages_named(names.names_linked(revision.source))
    try:
        return render_document(revision.source, resolve=lambda target: rendering.resolve(target, known))
    except TooMuch:
        return None
