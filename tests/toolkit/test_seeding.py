import re

import pytest
from sqlalchemy import func, select

from consult.extensions import db, transaction
from consult.search import queries as search
from consult.search import terms
from consult.search.models import Kind
from consult.toolkit import seeding
from consult.toolkit.entries.kinds import FOLDERS, PageKind
from consult.toolkit.models import Page, PageLink, PageName, Revision, Shelf
from consult.toolkit.seeding import BadSeed
from tests.toolkit.entries.made import FACTS
from tests.toolkit.shelf import a_page, resaved

FRONT = (
    "---\ntitle: A title\nshelf: engage\nsummary: A summary.\norder: 3\nreviewed: 2026-11-23\n---\nWords.\n"
)

NO_SOURCE = re.compile("invented|our own|this site|names are|Check the name|says? of itself", re.IGNORECASE)


@pytest.fixture
def seeded(app):
    with transaction():
        seeding.seed()


def test_every_page_is_loaded_with_all_its_links_live(seeded):
    pages = seeding.read_pages()
    assert db.session.scalar(select(func.count(Page.id))) == len(pages) >= 20
    dead = db.session.scalars(select(Revision.title).where(Revision.html.contains('class="missing"'))).all()
    assert dead == []
    names = select(PageName.name)
    assert db.session.scalars(select(PageLink.target).where(PageLink.target.not_in(names))).all() == []


def test_every_shelf_has_pages_in_the_order_that_the_files_give(app):
    for shelf in Shelf:
        orders = [
            page.order
            for page in seeding.read_pages()
            if page.shelf is shelf and page.kind is PageKind.PRACTICE
        ]
        assert len(orders) >= 4
        assert len(set(orders)) == len(orders)


def test_every_page_names_its_sources_and_has_a_summary_of_its_own(app):
    pages = seeding.read_pages()
    assert [page.slug for page in pages if "## Sources" not in page.source] == []
    assert len({page.summary for page in pages}) == len(pages)


def test_every_source_names_a_year_or_says_that_it_has_none_and_no_front_page_of_a_site(app):
    for page in seeding.read_pages():
        for line in re.findall(r"(?m)^- .+", page.source.partition("## Sources")[2]):
            words = re.sub(r"\]\([^)]*\)", "", line)
            named = re.search(r"\b(19|20)\d\d\b|undated page", words) or (
                "](http" not in line and NO_SOURCE.search(line)
            )
            assert named, f"{page.slug}: {line}"
            assert not re.search(r"\]\(https?://[^/)]+/?\)", line), f"{page.slug}: {line}"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("words", "slug"),
    [
        ("FOI", "records-and-foi"),
        ("EIR", "records-and-foi"),
        ("purdah", "elections"),
        ("PSED", "equality-duty"),
        ("EIA", "equality-duty"),
        ("DPIA", "data-protection"),
        ("DPIA", "model-impact-assessment"),
        ("BSL", "accessibility-and-easy-read"),
    ],
)
def test_the_pages_are_found_by_the_letters_that_officials_use(seeded, words, slug):
    (group,) = search.found(terms.read(words), (Kind.PAGE,))
    assert slug in [entry.key for entry in group.entries]


def test_both_pages_on_dates_clear_a_text_before_it_is_translated(app):
    words = {page.slug: page.source for page in seeding.read_pages()}
    assert "Final clearance. The cleared text is frozen" in words["planning-a-consultation"]
    assert "clearance, before anything is translated" in words["choosing-dates"]


def test_the_pages_promise_what_the_site_does(app):
    words = {page.slug: page.source for page in seeding.read_pages()}
    assert "you need no account" in words["how-this-was-run"]
    assert "only to the team" in words["how-this-was-run"]
    assert "Only the team" in words["model-privacy-notice"]
    assert [slug for slug, source in words.items() if "delete this" in source] == []  # no page can be deleted


def test_seeding_again_changes_nothing_that_was_edited(seeded):
    page = db.session.scalar(select(Page).where(Page.slug == "elections"))
    resaved(page, "Our own words.")
    with transaction():
        assert seeding.seed() == 0
    assert db.session.get(Revision, page.current_revision_id).source == "Our own words."


def test_a_toolkit_that_somebody_has_begun_is_left_alone(app):
    a_page(title="Ours")
    with transaction():
        assert seeding.seed() == 0
    assert db.session.scalar(select(func.count(Page.id))) == 1


def test_a_seed_is_read_with_its_front_matter(tmp_path):
    (tmp_path / "a-page.md").write_text(FRONT)
    (page,) = seeding.read_pages(tmp_path)
    assert (page.slug, page.title, page.shelf, page.order, page.source) == (
        "a-page",
        "A title",
        Shelf.ENGAGE,
        3,
        "Words.\n",
    )


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("---\n", ""),
        ("title: A title\n", ""),
        ("A title", ""),
        ("A title", "x" * 121),
        ("engage", "elsewhere"),
        ("order: 3", "order: third"),
        ("2026-11-23", "yesterday"),
        ("order: 3", "order: 3\nauthor: somebody"),
        ("shelf: engage", "shelf engage"),
    ],
)
def test_a_seed_that_cannot_be_used_is_named(tmp_path, before, after):
    (tmp_path / "broken.md").write_text(FRONT.replace(before, after, 1))
    with pytest.raises(BadSeed, match=r"broken\.md"):
        seeding.read_pages(tmp_path)


def test_two_seeds_cannot_have_one_name(tmp_path):
    (tmp_path / "a-title.md").write_text(FRONT.replace("A title", "Another"))
    (tmp_path / "other.md").write_text(FRONT)
    with pytest.raises(BadSeed, match="a-title"):
        seeding.read_pages(tmp_path)


def _written(folder, kind, **facts):
    own = folder / FOLDERS[kind]
    own.mkdir()
    lines = "".join(f"{name}: {words}\n" for name, words in (FACTS[kind] | facts).items() if words)
    (own / "an-entry.md").write_text(FRONT.replace("order: 3", f"order: 3\n{lines}".strip()))


@pytest.mark.parametrize("kind", list(FOLDERS))
def test_the_entries_of_each_folder_are_read_with_their_facts(tmp_path, kind):
    _written(tmp_path, kind)
    (tmp_path / "guidance.md").write_text(FRONT.replace("A title", "Guidance"))
    practice, entry = seeding.read_pages(tmp_path)
    assert (practice.kind, practice.facts) == (PageKind.PRACTICE, {})
    assert (entry.kind, entry.slug, entry.facts) == (kind, "an-entry", FACTS[kind])


@pytest.mark.parametrize(
    ("kind", "facts", "says"),
    [
        (PageKind.COMMUNITY, {"consent": ""}, "consent: Choose an answer"),
        (PageKind.EXPERT, {"rate_date": ""}, "rate_date: Say on which day"),
        (PageKind.EXPERT, {"rate_source": ""}, "rate_source: Say where"),
        (PageKind.CASE_STUDY, {"serves": "many"}, "serves: Choose"),
        (PageKind.PLATFORM, {"checked": "lately"}, "checked: "),
        (PageKind.PLATFORM, {"colour": "blue"}, "gives colour"),
    ],
)
def test_an_entry_that_cannot_be_used_is_named_with_its_field(tmp_path, kind, facts, says):
    _written(tmp_path, kind, **facts)
    with pytest.raises(BadSeed, match=r"an-entry\.md") as refused:
        seeding.read_pages(tmp_path)
    assert says in str(refused.value)


def test_the_directories_begin_with_entries_and_what_is_invented_says_so(app):
    by_kind = {kind: [page for page in seeding.read_pages() if page.kind is kind] for kind in PageKind}
    assert len(by_kind[PageKind.PLATFORM]) >= 8
    assert len(by_kind[PageKind.CASE_STUDY]) >= 6
    assert {"central", "local", "devolved", "agency"} <= {
        page.facts["organisation_kind"] for page in by_kind[PageKind.CASE_STUDY]
    }
    invented = by_kind[PageKind.COMMUNITY] + by_kind[PageKind.EXPERT]
    assert len(invented) >= 6
    for page in invented:  # nobody real is listed without being asked, and no private person's rate
        assert page.facts["example"] == "yes"
        assert "(invented)" in page.title
        assert "does not exist" in page.source
        assert "](http" not in page.source


def test_a_real_entry_names_where_its_facts_can_be_read(app):
    real = [page for page in seeding.read_pages() if page.kind in (PageKind.PLATFORM, PageKind.CASE_STUDY)]
    assert [page.slug for page in real if "](http" not in page.source.partition("## Sources")[2]] == []
