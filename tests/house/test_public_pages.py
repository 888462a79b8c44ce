"""All that anybody can reach, walked without a session: no cookie, nothing from elsewhere, nobody's comments gathered."""

import html
import re
from collections import deque
from pathlib import Path
from urllib.parse import parse_qs, urljoin, urlsplit

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient

from consult.extensions import db, transaction
from consult.permissions import May
from consult.toolkit import seeding
from consult.web.conditional import PAGES, forget
from tests.conftest import _empty
from tests.discussion import ground
from tests.factories import a_guest, a_moderator, a_person, a_site, an_official

pytestmark = pytest.mark.slow  # they walk a demonstration of every kind of page

HERE = "http://here"
NUMBER = 987_654_321  # of a person: it would stand out
NAME = "Nia Probert"
LOADS = [
    ("script", "src"),
    ("img", "src"),
    ("source", "src"),
    ("iframe", "src"),
    ("link", "href"),
    ("form", "action"),
    ("use", "href"),
]
# Forms that cannot do without a token, each on a page of its own that nobody needs in order to read.
NEED_A_COOKIE = re.compile(
    r"/(sign-in|sign-up|forgotten-password|check-email|accessibility/contact|guest/link|comments/\w+/(report(/not-by-me)?|complaint)|unsent.*|follow|toolkit/([a-z0-9-]+/)?suggest)"
    r"|/consultations/[^/]+/(equality|[^/]+/letter)"
)
OF_A_PERSON = {"author", "author_id", "by", "name", "owner", "person", "person_id", "user", "who", "holder"}


class Walk:
    """Everything that can be reached from the home page, and the answers."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        self.answers: dict[str, object] = {}
        self.narrowed: dict[str, str] = {}
        self.links: set[str] = set()

    def run(self) -> "Walk":
        waiting = deque(["/"])
        while waiting:
            here = waiting.popleft()
            if here in self.answers:
                continue
            answer = self.answers[here] = self.client.get(here)
            assert answer.status_code < 400, here
            waiting += [link for link in self._links(here, answer) if link not in self.answers]
        return self

    def narrow(self) -> None:
        """Ask for everything again, with whatever might mean a person added to the address."""
        more = "&".join(
            f"{name}={value}" for name in sorted(OF_A_PERSON) for value in (NUMBER, "Nia+Probert")
        )
        for address, answer in self.answers.items():
            if answer.status_code == 200:
                found = self.client.get(f"{address}{'&' if '?' in address else '?'}{more}")
                self.narrowed[address] = found.get_data(as_text=True)

    def _links(self, here: str, answer) -> list[str]:
        body = answer.get_data(as_text=True)
        found = [
            *re.findall(r'<(?:a|link)\b[^>]*\shref="([^"]*)"', body),
            answer.headers.get("Location", ""),
        ]
        local = []
        for link in found:
            parts = urlsplit(urljoin(HERE + here, html.unescape(link)))
            if parts.netloc in ("here", "127.0.0.1:8000") and not parts.path.startswith("/static"):
                target = parts.path + (f"?{parts.query}" if parts.query else "")
                self.links.add(target)
                local.append(target)
        return local

    def pages(self) -> list[tuple[str, BeautifulSoup]]:
        return [
            (address, BeautifulSoup(answer.get_data(as_text=True), "html.parser"))
            for address, answer in self.answers.items()
            if answer.content_type.startswith("text/html")
        ]


@pytest.fixture(scope="module")
def walk(_app: Flask) -> Walk:
    """A site with somebody who spoke in two places, and a guest, walked once by nobody and then emptied."""
    PAGES.clear()
    with _app.app_context():
        _fill()
        found = Walk(_app.test_client(use_cookies=False)).run()  # each page as if it were the first
        found.narrow()
        db.session.rollback()
        _empty()
        db.session.remove()
    forget()
    return found


def _fill() -> None:
    a_site()
    with transaction():
        seeding.seed()
    person, guest = a_person(id=NUMBER, name=NAME), a_guest(id=NUMBER + 1, name="Visitor")
    for _ in range(2):
        draft = ground.a_draft()
        where = ground.paragraph(draft)
        comment = ground.say(where, "Plant oaks there.", by=person, ask=True)
        ground.reply(comment, "I agree.", by=guest)
        ground.say(ground.paragraph(draft, "3"), "Keep this one.", by=guest)
        ground.answer(comment, by=an_official(draft.consultation.unit))
        a_moderator(draft.consultation.unit.organisation)
        shorter = ground.TEXT.replace("Third, we water them.\n", "").replace("First, we", "At first we")
        ground.publish(draft, shorter)


def test_the_walk_goes_everywhere_that_anybody_can_go(walk, app):
    """Otherwise the tests below would hold for want of pages."""
    adapter = app.url_map.bind("here")
    seen = {adapter.match(urlsplit(address).path)[0] for address in walk.answers}
    assert len(walk.answers) > 60
    assert seen >= {
        *("consultations.home", "consultations.index", "consultations.overview", "consultations.unit"),
        *("documents.show", "documents.version", "documents.read", "documents.removed", "documents.compare"),
        *("documents.print", "discussion.paragraph", "discussion.comment", "discussion.guest_link"),
        *("moderation.report", "monitor.gaps", "search.results", "toolkit.home"),
        *("opendata.consultation_feed", "opendata.document_feed", "accounts.privacy", "accounts.terms"),
    }


def test_no_address_names_a_person(walk):
    wrong = [
        link
        for link in walk.links
        if str(NUMBER)[:-1] in link or "robert" in link or OF_A_PERSON & set(parse_qs(urlsplit(link).query))
    ]
    assert not wrong


def test_no_public_route_takes_a_person(app):
    """Routes behind a part may: an administrator looks at one person's parts."""
    free = {May.READ, May.REPORT, May.BEGIN_COMMENT}
    wrong = [
        rule.rule
        for rule in app.url_map.iter_rules()
        if getattr(app.view_functions[rule.endpoint], "access", None) in free
        and (OF_A_PERSON & rule.arguments or re.search(r"/(people|person|users?|authors?)\b", rule.rule))
    ]
    assert not wrong


def test_no_page_tells_the_number_of_a_person(walk):
    wrong = [
        address
        for address, answer in walk.answers.items()
        if str(NUMBER)[:-1] in answer.get_data(as_text=True)
    ]
    assert not wrong


def test_no_page_or_feed_can_be_narrowed_to_one_person(walk):
    """Whatever is added to an address that might mean a person changes nothing that is shown."""
    assert len(walk.narrowed) > 60
    for address, after in walk.narrowed.items():
        assert _said(walk.answers[address].get_data(as_text=True)) == _said(after), address


def _said(page: str) -> list[str]:
    return re.findall(r"Plant oaks there|I agree|Keep this one|Nia Probert|Visitor|<entry>", page)


def test_search_finds_words_and_no_names(app, visit):
    _fill()
    for asked in ("Nia Probert", "Probert", "Visitor", str(NUMBER)):
        page = visit.get(f"/search?q={asked.replace(' ', '+')}")
        assert not _said(page.main.text.replace(asked, ""))
    assert "Plant oaks there" in visit.get("/search?q=oaks").main.text


def test_reading_sets_no_cookie(walk):
    setting = [address for address, answer in walk.answers.items() if "Set-Cookie" in answer.headers]
    assert not [address for address in setting if not NEED_A_COOKIE.fullmatch(urlsplit(address).path)]
    varying = [
        address for address, answer in walk.answers.items() if "Cookie" in answer.headers.get("Vary", "")
    ]
    assert not [address for address in varying if not NEED_A_COOKIE.fullmatch(urlsplit(address).path)]


def test_a_cookie_is_set_where_a_form_needs_one(walk):
    assert "Set-Cookie" in walk.answers["/sign-in"].headers


def test_no_page_loads_anything_from_elsewhere(walk):
    wrong = []
    for address, page in walk.pages():
        for name, attribute in LOADS:
            for tag in page.select(f"{name}[{attribute}]"):
                parts = urlsplit(urljoin(HERE + address, tag[attribute]))
                is_named_only = name == "link" and tag.get("rel") == ["canonical"]
                if (
                    parts.netloc not in ("here", "127.0.0.1:8000")
                    and parts.scheme != "data"
                    and not is_named_only
                ):
                    wrong.append(f"{address}: {tag}")
        assert not page.select("[srcset], [background], object, embed"), address
    assert not wrong


def test_no_style_sheet_or_script_of_ours_calls_elsewhere(app):
    wrong = [
        f"{path.name}: {found}"
        for path in Path(str(app.static_folder)).rglob("*")
        if path.suffix in (".css", ".js")
        for found in re.findall(
            r"(?:url\(|import |fetch\(|@import )[\"']?(?:https?:)?//[^\s\"')]+", path.read_text("utf-8")
        )
    ]
    assert not wrong
    response = app.test_client().get("/healthz")
    assert "connect-src 'self'" in response.headers["Content-Security-Policy"]
    assert "default-src 'none'" in response.headers["Content-Security-Policy"]
