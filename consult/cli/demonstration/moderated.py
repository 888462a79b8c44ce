"""What moderators sent back, took words out of, closed or sealed, what authors appealed against, who complained; how that ended."""

from collections.abc import Mapping
from datetime import timedelta

from consult.accounts.models import Person
from consult.cli.demonstration.reading import Entry
from consult.cli.demonstration.story import Story
from consult.discussion import actions as discussion
from consult.discussion.models import Comment
from consult.moderation import actions as moderation
from consult.moderation.appeals import actions as appeals
from consult.moderation.appeals import queries as found
from consult.moderation.appeals.models import Outcome
from consult.moderation.closing import actions as closing
from consult.moderation.complaints import actions as complaints
from consult.moderation.erasure.models import Ground
from consult.moderation.redaction import actions as redaction
from consult.moderation.redaction import planning
from consult.moderation.seals import actions as seals
from consult.permissions import Anyone

LOOK = timedelta(minutes=40)  # until a moderator has looked at words that were mended


class Moderated:
    """The decisions on one consultation's comments that are more than a look, by the names of the content."""

    def __init__(self, story: Story, comments: Mapping[str, Comment]) -> None:
        self.story = story
        self.comments = comments

    def plan(self, said: Entry) -> None:
        when = self.story.calendar.when
        if "returned" in said:
            self.story.later(when(said["returned"]), lambda: self._send_back(said))
        if "mended" in said.get("returned", {}):
            at = when(said["returned"]["mended"])
            self.story.later(at, lambda: self._mend(said))
            self.story.later(min(at + LOOK, self.story.calendar.now), lambda: self._publish(said))
        if "appeal" in said:
            self.story.later(when(said["appeal"]), lambda: self._appeal(said))
        if "heard" in said.get("appeal", {}):
            self.story.later(when(said["appeal"]["heard"]), lambda: self._hear(said))
        if "taken_out" in said:
            self.story.later(when(said["taken_out"]), lambda: self._take_out(said))
        if "closed" in said:
            self.story.later(when(said["closed"]), lambda: self._close(said))
        if "complaint" in said:
            self.story.later(when(said["complaint"]), lambda: self._complain(said))
        if "sealed" in said:
            self.story.later(when(said["sealed"]), lambda: self._seal(said))

    def _send_back(self, said: Entry) -> None:
        told = said["returned"]
        moderation.decide(
            actor=self._person(told["by"]),
            comment=self.comments[said["id"]],
            verb=moderation.Verb.RETURN,
            reason=told["reason"],
            message=told["note"],
        )

    def _mend(self, said: Entry) -> None:
        discussion.correct_comment(
            actor=self._person(said["by"]), comment=self.comments[said["id"]], body=said["body"]
        )

    def _publish(self, said: Entry) -> None:
        moderation.decide(
            actor=self.story.moderator, comment=self.comments[said["id"]], verb=moderation.Verb.PUBLISH
        )

    def _appeal(self, said: Entry) -> None:
        appeals.make_appeal(
            actor=self._person(said["by"]), comment=self.comments[said["id"]], why=said["appeal"]["why"]
        )

    def _hear(self, said: Entry) -> None:
        heard = said["appeal"]["heard"]
        appeal = found.open_appeal(self.comments[said["id"]].id)
        if appeal is None:
            raise LookupError(f"nobody has appealed about {said['id']}")
        appeals.decide_appeal(
            actor=self._person(heard["by"]), appeal=appeal, outcome=Outcome(heard["is"]), words=heard["words"]
        )

    def _take_out(self, said: Entry) -> None:
        told, comment = said["taken_out"], self.comments[said["id"]]
        redaction.take_out(
            actor=self._person(told["by"]),
            comment=comment,
            plan=planning.plan(comment, told["words"], told["reason"]),
            message=told["note"],
        )

    def _close(self, said: Entry) -> None:
        told = said["closed"]
        closing.close_thread(
            actor=self._person(told["by"]),
            comment=self.comments[said["id"]],
            reason=told["reason"],
            note=told["note"],
        )

    def _complain(self, said: Entry) -> None:
        told = said["complaint"]
        notice = {name: told[name] for name in ("name", "email", "statement", "why", "meaning", "untrue")}
        complaints.make_complaint(
            actor=Anyone(), comment=self.comments[said["id"]], shares_contact=True, **notice
        )

    def _seal(self, said: Entry) -> None:
        told, comment = said["sealed"], self.comments[said["id"]]
        asker, other = self._person(told["by"]), self._person(told["agreed"])
        seals.ask(actor=asker, comment=comment, ground=Ground(told["ground"]), readers=[asker.id, other.id])
        seals.agree(actor=other, comment=comment)

    def _person(self, key: str) -> Person:
        return self.story.cast.people[key]
