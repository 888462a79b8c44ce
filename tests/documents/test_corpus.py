"""Real drafts, published in all their versions: nothing of their text is lost, no number is used twice."""

import pytest

from consult.documents import actions, queries
from consult.extensions import transaction
from tests import factories
from tests.counting import queries as counted
from tests.documents.ground import address, page

DOCUMENTS = ("https-only", "authenticators", "digital-identity-63b")


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_version_of_a_real_draft_is_shown_whole(app, visit, shared_path, name):
    factories.a_site()
    document = factories.a_document()
    numbers: dict[int, str] = {}
    for file in sorted((shared_path / "corpus" / name).glob("*.md")):
        prepared = actions.prepare(document, file.read_text("utf-8"))
        with transaction():
            actions.publish_version(
                actor=None,
                document=document,
                source=prepared.source,
                note=file.name,
                prepared=prepared,
                doubtful="remove",
            )
        rows = page(document)
        assert [row.plain for row in rows if not row.is_removed] == [
            block.plain for block in prepared.text.blocks
        ]
        given = {row.paragraph_id: row.number for row in rows}
        assert len(set(given.values())) == len(given)
        assert all(numbers.get(paragraph_id, number) == number for paragraph_id, number in given.items())
        assert set(numbers) <= set(given), "a paragraph has lost its place"
        numbers |= given
        shown = {place["id"]: place for place in visit.get(address(document)).select("[id^=p-]")}
        for row in rows:
            place = shown.get(f"p-{row.key}")
            if not row.is_removed and row.kind != "table":
                assert "".join(row.plain.split()) in "".join(place.get_text().split()), row.number


def test_a_real_draft_costs_no_more_queries_to_publish_than_a_short_one(app, shared_path):
    source = (shared_path / "corpus" / "authenticators" / "v1.md").read_text("utf-8")
    costs = []
    for text in ("Short.", source):
        document = factories.a_document()
        prepared = actions.prepare(document, text)
        with counted() as seen, transaction():
            actions.publish_version(
                actor=None,
                document=document,
                source=prepared.source,
                note="",
                prepared=prepared,
                doubtful="remove",
            )
        costs.append(len(seen))
    assert costs[1] <= costs[0] + 6
    assert queries.numbers(document.id)
