"""Misprints are corrected in the open, and nothing but misprints is."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from consult import audit, clock
from consult.announcements import version_corrected
from consult.discussion import recounting
from consult.discussion.models import Comment
from consult.documents import correcting, errata, paragraph_queries
from consult.documents.models import Erratum, Misprint
from consult.errors import Conflict, Invalid, NotAllowed
from consult.extensions import db, transaction
from consult.search.models import Kind, SearchEntry
from tests import factories
from tests.discussion.ground import say
from tests.documents.ground import a_draft, address, page, paragraph, publish, standing

pytestmark = pytest.mark.usefixtures("app")

TEXT = """# Clear fotways

The clear width is 1.5 metres along the whole of the fotway, and two people may pass each other there.

- kerbs and chanels
- gullies

| Where | Width |
|---|---|
| High street | 2.0 meters |

See the [guidance](https://guide.example/widht) on this.

Nobody must park there.
"""


def _correct(document, source, note="Spelling.", actor=None, **more):
    with transaction():
        return correcting.correct_version(actor=actor, document=document, source=source, note=note, **more)


def _later():
    moment = clock.now() + timedelta(minutes=1)
    clock.replace(lambda: moment)


def _refused(document, source):
    with pytest.raises(Invalid) as refused:
        _correct(document, source)
    db.session.rollback()
    assert db.session.scalar(select(func.count(Erratum.id))) == 0
    return refused.value


# The action


def test_the_words_are_corrected_and_everything_else_stays():
    document = a_draft(TEXT)
    said = say(paragraph(document, "1"))
    before = {row.number: (row.id, row.key, row.relation, row.position) for row in page(document)}
    stamp = document.stamp
    version = _correct(document, TEXT.replace("fotway", "footway"), "A letter was missing.")
    assert version.number == document.version_count == 1
    assert standing(document)["1"].count("footway") == 1
    assert standing(document)["s1"] == "Clear footways"
    assert "footway" in version.source
    assert {row.number: (row.id, row.key, row.relation, row.position) for row in page(document)} == before
    assert paragraph(document, "1").reworded_in is None
    assert paragraph(document, "1").comment_count == 1
    assert db.session.get(Comment, said.id).block_id == said.block_id
    assert document.stamp > stamp
    assert list(recounting.differences()) == []


def test_the_words_before_are_kept_with_who_and_why():
    document = a_draft(TEXT)
    official = factories.an_official(document.consultation.unit, name="Tom Ashworth")
    _correct(document, TEXT.replace("fotway,", "footway,"), "A letter was missing.", actor=official)
    (erratum,) = errata.errata_of(document.current_version_id)
    assert (erratum.note, erratum.corrected_by) == ("A letter was missing.", "Tom Ashworth")
    assert [place.number for place in erratum.places] == ["1"]
    assert db.session.scalars(select(Erratum.source_before)).one() == TEXT
    (before,) = errata.misprints_of(paragraph(document, "1").id)
    assert "fotway" in before.plain
    assert "fotway" in before.html
    entry = db.session.scalars(select(audit.AuditEntry).order_by(audit.AuditEntry.id.desc())).first()
    assert (entry.act, entry.before, entry.after) == ("document.correct_version", "1.0", "1.1")


def test_a_comment_finds_the_words_it_was_made_on():
    document = a_draft(TEXT)
    block = paragraph_queries.block_of(paragraph(document, "1"), document.current_version_id)
    first = clock.now()
    _later()
    _correct(document, TEXT.replace("fotway,", "footwy,"))
    between = clock.now()
    _later()
    _correct(document, TEXT.replace("fotway,", "footway,"))
    misprints = errata.misprints_of(block.paragraph_id)
    for moment, word in ((first, "fotway"), (between, "footwy"), (clock.now(), "footway")):
        assert word in errata.words_at(block.id, moment).plain
        then = errata.words_then(misprints, block.id, moment)
        assert word in (then or errata.words_at(block.id, clock.now())).plain


def test_a_row_is_corrected_with_its_table_and_named_alone():
    document = a_draft(TEXT)
    _correct(document, TEXT.replace("meters", "metres"))
    table = next(row for row in page(document) if row.kind == "table")
    assert "metres" in table.html
    (erratum,) = errata.errata_of(document.current_version_id)
    assert [place.kind for place in erratum.places] == ["row"]
    assert db.session.scalar(select(func.count(Misprint.id))) == 2


def test_a_link_that_led_nowhere_is_corrected():
    document = a_draft(TEXT)
    _correct(document, TEXT.replace("widht", "width"))
    assert any("guide.example/width" in row.html for row in page(document))


def test_the_search_finds_the_words_as_they_are_now():
    document = a_draft(TEXT)
    _correct(document, TEXT.replace("chanels", "channels"))
    words = db.session.scalars(select(SearchEntry.words).where(SearchEntry.kind == Kind.PARAGRAPH)).all()
    assert any("channels" in each for each in words)
    assert not any("chanels" in each for each in words)


def test_whoever_listens_is_told():
    document = a_draft(TEXT)
    heard = []
    with version_corrected.connected_to(lambda sender, **said: heard.append(said["version"].number)):
        _correct(document, TEXT.replace("chanels", "channels"))
    assert heard == [1]


def test_a_correction_is_matched_from_as_it_reads_now():
    """The next version begins with the corrected words: nothing is reworded by it."""
    document = a_draft(TEXT)
    right = TEXT.replace("fotway,", "footway,")
    _correct(document, right)
    publish(document, right)
    assert {row.relation for row in page(document)} == {"same"}


def test_a_literal_that_has_become_a_number_since_stays_what_it_was():
    text = "[1] a literal in fron.\n\nSecond words."
    document = a_draft(text)
    _correct(document, text.replace("fron", "front"))
    assert standing(document)["1"] == "[1] a literal in front."


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("is 1.5 metres", "is 2.5 metres", "Paragraph 1 would say something else"),
        ("may pass", "may not pass", "“not”"),
        ("may pass", "must pass", "“may” to “must”"),
        ("Nobody must park there.", "Everybody must park there.", "Paragraph 6"),
        ("Clear fotways", "Bins", "The heading “Clear fotways” would be reworded"),
        (
            "and two people may pass each other there",
            "which leaves room for prams, chairs and two dogs",
            "reworded",
        ),
        ("- gullies\n", "- gullies\n- gutters\n", "Paragraph"),
        ("- gullies\n", "", "Paragraph"),
        ("- gullies", "gullies", "Paragraph"),
        ("# Clear", "## Clear", "The heading"),
        ("Nobody must", "[2] Nobody must", "Paragraph 6"),
        ("Nobody must", "<!-- no comments -->\n\nNobody must", "Paragraph 6"),
        ("there.\n\n- kerbs", "there. - kerbs", "Paragraph"),
        ("Nobody", "Nobody\n\n[" * 600, ""),
        ("Nobody", "Nobody\0", ""),
    ],
)
def test_what_is_more_than_a_misprint_is_refused_and_the_place_named(before, after, said):
    document = a_draft("Zero.\n\nOther.")
    publish(document, TEXT)
    numbers = {row.plain: row.number for row in page(document)}
    said = said.replace("Paragraph 1 ", f"Paragraph {numbers[next(p for p in numbers if '1.5' in p)]} ")
    said = said.replace("Paragraph 6", f"Paragraph {numbers['Nobody must park there.']}")
    refused = _refused(document, TEXT.replace(before, after))
    assert refused.field == "source"
    assert said in refused.message
    assert refused.message.endswith((".", "again."))


def test_nothing_different_is_said():
    assert "Nothing is different" in _refused(a_draft(TEXT), TEXT + "\n<!-- a remark -->\n").message


def test_a_correction_touches_few_paragraphs():
    text = "\n\n".join(f"Paragraf {name} of the draft." for name in map(chr, range(97, 97 + 21)))
    document = a_draft(text)
    assert "21" in _refused(document, text.replace("Paragraf", "Paragraph")).message
    _correct(document, text.replace("Paragraf", "Paragraph", 20))


@pytest.mark.parametrize("note", ["", "   ", "n" * 501])
def test_a_correction_says_what_was_wrong(note):
    with pytest.raises(Invalid) as refused:
        _correct(a_draft(TEXT), TEXT.replace("fotway", "footway"), note)
    assert refused.value.field == "note"


def test_of_two_who_correct_at_once_the_second_sees_both():
    document = a_draft(TEXT)
    seen = correcting.state_of(document)
    theirs = TEXT.replace("chanels", "channels")
    _correct(document, theirs, seen=seen)
    mine = TEXT.replace("fotway", "footway")
    with pytest.raises(Conflict) as refused:
        _correct(document, mine, seen=seen)
    assert (refused.value.theirs, refused.value.yours) == (theirs, mine)


def test_a_proof_that_was_made_before_somebody_corrected_is_made_again():
    document = a_draft(TEXT)
    mine = TEXT.replace("fotway,", "footway,")
    old = correcting.proof(document, mine)
    _correct(document, TEXT.replace("chanels", "channels"))
    _correct(document, mine, prepared=old)
    (_first, second) = errata.errata_of(document.current_version_id)
    assert len(second.places) == 2


def test_only_an_official_of_the_unit_corrects():
    document = a_draft(TEXT)
    with pytest.raises(NotAllowed):
        _correct(document, TEXT.replace("fotway", "footway"), actor=factories.an_official(factories.a_unit()))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, 400), st.sampled_from("aeiou xy.1\n-|")), max_size=4))
def test_whatever_is_typed_only_the_named_blocks_change(slips):
    document = a_draft(TEXT)
    comments = [say(paragraph(document, number)).id for number in ("1", "2")]
    source = TEXT
    for at, letter in slips:
        source = source[: at % len(source)] + letter + source[at % len(source) + 1 :]
    before = {row.id: row for row in page(document)}
    try:
        _correct(document, source)
    except Invalid:
        db.session.rollback()
        assert {row.id: row for row in page(document)} == before
        return
    misprints = select(Misprint).where(Misprint.block_id.in_(before))
    kept = {misprint.block_id: misprint.plain for misprint in db.session.scalars(misprints)}
    for row in page(document):
        was = before[row.id]
        assert (row.number, row.key, row.kind, row.position) == (was.number, was.key, was.kind, was.position)
        assert (row.plain, row.html) == (was.plain, was.html) or row.id in kept
    assert kept == {block_id: before[block_id].plain for block_id in kept}
    assert set(comments) <= set(db.session.scalars(select(Comment.id)))
    assert list(recounting.differences()) == []


# The page


def _official(document):
    return factories.an_official(document.consultation.unit, name="Tom Ashworth")


def _form(page):
    return {name: page.select_one(f"input[name={name}]")["value"] for name in ("seen", "looked")}


def _look(visit, document, source, note="Spelling."):
    form = _form(visit.get(address(document, "/correct")))
    given = {**form, "source": source, "note": note, "do": "look"}
    return visit.post(address(document, "/correct"), given, 200).page


def test_a_correction_is_looked_at_and_then_confirmed(visit_as, client):
    document = a_draft(TEXT)
    visit = visit_as(_official(document))
    right = TEXT.replace("chanels", "channels")
    shown = _look(visit, document, right, "A letter was missing.")
    assert shown.select_one("ul.losses del").text.endswith("chanels")
    assert shown.select_one("ul.losses ins").text.endswith("channels")
    given = {**_form(shown), "source": right, "note": "A letter was missing.", "do": "correct"}
    answer = visit.post(address(document, "/correct"), given)
    assert answer.location == address(document)
    words = " ".join(client.get(address(document)).text.split())
    assert "kerbs and channels" in words
    assert "A letter was missing." in words
    assert "Corrected on" in words


def test_nothing_is_corrected_that_was_not_looked_at(visit_as):
    document = a_draft(TEXT)
    visit = visit_as(_official(document))
    shown = _look(visit, document, TEXT.replace("chanels", "channels"))
    given = {**_form(shown), "source": TEXT.replace("meters", "metres"), "note": "Spelling.", "do": "correct"}
    page = visit.post(address(document, "/correct"), given, 200).page
    assert "metres" in page.select_one("ul.losses").text
    assert db.session.scalar(select(func.count(Erratum.id))) == 0


@pytest.mark.parametrize(
    ("change", "note", "field"),
    [
        (("may pass", "may not pass"), "Spelling.", "source"),
        (("chanels", "chanels"), "Spelling.", "source"),
        (("chanels", "channels"), "", "note"),
        (("chanels", "channels"), "n" * 501, "note"),
        (("chanels", "channels"), "a\x07b", "note"),
    ],
)
def test_bad_input_is_said_beside_its_field_and_nothing_is_lost(visit_as, change, note, field):
    document = a_draft(TEXT)
    visit = visit_as(_official(document))
    source = TEXT.replace(*change)
    form = _form(visit.get(address(document, "/correct")))
    given = {**form, "source": source, "note": note, "do": "look"}
    page = visit.post(address(document, "/correct"), given, 422).page
    assert page.select_one(f"[role=alert] a[href='#{field}']")
    assert page.select_one(f"#{field}-error")
    assert page.select_one("#source").text.strip() == source.strip()
    assert page.select_one("#note").text.strip() == note.strip()


def test_two_at_once_see_both_texts(visit_as):
    document = a_draft(TEXT)
    visit = visit_as(_official(document))
    mine = TEXT.replace("meters", "metres")
    shown = _look(visit, document, mine)
    theirs = TEXT.replace("chanels", "channels")
    _correct(document, theirs)
    given = {**_form(shown), "source": mine, "note": "Mine.", "do": "correct"}
    page = visit.post(address(document, "/correct"), given, 409).page
    assert page.select_one("#source").text.strip() == mine.strip()
    assert page.select_one("#theirs").text.strip() == theirs.strip()
    assert page.select_one("#note").text.strip() == "Mine."
    assert db.session.scalar(select(func.count(Erratum.id))) == 1


def test_before_the_first_version_there_is_nothing_to_correct(visit_as):
    factories.a_site()
    document = factories.a_document()
    visit = visit_as(_official(document))
    assert visit.client.get(address(document, "/correct")).location == address(document, "/edit")


def test_readers_see_the_correction_on_the_page_in_print_and_nowhere_else(visit):
    document = a_draft(TEXT)
    _correct(document, TEXT.replace("chanels", "channels"), "A letter was missing.")
    number = next(row.number for row in page(document) if row.plain == "kerbs and channels")
    key = paragraph(document, number).key
    shown = visit.get(address(document))
    line = shown.select_one("#corrected")
    assert "A letter was missing." in line.text
    assert line.select_one(f"a[href='#p-{key}']").text == f"paragraph {number}"
    assert "corrected" in shown.select_one(f"#p-{key}").text
    assert "A letter was missing." in visit.get(address(document, "/print")).text
    publish(document, TEXT + "\n\nMore.")
    assert "A letter was missing." not in visit.get(address(document)).text
    assert "A letter was missing." in visit.get(address(document, "/v/1")).text
