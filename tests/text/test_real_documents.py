"""Real drafts, byte for byte as their authors wrote them: nothing lost, nothing twice, nothing out of order."""

import json

import pytest

from consult.text.blocks import split
from consult.text.dialect.parts import Rules
from consult.text.markdown import render_document, render_page
from consult.text.plain import plain_text
from consult.text.reading import read
from tests.text.reading import INDEPENDENT, Markup, block_texts, independent_texts

DOCUMENTS = [
    *(f"https-only/v{n}.md" for n in (1, 2, 3)),
    *(f"authenticators/v{n}.md" for n in (1, 2, 3, 4)),
    *(f"digital-identity-63b/v{n}.md" for n in (1, 2)),
]


@pytest.fixture(params=DOCUMENTS)
def source(request, shared_path):
    return (shared_path / "corpus" / request.param).read_text(encoding="utf-8")


def test_no_document_of_the_folder_is_left_out(shared_path):
    folder = shared_path / "corpus"
    assert sorted(DOCUMENTS) == sorted(str(path.relative_to(folder)) for path in folder.glob("*/*.md"))


def test_the_text_equals_that_of_an_independent_renderer_block_by_block(source):
    html = "\n".join(block.html for block in split(source) if block.kind != "row")
    assert block_texts(html) == independent_texts(source)


def test_the_same_text_as_one_page(source):
    page = render_page(source, resolve=lambda target: ("/toolkit/x", True))
    assert block_texts(page.html) == independent_texts(source)


def test_the_rows_of_a_table_hold_what_the_table_holds(source):
    blocks = split(source)
    for place, table in enumerate(blocks):
        if table.kind == "table":
            rows = [row for row in blocks if row.table == place]
            assert " ".join(row.plain for row in rows) == table.plain
            assert [blocks.index(row) for row in rows] == list(range(place + 1, place + 1 + len(rows)))


def test_links_between_sections_arrive(source):
    blocks = split(source)
    whole = Markup("".join(block.html for block in blocks if block.kind != "row"))
    ids = [attributes["id"] for _, attributes in whole.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    assert {address[1:] for address in whole.addresses() if address.startswith("#")} <= set(ids)


def test_every_block_can_be_cited(source):
    for block in split(source):
        assert block.text
        assert block.plain == plain_text(block.html)
        assert len(block.text) < 12_000


def test_what_is_known_of_the_long_document(shared_path):
    source = (shared_path / "corpus/digital-identity-63b/v1.md").read_text(encoding="utf-8")
    document = render_document(source)
    kinds = [block.kind for block in document.blocks]
    assert document.title == "DRAFT NIST Special Publication 800-63B"
    tokens = [token.type for token in INDEPENDENT.parse(source)]
    assert kinds.count("table") == tokens.count("table_open") == 7
    assert kinds.count("row") == tokens.count("tr_open") == 87
    assert "dig-comments@nist.gov" not in "".join(block.plain for block in document.blocks[:60])
    nested = next(block for block in document.blocks if block.text.startswith("High contrast, the highest"))
    assert (nested.kind, nested.depth, nested.marker) == ("li", 3, "•")


def test_the_title_comes_from_the_front_matter(shared_path):
    source = (shared_path / "corpus/https-only/v1.md").read_text(encoding="utf-8")
    assert render_document(source).title == "The HTTPS-Only Standard"


def test_texts_of_many_other_drafts_read_as_an_independent_renderer_reads_them(shared_path):
    lines = (shared_path / "anchoring/dev.jsonl").read_text(encoding="utf-8").splitlines()
    pairs = [json.loads(line) for line in lines]
    texts = {block["text"] for pair in pairs for block in pair["old_blocks"] + pair["new_blocks"]}
    assert len(texts) > 3_000
    for text in texts:
        if not _was_cut(text):
            assert block_texts(read(text, Rules()).html) == independent_texts(text)


def _was_cut(text):
    """Where the line ends that made raw HTML what it was are gone; half a tag we show rather than lose."""
    return text.startswith("<div") and (text.count("<") > text.count(">") or 'markdown="1"' in text)
