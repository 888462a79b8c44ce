"""Writing a draft: the preview, two writers, a file, and everything that may be typed or sent by mistake."""

import io

import pytest
from sqlalchemy import func, select

from consult import clock
from consult.documents import actions, queries, withdrawing
from consult.documents.models import Document, Draft, Erratum
from consult.extensions import db, transaction
from tests import factories
from tests.documents.ground import TEXT, a_draft, address, publish, standing

pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture
def document(app):
    factories.a_site()
    return factories.a_document()


@pytest.fixture
def official(document):
    return factories.an_official(document.consultation.unit, name="Tom Ashworth")


@pytest.fixture
def visit(visit_as, official):
    return visit_as(official)


def _save(document, source, based_on, actor):
    with transaction(actor):
        return actions.save_draft(actor=actor, document=document, source=source, based_on=based_on)


def _count():
    return db.session.scalar(select(func.count(Draft.id)))


def test_a_new_document_leads_to_its_draft(visit, document):
    base = f"/consultations/{document.consultation.slug}"
    answer = visit.post(f"{base}/new", {"title": "Where bins stand", "slug": ""})
    assert answer.location.endswith("/where-bins-stand/edit")
    assert visit.get(answer.location).h1.text == "Write the draft"


@pytest.mark.parametrize(
    "typed",
    [
        {"title": "", "slug": ""},
        {"title": "T" * 161, "slug": "t"},
        {"title": "Bins", "slug": "Not A Slug"},
        {"title": "Bins", "slug": "new"},
        {"title": "Bins\u202e", "slug": ""},
        {"title": "Bins\x07", "slug": ""},
        {"title": "x" * 1_000_000, "slug": ""},
        {"title": "日本", "slug": ""},
        {},
    ],
)
def test_a_document_that_cannot_be_is_refused_with_everything_kept(visit, document, typed):
    page = visit.post(f"/consultations/{document.consultation.slug}/new", typed, 422).page
    assert page.select_one("[role=alert] a[href^='#']")
    assert page.select("[aria-invalid=true]")
    assert db.session.scalar(select(func.count(Document.id))) == 1


def test_an_address_that_is_taken_is_refused_at_its_field(visit, document):
    page = visit.post(
        f"/consultations/{document.consultation.slug}/new", {"title": "Again", "slug": document.slug}, 422
    ).page
    assert page.select_one("#slug[aria-invalid=true]")
    assert page.select_one("#title")["value"] == "Again"


def test_a_draft_is_saved_and_stays_private(visit, document, client):
    visit.post(address(document, "/edit"), {"source": TEXT, "based_on": "0", "do": "save"})
    page = visit.get(address(document, "/edit"))
    assert page.select_one("textarea#source").text.strip() == TEXT.strip()
    assert client.get(address(document)).status_code == 404


def test_the_preview_shows_paragraphs_numbered_as_readers_will_see_them(visit, document):
    page = visit.post(
        address(document, "/edit"), {"source": TEXT, "based_on": "0", "do": "preview"}, 200
    ).page
    numbers = [tag.text for tag in page.select(".preview .para .para-no")]
    assert numbers == ["1", "2", "3", "4", "5"]
    assert _count() == 0


def test_the_preview_of_a_later_version_says_what_became_of_each(visit_as):
    document = a_draft()
    visit = visit_as(factories.an_official(document.consultation.unit))
    changed = TEXT.replace("First words.", "[1] Other words.") + "\n\nAdded."
    page = visit.post(
        address(document, "/edit"), {"source": changed, "based_on": "0", "do": "preview"}, 200
    ).page
    said = {
        para.select_one(".para-no").text: tag.text
        for para in page.select(".preview .para")
        if (tag := para.select_one(".tag"))
    }
    assert said == {"1": "changed", "6": "new"}


def test_the_preview_alone_is_what_scripts_put_in(visit, document):
    response = visit.client.post(address(document, "/preview"), data={"source": "One.\n\nTwo."})
    assert response.status_code == 200
    assert "<html" not in response.text
    assert response.text.count('class="para-no"') == 2


NUMBERED = (
    "# Kerbs\n\n[1] First words.\n\n[2] Second words.\n\n- [3] one\n- [4] two\n\n## More\n\n[5] Last words.\n"
)


def _box(page):
    return page.select_one("textarea#source").text.removeprefix("\n")


@pytest.fixture
def published(app):
    """A document whose first version was published from its first draft."""
    document = a_draft()
    _save(document, TEXT, 0, None)
    return document


@pytest.fixture
def write(visit_as, published):
    return visit_as(factories.an_official(published.consultation.unit))


def test_a_draft_begins_with_the_current_version_and_its_numbers(visit_as):
    document = a_draft()
    page = visit_as(factories.an_official(document.consultation.unit)).get(address(document, "/edit"))
    assert _box(page) == NUMBERED
    assert page.select_one("#source-hint").text == "Numbers in square brackets are permanent: leave them be"


def test_once_the_latest_draft_is_published_the_next_begins_with_its_numbers(published, write):
    assert _box(write.get(address(published, "/edit"))) == NUMBERED


def test_a_draft_that_was_saved_since_keeps_what_it_holds(published, write):
    _save(published, TEXT + "\nMore.\n", 1, None)
    assert _box(write.get(address(published, "/edit"))) == TEXT + "\nMore.\n"
    assert _box(write.get(address(published, "/edit?draft=1"))) == TEXT


def test_the_numbers_in_the_box_are_those_of_the_current_page(published, write):
    changed = NUMBERED.replace("[2] Second words.\n\n", "").replace(
        "- [4] two", "- put in between\n- [4] two"
    )
    _save(published, changed, 1, None)
    publish(published, changed)
    assert _box(write.get(address(published, "/edit"))) == changed.replace("- put in", "- [3A] put in")


def test_saving_what_a_version_put_into_the_box_saves_nothing(published, write):
    page = write.get(address(published, "/edit"))
    typed = {
        "source": _box(page).replace("\n", "\r\n"),
        "based_on": page.select_one("input[name=based_on]")["value"],
        "do": "save",
    }
    assert "Nothing had changed." in write.get(write.post(address(published, "/edit"), typed).location).text
    assert _count() == 1
    typed["source"] += "More."
    assert "Saved as draft 2." in write.get(write.post(address(published, "/edit"), typed).location).text
    assert _count() == 2


def test_nothing_changed_is_not_said_over_what_somebody_else_saved(published, write):
    page = write.get(address(published, "/edit"))
    _save(published, "Theirs.", 1, None)
    typed = {"source": _box(page), "based_on": "1", "do": "save"}
    page = write.post(address(published, "/edit"), typed, 409).page
    assert _box(page) == NUMBERED
    assert "Theirs." in page.select_one("textarea#theirs").text


def test_what_is_published_with_its_numbers_shows_readers_none(published, client):
    publish(published, NUMBERED)
    assert "[1]" not in client.get(address(published)).text
    assert standing(published)["1"] == "First words."


def test_earlier_drafts_are_listed_and_can_be_opened(visit, document, official):
    for number, text in enumerate(("one", "two", "three")):
        _save(document, text, number, official)
    page = visit.get(address(document, "/edit"))
    links = [link["href"] for link in page.select("#earlier a")]
    assert links == [address(document, f"/edit?draft={number}") for number in (3, 2, 1)]
    page = visit.get(links[2])
    assert page.select_one("textarea#source").text.strip() == "one"
    assert page.select_one("input[name=based_on]")["value"] == "3"


def test_the_second_of_two_writers_sees_both_texts_and_loses_nothing(visit, document, official):
    colleague = factories.an_official(document.consultation.unit, name="Ruth Okafor")
    _save(document, "Shared start.\n\nRuth wrote this.", 0, colleague)
    page = visit.post(
        address(document, "/edit"),
        {"source": "Shared start.\n\nTom wrote that.", "based_on": "0", "do": "save"},
        409,
    ).page
    assert "Tom wrote that." in page.select_one("textarea#source").text
    assert "Ruth wrote this." in page.select_one("textarea#theirs").text
    assert "Ruth Okafor" in page.select_one("[role=alert]").text
    assert page.select(".raw-diff ins")
    assert page.select(".raw-diff del")
    assert _count() == 1
    based_on = page.select_one("input[name=based_on]")["value"]
    visit.post(
        address(document, "/edit"),
        {"source": "Shared start.\n\nTom wrote that.", "based_on": based_on, "do": "save"},
    )
    assert _count() == 2


def test_a_file_fills_the_box_and_saves_nothing(visit, document):
    page = visit.post(
        address(document, "/edit"),
        {
            "source": "old",
            "based_on": "0",
            "do": "upload",
            "file": (io.BytesIO("Zoë’s words".encode()), "a.md"),
        },
        200,
    ).page
    assert page.select_one("textarea#source").text.strip() == "Zoë’s words"
    assert _count() == 0


@pytest.mark.parametrize(
    ("content", "text"),
    [("\ufeffWords".encode(), "Words"), ("Words é".encode("utf-16"), "Words é"), (b"a\r\nb", "a\nb")],
)
def test_files_as_common_editors_save_them_are_read(visit, document, content, text):
    page = visit.post(
        address(document, "/edit"), {"do": "upload", "file": (io.BytesIO(content), "a.md")}, 200
    ).page
    assert page.select_one("textarea#source").text.strip() == text


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"  \n",
        b"\xff\xfe\x00",
        b"\x89PNG\r\n\x1a\n\x00\x00",
        b"PK\x03\x04\x00\xff",
        b"caf\xe9",
        b"x" * 2_000_001,
    ],
)
def test_a_file_that_is_not_text_is_refused_at_its_field(visit, document, content):
    page = visit.post(
        address(document, "/edit"),
        {"source": "Kept words", "based_on": "0", "do": "upload", "file": (io.BytesIO(content), "a.md")},
        422,
    ).page
    assert page.select_one("[role=alert] a[href='#file']")
    assert page.select_one("#file[aria-invalid=true]")
    assert page.select_one("textarea#source").text.strip() == "Kept words"


def test_choosing_no_file_says_so(visit, document):
    page = visit.post(address(document, "/edit"), {"source": "Kept", "do": "upload"}, 422).page
    assert "Choose a file first" in page.select_one("[role=alert]").text


@pytest.mark.parametrize(
    "source",
    [
        "[" * 3_000,
        "> " * 60 + "deep",
        "x" * 1_000_000,
        "|" * 3_000 + "\n" + "|-" * 3_000,
        "\u202eabc\x01\x02",
        "*" * 50_000,
    ],
)
def test_text_that_explodes_is_kept_in_the_box_with_what_to_shorten(visit, document, source):
    page = visit.post(
        address(document, "/edit"), {"source": source, "based_on": "0", "do": "preview"}, 200
    ).page
    assert page.select_one("textarea#source").text.strip() == source.replace("\x01\x02", "\x01\x02").strip()


def test_text_with_a_null_character_is_refused_and_kept(visit, document):
    page = visit.post(
        address(document, "/edit"), {"source": "a\x00b", "based_on": "0", "do": "save"}, 422
    ).page
    assert page.select_one("[role=alert] a[href='#source']")
    assert _count() == 0


@pytest.mark.parametrize("based_on", ["", "x", "-1", "9" * 40, None])
def test_a_form_that_was_tampered_with_loses_no_text(visit, document, official, based_on):
    _save(document, "theirs", 0, official)
    typed = {"source": "mine", "do": "save"} | ({"based_on": based_on} if based_on is not None else {})
    page = visit.post(address(document, "/edit"), typed, 409).page
    assert page.select_one("textarea#source").text.strip() == "mine"


@pytest.mark.parametrize("rest", ["?draft=99", "?draft=x", "?before=x", "?draft=" + "9" * 30])
def test_odd_addresses_of_drafts_are_no_error_of_ours(visit, document, rest):
    assert visit.client.get(address(document, "/edit" + rest)).status_code in (200, 404)


@pytest.mark.parametrize("rest", ["/edit", "/publish"])
def test_only_officials_of_the_unit_write(client, sign_in, document, rest):
    stranger = factories.an_official(factories.a_unit())
    assert client.get(address(document, rest)).status_code == 303
    assert sign_in(factories.a_person()).get(address(document, rest)).status_code == 403
    assert sign_in(stranger).get(address(document, rest)).status_code == 403
    assert sign_in(stranger).post(address(document, "/preview"), data={"source": "x"}).status_code == 403


def test_publishing_leaves_the_latest_draft_where_it_is(visit, document, official):
    _save(document, TEXT, 0, official)
    publish(document, TEXT)
    assert visit.get(address(document, "/edit")).h1.text == "Write version 2"


def test_a_corrected_misprint_is_in_the_next_draft(published, write):
    version = queries.version(published, 1)
    with transaction():
        erratum = Erratum(
            version_id=version.id, note="Misprint", source_before=TEXT, corrected_at=clock.now()
        )
        db.session.add(erratum)
        version.source = TEXT.replace("words", "Words")
        for block in version.blocks:
            block.plain = block.plain.replace("words", "Words")
    assert _box(write.get(address(published, "/edit"))) == NUMBERED.replace("words", "Words")


def test_the_numbers_found_are_put_into_a_text_that_came_without(published, write):
    form = {"source": TEXT.replace("Second words.", "Quite another thing is said here."), "based_on": "0"}
    page = write.post(address(published, "/edit"), {**form, "do": "number"}, 200).page
    assert _box(page) == NUMBERED.replace("[2] Second words.", "Quite another thing is said here.")
    assert "bears its number now" in page.text
    assert published.draft_number == 1


def test_text_that_is_too_much_gets_no_numbers_and_stays_in_the_box(published, write):
    page = write.post(address(published, "/edit"), {"source": "[" * 2_000, "do": "number"}, 422).page
    assert "square brackets" in page.select_one("[role=alert]").text
    assert _box(page) == "[" * 2_000


def test_after_a_withdrawal_the_next_draft_begins_with_what_holds(published, write):
    mistake = TEXT + "\nA mistake.\n"
    _save(published, mistake, 1, None)
    publish(published, mistake)
    with transaction():
        withdrawing.withdraw_version(actor=None, document=published, why="The wrong file.")
    page = write.get(address(published, "/edit"))
    assert _box(page) == NUMBERED
    assert _box(write.get(address(published, "/edit?draft=2"))) == mistake
