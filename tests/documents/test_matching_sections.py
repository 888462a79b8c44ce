"""Sections that change places keep what stands in them, though every section has the same items."""

from consult.documents.matching import Old, match
from consult.text.blocks import split


def section(name: str) -> str:
    return f"## {name}\n\n- Who may apply\n- What it costs\n- How to appeal\n\n"


def test_equal_items_go_with_their_section() -> None:
    names = ["Fishing licences", "Market stalls", "Street music"]
    before, after = ("".join(map(section, order)) for order in (names, names[::-1]))
    old = [Old(place, str(place), block.kind, block.text) for place, block in enumerate(split(before))]
    found = match(old, split(after))
    assert found.targets == {4 * n + k: (4 * (2 - n) + k,) for n in range(3) for k in range(4)}
    assert found.doubts == ()
