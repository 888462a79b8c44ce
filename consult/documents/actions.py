"""What officials do with documents: begin one, save drafts of it, publish versions.

`actor=None` is the command line: whoever may run it may publish. A published version never changes.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import update

from consult import audit, clock
from consult.announcements import version_published
from consult.consultations.models import Consultation
from consult.consultations.slugs import is_slug
from consult.documents import queries
from consult.documents.matching import Old, OnDoubt, fingerprints
from consult.documents.models import Confirmation, Document, Draft, Version
from consult.documents.paging import add_page
from consult.documents.placing import Plan, plan
from consult.errors import Conflict, Invalid
from consult.extensions import db
from consult.permissions import May, require
from consult.text.block import Block
from consult.text.blocks import RenderedDocument
from consult.text.bounds import NOTE_LENGTH, TooMuch, clean_source
from consult.text.markdown import render_document

LONGEST_TITLE = 160


@dataclass(frozen=True)
class Prepared:
    """A source made into blocks, before any transaction; it holds as long as the register of numbers does."""

    source: str
    numbers: frozenset[str]
    text: RenderedDocument


def create_document(*, actor: Any, consultation: Consultation, title: str, slug: str) -> Document:
    """Begin a document, with nothing in it yet. Raises Invalid where the title or the address will not do."""
    permit(consultation, actor=actor)
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
    record("document.create", document, actor=actor)
    return document


def save_draft(*, actor: Any, document: Document, source: str, based_on: int) -> Draft:
    """Keep the text being written, privately. The same text as the last save makes no new one.

    `based_on` is the number of the save the writer began from; Conflict carries both texts when there is a later one.
    """
    permit(document, actor=actor)
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
    record("document.save", document, actor=actor, before=str(draft.number - 1), after=str(draft.number))
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


def plan_of(
    document: Document,
    prepared: Prepared,
    *,
    on_doubt: OnDoubt = "accept",
    forgotten: Collection[int] = (),
) -> Plan:
    """Return what publishing would make of the current page: what stays, what is new, what loses its place.

    What officials confirmed holds as long as the blocks that they saw are in the text. Of what was removed, the
    paragraphs with the ids that are `forgotten` lose their place for good.
    """
    old = [each for each in queries.current_page(document) if each.paragraph_id not in forgotten]
    blocks = prepared.text.blocks
    confirmed = confirmed_targets(old, blocks, queries.confirmations(document))
    return plan(old, blocks, queries.numbers(document.id), confirmed, on_doubt=on_doubt)


def confirmed_targets(
    old: Sequence[Old], blocks: Sequence[Block], said: Mapping[int, Confirmation]
) -> dict[int, list[int]]:
    """Return by old index the new ones that were confirmed; not those of which a block is in the text no more."""
    if not said:
        return {}
    place = {name: index for index, name in enumerate(fingerprints(blocks))}
    found: dict[int, list[int]] = {}
    for index, was in enumerate(old):
        if was.paragraph_id in said:
            names = said[was.paragraph_id].targets.split()
            if all(name in place for name in names):
                found[index] = sorted(place[name] for name in names)
    return found


def publish_version(
    *,
    actor: Any,
    document: Document,
    source: str,
    note: str,
    prepared: Prepared | None = None,
    seen: int | None = None,
    doubtful: Literal["refuse", "remove", "accept"] = "refuse",
) -> Version:
    """Publish `source` as the next version: rendered once, numbered for life, comments left where they are.

    `prepared` is the same source made into blocks beforehand. `seen` is the number of the version the publisher
    looked at; Conflict when another was published since. Matches in doubt that nobody confirmed stop it, unless
    `doubtful` says that such paragraphs count as removed or that the matches hold as they seem. Raises Invalid for
    those, and where the text or the note will not do.
    """
    permit(document, actor=actor)
    if len(note) > NOTE_LENGTH:
        raise Invalid(_("The note must be %(limit)s characters or fewer.", limit=NOTE_LENGTH), field="note")
    lock(document)
    if seen is not None and seen != document.version_count:
        raise Conflict(_("Another version was published after you opened this page. Look at it first."))
    if prepared is None or prepared.source != source or prepared.numbers != queries.numbers(document.id):
        prepared = prepare(document, source)
    if not prepared.text.blocks:
        raise Invalid(_("There is no text to publish yet. Write the draft first."), field="source")
    planned = plan_of(document, prepared, on_doubt="remove" if doubtful == "remove" else "accept")
    if doubtful == "refuse" and planned.doubts:
        raise Invalid(
            ngettext(
                "%(num)s match is still to be confirmed.",
                "%(num)s matches are still to be confirmed.",
                len(planned.doubts),
            ),
            field="matches",
        )
    return add_version(actor=actor, document=document, prepared=prepared, planned=planned, note=note.strip())


def lock(document: Document) -> None:
    """Hold a document until the transaction ends, and see it as it is now: one publishes at a time."""
    db.session.refresh(document, with_for_update={"of": Document})


def add_version(
    *,
    actor: Any,
    document: Document,
    prepared: Prepared,
    planned: Plan,
    note: str,
    heeds_draft: bool = True,
    is_told: bool = True,
    **more: Any,
) -> Version:
    """Store the next version as planned, make it the current one, put it on record and tell whoever listens.

    `is_told` is False where the text is kept elsewhere: there its change is on record, and there they are told.
    `heeds_draft` is False for a version that is not the draft, of which officials confirmed nothing. `more` are
    further columns of the version. The caller has checked permission and holds the document's `lock`.
    """
    said = queries.confirmations(document) if heeds_draft else {}
    version = _add_version(actor, document, prepared, note, **more)
    add_page(document, version, planned, prepared.text.blocks, said)
    document.current_version_id = version.id
    document.version_count = version.number
    db.session.flush()
    touch(document)
    if is_told:
        before, after = str(version.number - 1), str(version.number)
        record("document.publish", document, actor=actor, before=before, after=after)
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


def permit(thing: Any, *, actor: Any) -> None:
    """Let officials of the unit pass, and the command line."""
    if actor is not None:
        require(May.RUN_CONSULTATION, actor, thing)


def _id(actor: Any) -> int | None:
    return None if actor is None else actor.id


def record(act: str, document: Document, *, actor: Any, before: str = "", after: str = "") -> None:
    """Put an act on a document on record."""
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


def _add_version(actor: Any, document: Document, prepared: Prepared, note: str, **more: Any) -> Version:
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
        **more,
    )
    db.session.add(version)
    db.session.flush()
    return version
