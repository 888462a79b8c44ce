"""The blocks that are open while a text is read, and the tree that grows as they close."""

from consult.text import bounds
from consult.text.bounds import TooMuch
from consult.text.dialect.addresses import definition
from consult.text.dialect.leaves import Leaf, Paragraph
from consult.text.dialect.parts import CONTAINERS, HEADINGS, Definitions, Part, label

_BLOCKS = frozenset({"p", "pre", *HEADINGS})
_LEAVES_AT_MOST = 4 * bounds.DOCUMENT_BLOCKS


class Tree:
    """`stack` holds the open containers, the document first; `leaf` is the open block of text, if any."""

    def __init__(self) -> None:
        self.root = Part("div", 1)
        self.stack = [self.root]
        self.leaf: Leaf | None = None
        self.definitions = Definitions()
        self.was_blank = False
        self.number = 0
        self.block_count = self.leaf_count = 0

    def enter(self, container: Part) -> None:
        self.add(container)
        self.stack.append(container)
        if sum(part.tag in CONTAINERS for part in self.stack) > bounds.NESTING:
            raise TooMuch("nesting", line=self.number, limit=bounds.NESTING)

    def add(self, part: Part) -> None:
        if part.tag not in ("li", "dt", "dd"):
            self.leave_list()
        parent = self.stack[-1]
        if parent.tag == "li" and len(parent) and self.was_blank:
            self.stack[-2].is_loose = True
        parent.append(part)
        if part.tag in _BLOCKS:
            self.count_block(1)
        elif part.tag == "table":
            self.count_block(len(part))
        elif part.tag not in CONTAINERS:
            self.count_leaf()

    def leave_list(self) -> None:
        while self.stack[-1].tag in ("ul", "ol", "dl"):
            self.stack.pop()

    def open(self, leaf: Leaf) -> None:
        self.leave_list()
        parent = self.stack[-1]
        if parent.tag == "li" and len(parent) and self.was_blank:
            self.stack[-2].is_loose = True
        self.leaf = leaf
        self.count_length(leaf)

    def close_to(self, matched: int) -> None:
        self.close_leaf()
        del self.stack[matched:]

    def close_leaf(self) -> None:
        leaf, self.leaf = self.leaf, None
        if leaf is None:
            return
        if isinstance(leaf, Paragraph):
            self.take_links(leaf)
        part = leaf.part()
        if part is not None:
            was_blank, self.was_blank = self.was_blank, False
            self.add(part)
            self.was_blank = was_blank

    def take_links(self, paragraph: Paragraph) -> None:
        """`[name]: address` lines at the head of a paragraph define links and are not shown."""
        text = paragraph.text
        while found := definition(text) if text.lstrip().startswith("[") else None:
            end, name, address, title = found
            self.definitions.links.setdefault(label(name), (address, title))
            self.count_leaf()
            text = text[end:]
        if len(text) < len(paragraph.text):
            paragraph.lines = text.split("\n") if text else []

    # Bounds

    def count_block(self, more: int) -> None:
        self.block_count += more
        if self.block_count > bounds.DOCUMENT_BLOCKS:
            raise TooMuch("blocks", line=self.number, limit=bounds.DOCUMENT_BLOCKS)

    def count_leaf(self) -> None:
        self.leaf_count += 1
        if self.leaf_count > _LEAVES_AT_MOST:
            raise TooMuch("blocks", line=self.number, limit=bounds.DOCUMENT_BLOCKS)

    def count_length(self, leaf: Leaf) -> None:
        if leaf.length > bounds.BLOCK_LENGTH:
            raise TooMuch("block", line=leaf.line, limit=bounds.BLOCK_LENGTH)
