"""People are told when a version changed the paragraph on which they commented."""

import pytest

from consult import clock
from consult.documents import actions as documents
from consult.documents.matching import fingerprints
from consult.documents.models import Confirmation, Document, Paragraph, Relation
from consult.extensions import db, transaction
from consult.notices.events import CHANGES
from consult.notices.models import ParagraphEvent
from tests import counting, factories
from tests.discussion import ground

WIDTH = (
    "The clear width is 1.5 metres along the whole of the footway, so that two people can pass each other."
)
BINS = "Bins may be put out from seven in the evening before collection, and should be back inside by noon."
BOARDS = (
    "Boards stand against the building, and are taken in at closing time. One board is enough for one shop."
)
TREES = (
    "A tree is not felled only to meet this standard; the footway around it is widened where there is room."
)
FIRST = "\n\n".join((WIDTH, BINS, BOARDS, TREES))


def _told(person) -> list[tuple[str, str, int]]:
    """Return what a person is told, oldest first: which paragraph, what became of it, their comments on it."""
    rows = db.session.query(ParagraphEvent.relation, ParagraphEvent.comment_count, Paragraph.number)
    rows = rows.join(Paragraph, Paragraph.id == ParagraphEvent.paragraph_id)
    found = rows.filter(ParagraphEvent.person_id == person.id).order_by(ParagraphEvent.id)
    return [(row.number, row.relation, row.comment_count) for row in found]


def _confirm(document: Document, source: str, said: dict[str, list[int]]) -> None:
    """Say which blocks of `source` the paragraphs with these numbers live on in."""
    names = fingerprints(documents.prepare(document, source).text.blocks)
    for number, targets in said.items():
        row = Confirmation(
            document_id=document.id,
            version_number=document.version_count,
            paragraph_id=ground.paragraph(document, number).id,
            targets="\n".join(names[target] for target in targets),
            confirmed_at=clock.now(),
        )
        db.session.add(row)
    db.session.commit()


@pytest.fixture
def draft(app):
    return ground.a_draft(FIRST)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("\n\n".join((WIDTH.replace("1.5", "2.0"), BINS, BOARDS, TREES)), ("1", "edited", 1)),
        ("\n\n".join((BINS, BOARDS, TREES)), ("1", "removed", 1)),
        ("\n\n".join((BINS, BOARDS, TREES, WIDTH)), ("1", "moved", 1)),
    ],
)
def test_the_author_of_a_comment_is_told_what_became_of_its_paragraph(draft, text, told):
    comment = ground.say(ground.paragraph(draft, "1"))
    bystander = ground.say(ground.paragraph(draft, "3"))
    ground.publish(draft, text)
    assert _told(comment.author) == [told]
    assert _told(bystander.author) == []


def test_joins_and_splits_are_told(draft):
    authors = {number: ground.say(ground.paragraph(draft, number)).author for number in "1234"}
    joined = "\n\n".join((f"{WIDTH} {BINS}", BOARDS, TREES))
    _confirm(draft, joined, {"1": [0], "2": [0]})
    ground.publish(draft, joined)
    assert _told(authors["1"]) == [("1", "merged", 1)]
    assert _told(authors["2"]) == [("2", "merged", 1)]
    parted = "\n\n".join((f"{WIDTH} {BINS}", *BOARDS.split(". ", 1), TREES))
    _confirm(draft, parted, {"3": [1, 2]})
    ground.publish(draft, parted)
    assert _told(authors["3"]) == [("3", "split", 1)]
    assert _told(authors["4"]) == []


def test_what_was_removed_is_told_once_and_told_again_when_it_is_back(draft):
    author = ground.say(ground.paragraph(draft, "2")).author
    without = "\n\n".join((WIDTH, BOARDS, TREES))
    ground.publish(draft, without)
    ground.publish(draft, f"{without}\n\nSomething else is added here at the end.")
    assert _told(author) == [("2", "removed", 1)]
    ground.publish(draft, FIRST)
    assert _told(author) == [("2", "removed", 1), ("2", "restored", 1)]


def test_one_person_is_told_once_of_a_paragraph_with_how_much_they_said_there(draft):
    person = factories.a_person()
    first = ground.say(ground.paragraph(draft, "1"), by=person)
    ground.say(ground.paragraph(draft, "1"), "And elms.", by=person)
    ground.reply(first, "Or limes.", by=person)
    ground.publish(draft, FIRST.replace("1.5", "2.0"))
    assert _told(person) == [("1", "edited", 3)]


def test_only_published_comments_count(draft):
    comment = ground.say(ground.paragraph(draft, "1"))
    ground.take_down(comment)
    ground.publish(draft, FIRST.replace("1.5", "2.0"))
    assert _told(comment.author) == []


def test_nobody_is_told_of_what_did_not_change_or_only_in_its_typography(draft):
    comment = ground.say(ground.paragraph(draft, "1"))
    ground.publish(draft, f"{FIRST}\n\nSomething else is added here at the end.")
    ground.publish(draft, FIRST.replace("The clear", "The  clear"))
    assert _told(comment.author) == []


def test_who_published_it_is_not_told(draft):
    official = factories.an_official(draft.consultation.unit)
    other = ground.say(ground.paragraph(draft, "1")).author
    ground.say(ground.paragraph(draft, "1"), by=official)
    with transaction(official):
        documents.publish_version(
            actor=official, document=draft, source=FIRST.replace("1.5", "2.0"), note="", doubtful="accept"
        )
    assert _told(official) == []
    assert _told(other) == [("1", "edited", 1)]


def test_however_many_have_commented_it_is_one_statement(draft):
    people = [factories.a_person() for _ in range(12)]
    for person in people:
        ground.say(ground.paragraph(draft, "1"), by=person)
    with counting.queries() as asked:
        ground.publish(draft, FIRST.replace("1.5", "2.0"))
    assert sum("paragraph_event" in statement for statement in asked) == 1
    assert all(_told(person) == [("1", "edited", 1)] for person in people)


def test_every_change_has_its_words(draft):
    known = {relation.value for relation in Relation} - {"same", "added"}
    assert {relation.value for relation in CHANGES} == known


def test_the_account_says_what_changed_and_leads_there(draft, visit_as):
    comment = ground.say(ground.paragraph(draft, "1"))
    assert "Nothing has changed there yet" in visit_as(comment.author).get("/account").main.text
    ground.publish(draft, FIRST.replace("1.5", "2.0"))
    section = visit_as(comment.author).get("/account").find(id="changes").parent
    (row,) = section.find_all("li")
    assert "Paragraph 1 was changed." in row.text
    assert f"{draft.title}, version 2" in row.text
    base = f"/consultations/{draft.consultation.slug}/{draft.slug}"
    assert [link["href"] for link in row.find_all("a")] == [
        f"{base}/compare/1...2#c-{comment.paragraph.key}",
        f"{base}/p/{comment.paragraph.key}",
    ]


def test_the_account_names_with_what_a_paragraph_was_joined(draft, visit_as):
    comment = ground.say(ground.paragraph(draft, "2"))
    joined = "\n\n".join((f"{WIDTH} {BINS}", BOARDS, TREES))
    _confirm(draft, joined, {"1": [0], "2": [0]})
    ground.publish(draft, joined)
    page = visit_as(comment.author).get("/account")
    assert "Paragraph 2 was joined with paragraph 1." in page.main.text


def test_long_lists_are_read_page_by_page(draft, visit_as):
    person = factories.a_person()
    ground.say(ground.paragraph(draft, "1"), by=person)
    for number in range(2, 14):
        ground.publish(draft, FIRST.replace("1.5", f"{number}.5"))
    visit, seen, address = visit_as(person), [], "/account"
    while address:
        section = visit.get(address).find(id="changes").parent
        seen += [row.text.split("version ")[1].split(",")[0] for row in section.find_all("li")]
        following = section.find("a", string="Earlier changes")
        address = following["href"] if following else None
    assert seen == [str(number) for number in range(13, 1, -1)]
    for far in ("0", "999999999", "x", "-1"):
        visit.get(f"/account?changes={far}")


def test_reading_it_writes_nothing(draft, visit_as):
    person = ground.say(ground.paragraph(draft, "1")).author
    ground.publish(draft, FIRST.replace("1.5", "2.0"))
    visit = visit_as(person)
    with counting.queries() as asked:
        visit.get("/account")
    assert not [statement for statement in asked if not statement.lstrip().startswith("SELECT")]
