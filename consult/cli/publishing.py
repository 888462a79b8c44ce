"""`consult publish`: the next version of a document, from a file."""

from pathlib import Path

import click

from consult.documents import actions, queries
from consult.errors import Invalid, NotFound
from consult.extensions import transaction
from consult.text.bounds import NOTE_LENGTH


@click.command()
@click.argument("document")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--note", default="", help="What changed, and why: shown with the version.")
def publish(document: str, file: Path, note: str) -> None:
    """Publish FILE.md as the next version of DOCUMENT, given as consultation/document.

    The names are those of the web address: clear-footways/draft for …/consultations/clear-footways/draft.
    """
    consultation_slug, slash, document_slug = document.strip("/").partition("/")
    if not slash or not document_slug or "/" in document_slug:
        raise click.ClickException(
            f"{document}: give the consultation and the document, such as clear-footways/draft"
        )
    if len(note) > NOTE_LENGTH:
        raise click.ClickException(f"The note has {len(note)} characters; use {NOTE_LENGTH} or fewer")
    try:
        found = queries.document(consultation_slug, document_slug)
    except NotFound:
        raise click.ClickException(
            f"{document}: there is no such document. Begin it on the page of its consultation first"
        ) from None
    source = _text(file)
    try:
        prepared = actions.prepare(found, source)
        with transaction():
            version = actions.publish_version(
                actor=None,
                document=found,
                source=prepared.source,
                note=note,
                prepared=prepared,
                doubtful="remove",
            )
    except Invalid as error:
        raise click.ClickException(f"{file}: {error.message}") from None
    click.echo(f"Published version {version.number} of {document}: {version.paragraph_count} paragraphs")


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise click.ClickException(f"{file}: not a text file in UTF-8") from None
    except OSError as error:
        raise click.ClickException(f"{file}: {error.strerror}") from None
