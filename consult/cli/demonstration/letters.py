"""One letter that many people sent, most of them with some words of their own."""

from datetime import timedelta
from functools import partial

from consult import clock
from consult.accounts.models import Person
from consult.cli.demonstration import reading
from consult.cli.demonstration.reading import Entry
from consult.cli.demonstration.story import Story
from consult.cli.demonstration.texts import Texts
from consult.discussion import actions as discussion
from consult.discussion.models import Kind
from consult.extensions import db


class Letters:
    """The campaign on one consultation, if there is one. Its senders are guests, each known by their own address."""

    def __init__(self, story: Story, texts: Texts) -> None:
        self.story = story
        self.texts = texts

    def plan(self) -> None:
        said = reading.campaign(self.story.said["slug"])
        if said is None:
            return
        for number, sender in enumerate(said["senders"]):
            minutes = number * float(said["minutes_apart"])
            at = self.story.calendar.when(said) + timedelta(minutes=minutes)
            self.story.later(min(at, self.story.calendar.now), partial(self._send, said, sender))

    def _send(self, said: Entry, sender: Entry) -> None:
        discussion.post_comment(
            actor=_guest(sender["name"]),
            paragraph=self.texts.paragraph(said),
            body=worded(said, sender),
            kind=Kind(said["kind"]),
        )


def worded(said: Entry, sender: Entry) -> str:
    """Return what somebody sent: the letter without the sentences that they left out, between words of their own."""
    kept = [
        words for place, words in enumerate(said["letter"], 1) if place not in sender.get("leaves_out", ())
    ]
    parts = (sender.get("begins", ""), " ".join(kept), sender.get("adds", ""))
    return "\n\n".join(part for part in parts if part)


def _guest(name: str) -> Person:
    address = name.lower().replace(" ", ".").replace("’", "")
    person = Person(
        name=name,
        email=f"{address}@mail.example",
        is_guest=True,
        created_at=clock.now(),
        confirmed_at=clock.now(),
    )
    db.session.add(person)
    db.session.flush()
    return person
