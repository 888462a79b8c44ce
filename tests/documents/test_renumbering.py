"""Paragraphs are numbered anew in the open: same words, same keys, a table of old and new."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from consult import audit, clock
from consult.discussion import recounting
from consult.discussion.models import Comment
from consult.documents import actions, naming, numbering, queries, renumbering
from consult.errors import Conflict, Invalid, NotAllowed
from consult.extensions import db, transaction
from tests import factories
from tests.discussion.ground import say
from tests.documents.ground import a_draft, address, page, paragraph, publish, standing

pytestmark = pytest.mark.usefixtures("app")

FIRST = "# Kerbs\n\nOne.\n\nTwo.\n\nThree.\n\n| A | B |\n|---|---|\n| a | b |\n"
SECOND = "# Kerbs\n\nOne.\n\nOne and a half.\n\nThree.\n\n| A | B |\n|---|---|\n| a | b |\n"


def _renumber(document, note="Too many letters.", actor=None, **more):
    with transaction():
        return renumbering.renumber(actor=actor, document=document, note=note, **more)


def _two():
    """One, inserted 2A, three, a table; two removed."""
    document = a_draft(FIRST)
    publish(document, SECOND)
    assert {"1": "One.", "2A": "One and a half.", "3": "Three."}.items() <= standing(document).items()
    return document


def _later():
    moment = clock.now() + timedelta(minutes=1)
    clock.replace(lambda: moment)


def _save(document, source, actor=None):
    with transaction():
        return actions.save_draft(
            actor=actor, document=document, source=source, based_on=document.draft_number
        )


# The action


def test_numbers_run_from_one_in_page_order_and_rows_follow_their_table():
    document = _two()
    version = _renumber(document)
    assert (version.number, version.is_renumbered) == (3, True)
    assert list(standing(document)) == ["s1", "1", "2", "3", "4", "4.1", "4.2"]
    assert {row.relation for row in page(document) if not row.is_removed} == {"same"}


def test_keys_words_and_comments_stay():
    document = _two()
    said = say(paragraph(document, "3"))
    before = {row.key: (row.paragraph_id, row.plain, row.html) for row in page(document)}
    _renumber(document)
    assert {row.key: (row.paragraph_id, row.plain, row.html) for row in page(document)} == before
    assert db.session.get(Comment, said.id).paragraph_id == paragraph(document, "3").id
    assert paragraph(document, "3").reworded_in is None
    assert list(recounting.differences()) == []


def test_earlier_versions_keep_the_numbers_they_had():
    document = _two()
    before = [[row.number for row in page(document, number)] for number in (1, 2)]
    _renumber(document)
    assert [[row.number for row in page(document, number)] for number in (1, 2)] == before


def test_a_removed_paragraph_gives_its_number_back():
    document = _two()
    gone = paragraph(document, "2")
    _renumber(document)
    db.session.expire_all()
    assert gone.number == "2/1"
    assert naming.in_words(gone.number) == "2 of version 1"
    assert paragraph(document, "2").id != gone.id


def test_what_is_gone_says_which_number_it_had(visit):
    document = _two()
    said = say(paragraph(document, "2"))
    _renumber(document)
    key = said.paragraph.key
    gone = visit.get(address(document)).select_one(f"#p-{key}")
    assert gone.select_one(".para-no").text == "2/1"
    assert "It was paragraph 2 of version 1, and its comment stays here." in gone.text
    shown = visit.get(address(document, f"/p/{key}"))
    assert shown.h1.text.startswith("Paragraph 2 of version 1")
    assert "not used again" not in shown.text
    assert "paragraph 2 of version 1" in visit.get(address(document, "/removed")).text


def test_what_comes_back_after_new_numbers_gets_a_new_one():
    document = _two()
    gone = paragraph(document, "2")
    _renumber(document)
    publish(document, SECOND + "\n\nTwo.\n")
    db.session.expire_all()
    assert (gone.number, gone.removed_in) == ("5", None)


def test_what_is_put_in_beside_a_number_given_back_is_numbered_as_if_it_were_not_there():
    document = a_draft("One.\n\nTwo.\n\nThree.")
    publish(document, "One.\n\nTwo.")
    publish(document, "Two.")
    _renumber(document)
    publish(document, "Before.\n\nTwo.\n\nAfter.")
    assert standing(document) == {"A1": "Before.", "1": "Two.", "2": "After."}


def test_a_row_and_a_table_that_are_gone_give_theirs_back():
    table = "| A | B |\n|---|---|\n| a | b |\n| c | d |\n"
    document = a_draft(f"Zero.\n\n{table}\n\nOne.\n\n{table.replace('c', 'e')}")
    publish(document, "One.\n\n| A | B |\n|---|---|\n| a | b |\n")
    _renumber(document)
    numbers = [row.number for row in page(document)]
    assert len(numbers) == len(set(numbers))
    publish(document, f"One.\n\n{table}")
    numbers = [row.number for row in page(document)]
    assert len(numbers) == len(set(numbers))
    stands = [row.number for row in page(document) if not row.is_removed]
    assert not any("/" in number for number in stands)


def test_numbering_anew_twice_keeps_the_first_names():
    document = _two()
    _renumber(document)
    publish(document, "# Kerbs\n\nOne and a half.\n\nThree.")
    _renumber(document)
    gone = {row.number for row in page(document) if row.is_removed}
    assert {"2/1", "1/3"} <= gone


def test_the_source_says_the_new_numbers():
    document = a_draft("One.\n\nTwo.\n\nThree.")
    publish(document, "[3] Three.\n\n[1] One.")
    version = _renumber(document)
    assert version.source == "[1] Three.\n\n[2] One."
    publish(document, version.source)
    assert {row.relation for row in page(document) if not row.is_removed} == {"same"}


def test_nothing_is_numbered_anew_that_runs_in_order():
    with pytest.raises(Invalid):
        _renumber(a_draft(FIRST))


@pytest.mark.parametrize("note", ["", "  ", "n" * 501])
def test_a_reason_is_asked_for(note):
    with pytest.raises(Invalid) as refused:
        _renumber(_two(), note)
    assert refused.value.field == "note"


def test_somebody_who_saw_another_version_is_told():
    with pytest.raises(Conflict):
        _renumber(_two(), seen=1)


def test_only_an_official_of_the_unit_numbers_anew():
    with pytest.raises(NotAllowed):
        _renumber(_two(), actor=factories.an_official(factories.a_unit()))


def test_it_is_on_record():
    document = _two()
    _renumber(document)
    acts = db.session.scalars(select(audit.AuditEntry.act).order_by(audit.AuditEntry.id.desc()).limit(3))
    assert set(acts) == {"document.publish", "document.renumber", "document.save"}


# Drafts that bear the old numbers


def test_the_draft_is_brought_along():
    document = _two()
    _save(document, "[1] One.\n\n[2A] One and a half, changed.\n\n[2] Two.\n\nNew.")
    _renumber(document)
    draft = queries.latest_draft(document)
    assert draft.source == "[1] One.\n\n[2] One and a half, changed.\n\nTwo.\n\nNew."
    assert renumbering.marks_hold(document, draft)


def test_whoever_has_the_draft_open_is_told_and_saves_no_old_numbers():
    document = _two()
    based_on = document.draft_number
    _renumber(document)
    with pytest.raises(Conflict), transaction():
        actions.save_draft(actor=None, document=document, source="[2A] Mine.", based_on=based_on)


def test_an_earlier_draft_is_read_with_the_numbers_of_today():
    document = _two()
    _later()
    draft = _save(document, "[2A] One and a half.\n\n[3] Three.")
    _later()
    _renumber(document)
    assert not renumbering.marks_hold(document, draft)
    assert renumbering.source_of(document, draft) == "[2] One and a half.\n\n[3] Three."
    _later()
    publish(document, "# Kerbs\n\n[3] Three.")
    _renumber(document)
    assert renumbering.renumbered_since(document, draft) == 3
    assert renumbering.source_of(document, draft) == "One and a half.\n\n[1] Three."


def test_the_editor_takes_up_an_earlier_draft_with_the_numbers_of_today(visit_as):
    document = _two()
    _save(document, "[2A] One and a half.")
    _later()
    _renumber(document)
    visit = visit_as(_official(document))
    page = visit.get(address(document, "/edit?draft=1"))
    assert page.select_one("#source").text.strip() == "[2] One and a half."
    assert "numbered anew in version 3" in page.text
    assert "numbered anew" not in visit.get(address(document, "/edit")).select_one("main").text


def test_a_draft_that_cannot_be_read_loses_its_marks_rather_than_lie():
    document = _two()
    _save(document, "[2A] Words.\n\n" + "[" * 2_000)
    _renumber(document)
    assert queries.latest_draft(document).source.startswith("Words.")


# Numbers given back


@pytest.mark.parametrize(
    ("number", "version", "taken", "expected"),
    [
        ("9", 2, (), "9/2"),
        ("12.3A", 14, (), "12.3A/14"),
        ("ZZZZZZZZZZ12", 999, (), "ZZZZZZZZZZ12/999"),
        ("ZZZZZZZZZZ12", 1000, (), "x1/1000"),
        ("ZZZZZZZZZZ12", 1000, ("x1/1000",), "x2/1000"),
    ],
)
def test_a_number_given_back_fits_and_is_nobody_elses(number, version, taken, expected):
    assert numbering.retired(number, version, taken) == expected
    assert len(expected) <= numbering.WIDEST
    assert numbering.parted(expected)[1] == version


@pytest.mark.parametrize(("row", "table"), [("12.3", "12"), ("12.3/2", "12/2"), ("A1.2B", "A1")])
def test_a_row_names_its_table(row, table):
    assert numbering.table_of(row) == table


SENTENCES = (
    "One.",
    "Two.",
    "Three.",
    "Four words here.",
    "- item",
    "| A | B |\n|---|---|\n| a | b |",
    "## H",
)
DRAFTS = st.lists(st.sampled_from(SENTENCES), min_size=1, max_size=6, unique=True).map("\n\n".join)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(DRAFTS, st.booleans()), min_size=2, max_size=5))
@pytest.mark.slow
def test_whatever_is_published_in_between_numbers_are_used_once_and_words_stay(drafts):
    document = a_draft(drafts[0][0])
    say(paragraph(document, "all"))
    for source, is_renumbered in drafts[1:]:
        publish(document, source)
        say(paragraph(document, next(iter(standing(document)))))
        before = {row.paragraph_id: (row.key, row.plain, row.html, row.is_removed) for row in page(document)}
        comments = db.session.scalar(select(func.count(Comment.id)))
        if is_renumbered:
            try:
                _renumber(document)
            except Invalid:
                db.session.rollback()
            else:
                wholes = [n for n in standing(document) if n.isdecimal()]
                assert wholes == [str(n) for n in range(1, len(wholes) + 1)]
        after = {row.paragraph_id: (row.key, row.plain, row.html, row.is_removed) for row in page(document)}
        assert after == before
        for name in ("key", "number"):
            values = [getattr(row, name) for row in page(document)]
            assert len(values) == len(set(values))
        assert {paragraph(document, row.number).id for row in page(document)} == set(after)
        assert db.session.scalar(select(func.count(Comment.id))) == comments
        assert list(recounting.differences()) == []


# The pages


def _official(document):
    return factories.an_official(document.consultation.unit, name="Tom Ashworth")


def test_comparing_over_new_numbers_leads_to_their_table(visit):
    document = _two()
    _renumber(document)
    for way in ("", "?as=table"):
        page = visit.get(address(document, f"/compare/2...3{way}"))
        assert "Not a word changed between these two." in page.text
        assert page.select_one(f'main a[href="{address(document, "/v/3/numbers")}"]')
    assert "numbered anew" not in visit.get(address(document, "/compare/1...2")).text


def test_the_list_of_removed_text_says_which_number_a_paragraph_had(visit):
    document = a_draft(FIRST)
    say(paragraph(document, "2"), "Keep it.")
    publish(document, SECOND)
    _renumber(document)
    page = visit.get(address(document, "/removed"))
    assert page.select_one(".para-no").text == "Paragraph 2"
    assert "It was paragraph 2 of version 1." in " ".join(page.text.split())


def test_the_page_shows_the_table_and_publishes_it(visit_as, visit):
    document = _two()
    official = visit_as(_official(document))
    shown = official.get(address(document, "/renumber"))
    rows = [[cell.text for cell in row.select("td, th")][:2] for row in shown.select("tbody tr")]
    assert ["2A", "2"] in rows
    assert ["1", "1"] not in rows
    form = {"seen": shown.select_one("input[name=seen]")["value"], "note": "Letters.", "understood": "y"}
    answer = official.post(address(document, "/renumber"), form)
    assert answer.location == address(document, "/v/3/numbers")
    table = visit.get(answer.location)
    rows = [[cell.text.split()[0] for cell in row.select("td, th")[:2]] for row in table.select("tbody tr")]
    assert ["2A", "2"] in rows
    assert ["1", "1"] in rows
    assert "2 of version 1" in table.text
    assert "Letters." in table.text
    for link in table.select("main table a"):
        visit.get(link["href"])


def test_the_version_leads_to_the_table(visit):
    document = _two()
    _renumber(document)
    publish(document, SECOND + "\n\nMore.")
    for where in ("", "/v/3"):
        assert visit.get(address(document, where)).select_one(
            f"a[href='{address(document, '/v/3/numbers')}']"
        )
    assert not visit.get(address(document, "/v/2")).select_one("main a[href$='/v/3/numbers']")


def test_a_version_that_left_the_numbers_alone_leads_to_its_text(client):
    document = _two()
    assert client.get(address(document, "/v/2/numbers")).location == address(document, "/v/2")
    assert client.get(address(document, "/v/3/numbers")).status_code == 404
    assert client.get(address(document, "/v/0/numbers")).status_code == 404


@pytest.mark.parametrize(
    ("note", "understood", "field"),
    [("", "y", "note"), ("n" * 501, "y", "note"), ("a\x07b", "y", "note"), ("Gaps.", "", "understood")],
)
def test_bad_input_is_said_beside_its_field(visit_as, note, understood, field):
    document = _two()
    visit = visit_as(_official(document))
    form = {"seen": "2", "note": note} | ({"understood": "y"} if understood else {})
    page = visit.post(address(document, "/renumber"), form, 422).page
    assert page.select_one(f"[role=alert] a[href='#{field}']")
    assert page.select_one("#note").text.strip() == note.strip()
    assert page.select_one("#understood").has_attr("checked") is bool(understood)
    assert document.version_count == 2


def test_another_version_is_looked_at_first(visit_as):
    document = _two()
    visit = visit_as(_official(document))
    form = {"seen": "1", "note": "Gaps.", "understood": "y"}
    page = visit.post(address(document, "/renumber"), form, 409).page
    assert page.select_one("#note").text.strip() == "Gaps."
    assert page.select_one("input[name=seen]")["value"] == "2"


def test_two_at_once_the_second_loses_nothing_typed(visit_as):
    document = _two()
    visit = visit_as(_official(document))
    _renumber(document)
    form = {"seen": "2", "note": "Gaps.", "understood": "y"}
    page = visit.post(address(document, "/renumber"), form, 409).page
    assert page.select_one("#note").text.strip() == "Gaps."


def test_numbers_that_run_in_order_are_left_alone(visit_as):
    document = a_draft(FIRST)
    visit = visit_as(_official(document))
    page = visit.get(address(document, "/renumber"))
    assert not page.select("main form")
    assert "nothing to number anew" in page.text
