"""What a unit does with its consultation: it creates, opens, extends, closes or withdraws it, and says what came of it."""

import secrets
from datetime import timedelta
from itertools import zip_longest
from typing import Any

from consult import clock
from consult.accounts.models import Person
from consult.cli.demonstration import plans
from consult.cli.demonstration.story import Story
from consult.consultations import actions as consultations
from consult.consultations import tallying
from consult.consultations.models import Policy, Stage
from consult.moderation.holds import actions as holds
from consult.moderation.holds.queries import holds_of
from consult.text.markdown import render_page

USUAL_LOOK = 24  # hours within which a moderator looks, unless the content says otherwise


class Exercise:
    """The steps of one consultation."""

    def __init__(self, story: Story) -> None:
        self.story = story
        self.said = story.said

    def plan_creation(self) -> None:
        self.story.later(self.story.begun, self._create)
        self.story.later(self.story.begun, lambda: plans.write(self.story))

    def plan_opening(self) -> None:
        if self.said["stage"] != "preparing":
            self.story.later(self.story.opens, self._open)
        if "equality" in self.said:
            self.story.later(self.story.opens + timedelta(hours=1), self._count_forms)

    def plan_end(self) -> None:
        for name, act in (
            ("extended", self._extend),
            ("withdrawn", self._withdraw),
            ("outcome", self._finish),
        ):
            if name in self.said:
                self.story.later(self.story.calendar.when(self.said[name]), act)
        if self.said["stage"] == "analysing":
            self.story.later(self.story.closes + timedelta(days=1), self._analyse)

    def _create(self) -> None:
        author = self.story.author()
        self.story.consultation = consultations.create_consultation(
            actor=author,
            unit=self.story.unit,
            title=self.said["title"],
            slug=self.said["slug"],
            summary=self.said["summary"],
        )
        extended = self.said.get("extended")
        closes = (
            self.story.calendar.day(extended["from"], self.said["closes_at"])
            if extended
            else self.story.closes
        )
        consultations.revise_consultation(
            actor=author,
            consultation=self.story.consultation,
            based_on=self.story.consultation.edition,
            values={
                "policy": Policy(self.said["moderation"]),
                "look_hours": self.said.get("look_hours", USUAL_LOOK),
                "opens_at": self.story.opens,
                "closes_at": closes,
                **{name: self.said[name] for name in ("aims", "who_reads", "what_happens")},
                "post_address": self.said["other_ways"]["post"],
                "telephone": self.said["other_ways"]["telephone"],
                "asks_equality": "equality" in self.said,
                **self.said["formats"],
            },
        )

        if "words" in self.said:
            holds.set_words(
                actor=author, unit=self.story.unit, based_on=0, typed="\n".join(self.said["words"])
            )
        if "hours" in self.said:
            self._set_hours(author)

    def _set_hours(self, author: Person) -> None:
        """Let comments appear by themselves in these hours alone, beside the holds that every consultation begins with."""
        kept = holds_of(self.story.consultation.id)
        values: dict[str, Any] = {name: name in holds.ON_AT_FIRST for name in holds.SWITCHES}
        for name, at in self.said["hours"].items():
            hour, minute = map(int, at.split(":"))
            values[f"{name}_minute"] = hour * 60 + minute
        holds.set_holds(
            actor=author,
            consultation=self.story.consultation,
            based_on=kept.edition if kept else 0,
            values=values,
        )

    def _open(self) -> None:
        stage = Stage.EARLY_IDEA if self.said["stage"] == "early_idea" else Stage.OPEN
        consultations.open_consultation(
            actor=self.story.author(),
            consultation=self.story.consultation,
            stage=stage,
            opens_at=None,
            has_text=True,
        )

    def _count_forms(self) -> None:
        day = clock.now().date()
        for answers in _forms(self.said["equality"]):
            tallying.count_form(
                consultation=self.story.consultation, answers=answers, digest=secrets.token_hex(32), day=day
            )

    def _extend(self) -> None:
        said = self.said["extended"]
        consultations.extend_closing(
            actor=self.story.cast.people[said["by"]],
            consultation=self.story.consultation,
            closes_at=self.story.closes,
            reason=said["reason"],
        )

    def _withdraw(self) -> None:
        said = self.said["withdrawn"]
        consultations.withdraw_consultation(
            actor=self.story.cast.people[said["by"]],
            consultation=self.story.consultation,
            reason=said["reason"],
        )

    def _analyse(self) -> None:
        consultations.begin_analysis(actor=self.story.author(), consultation=self.story.consultation)

    def _finish(self) -> None:
        said = self.said["outcome"]
        html = render_page(said["statement"], resolve=lambda target: ("", False)).html
        consultations.publish_outcome(
            actor=self.story.cast.people[said["by"]],
            consultation=self.story.consultation,
            source=said["statement"],
            html=str(html),
        )


def _forms(said: dict[str, dict[str, int]]) -> list[dict[str, str]]:
    """Return filled-in forms whose answers add up to what is said of each question."""
    columns = [
        [(question, answer) for answer, count in answers.items() for _ in range(count)]
        for question, answers in said.items()
    ]
    return [dict(filter(None, row)) for row in zip_longest(*columns)]
