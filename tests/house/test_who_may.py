"""Every door, tried by everybody: what each gets equals the table in `docs/permissions.md`, the one source of truth."""

import dataclasses
import re

import pytest

from consult import clock, permissions
from consult.consultations.models import Consultation, Stage
from consult.documents import actions as documents
from consult.extensions import db, transaction
from consult.web import extras
from tests import factories
from tests.house import tables
from tests.house.doors import MAY, PAPER, doors, rows
from tests.house.everybody import PEOPLE, Snapshot, World

SIGN_IN, SECOND_STEP = "in", "2nd"
# Looking that is written down: that an official opened a comment to answer it, so that others are told.
NOTED = ("/desk/answer/<key>", "/desk/answer-several", "/desk/drafts/<key>")


def _mark(response) -> str:
    """Return what somebody got, as the paper writes it: who is let in may still be told that something is missing."""
    if response.status_code in (302, 303, 307):
        address = response.headers["Location"]
        if address.partition("?")[0] == "/sign-in":
            return SIGN_IN
        return SECOND_STEP if address.startswith("/account/second-step?next=") else MAY
    return str(response.status_code) if response.status_code in (401, 403, 404) else MAY


@pytest.fixture
def named(app):
    """The same application on a site with a name in its address, so that passkeys are offered."""
    settings = app.config["CONSULT"]
    app.config["CONSULT"] = dataclasses.replace(settings, base_url="http://consult.example")
    yield app
    app.config["CONSULT"] = settings


def test_the_paper_has_a_row_for_every_door_and_no_other(app):
    said, there = set(rows()), set(doors(app))
    assert not there - said, f"Add a row to docs/{PAPER} for {sorted(there - said)}"
    assert not said - there, f"No such door: take out of docs/{PAPER} {sorted(said - there)}"


def test_the_paper_says_who_everybody_is():
    legend = tables.table(PAPER, "Who")
    assert [next(tables.quoted(row["column"])) for row in legend.rows] == list(PEOPLE)
    assert all(row["who"] for row in legend.rows)


def test_every_mark_of_the_paper_is_explained():
    explained = {next(tables.quoted(row["mark"])) for row in tables.table(PAPER, "Marks").rows}
    used = {mark for row in rows().values() for mark in row.marks.values()}
    assert used <= explained
    assert all(row.words for row in rows().values())


@pytest.mark.slow
def test_everybody_gets_what_the_paper_says(named):
    """All share one world: looking changes nothing, and whatever was sent is undone before the next one tries."""
    world, paper, wrong = World(named), rows(), []
    world.sign_everybody_in()
    moment = clock.now()
    clock.replace(lambda: moment)  # however long it takes: nobody's last visit comes due to be written down
    with Snapshot() as before:
        for (method, address), rule in sorted(doors(named).items()):
            if extras.webauthn is None and "passkey" in address:
                continue
            for who in PEOPLE:
                response = world.browser_of(who).open(world.address(rule.endpoint, rule, who), method=method)
                assert response.status_code < 500, f"{who}: {method} {address}: {response.status_code}"
                got, said = _mark(response), paper[method, address].marks[who]
                if got != said:
                    wrong.append(f"{method} {address}: {who} gets {got}, and the paper says {said}")
                if method != "GET" or address in NOTED:
                    before.put_back()
            assert not before.is_past, f"somebody changed something by {method} {address}"
    assert not wrong, "\n".join(wrong)


@pytest.mark.slow
def test_every_page_behind_a_door_offers_to_sign_out(named):
    world, seen = World(named), 0
    for (method, address), rule in sorted(doors(named).items()):
        marks = rows()[method, address].marks
        who = next(
            (who for who in ("a-site", "official", "moderator", "editor", "author") if marks[who] == MAY), ""
        )
        if (
            method != "GET"
            or not who
            or marks["any"] == MAY
            or (extras.webauthn is None and "passkey" in address)
        ):
            continue
        response = world.browser_of(who).get(world.address(rule.endpoint, rule, who))
        if response.status_code == 200 and response.mimetype == "text/html":
            seen += 1
            assert 'action="/sign-out"' in response.text, f"{address} as {who}"
    assert seen > 40


def test_every_permission_stands_in_the_paper_with_its_rules():
    said = {
        next(tables.quoted(row["permission"])): (row["what may be done"], row["who may"])
        for row in tables.table(PAPER, "Permissions").rows
    }
    table = {
        may.name: (
            may.value,
            " or ".join(" and ".join(f"`{rule.__name__}`" for rule in rules) for rules in ways),
        )
        for may, ways in permissions.TABLE.items()
    }
    assert said == table


def test_every_rule_of_the_permissions_is_explained():
    explained = {
        next(tables.quoted(row["rule"])): row["holds for"] for row in tables.table(PAPER, "Rules").rows
    }
    used = {rule.__name__ for ways in permissions.TABLE.values() for rules in ways for rule in rules}
    assert set(explained) == used
    assert all(explained.values())


def test_sensitive_acts_stand_in_the_paper(app):
    said = {
        (method, next(tables.quoted(row["door"])))
        for row in tables.table(PAPER, "Acts that ask again who you are").rows
        for method in re.findall(r"[A-Z]+", row["door"].partition("`")[0])
    }
    asked = {
        door
        for door, rule in doors(app).items()
        if getattr(app.view_functions[rule.endpoint], "recent", False)
    }
    assert said == asked


@pytest.mark.slow
@pytest.mark.parametrize("stage", [Stage.PREPARING, Stage.OPEN])
def test_what_is_not_open_yet_is_read_by_its_unit_alone(app, stage):
    world = World(app)
    consultation = db.session.get(Consultation, world.consultation.id)
    consultation.stage = stage
    consultation.opens_at = consultation.closes_at
    consultation.closes_at = factories.clock.now().replace(year=2099)
    db.session.commit()
    with transaction():
        documents.touch(world.document)
    address = f"/consultations/{world.consultation.slug}/{world.document.slug}"
    for who in PEOPLE:
        browser = world.browser_of(who)
        for page in (
            address,
            f"{address}/read",
            f"{address}/print",
            f"{address}/p/{world.key}",
            f"{address}/v/1",
            f"{address}/compare/1...1",
            f"{address}/compare/1...1.json",
        ):
            assert (browser.get(page).status_code == 200) == (who == "official"), f"{who}: {page}"
