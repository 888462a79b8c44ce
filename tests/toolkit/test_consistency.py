"""Whatever editors do in whatever order, names, links and backlinks are those of a simple model of the toolkit."""

import itertools

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select

from consult.errors import Conflict, Invalid, NotFound
from consult.extensions import db
from consult.toolkit import lists, names, rendering
from consult.toolkit.models import Page, PageLink, PageName, Revision
from tests.toolkit.shelf import a_page, renamed, resaved, restored

WORDS = st.sampled_from(["alpha", "beta", "gamma", "тема"])
SLUGS = st.sampled_from(["alpha", "beta", "gamma", "delta"])
LINKS = st.lists(
    st.one_of(SLUGS, WORDS.map(lambda word: f"Title {word}"), st.just("nowhere")), max_size=4, unique=True
)
PLACES = st.integers(0, 5)
rounds = itertools.count(1)


class Toolkit(RuleBasedStateMachine):
    """The model: for each page what it is called and what each revision said; and to which page each name leads."""

    def __init__(self) -> None:
        super().__init__()
        self.here = f"r{next(rounds)}"  # every life has names of its own
        self.pages: list[Page] = []
        self.slugs: list[str] = []
        self.said: list[list[tuple[str, str]]] = []  # of each page: title and source, revision by revision
        self.leads: dict[str, int] = {}

    def _slug(self, word: str) -> str:
        return f"{self.here}-{word}"

    def _title(self, word: str) -> str:
        return f"{self.here} Title {word}"

    def _source(self, links: list[str]) -> str:
        return " and ".join(f"[[{self.here} {link}]]" for link in links) or "Nothing."

    def _may_have(self, at: int, slug: str, title: str) -> bool:
        return all(self.leads.get(name, at) == at for name in (slug, names.name_of(title)))

    def _says(self, at: int, title: str, source: str) -> None:
        if self.said[at][-1:] != [(title, source)]:
            self.said[at].append((title, source))
        for name in (self.slugs[at], names.name_of(title)):
            self.leads[name] = at

    def _at(self, place: int) -> int:
        return place % len(self.pages)

    @rule(slug=SLUGS, word=WORDS, links=LINKS)
    def start(self, slug: str, word: str, links: list[str]) -> None:
        at, address, title, source = len(self.pages), self._slug(slug), self._title(word), self._source(links)
        may = self._may_have(at, address, title)
        try:
            page = a_page(source, title=title, slug=address)
        except Invalid:
            assert not may
            return
        assert may
        self.pages.append(page)
        self.slugs.append(address)
        self.said.append([])
        self._says(at, title, source)

    @precondition(lambda self: self.pages)
    @rule(place=PLACES, word=WORDS, links=LINKS)
    def save(self, place: int, word: str, links: list[str]) -> None:
        at, title, source = self._at(place), self._title(word), self._source(links)
        may = self._may_have(at, self.slugs[at], title)
        try:
            resaved(self.pages[at], source, title=title)
        except Invalid:
            assert not may
            return
        assert may
        self._says(at, title, source)

    @precondition(lambda self: self.pages)
    @rule(place=PLACES, links=LINKS)
    def save_too_late(self, place: int, links: list[str]) -> None:
        at = self._at(place)
        title, stands = self.said[at][-1]
        try:
            resaved(self.pages[at], self._source(links), title=title, based_on=0)
        except Conflict:
            assert self._source(links) != stands

    @precondition(lambda self: self.pages)
    @rule(place=PLACES, slug=SLUGS, word=WORDS)
    def rename(self, place: int, slug: str, word: str) -> None:
        at, address, title = self._at(place), self._slug(slug), self._title(word)
        was = (self.slugs[at], self.said[at][-1][0])
        may = self._may_have(at, address, title)
        try:
            renamed(self.pages[at], slug=address, title=title)
        except Invalid:
            assert not may
            return
        assert may
        self.slugs[at] = address
        if was != (address, title):
            self.said[at].append((title, self.said[at][-1][1]))
        self._says(at, title, self.said[at][-1][1])

    @precondition(lambda self: self.pages)
    @rule(place=PLACES, number=st.integers(1, 6))
    def restore(self, place: int, number: int) -> None:
        at = self._at(place)
        try:
            restored(self.pages[at], number)
        except NotFound:
            assert number > len(self.said[at])
            return
        self._says(at, *self.said[at][number - 1])

    @invariant()
    def names_lead_where_they_should(self) -> None:
        ids = {page.id: at for at, page in enumerate(self.pages)}
        rows = db.session.execute(select(PageName.name, PageName.page_id).where(PageName.page_id.in_(ids)))
        assert {name: ids[page_id] for name, page_id in rows} == self.leads
        rows = db.session.execute(select(Page.id, Page.slug).where(Page.id.in_(ids)).order_by(Page.id))
        assert [row.slug for row in rows] == self.slugs

    def teardown(self) -> None:
        """Hold every page against the model, and its stored HTML against what it would be if rendered now."""
        for at, page in enumerate(self.pages):
            assert page.revision_count == len(self.said[at])
            current = db.session.get_one(Revision, page.current_revision_id)
            assert (current.title, current.source) == self.said[at][-1]
            assert page.title == current.title
            assert current.html == rendering.rendered(current.source).html
            stored = db.session.scalars(select(PageLink.target).where(PageLink.page_id == page.id)).all()
            assert set(stored) == self._targets(at)
            assert {row.slug for row in lists.linking(page.id)} == {
                self.slugs[other]
                for other in range(len(self.pages))
                if other != at and at in map(self.leads.get, self._targets(other))
            }

    def _targets(self, at: int) -> set[str]:
        return set(names.names_linked(self.said[at][-1][1]))


def test_names_links_and_backlinks_agree_after_any_edits_renames_and_restores(app):
    bounds = settings(
        max_examples=15,
        stateful_step_count=14,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(Toolkit, settings=bounds)
