"""Markdown given out, with and without numbers, and what happens to it when it comes back."""

import re

import pytest

from consult.consultations.models import Stage
from consult.documents import actions
from consult.extensions import transaction
from consult.text.markdown import render_document
from tests import factories
from tests.documents.ground import TEXT, a_draft, address, page, publish, standing

pytestmark = pytest.mark.usefixtures("app")

RICH = """# Kerbs

The kerb is 20 mm high[^1].

- one thing
- another thing

> Somebody said so.

```py
print("kerb")
```

| Street | Width |
|--------|-------|
| High Street | 2 m |
| Low Road | 3 m |

<!-- together -->
These belong together:

- here
- there
<!-- /together -->

<!-- no comments -->
Nobody speaks of this.

<table><tr><td>drawn by hand</td></tr></table>

[^1]: Measured at the gully.
"""


def text_of(client, document, rest=".md"):
    answer = client.get(address(document, rest))
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/markdown; charset=utf-8"
    return answer.text


def names(document):
    """The number of each paragraph that the current page has, by its key."""
    return {row.key: row.number for row in page(document) if not row.is_removed}


def test_the_current_version_is_given_out_as_it_was_written(client):
    document = a_draft(RICH)
    publish(document, TEXT)
    assert text_of(client, document) == TEXT
    assert text_of(client, document, "/v/2.md") == TEXT
    assert text_of(client, document, "/v/1.md") == RICH


def test_with_numbers_each_paragraph_bears_the_one_that_its_page_shows(client):
    document = a_draft(TEXT)
    publish(document, TEXT.replace("First words.", "First words.\n\nPut in between."))
    assert text_of(client, document, ".md?numbers=1") == (
        "# [s1] Kerbs\n\n[1] First words.\n\n[1A] Put in between.\n\n[2] Second words.\n\n"
        "- [3] one\n- [4] two\n\n## [s2] More\n\n[5] Last words.\n"
    )


def test_numbers_in_what_was_published_are_not_given_out_unasked(client):
    document = a_draft(TEXT)
    marked = text_of(client, document, ".md?numbers=1")
    publish(document, marked)
    assert text_of(client, document) == TEXT
    assert text_of(client, document, ".md?numbers=1") == marked


def test_text_that_looked_like_a_number_before_there_were_any_stays_text(client):
    document = a_draft("[2] is a reference.\n\nSecond.\n")
    assert text_of(client, document) == "[2] is a reference.\n\nSecond.\n"
    marked = text_of(client, document, ".md?numbers=1")
    assert marked == "[1] [2] is a reference.\n\n[2] Second.\n"
    publish(document, marked)
    assert standing(document) == {"1": "[2] is a reference.", "2": "Second."}


def test_what_comes_back_maps_itself_however_much_it_was_reworded(client):
    document = a_draft(RICH)
    before = names(document)
    marked = text_of(client, document, ".md?numbers=1")
    words = iter(range(10_000))
    strange = re.sub(
        r"(?<![\w\[<`!./&-])(?!together|no comments|table|tr|td|py)[a-zA-Z]{3,}",
        lambda _: f"zq{next(words)}x",
        marked,
    )
    again = render_document(strange, known_numbers=frozenset(before.values()))
    assert not {block.plain for block in again.blocks} & set(standing(document).values())
    with transaction():
        actions.save_draft(actor=None, document=document, source=strange, based_on=0)
    prepared = actions.prepare(document, strange)
    slots = actions.plan_of(document, prepared).slots
    assert {slot.number for slot in slots if not slot.is_removed} == set(before.values())
    publish(document, strange)
    assert names(document) == before


def test_units_and_closed_blocks_survive_with_their_numbers(client):
    document = a_draft(RICH)
    before = [(row.number, row.plain, row.is_open) for row in page(document)]
    assert "These belong together: here there" in [words for _number, words, _is_open in before]
    assert [words for _number, words, is_open in before if not is_open] == ["Nobody speaks of this."]
    publish(document, text_of(client, document, ".md?numbers=1"))
    assert [(row.number, row.plain, row.is_open) for row in page(document)] == before


@pytest.mark.parametrize(
    ("rest", "name"),
    [
        (".md", "{}-v1.md"),
        (".md?numbers=1", "{}-v1-numbered.md"),
        ("/v/1.md", "{}-v1.md"),
        ("/v/1.md?numbers=1", "{}-v1-numbered.md"),
    ],
)
def test_the_file_says_what_it_is_called(client, rest, name):
    document = a_draft()
    answer = client.get(address(document, rest))
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{name.format(document.slug)}"'


def test_what_did_not_change_is_not_sent_again(client):
    document = a_draft()
    tags = {rest: client.get(address(document, rest)).headers["ETag"] for rest in (".md", ".md?numbers=1")}
    assert len(set(tags.values())) == 2
    for rest, tag in tags.items():
        again = client.get(address(document, rest), headers={"If-None-Match": tag})
        assert (again.status_code, again.data) == (304, b"")
    publish(document, TEXT + "\nMore.\n")
    for rest, tag in tags.items():
        assert client.get(address(document, rest), headers={"If-None-Match": tag}).status_code == 200


@pytest.mark.parametrize("rest", ["/v/0.md", "/v/2.md", "/v/x.md", "/v/1.txt", ".txt"])
def test_what_is_not_there_is_not_found(client, rest):
    assert client.get(address(a_draft(), rest)).status_code == 404


@pytest.mark.parametrize("rest", [".md", "/v/1.md"])
def test_before_the_opening_it_is_for_the_unit_alone(client, sign_in, rest):
    document = a_draft(stage=Stage.PREPARING)
    official = factories.an_official(document.consultation.unit)
    assert client.get(address(document, rest)).status_code == 404
    assert sign_in(official).get(address(document, rest)).status_code == 200


def test_a_document_without_a_version_has_no_file(sign_in):
    factories.a_site()
    document = factories.a_document()
    official = factories.an_official(document.consultation.unit)
    assert sign_in(official).get(address(document, ".md")).status_code == 404


def test_the_page_leads_to_the_files_of_the_version_it_shows(visit):
    document = a_draft()
    publish(document, TEXT + "\nMore.\n")
    for rest, file in (("", ".md"), ("/v/1", "/v/1.md")):
        links = [link["href"] for link in visit.get(address(document, rest)).select("#say a[href*='.md']")]
        assert links == [address(document, file), address(document, f"{file}?numbers=1")]
