"""`consult publish`: the next version of a document, from a file."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import click

from consult.documents import actions, page_queries, queries
from consult.documents.actions import Prepared
from consult.documents.models import Document
from consult.errors import Invalid, NotFound
from consult.extensions import link_to, transaction
from consult.text.bounds import NOTE_LENGTH
from consult.text.brief import brief
from consult.web.fields import NEVER_IN_A_TEXT

WORDS = 60  # characters of a paragraph in a list


@click.command()
@click.argument("document")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--note", default="", help="What changed, and why: shown with the version.")
@click.option("--as-matched", is_flag=True, help="Take doubtful matches as they seem.")
@click.option(
    "--strict", is_flag=True, help="Publish nothing while a match is in doubt: list them and exit 1."
)
def publish(document: str, file: Path, note: str, as_matched: bool, strict: bool) -> None:
    """Publish FILE.md as the next version of DOCUMENT, given as consultation/document.

    The names are those of the web address: clear-footways/draft for …/consultations/clear-footways/draft.

    Paragraphs whose match with the current version is in doubt, and that no official confirmed, count as removed:
    comments are never put on other words unasked. A number mark in the file is taken at its word. Both are listed.
    """
    if as_matched and strict:
        raise click.UsageError("--as-matched and --strict exclude each other")
    if len(note) > NOTE_LENGTH:
        raise click.ClickException(f"The note has {len(note)} characters; use {NOTE_LENGTH} or fewer")
    if NEVER_IN_A_TEXT.search(note):
        raise click.ClickException("The note has characters that cannot be shown")
    found = _document(document)
    source = _text(file)
    doubtful: Literal["refuse", "remove", "accept"] = (
        "refuse" if strict else "accept" if as_matched else "remove"
    )
    try:
        prepared = actions.prepare(found, source)
        doubts = list(_doubts(found, prepared))
        if doubts and strict:
            _refuse(found, file, doubts)
        with transaction():
            version = actions.publish_version(
                actor=None,
                document=found,
                source=prepared.source,
                note=note,
                prepared=prepared,
                doubtful=doubtful,
            )
    except Invalid as error:
        raise click.ClickException(f"{file}: {error.message}") from None
    click.echo(f"Published version {version.number} of {document}: {version.paragraph_count} paragraphs")
    if doubts:
        _tell(found, doubts, as_matched=as_matched)


def _document(name: str) -> Document:
    consultation_slug, slash, document_slug = name.strip("/").partition("/")
    if not slash or not document_slug or "/" in document_slug:
        raise click.ClickException(
            f"{name}: give the consultation and the document, such as clear-footways/draft"
        )
    try:
        return queries.document(consultation_slug, document_slug)
    except NotFound:
        raise click.ClickException(
            f"{name}: there is no such document. Begin it on the page of its consultation first"
        ) from None


@dataclass(frozen=True)
class Doubtful:
    """A paragraph of whom nobody said what became of it, the comments at stake, and what it seems to be."""

    number: str
    words: str
    comment_count: int
    seems: str
    by_mark: bool


def _doubts(document: Document, prepared: Prepared) -> Iterator[Doubtful]:
    old = queries.current_page(document)
    talk = page_queries.talk_of(document.id)
    planned = actions.plan_of(document, prepared)
    numbers = {slot.new: slot.number for slot in planned.slots if slot.new is not None}
    for doubt in planned.doubts:
        was = old[doubt.old]
        words = brief(was.plain or was.text, WORDS)
        seems = "seems to be removed"
        if doubt.targets:
            there = " and ".join(numbers[index] for index in doubt.targets)
            begins = brief(prepared.text.blocks[doubt.targets[0]].plain, WORDS)
            seems = f"[{was.number}] stands before" if doubt.by_mark else f"seems to live on as {there}"
            seems = f"{seems}: {begins}"
        yield Doubtful(was.number, words, talk.get(was.number, 0), seems, doubt.by_mark)


def _list(doubts: Iterable[Doubtful]) -> None:
    for each in doubts:
        comments = _counted(each.comment_count, "comment", "comments")
        click.echo(f"  {each.number} ({comments}): {each.words}\n      {each.seems}")


def _tell(document: Document, doubts: list[Doubtful], *, as_matched: bool) -> None:
    """List what nobody confirmed: what was put on other words, and what was not."""
    taken = [each for each in doubts if as_matched or each.by_mark]
    removed = [each for each in doubts if each not in taken]
    if removed:
        click.echo("In doubt, and counted as removed, with their comments beside them:")
        _list(removed)
    if taken:
        click.echo("In doubt, and taken as they seem, with their comments:")
        _list(taken)
    click.echo(f"What is wrong can be put right when the next version is published, at {_page(document)}")


def _refuse(document: Document, file: Path, doubts: list[Doubtful]) -> None:
    _list(doubts)
    raise click.ClickException(
        f"{file}: {_counted(len(doubts), 'match is', 'matches are')} in doubt. Nothing is published. "
        f"Save the text as the draft and confirm them at {_page(document)}, or use --as-matched"
    )


def _page(document: Document) -> str:
    return link_to("documents.publish", slug=document.consultation.slug, document=document.slug)


def _counted(count: int, one: str, many: str) -> str:
    return f"{count} {one if count == 1 else many}"


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise click.ClickException(f"{file}: not a text file in UTF-8") from None
    except OSError as error:
        raise click.ClickException(f"{file}: {error.strerror}") from None
