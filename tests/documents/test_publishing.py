"""The page on which a version is looked at and published."""

import pytest

from consult.documents import actions, queries
from consult.extensions import db, transaction
from consult.notices.models import ParagraphEvent
from tests import counting, factories
from tests.discussion.ground import say
from tests.documents.ground import TEXT, a_draft, address, paragraph, publish, standing

pytestmark = pytest.mark.usefixtures("app")


CAREFUL = (
    "The clear width is {} metres along the whole of the footway, so that two people can pass each other."
)
GONE = (
    "Bins may be put out from seven in the evening, and should be back inside by noon.",
    "Where a tree stands in the footway, its pit is level with the paving around it.",
)
MARKED = "First words.\n\n[2] A lamp at every crossing.\n\n[3] Hire cycles and scooters."


def _with_draft(document, source):
    official = factories.an_official(document.consultation.unit, name="Tom Ashworth")
    with transaction(official):
        actions.save_draft(actor=official, document=document, source=source, based_on=document.draft_number)
    return official


def _form(page):
    return {name: page.select_one(f"input[name={name}]")["value"] for name in ("draft", "seen")}


def test_a_first_version_is_published_from_the_page(visit_as, client):
    factories.a_site()
    document = factories.a_document()
    visit = visit_as(_with_draft(document, TEXT))
    page = visit.get(address(document, "/publish"))
    assert page.h1.text == "Publish version 1"
    answer = visit.post(address(document, "/publish"), {**_form(page), "note": ""})
    assert answer.location == address(document)
    assert "Version 1 is published." in visit.get(answer.location).text
    assert "First words." in client.get(address(document)).text


def test_who_when_and_why_are_shown_with_the_version(visit_as, client):
    document = a_draft()
    visit = visit_as(_with_draft(document, TEXT + "\n\nMore."))
    page = visit.get(address(document, "/publish"))
    visit.post(address(document, "/publish"), {**_form(page), "note": "One paragraph more, as many asked."})
    words = " ".join(client.get(address(document)).text.split())
    assert "Tom Ashworth" in words
    assert "One paragraph more, as many asked." in words


def _rows(page):
    """Return the words of each change to look over, by the paragraph's key."""
    return {row["id"].removeprefix("change-"): row.text for row in page.select("tr[id^=change-]")}


def test_what_loses_its_place_is_shown_with_its_comments_first(visit_as):
    document = a_draft("\n\n".join((CAREFUL.format("1.5"), *GONE)))
    paragraph(document, "3").comment_count = 7
    db.session.commit()
    visit = visit_as(_with_draft(document, CAREFUL.format("1.5")))
    page = visit.get(address(document, "/publish"))
    asked = {field["id"].removeprefix("match-") for field in page.select("fieldset.match")}
    shown = {**_rows(page), **{key: page.find(id=f"match-{key}").text for key in asked}}
    assert {paragraph(document, number).key for number in "23"} == set(shown)
    assert "7" in shown[paragraph(document, "3").key]
    assert list(_rows(page))[:1] in ([paragraph(document, "3").key], [])


def test_a_mark_beside_unrelated_words_is_asked_about(visit_as):
    document = a_draft()
    visit = visit_as(_with_draft(document, TEXT.replace("Second words.", "[2] A lamp at every crossing.")))
    page = visit.get(address(document, "/publish"))
    field = page.find(id=f"match-{paragraph(document, '2').key}")
    assert field.legend.text == "What became of paragraph 2?"
    assert "[2]" in field.select_one(".hint").text
    assert not field.select("input[checked]")
    assert "1 match to confirm before you can publish." in page.text


@pytest.mark.parametrize("note", ["", "   ", "n" * 501, "a\x07b", "x" * 1_000_000])
def test_a_later_version_says_what_changed(visit_as, note):
    document = a_draft()
    visit = visit_as(_with_draft(document, "Other."))
    form = _form(visit.get(address(document, "/publish")))
    page = visit.post(address(document, "/publish"), {**form, "note": note}, 422).page
    assert page.select_one("[role=alert] a[href='#note']")
    assert page.select_one("#note").text.strip() == note.strip()
    assert document.version_count == 1


def test_text_that_cannot_be_published_says_what_to_shorten(visit_as):
    document = a_draft()
    visit = visit_as(_with_draft(document, "[" * 2_000))
    page = visit.get(address(document, "/publish"))
    assert "square brackets" in page.select_one("[role=alert]").text
    page = visit.post(address(document, "/publish"), {**_form(page), "note": "Why"}, 422).page
    assert page.select_one("[role=alert]")
    assert document.version_count == 1


def test_a_draft_saved_meanwhile_is_looked_at_first(visit_as):
    document = a_draft()
    visit = visit_as(_with_draft(document, "Mine."))
    form = _form(visit.get(address(document, "/publish")))
    _with_draft(document, "Theirs.")
    page = visit.post(address(document, "/publish"), {**form, "note": "Why"}, 409).page
    assert page.select_one("#note").text.strip() == "Why"
    assert document.version_count == 1


def test_a_version_published_meanwhile_is_looked_at_first(visit_as):
    document = a_draft()
    visit = visit_as(_with_draft(document, "Mine."))
    form = _form(visit.get(address(document, "/publish")))
    publish(document, "Theirs.")
    page = visit.post(address(document, "/publish"), {**form, "note": "Why"}, 409).page
    assert page.h1.text == "Publish version 3"
    assert standing(document) == {"6": "Theirs."}


def test_without_a_draft_the_page_leads_to_writing_one(visit_as):
    document = a_draft()
    visit = visit_as(factories.an_official(document.consultation.unit))
    assert visit.client.get(address(document, "/publish")).location == address(document, "/edit")


def test_what_turned_is_shown_with_its_words_and_its_comments(visit_as):
    document = a_draft("\n\n".join((CAREFUL.format("1.5"), *GONE)))
    paragraph(document, "1").comment_count = 3
    db.session.commit()
    visit = visit_as(_with_draft(document, "\n\n".join((CAREFUL.format("2.0"), *GONE))))
    page = visit.get(address(document, "/publish"))
    row = page.find(id=f"change-{paragraph(document, '1').key}")
    assert row.select_one("del").text.endswith("1.5")
    assert row.select_one("ins").text.endswith("2.0")
    assert row.select_one("td.num").text == "3"
    assert "meaning may have turned" in row.text
    for link in row.select("a"):
        visit.get(link["href"])
    assert "3 comments go along with their paragraphs." in page.text


def test_what_is_left_out_for_one_version_and_then_put_in_is_another_paragraph(visit_as):
    """As the page advises, for a rewording that is none."""
    document = a_draft(CAREFUL.format("1.5") + "\n\nSecond words.")
    publish(document, "Second words.")
    publish(document, CAREFUL.format("2.0") + "\n\nSecond words.")
    assert paragraph(document, "1").removed_in == 2
    assert "1" not in standing(document)


def _asked(document):
    """A document of which a draft puts two numbers on unrelated words; its official at the page."""
    keys = {number: paragraph(document, number).key for number in "23"}
    return keys, _with_draft(document, MARKED)


def _doubtful():
    return a_draft("First words.\n\nSecond words.\n\nThird words.")


def test_publishing_is_refused_while_a_match_is_in_doubt_and_loses_nothing(visit_as):
    document = _doubtful()
    keys, official = _asked(document)
    visit = visit_as(official)
    form = _form(visit.get(address(document, "/publish")))
    answer = {**form, "note": "So that all can pass.", "do": "publish"}
    page = visit.post(address(document, "/publish"), answer, 422).page
    link = page.select_one("[role=alert] a")
    assert link.text == "2 matches are still to be confirmed."
    assert page.find(id=link["href"][1:])["name"] == f"became-{keys['2']}"
    assert page.select_one("#note").text.strip() == "So that all can pass."
    assert {field["aria-invalid"] for field in page.select("fieldset.match")} == {"true"}
    assert document.version_count == 1


def _option(page, key, number=0):
    return page.select(f"input[name=became-{key}]")[number]["value"]


def test_what_was_answered_is_kept_and_what_remains_is_said(visit_as):
    document = _doubtful()
    keys, official = _asked(document)
    visit = visit_as(official)
    page = visit.get(address(document, "/publish"))
    answer = {**_form(page), "note": "Why.", f"became-{keys['2']}": _option(page, keys["2"]), "do": "confirm"}
    led = visit.post(address(document, "/publish"), answer).location
    page = visit.get(led)
    assert "1 match is confirmed." in page.text
    assert "1 match to confirm before you can publish." in page.text
    assert page.select_one("#note").text.strip() == "Why."
    row = page.find(id=f"match-{keys['2']}")
    assert official.name in row.text
    assert [tag.name for tag in row.select(".match-acts > *")] == ["a", "button"]
    visit.post(led.split("#")[0], {**_form(page), "undo": keys["2"]})
    assert len(visit.get(led).select("fieldset.match")) == 2


def test_a_confirmation_whose_words_left_the_draft_is_asked_about_again_and_says_so(visit_as):
    document = _doubtful()
    keys, official = _asked(document)
    visit = visit_as(official)
    page = visit.get(address(document, "/publish"))
    answer = {**_form(page), f"became-{keys['2']}": _option(page, keys["2"]), "do": "confirm"}
    visit.post(address(document, "/publish"), answer)
    _with_draft(document, MARKED.replace("A lamp", "A traffic light"))
    field = visit.get(address(document, "/publish")).find(id=f"match-{keys['2']}")
    assert "have left the draft since" in field.text
    assert not field.select("input[checked]")


def test_answers_and_publishing_in_one_go(visit_as, client):
    document = _doubtful()
    keys, official = _asked(document)
    visit = visit_as(official)
    page = visit.get(address(document, "/publish"))
    said = {f"became-{keys['2']}": _option(page, keys["2"]), f"became-{keys['3']}": "removed"}
    answer = visit.post(
        address(document, "/publish"), {**_form(page), **said, "note": "Why.", "do": "publish"}
    )
    assert answer.location == address(document)
    assert standing(document)["2"] == "A lamp at every crossing."
    assert paragraph(document, "3").removed_in == 2
    assert not visit.get(address(document, "/publish")).select("#note")[0].text.strip()


def test_answers_stay_where_the_note_is_missing(visit_as):
    document = _doubtful()
    keys, official = _asked(document)
    visit = visit_as(official)
    page = visit.get(address(document, "/publish"))
    said = {f"became-{keys['2']}": _option(page, keys["2"]), f"became-{keys['3']}": "removed"}
    page = visit.post(address(document, "/publish"), {**_form(page), **said, "do": "publish"}, 422).page
    assert page.select_one("[role=alert] a")["href"] == "#note"
    assert len(page.select("tr[id^=match-]")) == 2


def test_a_missing_note_and_matches_in_doubt_are_told_at_once(visit_as):
    document = _doubtful()
    _keys, official = _asked(document)
    visit = visit_as(official)
    form = _form(visit.get(address(document, "/publish")))
    page = visit.post(address(document, "/publish"), {**form, "do": "publish"}, 422).page
    assert page.title.text.startswith("Error:")
    matches, note = page.select("[role=alert] a")
    assert note["href"] == "#note"
    assert matches.text == "First confirm the 2 matches that are in doubt."
    assert page.select_one(matches["href"])
    assert len(page.select("fieldset.match .err")) == 2


def test_confirming_nothing_says_what_to_do(visit_as):
    document = _doubtful()
    _keys, official = _asked(document)
    visit = visit_as(official)
    form = _form(visit.get(address(document, "/publish")))
    page = visit.post(address(document, "/publish"), {**form, "do": "confirm", "note": "Kept."}, 422).page
    assert "Say of a paragraph what became of it." in page.select_one("[role=alert]").text
    assert page.select_one("#note").text.strip() == "Kept."


@pytest.mark.parametrize("said", ["0123456789abcdef.1", "\u202e", "x" * 5_000, "? ?"])
def test_an_answer_that_was_tampered_with_is_refused(visit_as, said):
    document = _doubtful()
    keys, official = _asked(document)
    visit = visit_as(official)
    form = _form(visit.get(address(document, "/publish")))
    visit.post(address(document, "/publish"), {**form, f"became-{keys['2']}": said, "do": "confirm"}, 422)
    visit.post(address(document, "/publish"), {**form, "became-nobody": "removed", "do": "confirm"}, 422)
    assert queries.confirmations(document) == {}


def test_another_paragraph_is_chosen_on_a_page_of_its_own(visit_as):
    document = _doubtful()
    keys, official = _asked(document)
    visit = visit_as(official)
    page = visit.get(address(document, "/publish"))
    answer = {
        **_form(page),
        f"became-{keys['2']}": "elsewhere",
        f"became-{keys['3']}": "removed",
        "note": "Why.",
    }
    led = visit.post(address(document, "/publish"), answer).location
    assert led == address(document, f"/publish/{keys['2']}")
    page = visit.get(led)
    assert page.h1.text == "What became of paragraph 2?"
    ticks = [tick["value"] for tick in page.select("input[name=to]")]
    assert len(ticks) == 3
    seen = page.select_one("input[name=seen]")["value"]
    back = visit.post(led, {"seen": seen, "to": ticks[:2], "do": "save"}).location
    assert back == address(document, f"/publish#match-{keys['2']}")
    page = visit.get(back)
    assert page.select_one("#note").text.strip() == "Why."
    assert "Every doubtful match is confirmed." in page.text
    visit.post(address(document, "/publish"), {**_form(page), "note": "Why.", "do": "publish"})


def _chooser(visit, document, number="2"):
    there = address(document, f"/publish/{paragraph(document, number).key}")
    return there, visit.get(there).select_one("input[name=seen]")["value"]


def test_a_search_keeps_what_is_ticked(visit_as):
    document = _doubtful()
    visit = visit_as(_asked(document)[1])
    there, seen = _chooser(visit, document)
    tick = visit.get(there).select_one("input[name=to]")["value"]
    led = visit.post(there, {"seen": seen, "to": tick, "q": "SCOOTERS hire", "do": "search"}).location
    page = visit.get(led)
    assert page.select_one("#q")["value"] == "SCOOTERS hire"
    assert [box["value"] for box in page.select("input[name=to][checked]")] == [tick]
    assert "1 paragraph with these words" in page.text
    led = visit.post(there, {"seen": seen, "to": tick, "from": "0", "do": ""}).location
    assert visit.get(led).select_one("input[name=to][checked]")["value"] == tick


@pytest.mark.parametrize(
    "given",
    [
        {"do": "save"},
        {"do": "removed", "to": "TICK"},
        {"do": "save", "to": "nothing"},
        {"do": "search", "q": "x" * 300},
    ],
)
def test_a_choice_that_cannot_be_kept_says_why(visit_as, given):
    document = _doubtful()
    visit = visit_as(_asked(document)[1])
    there, seen = _chooser(visit, document)
    tick = visit.get(there).select_one("input[name=to]")["value"]
    given = {key: tick if value == "TICK" else value for key, value in given.items()}
    page = visit.post(there, {"seen": seen, **given}, 422).page
    assert page.select_one("[role=alert]")
    if given.get("to") == tick:
        assert page.select_one("input[name=to][checked]")["value"] == tick
    assert queries.confirmations(document) == {}


def test_what_was_chosen_can_be_seen_and_taken_back_there(visit_as):
    document = _doubtful()
    visit = visit_as(_asked(document)[1])
    there, seen = _chooser(visit, document, "1")
    visit.post(there, {"seen": seen, "do": "removed"})
    assert "Take back what was said" in visit.get(there).text
    visit.post(there, {"seen": seen, "do": "undo"})
    assert queries.confirmations(document) == {}


def test_a_choice_made_over_another_version_is_looked_at_again(visit_as):
    document = _doubtful()
    visit = visit_as(_asked(document)[1])
    there, seen = _chooser(visit, document)
    tick = visit.get(there).select_one("input[name=to]")["value"]
    publish(document, "First words.\n\nSecond words.\n\nThird words.\n\nFourth words.")
    page = visit.post(there, {"seen": seen, "to": tick, "do": "save"}, 409).page
    assert page.select_one("input[name=to][checked]")["value"] == tick


def test_no_paragraph_no_page(visit_as):
    document = _doubtful()
    visit = visit_as(_asked(document)[1])
    visit.get(address(document, "/publish/nobody"), 404)
    visit.get(address(document, "/publish/all"), 404)


def test_the_loser_of_two_sees_what_was_published_and_what_differs(visit_as):
    document = a_draft()
    visit = visit_as(_with_draft(document, TEXT.replace("Second words.", "Mine, all of it.")))
    form = _form(visit.get(address(document, "/publish")))
    colleague = factories.an_official(document.consultation.unit, name="Ida Colleague")
    with transaction(colleague):
        actions.publish_version(
            actor=colleague, document=document, source=TEXT + "\n\nTheirs.", note="They asked."
        )
    page = visit.post(address(document, "/publish"), {**form, "note": "Why", "do": "publish"}, 409).page
    told = page.find(id="meanwhile-h").find_parent("section")
    assert "Version 2 was published meanwhile" in told.text
    assert "Ida Colleague" in told.text
    assert "They asked." in told.text
    assert "Theirs." in " ".join(gone.text for gone in told.select(".raw-diff del"))
    assert "Mine" in told.select_one(".raw-diff").text
    assert {link["href"] for link in told.select("a")} >= {
        address(document, "/v/2"),
        address(document, "/compare/1...2"),
    }
    assert page.select_one("#note").text.strip() == "Why"
    answer = {**_form(page), "note": "Why", "do": "publish"}
    while page.select("fieldset.match"):
        answer |= {field.input["name"]: "removed" for field in page.select("fieldset.match")}
        page = visit.get(visit.post(address(document, "/publish"), {**answer, "do": "confirm"}).location)
    visit.post(address(document, "/publish"), {**answer, "do": "publish"})
    assert document.version_count == 3


def test_a_draft_saved_meanwhile_is_shown_with_what_differs(visit_as):
    document = a_draft()
    visit = visit_as(_with_draft(document, TEXT + "\n\nMine."))
    form = _form(visit.get(address(document, "/publish")))
    _with_draft(document, TEXT + "\n\nTheirs.")
    page = visit.post(address(document, "/publish"), {**form, "note": "Why", "do": "publish"}, 409).page
    told = page.find(id="meanwhile-h").find_parent("section")
    assert "Draft 2 was saved meanwhile" in told.text
    assert "Mine" in told.select_one("del").text
    assert "Theirs" in told.select_one("ins").text


def test_a_comment_posted_between_looking_and_publishing_stays_where_it_was_made(visit_as):
    document = _doubtful()
    keys, official = _asked(document)
    visit = visit_as(official)
    page = visit.get(address(document, "/publish"))
    comment = say(paragraph(document, "2"), "While you looked.")
    said = {f"became-{keys['2']}": _option(page, keys["2"]), f"became-{keys['3']}": "removed"}
    visit.post(address(document, "/publish"), {**_form(page), **said, "note": "Why.", "do": "publish"})
    assert paragraph(document, "2").comment_count == 1
    assert comment.paragraph_id == paragraph(document, "2").id


def test_who_will_be_told_is_counted_as_it_is_told(visit_as):
    document = a_draft("\n\n".join((CAREFUL.format("1.5"), *GONE)))
    for number in ("1", "1", "2"):
        say(paragraph(document, number))
    visit = visit_as(_with_draft(document, "\n\n".join((CAREFUL.format("2.0"), *GONE))))
    page = visit.get(address(document, "/publish"))
    assert "2 people who commented on paragraphs that change see it in their account." in page.text
    visit.post(address(document, "/publish"), {**_form(page), "note": "Why.", "do": "publish"})
    assert db.session.query(ParagraphEvent).count() == 2


def test_marks_that_do_nothing_are_told(visit_as):
    document = a_draft()
    visit = visit_as(
        _with_draft(document, TEXT + "\n\n[2] Second words.\n\n[2] Again.\n\n[88] Eighty-eight.")
    )
    for there in ("/publish", "/edit"):
        words = " ".join(visit.get(address(document, there)).text.split())
        assert "Two paragraphs bear the same number: [2]." in words
        assert "[88] stand at the head of a paragraph" in words


def test_the_preview_says_of_each_paragraph_what_would_become_of_it(visit_as):
    document = _doubtful()
    visit = visit_as(_asked(document)[1])
    shown = visit.get(address(document, "/edit")).select(".preview .para")
    assert [para.select_one(".para-no").text for para in shown] == ["1", "?", "?"]
    assert [" ".join(tag.text.split()) for para in shown for tag in para.select(".tag")] == [
        "check the match"
    ] * 2


def test_the_page_costs_the_same_however_much_changed(visit_as):
    counts = []
    for size in (10, 60):
        document = a_draft(
            "\n\n".join(f"Rule {number} holds in {CAREFUL.format('1.5')}" for number in range(size))
        )
        visit = visit_as(
            _with_draft(
                document,
                "\n\n".join(f"Rule {number} holds in {CAREFUL.format('2.5')}" for number in range(size)),
            )
        )
        there = address(document, "/publish")
        visit.get(there)
        db.session.expunge_all()
        with counting.queries() as asked:
            page = visit.get(there)
        counts.append(asked)
    assert len(counts[0]) == len(counts[1]), set(counts[1]) ^ set(counts[0])
    assert len(page.select("tr[id^=change-]")) == 50
    assert len(visit.get(f"{there}?page=2").select("tr[id^=change-]")) == 10
    visit.get(f"{there}?page=99999999999999999999")
