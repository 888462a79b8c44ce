"""From the blocks of a version to what its page shows: items in reading order, and the contents list. Pure."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from markupsafe import Markup

from consult.text import images
from consult.text.markdown import stored_html

MOST_ENTRIES = 40  # lines of the contents list; a text with more headings shows its upper levels only
NOTHING = Markup()
CHANGED = frozenset({"edited", "split", "merged"})  # relations of a block whose words are new
UNQUOTED = frozenset({"h1", "h2", "h3", "h4", "h5", "h6", "row", "footnote"})
WIDEST_NUMBER = 4  # characters; longer section numbers stay in the line of their heading
_HEADING = re.compile(r"<h([2-6])([^>]*)>(.*)</h[2-6]>", re.S)
_NUMBERED = re.compile(r"((?:\d+|[A-Z])(?:\.\d+)*)[.)]?\s+(?=\S)")


@dataclass
class Item:
    """One thing on the page: a heading, a paragraph, a table with its rows, or a line of what stood there.

    `sort` is "heading", "table", "para", "gone" (removed, with talk), "left" (removed in silence: `rows` has them all)
    or "joined" (its talk is shown at `home`). `origin` is the block that this one was a part of, `parts` are the
    further parts of this one, as the same version has them.
    """

    sort: str
    block: Any
    html: Markup = NOTHING
    level: int = 0  # of a heading, as it looks: 2 to 6
    tag: int = 0  # of a heading, as it stands in the outline of the page
    rows: list["Item"] = field(default_factory=list)
    following: "Item | None" = None  # of a heading, the next one
    is_first_note: bool = False
    is_new: bool = False
    is_changed: bool = False  # its words are not those of the version before
    is_restored: bool = False  # the version before did not have it
    home: Any = None
    origin: Any = None
    parts: "list[Any]" = field(default_factory=list)

    @property
    def came_after(self) -> str | None:
        """Return behind which number it stood in the version before ("": at the top); None for what has not moved."""
        return None if self.block.is_removed else self.block.came_after


@dataclass
class Cell:
    """One paragraph in the contents: how much talk, whether a question waits, whether the text is gone."""

    count: int
    is_waiting: bool
    is_gone: bool


@dataclass
class Entry:
    """One line of the contents: a heading and the paragraphs below it, up to the next line."""

    key: str
    number: str
    words: str
    is_below: bool
    cells: list[Cell] = field(default_factory=list)
    comment_count: int = 0
    waiting_count: int = 0


def waiting(block: Any) -> int:
    """Return how many questions on a paragraph have no answer yet."""
    return max(0, int(block.question_count - block.answered_count))


def has_talk(block: Any) -> bool:
    return bool(block.comment_count or block.response_count)


def items(blocks: Iterable[Any], version: int = 1, hosts: frozenset[str] = frozenset()) -> list[Item]:
    """Group the blocks of a page: rows with their table, neighbours that were removed in silence with each other.

    `version` is the number of the page's version: what it is the first to have is marked as new, from 2 on.
    `hosts` are those from which the unit shows images.
    """
    page: list[Item] = []
    table: Item | None = None
    above = 1  # the level of the heading before; the page's title is the h1
    blocks = list(blocks)
    by_id = {block.paragraph_id: block for block in blocks}
    for block in blocks:
        if block.is_removed:
            _add_removed(page, block, by_id)
        elif block.kind == "row" and table is not None:
            table.rows.append(Item("row", block, stored_html(images.shown(block.html, hosts))))
        else:
            item = _heading(block, above) if block.level else _item(block, version, hosts)
            above = item.tag or above
            table = item if item.sort == "table" else None
            page.append(item)
    _link_headings(page)
    _link_parts(page, by_id)
    return page


def _item(block: Any, version: int, hosts: frozenset[str]) -> Item:
    is_first = block.first_version == version
    is_new = version > 1 and is_first and block.relation != "split"
    html = NOTHING if block.kind == "table" else stored_html(images.shown(block.html, hosts))
    is_changed = not is_first and block.relation in CHANGED
    sort = "table" if block.kind == "table" else "para"
    is_restored = block.relation == "restored"
    return Item(sort, block, html, is_new=is_new, is_changed=is_changed, is_restored=is_restored)


def _heading(block: Any, above: int) -> Item:
    """Return a heading, its short section number set apart so that it stands in the margin as those of paragraphs do.

    `above` is the level of the heading before: a text that leaves out a level still has an outline without gaps, while
    `level` keeps what it looks like.
    """
    found = _HEADING.search(block.html)
    if found is None:
        return Item("heading", block, stored_html(block.html), level=2, tag=2)
    level = int(found[1])
    tag = min(level, above + 1)
    number, words = parted(found[3])
    if 0 < len(number) <= WIDEST_NUMBER:
        words = f'<span class="n">{number} </span><span>{words}</span>'
    else:
        words = found[3]
    before, after = block.html[: found.start()], block.html[found.end() :]
    html = stored_html(f"{before}<h{tag}{found[2]}>{words}</h{tag}>{after}")
    return Item("heading", block, html, level=level, tag=tag)


def _link_headings(page: Sequence[Item]) -> None:
    following: Item | None = None
    first_note: Item | None = None
    for item in reversed(page):
        if item.sort == "heading":
            item.following = following
            following = item
        elif item.sort == "para" and item.block.kind == "footnote":
            first_note = item
    if first_note is not None:
        first_note.is_first_note = True


def _link_parts(page: Sequence[Item], by_id: Mapping[int, Any]) -> None:
    """Lead from the further parts of a split paragraph to the first, where the earlier talk is, and back."""
    items = {item.block.paragraph_id: item for item in page if item.sort in ("para", "table")}
    for item in items.values():
        item.origin = by_id.get(item.block.split_from_id or 0)
        if item.origin is not None and item.block.split_from_id in items:
            items[item.block.split_from_id].parts.append(item.block)


def _add_removed(page: list[Item], block: Any, by_id: Mapping[int, Any]) -> None:
    """Leave a line for what was removed or joined. In silence only numbers that people could quote leave one."""
    home = by_id.get(block.home_id or 0)
    if home is None and has_talk(block):
        page.append(Item("gone", block))
    elif block.kind in UNQUOTED:
        return
    elif home is not None:
        page.append(Item("joined", block, home=home))
    elif page and page[-1].sort == "left":
        page[-1].rows.append(Item("row", block))
    else:
        page.append(Item("left", block, rows=[Item("row", block)]))


def entries(page: Sequence[Item]) -> list[Entry]:
    """Return the contents: the headings of the two upper levels, or of the uppermost where those are too many."""
    levels = _levels(page)
    shown = levels[:2]
    if sum(item.block.level in shown for item in page if item.sort == "heading") > MOST_ENTRIES:
        shown = levels[:1]
    contents: list[Entry] = []
    for item in page:
        if item.sort == "heading" and item.block.level in shown:
            number, words = parted(item.block.plain)
            if len(number) > WIDEST_NUMBER:
                number, words = "", item.block.plain
            contents.append(Entry(item.block.key, number, words, item.block.level != shown[0]))
        if contents:
            _count(contents[-1], item)
    return contents


def _levels(page: Sequence[Item]) -> list[int]:
    """Return the levels of the headings, the uppermost first; a single heading on top is the title, not a section."""
    levels = [item.block.level for item in page if item.sort == "heading"]
    found = sorted(set(levels))
    return found[1:] if len(found) > 1 and levels.count(found[0]) == 1 else found


def _count(entry: Entry, item: Item) -> None:
    blocks = [item.block, *(row.block for row in item.rows if item.sort == "table")]
    entry.comment_count += sum(block.comment_count for block in blocks)
    entry.waiting_count += sum(waiting(block) for block in blocks)
    if item.sort in ("para", "table", "gone"):
        entry.cells.append(
            Cell(
                sum(block.comment_count for block in blocks),
                any(waiting(block) for block in blocks),
                item.sort == "gone",
            )
        )


def parted(heading: str) -> tuple[str, str]:
    """Return the number a heading begins with ("3.1", "A."), as it is written, and the rest of it."""
    found = _NUMBERED.match(heading)
    if found is None or (found[1].isalpha() and heading[found.end(1)] not in ".)"):
        return "", heading
    return found[0].rstrip(), heading[found.end() :]
