"""Nothing of what was sent only to the team is on any page but its author's and the unit's officials'.

Every route that can be read is walked: by somebody unknown, by people who are signed in, by a moderator, an official of
another unit, an editor and administrators; as a page, a fragment, a feed, a file and a search.
"""

from collections.abc import Iterator
from itertools import product

import pytest
from flask import Flask

from consult.accounts.models import Person
from consult.consultations.plan.models import Section
from consult.discussion.actions import correct_comment
from consult.discussion.answering import replying
from consult.discussion.models import BodyKind, Comment, Kind
from consult.discussion.wishes import Wishes
from consult.documents import page_queries
from consult.extensions import transaction
from consult.monitor.board import LISTS
from consult.search import fruitless
from consult.toolkit.models import Shelf
from tests import factories
from tests.discussion.ground import a_draft, answer, paragraph, publish, say

pytestmark = pytest.mark.slow

WORDS = "Xylophagous beetles have reached our nursery."
LATER = "Xylophagous grubs have reached our nursery."
NAME = "Zebulon Quartermain"
BODY = "Quixotic Arborists"
WHY = "Our customers must not hear of the plague first."
REPLY = "Quarantine begins on Thursday."
EMAIL = "zebulon@nursery.example"
NEEDLES = ("xylophagous", "zebulon", "quartermain", "quixotic", "plague", "quarantine", EMAIL)
V1 = "# A plan\n\nWe count the trees.\n\nWe plant many more of them.\n\nWe water them.\n"
V2 = "# A plan\n\nWe count all of the trees.\n\nWe plant ever so many more of them.\n\nWe water them.\n"
KEYED = ("/comments/", "/moderation/", "/desk/")  # addresses whose `key` is a comment's


class World:
    """A public talk, and on a paragraph of its own a question that was sent only to the team, answered by mail."""

    def __init__(self) -> None:
        self.document = a_draft(V1)
        self.unit = self.document.consultation.unit
        organisation = self.unit.organisation
        self.official = factories.an_official(self.unit)
        self.readers: dict[str, Person | None] = {
            "anybody": None,
            "another": factories.a_person(),
            "moderator": factories.a_moderator(organisation),
            "official elsewhere": factories.an_official(factories.a_unit(organisation)),
            "editor": factories.an_editor(),
            "administrator": factories.an_administrator(organisation),
            "site administrator": factories.an_administrator(),
        }
        answer(say(paragraph(self.document, "1"), "How many?", by=self.readers["another"], ask=True))
        self.place = paragraph(self.document, "2")
        self.author = factories.a_person(name=NAME, email=EMAIL)
        self.before = self.sends()
        publish(self.document, V2, note="More trees.")
        self.sent = self.sends(body="And beetles again: xylophagous ones.")
        with transaction(self.official):
            replying.reply_to_sender(actor=self.official, comment=self.before, body=REPLY)

    def sends(self, body: str = WORDS) -> Comment:
        wishes = Wishes(True, WHY, BODY, BodyKind.BUSINESS)
        return say(self.place, body, by=self.author, ask=True, wishes=wishes)

    @property
    def keys(self) -> tuple[str, str]:
        return self.before.key, self.sent.key

    def addresses(self, app: Flask) -> Iterator[str]:
        """Yield every address that can be read here, with what can be asked for behind it."""
        fixed = {
            "document": self.document.slug,
            "consultation": self.document.consultation.slug,
            "first": 1,
            "second": 2,
            "token": "nothing",
            "name": "questions",
            "signed": "no.no",
            "shelf": Shelf.CONSULT.value,
            "section": Section.UNDECIDED.value,
        }
        slugs = (self.document.consultation.slug, self.unit.slug, self.unit.organisation.slug)
        for rule in app.url_map.iter_rules():
            if "GET" not in rule.methods or rule.endpoint == "static":
                continue
            for key, slug, number, gaps in product(
                self._keys_for(rule.rule), slugs, (1, 2), _gaps_for(rule.rule)
            ):
                given = {**fixed, "key": key, "slug": slug, "number": number, "gaps": gaps}
                given |= rule.defaults or {}
                with app.test_request_context():
                    yield app.url_for(rule.endpoint, **{name: given[name] for name in rule.arguments})
        consultation, here = self.document.consultation, f"/p/{self.place.key}"
        text = f"/consultations/{consultation.slug}/{self.document.slug}"
        for query in ("show=questions", "show=waiting", "fragment=1", "v=1", "v=1&show=version"):
            yield f"{text}{here}?{query}"
        for query in (f"p={self.place.key}", "v=1", "numbers=1"):
            yield f"{text}?{query}"
        for word in ("beetles", "Quartermain", "Arborists", "quarantine", "nursery"):
            yield f"/search?q={word}"
        yield f"/monitor?unit={self.unit.slug}"

    def _keys_for(self, rule: str) -> list[str]:
        if "<string:key>" not in rule:
            return ["-"]
        if rule.startswith(KEYED):
            return list(self.keys)
        rows = page_queries.blocks(self.document.current_version_id)
        return [row.key for row in rows] + ["all"]


def _gaps_for(rule: str) -> list[str]:
    return list(LISTS) if "<string:gaps>" in rule else ["-"]


def test_no_page_tells_anybody_else_what_was_sent_only_to_the_team(app, sign_in, monkeypatch):
    monkeypatch.setattr(fruitless, "count", lambda *given: None)  # what the readers here look for in vain
    world = World()
    addresses = sorted(set(world.addresses(app)))
    assert len(addresses) > 120
    found, read = [], 0
    for who, person in world.readers.items():
        browser = app.test_client() if person is None else sign_in(person)
        for address in addresses:
            response = browser.get(address)
            assert response.status_code < 500, f"{who}: {address}"
            text = response.get_data(as_text=True).lower()
            read += response.status_code == 200
            needles = [needle for needle in NEEDLES if needle not in address.lower()]
            needles += [key for key in world.keys if key not in address]
            found += [f"{who}: {address}: {needle}" for needle in needles if needle in text]
    assert read > 300
    assert not found, "\n".join(found)


def test_what_is_looked_for_is_there_where_it_may_be(app, sign_in):
    """The needles are good: those who may read it find every one of them."""
    world = World()
    desk = "".join(sign_in(world.official).get(f"/desk/team/{key}").text for key in world.keys).lower()
    for needle in set(NEEDLES) - {EMAIL}:
        assert needle in desk, needle
    assert EMAIL not in desk
    own = sign_in(world.author).get("/account").text.lower()
    for needle in ("xylophagous", "quarantine"):
        assert needle in own


def test_every_address_of_it_is_unknown_to_others(app, sign_in):
    world = World()
    for who, person in world.readers.items():
        browser = app.test_client() if person is None else sign_in(person)
        for pattern in (
            *("/comments/{}", "/comments/{}/edit", "/comments/{}/withdraw", "/comments/{}/history"),
            *(
                "/comments/{}/report",
                "/comments/{}/reported",
                "/moderation/{}",
                "/desk/team/{}",
                "/desk/answer/{}",
            ),
        ):
            response = browser.get(pattern.format(world.sent.key))
            unknown = browser.get(pattern.format("nosuchkey2"))
            assert response.status_code == unknown.status_code != 200, f"{who}: {pattern}"


def test_its_author_is_led_to_their_own_page_and_the_official_to_the_desk(app, sign_in):
    world = World()
    address = f"/comments/{world.sent.key}"
    assert sign_in(world.author).get(address).headers["Location"].endswith("/account")
    assert sign_in(world.official).get(address).headers["Location"] == f"/desk/team/{world.sent.key}"


def test_it_has_no_public_past_even_for_its_author(app, sign_in):
    world = World()
    with transaction(world.author):
        correct_comment(actor=world.author, comment=world.before, body=LATER)
    for person in (world.author, world.official):
        assert sign_in(person).get(f"/comments/{world.before.key}/history").status_code == 404


def test_nobody_can_reply_to_it_or_report_it_or_decide_on_it(app, sign_in):
    world = World()
    key = world.sent.key
    here = f"/consultations/{world.document.consultation.slug}/{world.document.slug}/p/{world.place.key}"
    another = sign_in(world.readers["another"])
    answered = another.post(here, data={"body": "I know.", "parent": key})
    unknown = another.post(here, data={"body": "I know.", "parent": "nosuchkey2"})
    assert answered.status_code == unknown.status_code
    assert "does not exist" in answered.text
    assert another.post(f"/comments/{key}/report", data={"reason": "abuse"}).status_code == 404
    moderator = sign_in(world.readers["moderator"])
    assert moderator.post(f"/moderation/{key}", data={"do": "publish"}).status_code == 404
    official = sign_in(world.official)
    assert official.post(f"/desk/answer/{key}", data={"body": "So."}).status_code == 404


def test_no_figure_of_its_paragraph_or_author_counts_it(app, visit, visit_as):
    world = World()
    text = f"/consultations/{world.document.consultation.slug}/{world.document.slug}"
    page = visit.get(f"{text}/p/{world.place.key}")
    assert page.select_one(".thread")["data-count"] == "0"
    for where in (text, f"{text}/v/1", f"{text}/read"):
        block = visit.get(where).select_one(f"#p-{world.place.key}")
        assert "2 comments" not in block.text
    assert (world.place.comment_count, world.place.question_count, world.place.answered_count) == (0, 0, 0)
    document = world.document
    assert (document.comment_count, document.question_count, document.people_count) == (1, 1, 1)
    assert document.team_count == document.consultation.team_count == 2


def test_a_moderator_does_not_learn_that_somebody_writes_to_the_team(app, visit_as):
    world = World()
    shown = say(world.place, "A public word.", by=world.author)
    page = visit_as(world.readers["moderator"]).get(f"/moderation/{shown.key}")
    assert "1 comment here" in page.select_one("#detail").text


def test_the_totals_are_told_to_everybody_and_nothing_else(app, visit):
    world = World()
    consultation = world.document.consultation
    overview = visit.get(f"/consultations/{consultation.slug}").text
    assert "1 comment, and 2 sent only to the team" in " ".join(overview.split())
    head = visit.get(f"/consultations/{consultation.slug}/{world.document.slug}").select_one(".doc-head").text
    assert "1 comment, and 2 sent only to the team" in " ".join(head.split())
    assert "1 question sent only to the team" in visit.get("/monitor").text
    assert world.sent.kind is Kind.QUESTION
