"""Every route, walked by everybody: who may come in equals the table below, for reading and for sending."""

from dataclasses import dataclass, field

import pytest
from flask import Flask

from consult.consultations.models import Consultation, Policy, Stage
from consult.discussion import actions as discussion
from consult.discussion.models import Comment, Kind, Response
from consult.documents import actions as documents
from consult.extensions import db, transaction
from consult.toolkit import actions as toolkit
from consult.toolkit import rendering
from consult.toolkit.actions import Wording
from consult.toolkit.models import Shelf
from tests import factories
from tests.moderation.scene import Scene

pytestmark = pytest.mark.slow

PEOPLE = (
    "anybody",
    "unconfirmed",
    "author",
    "another",
    "official",
    "official elsewhere",
    "moderator",
    "moderator elsewhere",
    "editor",
    "administrator",
    "administrator elsewhere",
    "site administrator",
)
EVERYBODY = set(PEOPLE)
SIGNED_IN = EVERYBODY - {"anybody"}
CONFIRMED = SIGNED_IN - {"unconfirmed"}
OFFICIALS = {"official", "official elsewhere"}
MODERATORS = {"moderator", "moderator elsewhere"}
ADMINISTRATORS = {"administrator", "administrator elsewhere", "site administrator"}
OVER_THIS = {"administrator", "site administrator"}

# endpoint: who may. What is not listed is for everybody.
TABLE: dict[str, set[str]] = {
    "accounts.account": SIGNED_IN,
    "accounts.change_name": SIGNED_IN,
    "accounts.change_password": SIGNED_IN,
    "accounts.admin": ADMINISTRATORS,
    "accounts.people": ADMINISTRATORS,
    "accounts.organisations": ADMINISTRATORS,
    "accounts.give_role": ADMINISTRATORS,
    "accounts.end_role": OVER_THIS,
    "accounts.new_unit": OVER_THIS,
    "accounts.revise_organisation": OVER_THIS,
    "accounts.revise_unit": OVER_THIS,
    "accounts.new_organisation": {"site administrator"},
    "accounts.site_details": {"site administrator"},
    "accounts.privacy_details": {"site administrator"},
    "accounts.accessibility_details": {"site administrator"},
    "accounts.test_mail": {"site administrator"},
    "consultations.new": OFFICIALS,
    "consultations.edit": {"official"},
    "consultations.open": {"official"},
    "consultations.extend": {"official"},
    "consultations.analyse": {"official"},
    "consultations.finish": {"official"},
    "consultations.withdraw": {"official"},
    "documents.new": {"official"},
    "documents.draft": {"official"},
    "documents.preview": {"official"},
    "documents.publish": {"official"},
    "documents.correct": {"official"},
    "documents.withdraw": {"official"},
    "documents.renumber": {"official"},
    "documents.choose": {"official"},
    "discussion.post": CONFIRMED,
    "discussion.correct": {"author"},
    "discussion.save_correction": {"author"},
    "discussion.withdraw": {"author"},
    "discussion.take_back": {"author"},
    "discussion.desk": OFFICIALS,
    "discussion.respond": {"official"},
    "discussion.post_response": {"official"},
    "discussion.correct_response": {"official"},
    "discussion.save_response": {"official"},
    "moderation.queue": MODERATORS,
    "moderation.decisions": MODERATORS,
    "moderation.item": {"moderator"},
    "moderation.decide": {"moderator"},
    "toolkit.edit": {"editor"},
    "toolkit.new": {"editor"},
    "toolkit.restore": {"editor"},
}
# Doors that nobody opens with what we hold: a link that was never sent, a mailbox on a real site.
SHUT = {"accounts.confirm", "accounts.first_administrator", "accounts.reset", "notices.mailbox"}


@dataclass
class World(Scene):
    """A draft with a comment and an answer, and everybody who could ask for it."""

    people: dict[str, object] = field(default_factory=dict)

    def __init__(self) -> None:
        super().__init__(Policy.AFTER)
        elsewhere = factories.a_unit()
        self.people = {
            "unconfirmed": factories.a_person(is_confirmed=False),
            "author": self.citizen,
            "another": factories.a_person(),
            "official": self.official,
            "official elsewhere": factories.an_official(elsewhere),
            "moderator": self.moderator,
            "moderator elsewhere": factories.a_moderator(elsewhere.organisation),
            "editor": factories.an_editor(),
            "administrator": factories.an_administrator(self.organisation),
            "administrator elsewhere": factories.an_administrator(elsewhere.organisation),
            "site administrator": factories.an_administrator(),
        }
        self.comment: Comment = self.says("Does this hold?", kind=Kind.QUESTION)
        with transaction():
            self.response: Response = discussion.respond(
                actor=self.official, comments=[self.comment], body="It does."
            )
            words = Wording("A page", "What it is about.", rendering.rendered("Words."), "First.")
            toolkit.start_page(actor=self.people["editor"], slug="a-page", shelf=Shelf.CONSULT, wording=words)

    def values(self, endpoint: str) -> dict[str, object]:
        """Return what the address of an endpoint is filled with: the things of this world."""
        room, name = endpoint.split(".")
        slug = {
            "accounts": self.unit.slug if name == "revise_unit" else self.organisation.slug,
            "toolkit": "a-page",
        }.get(room, self.consultation.slug)
        if endpoint in ("consultations.unit", "consultations.organisation"):
            slug = self.unit.slug if name == "unit" else self.organisation.slug
        key = self.comment.key
        if endpoint in ("discussion.paragraph", "discussion.post", "documents.choose"):
            key = self.key
        if endpoint in ("discussion.correct_response", "discussion.save_response"):
            key = self.response.key
        number = self.moderator.roles[0].id if endpoint == "accounts.end_role" else 1
        return {
            "slug": slug,
            "document": self.document.slug,
            "key": key,
            "number": number,
            "first": 1,
            "second": 1,
            "token": "nothing",
        }


def _doors(app: Flask) -> list[tuple[str, str]]:
    return sorted(
        (rule.endpoint, method)
        for rule in app.url_map.iter_rules()
        for method in rule.methods - {"HEAD", "OPTIONS"}
        if rule.endpoint != "static" and rule.endpoint not in SHUT
    )


def _comes_in(response) -> bool:
    if response.status_code in (302, 303):
        return "/sign-in" not in response.headers["Location"]
    return response.status_code not in (401, 403, 404)


def test_the_table_names_routes_that_are_there(app):
    assert set(TABLE) <= set(app.view_functions)


def test_who_may_comes_in_and_nobody_else(app, sign_in):
    wrong = []
    for endpoint, method in _doors(app):
        world = World()
        rule = next(r for r in app.url_map.iter_rules(endpoint) if method in r.methods)
        values = {name: value for name, value in world.values(endpoint).items() if name in rule.arguments}
        with app.test_request_context():
            address = app.url_for(endpoint, **values)
        may = TABLE.get(endpoint, EVERYBODY)
        # first those who may not, so that nothing has changed when they try
        for person in sorted(PEOPLE, key=lambda name: name in may):
            browser = app.test_client() if person == "anybody" else sign_in(world.people[person])
            response = browser.open(address, method=method)
            assert response.status_code < 500, f"{person}: {method} {address}: {response.status_code}"
            if _comes_in(response) != (person in may):
                wrong.append(f"{person}: {method} {endpoint}: {response.status_code}")
        _start_afresh()
    assert not wrong, "\n".join(wrong)


def _start_afresh() -> None:
    from tests.conftest import _empty

    db.session.rollback()
    _empty()
    db.session.expunge_all()


@pytest.mark.parametrize("stage", [Stage.PREPARING, Stage.OPEN])
def test_what_is_not_open_yet_is_read_by_its_unit_alone(app, sign_in, stage):
    world = World()
    consultation = db.session.get(Consultation, world.consultation.id)
    consultation.stage = stage
    consultation.opens_at = consultation.closes_at
    consultation.closes_at = factories.clock.now().replace(year=2099)
    db.session.commit()
    with transaction():
        documents.touch(world.document)
    address = f"/consultations/{world.consultation.slug}/{world.document.slug}"
    for person in PEOPLE:
        browser = app.test_client() if person == "anybody" else sign_in(world.people[person])
        for page in (
            address,
            f"{address}/read",
            f"{address}/print",
            f"{address}/p/{world.key}",
            f"{address}/v/1",
            f"{address}/compare/1...1",
            f"{address}/compare/1...1.json",
        ):
            assert (browser.get(page).status_code == 200) == (person == "official"), f"{person}: {page}"
