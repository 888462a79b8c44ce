"""What officials do with documents: begin one, save drafts of it, publish versions.

`actor=None` is the command line: whoever may run it may publish. A published version never changes.
"""

from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import update

from consult import audit, clock
from consult.announcements import version_published
from consult.consultations.models import Consultation
from consult.consultations.slugs import is_slug
from consult.documents import queries
from consult.documents.models import Document, Draft, Version
from consult.documents.paging import add_page
from consult.documents.placing import Slot, plan
from consult.errors import Conflict, Invalid
from consult.extensions import db
from consult.permissions import May, require
from consult.text.blocks import RenderedDocument
from consult.text.bounds import NOTE_LENGTH, TooMuch, clean_source
from consult.text.markdown import render_document

KEY_LENGTH = (
    6  # 27 letters to the sixth: of 5,000 paragraphs in a document hardly two draw the same, and then again
)
LONGEST_TITLE = 160


@dataclass(frozen=True)
class Prepared:
    """A source made into blocks, before any transaction; it holds as long as the register of numbers does."""

    source: str
    numbers: frozenset[str]
    text: RenderedDocument


def create_document(*, actor: Any, consultation: Consultation, title: str, slug: str) -> Document:
    """Begin a document, with nothing in it yet. Raises Invalid where the title or the address will not do."""
    _permit(actor, consultation)
    title = " ".join(title.split())
    if not title or len(title) > LONGEST_TITLE:
        raise Invalid(
            _("Enter a title of %(limit)s characters or fewer.", limit=LONGEST_TITLE), field="title"
        )
    if not is_slug(slug):
        raise Invalid(
            _("Use small letters, digits and hyphens for the address, 80 at most, such as “clear-footways”."),
            field="slug",
        )
    siblings = queries.documents_of(consultation.id)
    if any(other.slug == slug for other in siblings):
        raise Invalid(_("This consultation has a document with that address already."), field="slug")
    document = Document(
        consultation=consultation, title=title, slug=slug, position=len(siblings) + 1, created_at=clock.now()
    )
    db.session.add(document)
    db.session.flush()
    _record("document.create", document, actor)
    return document


def save_draft(*, actor: Any, document: Document, source: str, based_on: int) -> Draft:
    """Keep the text being written, privately. The same text as the last save makes no new one.

    `based_on` is the number of the save the writer began from; Conflict carries both texts when there is a later one.
    """
    _permit(actor, document)
    source = _checked(source)
    db.session.refresh(document, with_for_update={"of": Document})
    last = queries.latest_draft(document)
    if last is not None and last.source == source:
        return last
    if last is not None and last.number != based_on:
        raise Conflict(_("Somebody saved this draft after you opened it."), theirs=last, yours=source)
    draft = Draft(
        document_id=document.id,
        number=document.draft_number + 1,
        source=source,
        saved_at=clock.now(),
        saved_by=_id(actor),
    )
    document.draft_number = draft.number
    db.session.add(draft)
    db.session.flush()
    _record("document.save", document, actor, before=str(draft.number - 1), after=str(draft.number))
    return draft


def prepare(document: Document, source: str) -> Prepared:
    """Make a source into blocks, outside any transaction. Raises Invalid with a message that says what to shorten."""
    numbers = queries.numbers(document.id)
    hosts = document.consultation.unit.image_host_set
    try:
        source = clean_source(source)
        text = render_document(source, allowed_image_hosts=hosts, known_numbers=numbers)
    except TooMuch as error:
        raise Invalid(_(error.message, **error.params), field="source") from error
    return Prepared(source, numbers, text)


def plan_of(document: Document, prepared: Prepared) -> list[Slot]:
    """Return what publishing would make of the current page: what stays, what is new, what loses its place."""
    return plan(queries.current_page(document), prepared.text.blocks, queries.numbers(document.id))


def publish_version(
    *,
    actor: Any,
    document: Document,
    source: str,
    note: str,
    prepared: Prepared | None = None,
    seen: int | None = None,
) -> Version:
    """Publish `source` as the next version: rendered once, numbered for life, comments left where they are.

    `prepared` is the same source made into blocks beforehand. `seen` is the number of the version the publisher
    looked at; Conflict when another was published since. Raises Invalid where the text or the note will not do.
    """
    _permit(actor, document)
    if len(note) > NOTE_LENGTH:
        raise Invalid(_("The note must be %(limit)s characters or fewer.", limit=NOTE_LENGTH), field="note")
    db.session.refresh(document, with_for_update={"of": Document})
    if seen is not None and seen != document.version_count:
        raise Conflict(_("Another version was published after you opened this page. Look at it first."))
    if prepared is None or prepared.source != source or prepared.numbers != queries.numbers(document.id):
        prepared = prepare(document, source)
    if not prepared.text.blocks:
        raise Invalid(_("There is no text to publish yet. Write the draft first."), field="source")
    slots = plan_of(document, prepared)
    version = _add_version(actor, document, prepared, note.strip())
    add_page(document, version, slots, prepared.text.blocks)
    document.current_version_id = version.id
    document.version_count = version.number
    db.session.flush()
    touch(document)
    _record("document.publish", document, actor, before=str(version.number - 1), after=str(version.number))
    version_published.send("consult.documents", document=document, version=version, actor=actor)
    return version


def touch(document: Document) -> None:
    """Raise the stamps of a document and its consultation: something changed that a reader could see."""
    for table, row_id in ((Document, document.id), (Consultation, document.consultation_id)):
        db.session.execute(
            update(table)
            .where(table.id == row_id)
            .values(stamp=table.stamp + 1)
            .execution_options(synchronize_session=False)
        )
    db.session.expire(document, ["stamp"])
    db.session.expire(document.consultation, ["stamp"])


def _permit(actor: Any, thing: Any) -> None:
    if actor is not None:
        require(May.RUN_CONSULTATION, actor, thing)


def _id(actor: Any) -> int | None:
    return None if actor is None else actor.id


def _record(act: str, document: Document, actor: Any, before: str = "", after: str = "") -> None:
    audit.record(
        act,
        f"document:{document.id}",
        actor_id=_id(actor),
        organisation_id=document.consultation.organisation_id,
        before=before,
        after=after,
    )


def _checked(source: str) -> str:
    """Return a draft as it will be kept. What cannot be published yet may be saved, so long as it is text."""
    try:
        return clean_source(source)
    except TooMuch as error:
        raise Invalid(_(error.message, **error.params), field="source") from error


def _add_version(actor: Any, document: Document, prepared: Prepared, note: str) -> Version:
    version = Version(
        document_id=document.id,
        number=document.version_count + 1,
        title=document.title,
        source=prepared.source,
        note=note,
        published_at=clock.now(),
        published_by=_id(actor),
        paragraph_count=sum(
            block.kind not in ("row", "footnote") and not block.level for block in prepared.text.blocks
        ),
    )
    db.session.add(version)
    db.session.flush()
    return version
