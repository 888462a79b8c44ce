"""What was said in a consultation, and what became of it: comments, letters, answers, decisions."""

import hashlib
from datetime import datetime, timedelta
from functools import partial

from consult import clock
from consult.cli.demonstration import reading, ways
from consult.cli.demonstration.moderated import Moderated
from consult.cli.demonstration.reading import Entry
from consult.cli.demonstration.story import Story
from consult.cli.demonstration.texts import Texts
from consult.consultations.verdicts import Verdict
from consult.discussion import actions as discussion
from consult.discussion import recording, replacing
from consult.discussion.answering import replying
from consult.discussion.ledger import also, marking, objecting
from consult.discussion.ledger import entries as ledger
from consult.discussion.ledger.also import Asker
from consult.discussion.models import Comment, Kind, Response
from consult.discussion.verdict import deciding
from consult.documents.models import Paragraph
from consult.moderation import actions as moderation

READING = timedelta(days=1)  # until an official has read it
LOOK = timedelta(minutes=4)  # until a moderator has looked; people in the content answer quickly


class Talk:
    """All that is said on one consultation, by the names that the content gives it."""

    def __init__(self, story: Story, texts: Texts) -> None:
        self.story = story
        self.said = story.said
        self.cast = story.cast
        self.calendar = story.calendar
        self.texts = texts
        self.comments: dict[str, Comment] = {}
        self.responses: dict[str, Response] = {}
        self.answered_by: dict[int, Comment] = {}  # by the id of a response: the comment it answers

    def plan(self) -> None:
        moderated = Moderated(self.story, self.comments)
        for comment in reading.comments(self.said["slug"]):
            self._plan_comment(comment)
            moderated.plan(comment)

    def _plan_comment(self, said: Entry) -> None:
        at = self.calendar.when(said)
        if said.get("official"):
            self.story.later(at, lambda: self._respond(said))
            return
        self.story.later(at, lambda: self._write_down(said) if "recorded" in said else self._post(said))
        state = said.get("state", "published")
        is_looked_at = self.said["moderation"] == "before" and not ways.is_kept_from_the_public(said)
        if state != "waiting" and is_looked_at and "returned" not in said:
            self.story.later(
                min(at + LOOK, self.calendar.now), lambda: self._decide(said, moderation.Verb.PUBLISH)
            )
        if state == "taken_down":
            changed = self.calendar.when(said["changed"])
            self.story.later(changed, lambda: self._decide(said, moderation.Verb.TAKE_DOWN))
        if state == "withdrawn":
            self.story.later(self.calendar.when(said["changed"]), lambda: self._take_back(said))
        if "marked" in said:
            self.story.later(self.calendar.when(said["marked"]), lambda: self._mark(said))
        if "edited" in said:
            self.story.later(self.calendar.when(said["edited"]), lambda: self._correct(said))
        for report in said.get("reports", ()):
            self.story.later(self.calendar.when(report), partial(self._report, said, report))
        self._plan_ledger(said, at)

    def _plan_ledger(self, said: Entry, at: datetime) -> None:
        """Have a comment read after a day, asked by others too, objected to, and given what became of it after the close."""
        if at + READING < self.calendar.now:
            self.story.later(at + READING, lambda: self._read(said))
        for number in range(said.get("also", 0)):
            self.story.later(at + timedelta(hours=number + 2), partial(self._join, said, number))
        if "objects" in said:
            self.story.later(self.calendar.when(said["objects"]), lambda: self._object(said))
        if "verdict" in said:
            self.story.later(self.calendar.when(said["verdict"]), lambda: self._give_verdict(said))

    def _post(self, said: Entry) -> None:
        before = (said.get(how, {}).get("before") for how in ("edited", "returned"))
        body = next(filter(None, before), said["body"])
        parent, response = self._answered(said)
        paragraph = parent.paragraph if parent else self.texts.paragraph(said)
        block = replacing.block_at(paragraph, said.get("version"))
        self.comments[said["id"]] = discussion.post_comment(
            actor=self.cast.people[said["by"]],
            paragraph=paragraph,
            body=replacing.with_replacement(discussion.written(body), said.get("instead", ""), block),
            kind=Kind(said.get("kind", "comment")),
            parent=parent,
            response=response,
            version=said.get("version"),
            wishes=ways.wishes_of(said),
            cites=self._cited(said),
        )

    def _read(self, said: Entry) -> None:
        official = self.story.author()
        ledger.note_read([self.comments[said["id"]].id], official.id, clock.now())

    def _join(self, said: Entry, number: int) -> None:
        digest = hashlib.sha256(f"{said['id']} {number}".encode()).hexdigest()
        also.join_question(actor=None, asker=Asker(holder=digest), comment=self.comments[said["id"]])

    def _object(self, said: Entry) -> None:
        objecting.object_to_answer(
            actor=self.cast.people[said["by"]], comment=self.comments[said["id"]], why=said["objects"]["why"]
        )

    def _give_verdict(self, said: Entry) -> None:
        deciding.give_verdict(
            actor=self.cast.people[said["verdict"]["by"]],
            comment=self.comments[said["id"]],
            verdict=Verdict(said["verdict"]["is"]),
            reason=said["verdict"]["why"],
        )

    def _cited(self, said: Entry) -> list[Paragraph] | None:
        """Return the paragraphs that a letter names; None for what is no letter."""
        if "cites" not in said:
            return None
        return [self.texts.paragraph({**said, "on": words}) for words in said["cites"]]

    def _write_down(self, said: Entry) -> None:
        self.comments[said["id"]] = recording.record_response(
            actor=self.cast.people[said["by"]],
            paragraph=self.texts.paragraph(said),
            words=discussion.letter_written(said["body"]),
            kind=Kind(said.get("kind", "comment")),
            record=ways.record_of(said, self.calendar),
            zone=self.calendar.zone,
        )

    def _answered(self, said: Entry) -> tuple[Comment | None, Response | None]:
        """Return the comment that a reply stands under, and the official reply it answers, if it does."""
        name = said.get("reply_to", "")
        response = self.responses.get(name)
        if response is not None:
            return self.answered_by[response.id], response
        return self.comments.get(name), None

    def _mark(self, said: Entry) -> None:
        by = self.cast.people[said["marked"]["by"]]
        marking.mark_as_question(actor=by, comment=self.comments[said["id"]])

    def _respond(self, said: Entry) -> None:
        asked, _ = self._answered(said)
        if asked is None:
            raise LookupError(f"the official reply {said['id']} answers nothing")
        if asked.is_team_only:
            replying.reply_to_sender(actor=self.cast.people[said["by"]], comment=asked, body=said["body"])
            return
        response = discussion.respond(actor=self.cast.people[said["by"]], comments=[asked], body=said["body"])
        self.answered_by[response.id] = asked
        self.responses[said["id"]] = response

    def _decide(self, said: Entry, verb: moderation.Verb) -> None:
        is_removal = verb is moderation.Verb.TAKE_DOWN
        moderation.decide(
            actor=self.cast.people[said["changed"]["by"]] if is_removal else self.story.moderator,
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
            moderation.decide(actor=self.story.moderator, comment=comment, verb=moderation.Verb.PUBLISH)

    def _report(self, said: Entry, report: Entry) -> None:
        moderation.report_comment(
            actor=self.cast.people[report["by"]],
            comment=self.comments[said["id"]],
            reason=report["reason"],
            note=report["note"],
        )
