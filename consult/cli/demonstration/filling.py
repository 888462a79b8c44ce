"""Fills an empty database with the demonstration, by replaying its history through the real actions.

The clock is set to each event's moment, so that states, decisions, counts and record are what they would be had
it all happened; nothing is written past the rules.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from consult import clock, config
from consult.accounts import queries as accounts
from consult.accounts.models import Person
from consult.cli.demonstration import people, reading
from consult.cli.demonstration.people import Cast
from consult.cli.demonstration.reading import Calendar, Entry
from consult.consultations import actions as consultations
from consult.consultations.models import Policy, Stage
from consult.discussion import actions as discussion
from consult.discussion.models import Comment, Kind, Response
from consult.documents import actions as documents
from consult.documents import confirming, correcting, sources
from consult.documents import queries as document_queries
from consult.documents.matching import fingerprints
from consult.documents.models import WHOLE, Block, Document, Paragraph, Version
from consult.errors import Conflict
from consult.extensions import db, transaction
from consult.moderation import actions as moderation
from consult.search import indexing
from consult.text.markdown import render_page
from consult.toolkit import seeding

PREPARATION = timedelta(days=14)  # a unit writes for two weeks before it opens
LOOK = timedelta(minutes=4)  # until a moderator has looked; people in the content answer quickly
MARKS = re.compile(r"\s+")


@dataclass(order=True)
class Event:
    """Something that happened at a moment; `order` settles what happened first in the same minute."""

    at: datetime
    order: int
    act: Callable[[], Any] = field(compare=False)


def fill(settings: config.Settings) -> None:
    """Fill the database. Raises Conflict when there is a site in it already."""
    if accounts.site_or_none() is not None:
        raise Conflict("There is a site in this database already. A demonstration needs an empty one.")
    calendar = Calendar(clock.now(), settings.timezone)
    try:
        with transaction():
            clock.replace(lambda: calendar.now - timedelta(days=400))
            cast = people.bring_in(Path(settings.instance))
            for said in reading.consultations():
                Story(said, cast, calendar).replay()
            clock.replace(None)
            seeding.seed()
            indexing.reindex()  # one history was told after the other; what is found is shown newest first
    finally:
        clock.replace(None)


class Story:
    """The history of one consultation."""

    def __init__(self, said: dict[str, Any], cast: Cast, calendar: Calendar) -> None:
        self.said = said
        self.cast = cast
        self.calendar = calendar
        self.unit = cast.units[said["unit"]]
        self.opens = calendar.day(said["opens"], said["opens_at"])
        self.closes = calendar.day(said["closes"], said["closes_at"])
        self.begun = min(self.opens, *map(calendar.when, self._texts())) - PREPARATION
        self.moderator = cast.moderator_of(self.unit.organisation)
        self.documents: dict[str, Document] = {}
        self.comments: dict[str, Comment] = {}
        self.responses: dict[str, Response] = {}
        self.answered_by: dict[int, Comment] = {}  # by the id of a response: the comment it answers
        self.events: list[Event] = []

    def replay(self) -> None:
        """Let everything happen, in the order of time."""
        self._plan()
        for event in sorted(self.events):
            clock.replace(lambda at=event.at: at)  # type: ignore[misc]
            event.act()
            db.session.flush()

    def _later(self, at: datetime, act: Callable[[], Any]) -> None:
        self.events.append(Event(at, len(self.events), act))

    def _plan(self) -> None:
        self._later(self.begun, self._create)
        for said in self.said["documents"]:
            self._plan_document(said)
        if self.said["stage"] != "preparing":
            self._later(self.opens, self._open)
        for comment in reading.comments(self.said["slug"]):
            self._plan_comment(comment)
        for name, act in (
            ("extended", self._extend),
            ("withdrawn", self._withdraw),
            ("outcome", self._finish),
        ):
            if name in self.said:
                self._later(self.calendar.when(self.said[name]), act)
        if self.said["stage"] == "analysing":
            self._later(self.closes + timedelta(days=1), self._analyse)

    # ---- the unit

    def _texts(self) -> list[Entry]:
        """Return every text that was written, in the order of the content."""
        return [text for said in self.said["documents"] for text in _texts_of(said)]

    def _author(self) -> Person:
        return self.cast.people[self._texts()[0]["author"]]

    def _create(self) -> None:
        author = self._author()
        self.consultation = consultations.create_consultation(
            actor=author,
            unit=self.unit,
            title=self.said["title"],
            slug=self.said["slug"],
            summary=self.said["summary"],
        )
        extended = self.said.get("extended")
        closes = self.calendar.day(extended["from"], self.said["closes_at"]) if extended else self.closes
        consultations.revise_consultation(
            actor=author,
            consultation=self.consultation,
            based_on=self.consultation.edition,
            values={
                "policy": Policy(self.said["moderation"]),
                "opens_at": self.opens,
                "closes_at": closes,
                **{name: self.said[name] for name in ("aims", "who_reads", "what_happens")},
                "post_address": self.said["other_ways"]["post"],
                "telephone": self.said["other_ways"]["telephone"],
                **self.said["formats"],
            },
        )

    def _open(self) -> None:
        stage = Stage.EARLY_IDEA if self.said["stage"] == "early_idea" else Stage.OPEN
        consultations.open_consultation(
            actor=self._author(), consultation=self.consultation, stage=stage, opens_at=None, has_text=True
        )

    def _extend(self) -> None:
        said = self.said["extended"]
        consultations.extend_closing(
            actor=self.cast.people[said["by"]],
            consultation=self.consultation,
            closes_at=self.closes,
            reason=said["reason"],
        )

    def _withdraw(self) -> None:
        said = self.said["withdrawn"]
        consultations.withdraw_consultation(
            actor=self.cast.people[said["by"]], consultation=self.consultation, reason=said["reason"]
        )

    def _analyse(self) -> None:
        consultations.begin_analysis(actor=self._author(), consultation=self.consultation)

    def _finish(self) -> None:
        said = self.said["outcome"]
        html = render_page(said["statement"], resolve=lambda target: ("", False)).html
        consultations.publish_outcome(
            actor=self.cast.people[said["by"]],
            consultation=self.consultation,
            source=said["statement"],
            html=str(html),
        )

    def _plan_document(self, said: Entry) -> None:
        texts = _texts_of(said)
        self._later(self.begun, lambda: self._begin(said))
        for text in texts:
            # one minute before the doors open, so that a document is there when they do
            at = min(self.calendar.when(text), self.calendar.now) - timedelta(minutes=1)
            self._later(at, partial(self._write, said["slug"], text))
            if "corrected" in text:
                self._later(
                    self.calendar.when(text["corrected"]), partial(self._put_right, said["slug"], text)
                )

    def _begin(self, said: Entry) -> None:
        self.documents[said["slug"]] = documents.create_document(
            actor=self._author(), consultation=self.consultation, title=said["title"], slug=said["slug"]
        )

    def _write(self, slug: str, said: Entry) -> None:
        document = self.documents[slug]
        author = self.cast.people[said["author"]]
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
            actor=self.cast.people[wrong["by"]],
            document=document,
            source=version.source.replace(wrong["wrong"], wrong["right"]),
            note=wrong["note"],
        )

    # ---- the talk

    def _plan_comment(self, said: Entry) -> None:
        at = self.calendar.when(said)
        if said.get("official"):
            self._later(at, lambda: self._respond(said))
            return
        self._later(at, lambda: self._post(said))
        state = said.get("state", "published")
        if state != "waiting" and self.said["moderation"] == "before":
            self._later(
                min(at + LOOK, self.calendar.now), lambda: self._decide(said, moderation.Verb.PUBLISH)
            )
        if state == "taken_down":
            changed = self.calendar.when(said["changed"])
            self._later(changed, lambda: self._decide(said, moderation.Verb.TAKE_DOWN))
        if state == "withdrawn":
            self._later(self.calendar.when(said["changed"]), lambda: self._take_back(said))
        if "edited" in said:
            self._later(self.calendar.when(said["edited"]), lambda: self._correct(said))
        for report in said.get("reports", ()):
            self._later(self.calendar.when(report), partial(self._report, said, report))

    def _post(self, said: Entry) -> None:
        body = said["edited"]["before"] if "edited" in said else said["body"]
        parent, response = self._answered(said)
        self.comments[said["id"]] = discussion.post_comment(
            actor=self.cast.people[said["by"]],
            paragraph=parent.paragraph if parent else self._paragraph(said),
            body=body,
            kind=Kind(said.get("kind", "comment")),
            parent=parent,
            response=response,
            version=said.get("version"),
        )

    def _answered(self, said: Entry) -> tuple[Comment | None, Response | None]:
        """Return the comment that a reply stands under, and the official reply it answers, if it does."""
        name = said.get("reply_to", "")
        response = self.responses.get(name)
        if response is not None:
            return self.answered_by[response.id], response
        return self.comments.get(name), None

    def _respond(self, said: Entry) -> None:
        asked, _ = self._answered(said)
        if asked is None:
            raise LookupError(f"the official reply {said['id']} answers nothing")
        response = discussion.respond(actor=self.cast.people[said["by"]], comments=[asked], body=said["body"])
        self.answered_by[response.id] = asked
        self.responses[said["id"]] = response

    def _decide(self, said: Entry, verb: moderation.Verb) -> None:
        is_removal = verb is moderation.Verb.TAKE_DOWN
        moderation.decide(
            actor=self.cast.people[said["changed"]["by"]] if is_removal else self.moderator,
            comment=self.comments[said["id"]],
            verb=verb,
            reason=said["reason"] if is_removal else "",
            message=said["note"] if is_removal else "",
        )

    def _take_back(self, said: Entry) -> None:
        discussion.withdraw_comment(actor=self.cast.people[said["by"]], comment=self.comments[said["id"]])

    def _correct(self, said: Entry) -> None:
        comment = self.comments[said["id"]]
        discussion.correct_comment(actor=self.cast.people[said["by"]], comment=comment, body=said["body"])
        if self.said["moderation"] == "before":
            moderation.decide(actor=self.moderator, comment=comment, verb=moderation.Verb.PUBLISH)

    def _report(self, said: Entry, report: Entry) -> None:
        moderation.report_comment(
            actor=self.cast.people[report["by"]],
            comment=self.comments[said["id"]],
            reason=report["reason"],
            note=report["note"],
        )

    def _paragraph(self, said: Entry) -> Paragraph:
        """Return the paragraph that begins with the words of `on` in the version that was written on."""
        document = next(iter(self.documents.values()))
        if said["on"] == WHOLE:
            return document_queries.paragraph(document, WHOLE)
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


def _texts_of(document: Entry) -> list[Entry]:
    """Return the texts of a document in the order in which they were written."""
    return [*document.get("versions", ()), *([document["draft"]] if "draft" in document else ())]


def squeezed(words: str) -> str:
    return MARKS.sub(" ", words).strip()
