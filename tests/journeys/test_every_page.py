"""Every page, for everybody it is for: accessible, within the screen, quiet, and leading only to pages that exist."""

import html
import http.client
import re
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import unquote, urljoin, urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page
from sqlalchemy import select

from consult.accounts.models import Part, Role
from consult.discussion.answering.models import DraftAnswer
from consult.discussion.desk.models import Point
from consult.discussion.models import Answer, Comment, Kind, Response, State
from consult.documents.models import Document, Paragraph
from consult.extensions import db, transaction
from consult.moderation.campaigns import arrival
from consult.moderation.campaigns.models import Campaign
from consult.moderation.models import QueueItem
from consult.toolkit import withholding
from consult.toolkit.suggestions.models import Suggestion
from consult.toolkit.talk.models import PageTalk
from tests import factories
from tests.beside import beside
from tests.conftest import NOTHING_LEFT_OUT
from tests.journeys.conftest import DESK, RULES, TELEPHONE, Demonstration, what_axe_finds
from tests.toolkit.shelf import a_page, resaved

DRAFT = "/consultations/clear-footways/standard"
ZOOMED = 320  # pixels: 1,280 at 400 %
TABLETS = 660, 800  # where tables have just ceased to be cards
ANYBODY = [
    "/",
    "/?sort=new",
    "/consultations",
    "/consultations?standing=withdrawn",
    "/consultations/clear-footways",
    "/consultations/crossing-times",
    "/consultations/play-streets",
    "/consultations/clear-footways/plan",
    "/consultations/clear-footways/equality",
    "/consultations/clear-footways/equality/thanks",
    "/consultations/clear-footways/equality/totals",
    "/consultations/crossing-times/equality",
    "/consultations/crossing-times/equality/totals",
    "/consultations/kerbs-for-the-next-thirty-years/questions",
    "/consultations/crossing-times/draft",
    "/consultations/play-streets/draft",
    DRAFT,
    f"{DRAFT}?p={{busy}}",
    f"{DRAFT}/v/1",
    f"{DRAFT}/v/1?p={{busy}}",
    f"{DRAFT}/read",
    f"{DRAFT}/removed",
    f"{DRAFT}/print",
    f"{DRAFT}/compare/1...2",
    f"{DRAFT}/compare/1...2?view=side",
    f"{DRAFT}/compare/1...2?show=all",
    f"{DRAFT}/compare/1...2?as=table",
    f"{DRAFT}/compare/1...9",
    f"{DRAFT}/p/{{busy}}",
    f"{DRAFT}/p/{{busy}}?show=questions",
    f"{DRAFT}/p/{{busy}}?show=version&v=1",
    f"{DRAFT}/p/{{busy}}?v=1",
    f"{DRAFT}/p/{{gone}}",
    f"{DRAFT}/p/{{quiet}}",
    f"{DRAFT}/p/all",
    "/comments/{published}/history",
    "/comments/{published}/report",
    "/comments/{published}/report/not-by-me",
    "/comments/{published}/complaint",
    "/comments/{question}/also",
    "/consultations/clear-footways/ledger",
    "/consultations/clear-footways/ledger?state=waiting",
    "/consultations/clear-footways/ledger?kind=evidence&state=in_progress",
    "/consultations/play-streets/ledger",
    "/figures",
    "/consultations/loading-bays-near-schools/draft/p/all",
    "/organisations/streets-and-places",
    "/organisations/streets-and-places/moderation",
    "/organisations/streets-and-places/moderators",
    "/organisations/streets-and-places/erased",
    "/units/footways-and-kerbside",
    "/toolkit",
    "/toolkit/answering-well",
    "/toolkit/answering-well/followed",
    "/toolkit/answering-well/history",
    "/toolkit/answering-well/history/1",
    "/toolkit/{withheld}/history/1",
    "/toolkit/answering-well?view=headings",
    "/toolkit/answering-well/links",
    "/toolkit/recent",
    "/toolkit/print/engage",
    "/toolkit/communities",
    "/toolkit/platforms",
    "/toolkit/platforms/compare?page=decidim&page=polis&field=cost",
    "/toolkit/platforms/compare",
    "/toolkit/experts?skills=no-such-thing&q=words",
    "/toolkit/case-studies?organisation_kind=local",
    "/toolkit/example-crossing-times",
    "/toolkit/answering-well/talk",
    "/toolkit/finding-communities",
    "/toolkit/finding-communities/talk",
    "/toolkit/finding-communities/p/{talked}",
    "/toolkit/there-is-no-such-page",
    "/monitor",
    "/monitor?unit=footways-and-kerbside",
    "/monitor/questions",
    "/monitor/silent",
    "/monitor/heat",
    "/consultations/loading-bays-near-schools",
    "/search",
    "/search?q=pavement",
    "/search?q=xylophone",
    f"{DRAFT}/letter",
    "/unsent",
    "/guest/link",
    "/confirm-comment/a-link-that-was-never-sent",
    "/sign-in",
    "/sign-up",
    "/forgotten-password",
    "/mailbox",
    "/about",
    "/privacy",
    "/terms",
    "/accessibility",
    "/accessibility/contact",
    "/there-is-no-such-page",
    "/desk",
    "/follow?consultation=clear-footways&document=standard",
    "/follow/leave/a-link-that-was-never-sent",
]
PAGES: dict[str, list[str]] = {
    "anybody": ANYBODY,
    "citizen": [
        "/",
        DRAFT,
        f"{DRAFT}?p={{busy}}",
        f"{DRAFT}/p/{{busy}}",
        f"{DRAFT}/p/{{busy}}?reply={{published}}",
        "/comments/{own}/edit",
        "/comments/{own}/withdraw",
        "/account",
        "/account/name",
        "/account/gap-mail",
        "/account/password",
        "/account/email",
        "/account/second-step",
        "/account/sessions",
        "/account/data",
        "/account/following",
        "/account/suggestions",
        "/toolkit/suggest",
        "/toolkit/answering-well/suggest",
        "/toolkit/decidim/suggest",
        "/follow?consultation=clear-footways",
        "/follow?unit=trees-and-greenways",
        "/account/close",
        "/account/claim",
        "/sign-in/again?next=/account/password",
        "/moderation",
    ],
    "official": [
        "/desk",
        "/desk?show=all&order=paragraph&consultation=clear-footways",
        "/desk?show=mine",
        "/desk/points/clear-footways",
        "/desk/points/clear-footways/{point}",
        "/desk/answer/{question}",
        "/desk/answer-several?key={question}",
        "/desk/drafts",
        "/desk/drafts/{draft}",
        "/desk/information",
        "/desk/replies/{reply}",
        "/desk/team",
        "/desk/team?show=all",
        "/desk/team/{sent}",
        "/desk/record",
        "/desk/record/clear-footways/standard",
        "/desk/recorded/{recorded}",
        "/desk/responses",
        "/desk/responses?consultation=clear-footways",
        "/desk/campaigns",
        "/consultations/new",
        "/consultations/clear-footways",
        "/consultations/clear-footways/edit",
        "/consultations/clear-footways/plan/guidance",
        "/consultations/hire-cycles-and-scooters/plan",
        "/consultations/hire-cycles-and-scooters/plan/formats",
        "/consultations/clear-footways/extend",
        "/consultations/clear-footways/holds",
        "/units/footways-and-kerbside/words",
        "/consultations/clear-footways/withdraw",
        "/consultations/clear-footways/new",
        "/consultations/loading-bays-near-schools",
        "/consultations/loading-bays-near-schools/finish",
        DRAFT,
        f"{DRAFT}/edit",
        f"{DRAFT}/publish",
        f"{DRAFT}/correct",
        f"{DRAFT}/withdraw",
        f"{DRAFT}/renumber",
        f"{DRAFT}/publish/{{busy}}",
        f"{DRAFT}/publish/{{busy}}?q=width",
        "/consultations/hire-cycles-and-scooters",
        "/consultations/hire-cycles-and-scooters/open",
    ],
    "moderator": [
        "/moderation",
        "/moderation?cause=reported",
        "/moderation?cause=corrected",
        "/moderation?cause=appealed",
        "/moderation/complaints",
        "/moderation/seals",
        "/moderation/{waiting}/seal",
        "/moderation/escalations",
        "/moderation/{waiting}/escalate",
        "/moderation/erasures",
        "/moderation/{waiting}/erase",
        "/moderation/held",
        "/moderation/{waiting}/hold",
        "/moderation/{waiting}/take-out",
        "/moderation/{waiting}/thread",
        "/moderation/{waiting}",
        "/moderation/decisions",
        "/moderation/several?do=take-down&c={waiting}",
        "/moderation/campaigns",
        "/moderation/campaigns/{group}",
    ],
    "editor": [
        "/search/in-vain",
        "/toolkit/answering-well",
        "/toolkit/answering-well/edit",
        "/toolkit/answering-well/history",
        "/toolkit/answering-well/rename",
        "/toolkit/case-studies",
        "/toolkit/answering-well/history/1/withhold",
        "/toolkit/{withheld}/history/1",
        "/toolkit/{withheld}/history",
        "/toolkit/new",
        "/toolkit/wanted",
        "/toolkit/new?kind=expert",
        "/toolkit/decidim/edit",
        "/toolkit/steps",
        "/toolkit/suggestions",
        "/toolkit/suggestions?show=settled",
        "/toolkit/suggestions/{suggested}",
        "/toolkit/suggestions/{suggested}/amend",
    ],
    "admin": [
        "/admin",
        "/admin/site",
        "/admin/mail/given-up",
        "/admin/data-protection",
        "/admin/privacy-notice",
        "/admin/toolkit-talk",
        "/admin/accessibility",
        "/admin/organisations",
        "/admin/organisations/new",
        "/admin/organisations/hallowmere",
        "/admin/organisations/hallowmere/new-unit",
        "/admin/organisations/hallowmere/appeals",
        "/admin/organisations/hallowmere/named-person",
        "/admin/organisations/hallowmere/legal-holds",
        "/admin/organisations/hallowmere/elections",
        "/admin/organisations/hallowmere/elections/new",
        "/admin/organisations/hallowmere/elections/1",
        "/admin/organisations/hallowmere/elections/1/end",
        "/admin/units/footways-and-kerbside",
        "/admin/mail",
        "/admin/mail/given-up",
        "/admin/backup",
        "/admin/people",
        "/admin/people?part=moderator",
        "/admin/people/new",
        "/admin/people/{moderator}",
        "/admin/roles/{role}",
        "/admin/roles/{role}/end",
    ],
}
EVERY_LAYOUT = [  # the others are made of what stands on these
    ("anybody", "/"),
    ("anybody", f"{DRAFT}?p={{busy}}"),
    ("anybody", f"{DRAFT}/p/{{busy}}"),
    ("anybody", "/toolkit/answering-well"),
    ("moderator", "/moderation"),
    ("official", "/desk"),
]
# Colours come from the same tokens at every width, and to measure them is half the work: on telephones that is done
# where the layout is another, and on desks everywhere else only where nothing may be left out.
BUT_COLOURS = {**RULES, "rules": {"color-contrast": {"enabled": False}}}
EVERY = [(part, page) for part, pages in PAGES.items() for page in pages]


@dataclass
class Reader:
    """A browser in which somebody is signed in, and what it complained about since it was last asked."""

    page: Page
    complaints: list[str] = field(default_factory=list)

    def watch(self, address: str) -> None:
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", self._heard)
        self.page.on("request", lambda asked: self._asked(asked.url, address))

    def _heard(self, said: Any) -> None:
        if said.type in ("error", "warning") and "the server responded with a status of 4" not in said.text:
            self.complaints.append(said.text)

    def _asked(self, url: str, address: str) -> None:
        if not url.startswith((address, "data:")):
            self.complaints.append(f"asked another host: {url}")


@pytest.fixture(scope="module")
def readers(chrome: Browser, demonstration: Demonstration) -> Iterator[Callable[..., Reader]]:
    """Return a browser for a part, kept through the module: whoever is signed in stays so."""
    kept: dict[str, Reader] = {}
    opened: list[BrowserContext] = []

    def reader(part: str, scheme: Literal["light", "dark"] = "light") -> Reader:
        if part + scheme not in kept:
            context = chrome.new_context(
                base_url=demonstration.address, locale="en-GB", reduced_motion="reduce", color_scheme=scheme
            )
            opened.append(context)
            page = context.new_page()
            if part != "anybody":
                account = demonstration.accounts[part]
                page.goto("/sign-in")
                page.get_by_label("Email").fill(account["email"])
                page.get_by_label("Password", exact=True).fill(account["password"])
                page.get_by_role("button", name="Sign in").click()
                page.wait_for_url(lambda address: "/sign-in" not in address)
            kept[part + scheme] = Reader(page)
            kept[part + scheme].watch(demonstration.address)
        return kept[part + scheme]

    yield reader
    for context in opened:
        context.close()


@pytest.fixture(scope="module")
def keys(demonstration: Demonstration, busy: str) -> dict[str, str]:
    """Return the keys of the demonstration that addresses need."""
    with beside(demonstration.app):
        document = db.session.scalars(
            select(Document).where(Document.consultation.has(slug="clear-footways"))
        ).one()
        paragraphs = select(Paragraph).where(Paragraph.document_id == document.id, Paragraph.kind == "p")
        comments = select(Comment).where(Comment.document_id == document.id).order_by(Comment.id)
        published = comments.where(Comment.state == State.PUBLISHED)
        own = published.where(Comment.author.has(email=demonstration.accounts["citizen"]["email"]))
        answered = published.where(Comment.answered_at.is_not(None))

        def first(wanted: Any) -> Any:
            return db.session.scalars(wanted.limit(1)).one()

        arrival.group_for(60)  # as the server does as well, bit by bit
        role = first(select(Role).join(Role.person).where(Role.part == Part.MODERATOR).order_by(Role.id))
        talked_about = first(paragraphs.where(Paragraph.number == busy))
        return {
            "busy": talked_about.key,
            "gone": first(
                paragraphs.where(Paragraph.removed_in.is_not(None), Paragraph.comment_count > 0)
            ).key,
            "point": first(select(Point).order_by(Point.id)).key,
            "moderator": str(role.person_id),
            "talked": first(
                select(Paragraph)
                .join(PageTalk, PageTalk.document_id == Paragraph.document_id)
                .where(Paragraph.comment_count > 0, Paragraph.key != "all")
            ).key,
            "withheld": _withheld(),
            "role": str(role.id),
            "quiet": first(
                paragraphs.where(Paragraph.removed_in.is_(None), Paragraph.comment_count == 0)
            ).key,
            "published": first(published.where(Comment.paragraph_id == talked_about.id)).key,
            "own": first(own).key,
            "question": first(
                published.where(Comment.kind == Kind.QUESTION, Comment.answered_at.is_(None))
            ).key,
            "reply": _reply_to(first(answered)),
            "sent": first(comments.where(Comment.state == State.RECEIVED)).key,
            "draft": first(select(DraftAnswer)).key,
            "recorded": first(published.where(Comment.recorded_by.is_not(None))).key,
            "suggested": first(
                select(Suggestion).where(Suggestion.settled_at.is_(None)).order_by(Suggestion.id)
            ).key,
            "group": str(first(select(Campaign).order_by(Campaign.letter_count.desc())).id),
            "waiting": first(
                comments.join(QueueItem, QueueItem.comment_id == Comment.id).where(
                    Comment.state == State.WAITING
                )
            ).key,
        }


def _withheld() -> str:
    """Return the address of a page that has a revision which nobody may read."""
    page, editor = resaved(a_page("First.", title="Withheld words"), "Second."), factories.an_editor()
    with transaction(editor):
        withholding.withhold(actor=editor, page=page, number=1, why="Consent was withdrawn")
    return page.slug


def _reply_to(comment: Comment) -> str:
    wanted = select(Response.key).join(Answer, Answer.response_id == Response.id)
    return str(db.session.scalars(wanted.where(Answer.comment_id == comment.id)).first())


def _told(violations: list[dict[str, Any]]) -> str:
    return "\n".join(
        f"{found['id']}: {found['help']}\n"
        + "\n".join(f"    {node['html'][:200]}" for node in found["nodes"][:4])
        for found in violations
    )


@pytest.mark.parametrize(("part", "address"), EVERY, ids=[f"{part}:{page}" for part, page in EVERY])
def test_a_page_is_accessible_keeps_within_the_screen_and_is_quiet(
    readers: Callable[..., Reader], keys: dict[str, str], part: str, address: str
) -> None:
    reader = readers(part)
    page = reader.page
    reader.complaints.clear()  # those of axe, which styles what it looks at
    page.set_viewport_size({"width": DESK, "height": 900})
    answer = page.goto(address.format(**keys))
    assert answer
    assert answer.status < 500
    assert re.search(r"\S – .*Department for Streets and Places$", page.title()), page.title()
    assert page.locator("h1").count() == 1
    assert not reader.complaints
    for width in (DESK, TELEPHONE):
        page.set_viewport_size({"width": width, "height": 900})
        with_colours = (width == DESK and NOTHING_LEFT_OUT) or (part, address) in EVERY_LAYOUT
        found = what_axe_finds(page, RULES if with_colours else BUT_COLOURS)
        assert not found, f"at {width} pixels:\n{_told(found)}"
    for width in (ZOOMED, *TABLETS):
        page.set_viewport_size({"width": width, "height": 900})
        needed, given = page.evaluate(
            "[document.scrollingElement.scrollWidth, document.scrollingElement.clientWidth]"
        )
        assert needed <= given, f"{needed} pixels wide on a screen of {width}"


@pytest.mark.parametrize(("part", "address"), EVERY_LAYOUT)
def test_a_page_is_accessible_in_the_dark(
    readers: Callable[..., Reader], keys: dict[str, str], part: str, address: str
) -> None:
    page = readers(part, "dark").page
    page.set_viewport_size({"width": DESK, "height": 900})
    page.goto(address.format(**keys))
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != "rgb(255, 255, 255)"
    violations = what_axe_finds(page)
    assert not violations, _told(violations)


@pytest.mark.parametrize(
    "address", [DRAFT, f"{DRAFT}/read", "/consultations/kerbs-for-the-next-thirty-years/questions"]
)
def test_the_text_of_a_draft_has_room_on_a_wide_screen(readers: Callable[..., Reader], address: str) -> None:
    """With and without a table of contents beside it."""
    page = readers("anybody").page
    page.set_viewport_size({"width": DESK, "height": 900})
    page.goto(address)
    widths = page.locator(".doc > .para > .para-text").evaluate_all(
        "all => all.map(text => text.offsetWidth)"
    )
    assert min(widths) > 450


class Crawl:
    """Reads what anybody can reach from the home page, by plain requests."""

    def __init__(self, address: str) -> None:
        self.connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=20)
        self.ids: dict[str, set[str] | None] = {}  # of each page; None for what has none
        self.failed: dict[str, int] = {}
        self.led_from: dict[tuple[str, str], str] = {}  # (page, anchor) to a page that links there

    def run(self) -> None:
        waiting = deque(["/"])
        while waiting:
            here = waiting.popleft()
            if here in self.ids:
                continue
            for target in self._read(here):
                self.led_from.setdefault(target, here)
                waiting.append(target[0])

    def _read(self, here: str) -> list[tuple[str, str]]:
        self.connection.request("GET", here)
        answer = self.connection.getresponse()
        body = answer.read().decode("utf-8", "replace")
        self.ids[here] = None
        if answer.status >= 400:
            self.failed[here] = answer.status
        if answer.getheader("Location"):
            return list(filter(None, [_target(here, str(answer.getheader("Location")))]))
        if "html" not in str(answer.getheader("Content-Type")):
            return []
        self.ids[here] = set(re.findall(r'\sid="([^"]*)"', body))
        links = re.findall(r'<(?:a|link)\b[^>]*\shref="([^"]*)"', body)
        return list(filter(None, (_target(here, html.unescape(link)) for link in links)))

    def dead_anchors(self) -> list[str]:
        return [
            f"{page}#{anchor} (from {source})"
            for (page, anchor), source in self.led_from.items()
            if anchor and (ids := self.ids.get(page)) is not None and anchor not in ids
        ]


def _target(here: str, link: str) -> tuple[str, str] | None:
    """Return page and anchor of a link within the site.

    Forms that only differ by what they answer count as one, and so do tables of the same kind, of which nobody may
    take more than so many a minute.
    """
    parts = urlsplit(urljoin(f"http://here{here}", link))
    if parts.scheme != "http" or parts.netloc != "here":
        return None
    is_one = parts.path in ("/sign-in", "/sign-up") or parts.path.endswith(".csv") or "reply=" in parts.query
    query = "" if is_one else parts.query
    path = re.sub(r"^/comments/\w+/report$", "/sign-in", parts.path)
    return path + (f"?{query}" if query else ""), "" if "reply=" in parts.query else unquote(parts.fragment)


def test_every_link_leads_to_a_page_and_every_anchor_to_a_place_on_it(demonstration: Demonstration) -> None:
    crawl = Crawl(demonstration.address)
    crawl.run()
    assert len(crawl.ids) > 900
    assert not crawl.failed
    assert not crawl.dead_anchors()
