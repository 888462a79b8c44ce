"""What changed between two versions, and the page that shows it."""

from dataclasses import dataclass
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult import clock
from consult.discussion import actions as discussion
from consult.documents.comparing import compared
from consult.extensions import transaction
from tests import factories
from tests.counting import queries as counted
from tests.documents.ground import TEXT, a_draft, address, paragraph, publish


@dataclass(frozen=True)
class Row:
    """A block of a version, as far as a comparison reads it."""

    paragraph_id: int
    plain: str = ""
    number: str = ""
    is_removed: bool = False
    kind: str = "p"
    text: str = ""
    split_from_id: int | None = None

    @property
    def key(self):
        return f"k{self.paragraph_id}"


def rows(words, **more):
    """A page with a paragraph for each letter; a letter in brackets is one that was removed."""
    found = []
    for word in words.split():
        letter = word.strip("()")
        name = letter[0]
        gone = word.startswith("(")
        found.append(
            Row(ord(name), "" if gone else letter, name, gone, text=letter, split_from_id=more.get(name))
        )
    return found


def sorts(old, new, homes=None, **more):
    found = compared(rows(old), rows(new, **more), {ord(k): ord(v) for k, v in (homes or {}).items()})
    return [(change.number, change.sort) for change in found.changes]


@pytest.mark.parametrize(
    ("old", "new", "changes"),
    [
        ("a b c", "a b c", []),
        ("a b c", "a b2 c", [("b", "changed")]),
        ("a b c", "a x b c", [("x", "new")]),
        ("a b c", "a (b) c", [("b", "removed")]),
        ("a (b) c", "a b c", [("b", "restored")]),
        ("a (b) c", "a (b) c", []),
        ("a b c d", "a c d b", [("b", "moved")]),
        ("a b c d", "a c d b2", [("b", "changed")]),
        ("a b c", "x y z (a) (b) (c)", [*zip("xyz", ["new"] * 3, strict=True), *zip("abc", ["removed"] * 3, strict=True)]),
    ],
)  # fmt: skip
def test_each_paragraph_has_what_became_of_it(old, new, changes):
    assert sorts(old, new) == changes


def test_what_moved_says_what_it_had_followed():
    (change,) = compared(rows("a b c d"), rows("a c d b2")).changes
    assert change.followed.number == "a"
    (change,) = compared(rows("a b c"), rows("b c a")).changes
    assert change.followed == ""
    assert change.has_moved


def test_a_section_that_moved_is_one_change():
    found = compared(rows("a b c d e f g"), rows("a e f g b c d"))
    (moved,) = found.changes
    assert (moved.number, [row.number for row in moved.with_it]) in (("b", ["c", "d"]), ("e", ["f", "g"]))


def test_a_part_names_what_it_was_a_part_of():
    (first, part) = compared(rows("a b c"), rows("a b2 x c", x=ord("b"))).changes
    assert (first.sort, part.sort, part.other.number) == ("changed", "split", "b")


def test_what_was_joined_names_its_new_place_and_is_named_there():
    changes = compared(rows("a b c"), rows("a b2 (c)"), {ord("c"): ord("b")}).changes
    assert [(change.number, change.sort) for change in changes] == [("b", "changed"), ("c", "joined")]
    assert changes[1].other.number == "b"
    assert [row.number for row in changes[0].taken_in] == ["c"]


def test_other_quotation_marks_and_other_markdown_are_formatting():
    old, new = Row(1, "It's a plan", text="It's a plan"), Row(1, "It’s a plan", text="It’s a **plan**")
    assert compared([old], [new]).tally == {"formatting": 1}
    assert compared([old], [Row(1, "It’s a plan", text="It’s a plan")]).tally == {"same": 1}


def test_a_row_is_compared_cell_by_cell():
    old = Row(1, "Street 1.5 metres 1.0 metre", kind="row", text="Street | 1.5 metres | 1.0 metre")
    new = Row(1, "Street 2.0 metres 1.5 metres", kind="row", text="Street | 2.0 metres | 1.5 metres")
    (change,) = compared([old], [new]).changes
    assert change.cells == [("Street", "Street"), ("1.5 metres", "2.0 metres"), ("1.0 metre", "1.5 metres")]
    wider = Row(1, "Street 2.0 metres 1 2", kind="row", text="Street | 2.0 metres | 1 | 2")
    assert compared([old], [wider]).changes[0].cells == [(old.plain, wider.plain)]


def test_a_turn_of_meaning_is_pointed_at():
    (change,) = compared([Row(1, "You may park.")], [Row(1, "You may not park.")]).changes
    assert [(turn.kind, turn.after) for turn in change.turns] == [("negation", "not")]


PAGE = st.lists(st.sampled_from("abcdefgh"), unique=True).flatmap(
    lambda letters: st.tuples(*(st.sampled_from([c, f"{c}2", f"({c})"]) for c in letters)).map(" ".join)
)


@given(PAGE, PAGE)
def test_every_paragraph_of_either_version_is_there_once(old, new):
    found = compared(rows(old), rows(new))
    stand = {row.paragraph_id for row in (*rows(old), *rows(new)) if not row.is_removed}
    assert sorted(change.block.paragraph_id for change in found.every) == sorted(stand)
    assert sum(found.tally.values()) == len(stand)
    assert [c.new.paragraph_id for c in found.every if c.new] == [
        row.paragraph_id for row in rows(new) if not row.is_removed
    ]


@given(PAGE)
def test_a_page_is_the_same_as_itself(page):
    assert compared(rows(page), rows(page)).changes == []


# the page


SECOND = TEXT.replace("First words.", "First other words, and 12 more.").replace("- two\n", "")


@pytest.fixture
def document(app):
    return a_draft()


def _say(document, number, body="Could it be wider?"):
    person = factories.a_person()
    with transaction(person):
        return discussion.post_comment(actor=person, paragraph=paragraph(document, number), body=body)


def test_the_page_shows_each_change_with_its_words_and_its_address(visit, document):
    publish(document, SECOND, note="Wider, as councils asked.")
    page = visit.get(address(document, "/compare/1...2"))
    assert page.h1.text == "What changed between versions 1 and 2"
    assert "Wider, as councils asked." in page.select_one(".note-official").text
    changed = page.find(id="change-1")
    assert changed.select_one(".diff-inline ins .vh").text == "Put in: "
    assert "other" in changed.select_one(".diff-inline ins").text
    assert page.find(id=f"c-{paragraph(document, '1').key}").find_parent("article") is changed
    assert page.find(id="change-4").select_one(".tag").text == "Removed in version 2"
    assert page.select_one("#every").text.strip() == "1 changed, 1 removed, 3 as they were"
    assert [a.text for a in page.select(".cstrip a")] == ["1", "4"]
    assert [cell.text for cell in page.select(".cstrip li")] == ["1", "2", "3", "4", "5"]
    assert page.find(id="change-2") is None


def test_the_text_leads_to_its_changes_and_says_how_many(visit, document):
    publish(document, SECOND)
    link = visit.get(address(document)).select_one('.doc-bar a[href$="/compare/1...2"]')
    assert link.text == "See the 2 changes"
    mark = visit.get(address(document)).select_one("a.chg")["href"]
    page = visit.get(mark)
    assert page.find(id=mark.partition("#")[2])
    publish(document, SECOND + "\n\nMore.")
    assert visit.get(address(document, "/v/2")).select_one('.doc-bar a[href$="/compare/1...2"]')
    assert (
        visit.get(address(document)).select_one('.doc-bar a[href$="/compare/2...3"]').text == "See the change"
    )
    assert not visit.get(address(document, "/v/1")).select('.doc-bar a[href*="/compare/"]')


def test_each_change_has_what_people_had_said_and_no_more(visit, document):
    for number in range(5):
        _say(document, "1", f"Point {number} about it.")
    publish(document, SECOND)
    _say(document, "1", "Said on the new words.")
    page = visit.get(address(document, "/compare/1...2"))
    said = page.find(id="change-1").select_one(".said")
    assert [q.text for q in said.select("q")] == [f"Point {number} about it." for number in range(3)]
    assert "All 5 comments" in said.text
    assert "2 paragraphs changed after 5 comments on version 1." in page.select_one(".lede").text
    assert "led to" not in page.text
    assert "Nothing, on version 1." in " ".join(page.find(id="change-4").select_one(".said").text.split())


def test_what_is_not_public_is_not_beside_a_change(visit, document):
    said = _say(document, "1", "A secret.")
    with transaction():
        discussion.withdraw_comment(actor=said.author, comment=said)
    publish(document, SECOND)
    assert "A secret." not in visit.get(address(document, "/compare/1...2")).text


def test_a_turn_of_meaning_is_a_tag(visit, document):
    publish(document, TEXT.replace("Second words.", "Second words never."))
    page = visit.get(address(document, "/compare/1...2"))
    assert page.select_one("#change-2 .turn").text == "“never” put in"


def test_with_what_stayed_everything_is_there(visit, document):
    publish(document, SECOND)
    page = visit.get(address(document, "/compare/1...2?show=all"))
    assert "Last words." in [p.text for p in page.select(".stayed p")]


def test_one_table_has_both_texts(visit, document):
    publish(document, SECOND)
    page = visit.get(address(document, "/compare/1...2?as=table"))
    row = page.find(id="change-1")
    assert row.select("td")[0].text == "First words."
    assert "First" in row.select("td")[1].text
    assert row.select("td")[1].select_one("ins")


def test_the_two_lists_lead_to_the_comparison(client, document):
    publish(document, SECOND)
    answer = client.get(address(document, "/compare?from=2&to=1"))
    assert answer.status_code == 303
    assert answer.location.endswith("/compare/2...1")
    turned = client.get(address(document, "/compare/2...1?as=table"))
    assert turned.status_code == 301
    assert turned.location.endswith("/compare/1...2?as=table")
    assert client.get(address(document, "/compare")).location.endswith("/compare/1...2")


def test_a_version_that_is_not_there_is_answered_with_those_that_are(visit, document):
    publish(document, SECOND)
    page = visit.get(address(document, "/compare/1...7"), 404)
    assert [option["value"] for option in page.select("#to option")] == ["1", "2"]
    assert page.select_one("#to option[selected]")["value"] == "2"


def test_a_version_and_itself_are_answered_kindly(visit, document):
    page = visit.get(address(document, "/compare/1...1"))
    assert "Choose two different ones" in page.select_one(".lede").text


def test_two_versions_with_the_same_words_say_so(visit, document):
    publish(document, TEXT.replace("First words.", "First  words."))
    assert "Not a word changed between these two" in visit.get(address(document, "/compare/1...2")).text


def test_over_several_versions_the_numbers_and_words_are_those_of_both(visit, document):
    publish(document, SECOND)
    publish(document, SECOND.replace("Last words.", "Last words of all."))
    page = visit.get(address(document, "/compare/1...3"))
    assert [a.text for a in page.select(".cstrip a")] == ["1", "4", "5"]
    assert "versions 1 and 2" in page.select_one(".lede").text
    assert page.find(id="change-4").select_one(".tag").text == "Removed since version 1"


def test_before_the_opening_nobody_compares(client, app):
    document = a_draft(opens_at=clock.now() + timedelta(days=2))
    publish(document, SECOND)
    assert client.get(address(document, "/compare/1...2")).status_code == 403
    assert client.get(address(document, "/compare")).status_code == 403


def test_a_reader_who_has_it_gets_304(client, document):
    publish(document, SECOND)
    first = client.get(address(document, "/compare/1...2"))
    again = client.get(address(document, "/compare/1...2"), headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    other = client.get(address(document, "/compare/1...2?as=table"))
    assert other.headers["ETag"] != first.headers["ETag"]


def test_a_long_comparison_asks_no_more_than_a_short_one(client, app):
    def asked(size):
        document = a_draft("\n\n".join(f"Words {n} of it." for n in range(size)))
        publish(document, "\n\n".join(f"Words {n} of them." for n in range(size)))
        with counted() as seen:
            assert client.get(address(document, "/compare/1...2")).status_code == 200
        return len(seen)

    assert asked(3) == asked(200)


def test_a_very_long_one_is_shown_one_way_at_a_time(visit, app):
    document = a_draft("\n\n".join(f"Words {n} of it." for n in range(160)))
    publish(document, "\n\n".join(f"Words {n} of them." for n in range(160)))
    page = visit.get(address(document, "/compare/1...2"))
    assert len(page.select("article.change")) == 160
    assert not page.select(".diff-side, .diff-two")
    page = visit.get(address(document, "/compare/1...2?view=side"))
    assert len(page.select(".diff-two")) == 160
