"""Fields that no form offers change nothing: every door is sent the name of every column, as a form and as JSON.

The same act is done twice in a world that is alike to the last key and second, once as it is meant and once with all
these fields beside it. Each time the database must hold the same afterwards.
"""

import itertools
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import product

import pytest
from bs4 import BeautifulSoup, Tag
from sqlalchemy import Boolean, DateTime, Enum, Integer, select

from consult import clock
from consult.accounts import passwords
from consult.extensions import Moment, db
from consult.web.conditional import PAGES, forget
from consult.web.fields import Form
from tests import factories
from tests.house.doors import MAY, address_of, rows
from tests.house.everybody import Snapshot, World

pytestmark = pytest.mark.slow

NOW = datetime(2026, 11, 27, 12, 0, tzinfo=UTC)
MORE = dict.fromkeys(  # what is no column, and could mean one
    (
        "role",
        "roles",
        "roles-0-part",
        "author",
        "user",
        "is_admin",
        "actor",
        "person",
        "unit",
        "organisation",
    ),
    "1",
)
ASKED_BY_HAND = {"do", "next", "csrf_token"}  # read from the request by their names
OF_A_LIST = {  # which people are shown, which drafts are meant, what is being answered
    "accounts.read_addresses": {"part"},
    "discussion.release_drafts": {"key"},
    "discussion.still_here": {"key"},
    "search.remove_searches": {"words"},
}
FILLED = {
    "email": "new@mail.example",
    "accessibility_contact": "new@mail.example",
    "data_protection_contact": "new@mail.example",
    "slug": "a-new-place",
    "password": "three random words",
    "accessibility_prepared_on": "23/11/2026",
    "closes_on": "18 January 2027",
    "closes_time": "11.59 pm",
}
REVISED = {
    "title",
    "source",
    "summary",
    "body",
    "about",
    "aims",
}  # a form that comes filled in is sent with more
GIVEN = {  # to doors that have no page of their own at their address, or several buttons
    "documents.draft": {"do": "save"},
    "discussion.post": {"body": "Oak.", "kind": "comment"},
    "discussion.save_correction": {"body": "Other words."},
    "discussion.save_response": {"body": "Other words."},
    "discussion.post_response": {"body": "An answer."},
    "discussion.post_team_reply": {"body": "An answer."},
    "discussion.post_to_several": {"key": "extra", "body": "An answer."},
    "discussion.keep_letter": {"body": "A letter.", "cites": "", "to": "public"},
    "moderation.escalate": {"do": "pass-on", "danger": "life"},
    "moderation.look_outside": {"do": "show"},
    "moderation.seal": {"do": "ask", "ground": "court_order"},
    "moderation.complaint": {"do": "refuse", "message": "It lacks a name."},
    "toolkit.settle": {"do": "decline", "word": "It is right as it is."},
    "moderation.decide": {"do": "take-down", "reason": "abuse", "message": "Why."},
}


def _counted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let chance be the same each time."""
    numbers = itertools.count(1_000_000)  # what the world itself is made of has other names

    def next_word(*size: int) -> str:
        return f"word{next(numbers):06d}xxxxxxxxxxxxxx"

    factories._numbers = itertools.count(1)
    for name in ("token_urlsafe", "token_hex"):
        monkeypatch.setattr(secrets, name, next_word)
    monkeypatch.setattr(secrets, "token_bytes", lambda size=32: next(numbers).to_bytes(size, "big"))
    monkeypatch.setattr(secrets, "randbelow", lambda limit: next(numbers) * 982_451_653**3 % limit)
    monkeypatch.setattr(secrets, "choice", lambda letters: letters[next(numbers) * 7 % len(letters)])
    monkeypatch.setattr(passwords, "hash_of", lambda password: f"hash of {password}")


def _value(column) -> str:
    kind = column.type
    if isinstance(kind, Boolean):
        return "1"
    if isinstance(kind, Enum):
        return str(list(kind.enums)[-1])
    if isinstance(kind, (Moment, DateTime)):
        return "2020-01-01T00:00:00"
    return "2" if isinstance(kind, Integer) else "extra"


def _extra() -> dict[str, str]:
    """Return every column of every table, and what else could be believed, with a value that fits."""
    columns = (column for table in db.metadata.sorted_tables for column in table.columns)
    return {**{column.name: _value(column) for column in columns}, **MORE}


def _dump() -> dict[str, list[tuple]]:
    db.session.rollback()
    with db.engine.connect() as connection:
        return {
            table.name: sorted(map(repr, connection.execute(select(table)).all()))
            for table in db.metadata.sorted_tables
        }


def _filled(page: BeautifulSoup, address: str) -> dict[str, str]:
    """Return what a browser would send with the form of a page, its empty fields filled in."""
    forms = [
        form for form in page.select("main form[method=post]") if form.get("action") in (None, "", address)
    ]
    return {} if not forms else dict(_fields(forms[-1]))


def _fields(form: Tag) -> Iterator[tuple[str, str]]:
    for field in form.select("input[name], textarea[name], select[name]"):
        name, kind = field["name"], field.get("type", "")
        if field.name == "select":
            options = [option["value"] for option in field.select("option") if option.get("value")]
            chosen = field.select_one("option[selected]")
            yield name, chosen["value"] if chosen and chosen.get("value") else (options or [""])[0]
        elif kind in ("radio", "checkbox"):
            if kind == "radio" or field.has_attr("checked"):
                yield name, field.get("value", "on")
        elif kind not in ("file", "submit"):
            words = field.text.strip() if field.name == "textarea" else field.get("value", "")
            empty = "" if kind == "hidden" else FILLED.get(name, "Words and more.")
            yield name, f"{words} More." if words and name in REVISED else words or empty


class Act:
    """One door, knocked on by somebody who may, in a world that is put back as it was after each time."""

    def __init__(self, world: World, before: Snapshot, rule, monkeypatch) -> None:
        self.world, self.before, self.rule, self.monkeypatch = world, before, rule, monkeypatch
        self.names: set[str] = set()  # of the fields that its forms have
        self.who = self._who()
        self.address = world.address(rule.endpoint, rule, self.who)
        with self._alike():
            self.typed = self._typed(world.browser_of(self.who))

    def done(self, kind: str, extra: dict[str, str]) -> tuple[int, dict[str, list[tuple]] | None]:
        """Return the status of the answer and what the database holds afterwards, None where nothing was written."""
        with self._alike() as patch:
            browser = self.world.browser_of(self.who)
            self._listen(patch)
            known = self.names | ASKED_BY_HAND | OF_A_LIST.get(self.rule.endpoint, set())
            allowed = {name: value for name, value in extra.items() if name not in known}
            if kind == "json":
                response = browser.post(
                    self.address, json={**allowed, **({"roles": [{"part": "editor"}]} if extra else {})}
                )
            else:
                response = browser.post(self.address, data={**allowed, **self.typed})
            return response.status_code, _dump() if self.before.is_past else None

    @contextmanager
    def _alike(self) -> Iterator[pytest.MonkeyPatch]:
        """Begin with the same database, the same chance and nothing kept, and leave the database as it was."""
        PAGES.clear()
        forget()
        with self.monkeypatch.context() as patch:
            _counted(patch)
            yield patch
        self.before.put_back()

    def _who(self) -> str:
        """Return somebody who may come in, with as small a part as will do."""
        marks = rows()["POST", address_of(self.rule)].marks
        wanted = ("other", "author", "official", "moderator", "editor", "a-site")
        return next((who for who in wanted if marks[who] == MAY), "a-site")

    def _typed(self, browser) -> dict[str, str]:
        page = browser.get(self.address)
        typed = (
            _filled(BeautifulSoup(page.text, "html.parser"), self.address) if page.status_code == 200 else {}
        )
        return {**typed, **GIVEN.get(self.rule.endpoint, {})}

    def _listen(self, patch: pytest.MonkeyPatch) -> None:
        """Note which fields the forms have that read this request."""
        begin = Form.__init__

        def noted(form, *values, **named):
            begin(form, *values, **named)
            self.names |= {field.name for field in form}

        patch.setattr(Form, "__init__", noted)


def _doors(app):
    return sorted(
        (rule for rule in app.url_map.iter_rules() if "POST" in rule.methods and rule.endpoint != "static"),
        key=lambda rule: rule.endpoint,
    )


def test_fields_that_no_form_offers_change_nothing(app, monkeypatch):
    clock.replace(lambda: NOW)
    world, wrong, changing = World(app), [], set()
    world.sign_everybody_in()
    with Snapshot() as before:
        for rule, kind in product(_doors(app), ("form", "json")):
            act = Act(world, before, rule, monkeypatch)
            status, meant = act.done(kind, {})
            again, got = act.done(kind, _extra())
            assert again < 500, f"{rule.endpoint}: {again}"
            if meant is not None:
                changing.add(rule.endpoint)
            wrong += [f"{rule.endpoint} ({kind}): {table}: {rows}" for table, rows in _beside(meant, got)]
            if again != status:
                wrong.append(f"{rule.endpoint} ({kind}): {status} and then {again}")
    assert not wrong, "\n".join(wrong)
    assert len(changing) > 30, f"too few of the doors did anything at all: {sorted(changing)}"


def _beside(
    meant: dict[str, list[tuple]] | None, got: dict[str, list[tuple]] | None
) -> Iterator[tuple[str, list[tuple]]]:
    """Yield the tables that differ, with the rows that only one of them has."""
    if meant is None or got is None:
        if meant is not got:
            yield "any", ["written once, and once not"]
        return
    for table in got:
        if got[table] != meant[table]:
            yield table, sorted(set(got[table]) ^ set(meant[table]))
