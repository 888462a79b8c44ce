"""The page of figures, its file, the decisions and the chain say the same of a world in which everything happened."""

import csv
import io
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from consult import clock
from consult.audit import AuditEntry
from consult.consultations.models import Policy
from consult.discussion import actions as discussion
from consult.discussion.models import Comment, Decision, State
from consult.extensions import db, transaction
from consult.moderation import actions
from consult.moderation.actions import Verb
from consult.moderation.appeals import actions as appeals
from consult.moderation.appeals.models import Appeal, Outcome
from consult.moderation.undoing import acts
from consult.reasons import UNDONE
from tests import factories
from tests.moderation.scene import Scene
from tests.pages import Visitor

BEGAN = datetime(2026, 8, 3, 9, tzinfo=UTC)
ENDS = {"granted": 6, "upheld": 5, "overtaken": 7, "open": 5}


class World:
    """A scene with a clock that goes on, in which moderators do everything that they can."""

    def __init__(self):
        self.now = BEGAN
        clock.replace(lambda: self.now)
        self.scene = Scene(Policy.BEFORE)
        self.second = factories.a_moderator(self.scene.organisation, name="Sol Second")
        self.scene.consultation.closes_at = BEGAN + timedelta(days=200)
        db.session.commit()
        self.count = 0

    def says(self) -> Comment:
        self.count += 1
        self.now += timedelta(minutes=self.count)
        return self.scene.says(f"Words number {self.count}.", actor=factories.a_person())

    def decides(self, comment, verb, reason="abuse"):
        self.now += timedelta(minutes=11)
        given = reason if verb in actions.REMOVALS else ""
        with transaction():
            return actions.decide(
                actor=self.scene.moderator, comment=comment, verb=verb, reason=given, message="So."
            )

    def undoes(self, comment, verb):
        act = self.decides(comment, verb)
        with transaction():
            acts.undo(actor=self.scene.moderator, act=act)

    def appealed(self, verb=Verb.TAKE_DOWN) -> Appeal:
        comment = self.says()
        self.decides(comment, verb)
        with transaction():
            return appeals.make_appeal(actor=comment.author, comment=comment, why="It is fair.")

    def hears(self, appeal, outcome):
        self.now += timedelta(hours=1)
        with transaction():
            appeals.decide_appeal(actor=self.second, appeal=appeal, outcome=outcome, words="We looked again.")


@pytest.fixture
def world(app) -> World:
    """Return a world with every act, each often enough to be shown, over a quarter and a little of the next."""
    world = World()
    for _each in range(9):
        world.decides(world.says(), Verb.PUBLISH)
        world.decides(world.says(), Verb.TAKE_DOWN, "off_topic")
    for verb in (Verb.PUBLISH, Verb.TAKE_DOWN, Verb.RETURN):
        for _each in range(5):
            world.undoes(world.says(), verb)
    for _each in range(5):
        _is_mended(world)
        _is_put_back(world)
    for end, count in ENDS.items():
        for place in range(count):
            _ends(world, end, place)
    world.now = datetime(2026, 10, 2, 9, tzinfo=UTC)
    for _each in range(6):
        world.decides(world.says(), Verb.PUBLISH)
    return world


def _is_mended(world):
    comment = world.says()
    world.decides(comment, Verb.RETURN, "off_topic")
    with transaction():
        discussion.correct_comment(actor=comment.author, comment=comment, body=f"{comment.body} Mended.")
    world.decides(comment, Verb.PUBLISH)


def _is_put_back(world):
    comment = world.says()
    world.decides(comment, Verb.PUBLISH)
    world.decides(comment, Verb.TAKE_DOWN)
    world.decides(comment, Verb.PUBLISH)
    world.undoes(comment, Verb.TAKE_DOWN)


def _ends(world, end, place):
    was_returned = place % 2 if end == "granted" else end == "overtaken" and place % 3 == 0
    appeal = world.appealed(Verb.RETURN if was_returned else Verb.TAKE_DOWN)
    if end in ("granted", "upheld"):
        world.hears(appeal, Outcome(end))
    elif end == "overtaken":
        _overtake(world, appeal.comment, place)


def _overtake(world, comment, place):
    if place % 3 == 0:
        with transaction():
            discussion.withdraw_comment(actor=comment.author, comment=comment)
    elif place % 3 == 1:
        with transaction():
            discussion.correct_comment(actor=comment.author, comment=comment, body=f"{comment.body} Mended.")
    else:
        world.decides(comment, Verb.PUBLISH)


def _of_decisions() -> Counter[str]:
    """Return what the decisions and the appeals themselves say."""
    found: Counter[str] = Counter()
    lives: dict[int, list[tuple[str, str, str]]] = {}
    for each in db.session.scalars(select(Decision).order_by(Decision.id)):
        before = each.before.value if each.before else ""
        lives.setdefault(each.comment_id, []).append((before, each.after.value, each.reason))
    for life in lives.values():
        found += _told(life)
    for appeal in db.session.scalars(select(Appeal)):
        found.update(("appeals", f"appeals:{appeal.outcome.value if appeal.outcome else 'open'}"))
    return found


def _of_the_chain() -> Counter[str]:
    """Return what the chained record says, in which there are neither words nor names."""
    found: Counter[str] = Counter()
    lives: dict[str, list[tuple[str, str, str]]] = {}
    states = {state.value for state in State}
    ends: dict[str, str] = {}
    for each in db.session.scalars(select(AuditEntry).order_by(AuditEntry.chain, AuditEntry.sequence)):
        if each.subject.startswith("comment:") and each.after in states:
            lives.setdefault(each.subject, []).append((each.before, each.after, each.reason))
        if each.subject.startswith("appeal:"):
            ends[each.subject] = each.after
    for life in lives.values():
        found += _told(life)
    for end in ends.values():
        found.update(("appeals", f"appeals:{end}"))
    return found


def _told(life) -> Counter[str]:
    found: Counter[str] = Counter()
    for place, (before, after, reason) in enumerate(life):
        following = life[place + 1][2] if place + 1 < len(life) else ""
        if UNDONE in (reason, following) or before == after:
            continue
        found["received"] += not before
        if after == "published":
            found["put_back" if before == "taken_down" else "published"] += 1
        elif after == "returned":
            found["returned"] += 1
        elif after == "taken_down":
            found.update(("taken_down", f"taken_down:{reason}"))
    return found


def test_page_file_decisions_and_chain_say_the_same(world, client):
    address = f"/organisations/{world.scene.organisation.slug}/moderation"
    page = Visitor(client).get(address)
    shown = {
        row["data-figure"]: [cell.get_text(strip=True) for cell in row.select("td")]
        for row in page.select("[data-figures] tr[data-figure]")
    }
    decisions = _of_decisions()
    assert decisions == _of_the_chain()
    assert {end: decisions[f"appeals:{end}"] for end in ENDS} == ENDS
    assert (decisions["taken_down:off_topic"], decisions["put_back"] >= 10) == (9, True)
    for name in set(shown) - {"median", "decided"}:
        exact = decisions[name]
        assert shown[name][0] == (str(exact) if exact >= 5 else "fewer than 5"), name
    assert [shown["appeals"][0], shown["appeals:granted"][0]] == ["23", "6"]
    file = client.get(f"{address}.csv").text.removeprefix("\ufeff")
    lines = list(csv.DictReader(io.StringIO(file)))
    said = {"fewer than 5": "<5", "not shown": ""}
    for name in set(shown) - {"median"}:
        column = name.replace(":", "_for_" if name.startswith("taken") else "_")
        assert [line[column] for line in lines] == [said.get(cell, cell) for cell in shown[name]], name
