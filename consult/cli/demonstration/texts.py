"""The texts of a consultation: written, put right and published, paragraph by paragraph the same as before."""

from collections.abc import Sequence
from datetime import timedelta
from functools import partial

from consult.accounts.models import Person
from consult.cli.demonstration import reading
from consult.cli.demonstration.reading import Entry
from consult.cli.demonstration.story import Story, texts_of
from consult.documents import actions as documents
from consult.documents import confirming, correcting, paragraph_queries, sources
from consult.documents import queries as document_queries
from consult.documents.matching import fingerprints
from consult.documents.models import WHOLE, Block, Document, Paragraph, Version
from consult.extensions import db
from consult.text.plain import squeezed


class Texts:
    """The documents of one consultation, by their slugs."""

    def __init__(self, story: Story) -> None:
        self.story = story
        self.documents: dict[str, Document] = {}

    def plan(self) -> None:
        for said in self.story.said["documents"]:
            self._plan_document(said)

    def _plan_document(self, said: Entry) -> None:
        texts = texts_of(said)
        self.story.later(self.story.begun, lambda: self._begin(said))
        for text in texts:
            # one minute before the doors open, so that a document is there when they do
            at = min(self.story.calendar.when(text), self.story.calendar.now) - timedelta(minutes=1)
            self.story.later(at, partial(self._write, said["slug"], text))
            if "corrected" in text:
                self.story.later(
                    self.story.calendar.when(text["corrected"]), partial(self._put_right, said["slug"], text)
                )

    def _begin(self, said: Entry) -> None:
        self.documents[said["slug"]] = documents.create_document(
            actor=self.story.author(),
            consultation=self.story.consultation,
            title=said["title"],
            slug=said["slug"],
        )

    def _write(self, slug: str, said: Entry) -> None:
        document = self.documents[slug]
        author = self.story.cast.people[said["author"]]
        source = self._numbered(document, reading.text(said["file"]))
        documents.save_draft(actor=author, document=document, source=source, based_on=document.draft_number)
        if "note" in said:
            self._confirm(author, document, said)
            documents.publish_version(actor=author, document=document, source=source, note=said["note"])

    @staticmethod
    def _numbered(document: Document, source: str) -> str:
        """Return a draft as its writer would have it before them: with the permanent numbers in it."""
        if not document.version_count:
            return source
        prepared = documents.prepare(document, source)
        return sources.with_numbers_found(prepared, documents.plan_of(document, prepared, on_doubt="remove"))

    def _confirm(self, author: Person, document: Document, said: Entry) -> None:
        """Say what became of the paragraphs that the matching would ask about, as an official of the unit would."""
        pairs = said.get("confirmed", ())
        if not pairs:
            return
        blocks = documents.prepare(document, reading.text(said["file"])).text.blocks
        names = fingerprints(blocks)
        matches = {}
        for pair in pairs:
            was = self._block(document, document.version_count, pair["was"]).paragraph
            place = _beginning_with(pair["is"], [block.plain for block in blocks]) if pair["is"] else None
            matches[was.key] = [] if place is None else [names[place]]
        confirming.confirm_matches(actor=author, document=document, said=matches, seen=document.version_count)

    def _put_right(self, slug: str, said: Entry) -> None:
        wrong, document = said["corrected"], self.documents[slug]
        version = document_queries.version(document, document.version_count)
        correcting.correct_version(
            actor=self.story.cast.people[wrong["by"]],
            document=document,
            source=version.source.replace(wrong["wrong"], wrong["right"]),
            note=wrong["note"],
        )

    def paragraph(self, said: Entry) -> Paragraph:
        """Return the paragraph that begins with the words of `on` in the version that was written on."""
        document = next(iter(self.documents.values()))
        if said["on"] == WHOLE:
            return paragraph_queries.paragraph(document, WHOLE)
        return self._block(document, said["version"], said["on"]).paragraph

    def _block(self, document: Document, number: int, words: str) -> Block:
        """Return the block that begins with these words in a version."""
        rows = db.session.query(Block).join(Version, Version.id == Block.version_id)
        page = rows.filter(
            Version.document_id == document.id, Version.number == number, Block.is_removed.is_(False)
        ).all()
        return page[_beginning_with(words, [block.plain for block in page])]


def _beginning_with(words: str, texts: Sequence[str]) -> int:
    """Return the place of the one text that begins with these words."""
    wanted = squeezed(words)
    found = [place for place, text in enumerate(texts) if squeezed(text).startswith(wanted)]
    if len(found) != 1:
        raise LookupError(f"{len(found)} paragraphs begin with “{words}”")
    return found[0]
