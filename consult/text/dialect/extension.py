"""The dialect as an extension of Python-Markdown: its own reading of blocks and of inline marks.

With its usual rules Python-Markdown loses list items and headings of real drafts, and takes
time that grows with the square of the brackets. This keeps its frame (preprocessors, parser,
tree processors, serialiser) and replaces what stands in it.
"""

from collections.abc import Iterable, Iterator
from xml.etree.ElementTree import Element, ElementTree

from markdown import Markdown
from markdown.blockparser import BlockParser
from markdown.extensions import Extension
from markdown.preprocessors import Preprocessor
from markdown.treeprocessors import Treeprocessor
from markdown.util import Registry

from consult.text import bounds
from consult.text.bounds import TooMuch
from consult.text.dialect.inline import Inline
from consult.text.dialect.marks import take_marks
from consult.text.dialect.parts import HEADINGS, Part, Rules
from consult.text.dialect.preface import title, without_preface
from consult.text.dialect.raw_html import clean_block
from consult.text.dialect.serialise import serialise
from consult.text.dialect.structure import Structure
from consult.text.dialect.surroundings import Surroundings

_INLINE = frozenset({"p", "h1", "h2", "h3", "h4", "h5", "h6", "td", "th", "dt"})


class Dialect(Extension):
    """`around` is what the text at hand knows of itself; `reset` begins a new text."""

    def __init__(self, rules: Rules) -> None:
        super().__init__()
        self.rules = rules
        self.reset()

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 (the name Python-Markdown calls)
        md.registerExtension(self)
        md.preprocessors = Registry()
        md.inlinePatterns = Registry()
        md.treeprocessors = Registry()
        md.postprocessors = Registry()
        if self.rules.rich:
            md.preprocessors.register(Preface(md, self), "preface", 30)
        md.parser = Blocks(md, self)
        if self.rules.rich:
            md.treeprocessors.register(Marks(md, self), "marks", 30)
        md.treeprocessors.register(InlineText(md, self), "inline", 20)

    def reset(self) -> None:
        self.around = Surroundings(self.rules)
        self.root: Part | None = None
        self.title = ""


class DialectMarkdown(Markdown):
    """A Markdown object that knows this dialect and no other."""

    def __init__(self, rules: Rules) -> None:
        self.dialect = Dialect(rules)
        super().__init__(extensions=[self.dialect])
        self.serializer = serialise


class Preface(Preprocessor):
    def __init__(self, md: Markdown, dialect: Dialect) -> None:
        super().__init__(md)
        self.dialect = dialect

    def run(self, lines: list[str]) -> list[str]:
        self.dialect.title = title(lines)
        return without_preface(lines)


class Blocks(BlockParser):
    def __init__(self, md: Markdown, dialect: Dialect) -> None:
        super().__init__(md)
        self.dialect = dialect

    def parseDocument(self, lines: Iterable[str]) -> "ElementTree[Element | None]":  # noqa: N802
        structure = Structure(self.dialect.rules)
        self.dialect.root = root = structure.parse(list(lines))
        self.dialect.around.definitions = structure.definitions
        return ElementTree(root)


class Marks(Treeprocessor):
    """Takes permanent numbers and explicit anchors out of the text, before it is read as text."""

    def __init__(self, md: Markdown, dialect: Dialect) -> None:
        super().__init__(md)
        self.dialect = dialect

    def run(self, root: Element) -> None:
        for tree in (root, *self.dialect.around.definitions.notes.values()):
            for part in tree.iter():
                if isinstance(part, Part):
                    take_marks(part, self.dialect.around.known_numbers)


class InlineText(Treeprocessor):
    """Gives every part that holds text its `html`, and puts the footnotes at the end."""

    def __init__(self, md: Markdown, dialect: Dialect) -> None:
        super().__init__(md)
        self.dialect = dialect

    def run(self, root: Element) -> None:
        assert isinstance(root, Part)
        self.source_length = self.output_length = self.marks = 0
        self._read(root)
        for note in self._notes():
            self._read(note)
            root.append(note)

    def _notes(self) -> Iterator[Part]:
        """In the order in which the text cites them, then those that it does not cite."""
        defined, cited = self.dialect.around.definitions.notes, self.dialect.around.definitions.cited
        read = 0
        while read < len(cited):
            for key in list(cited)[read:]:
                read += 1
                yield defined[key]
        for key, note in defined.items():
            if key not in cited:
                yield note

    def _read(self, part: Part) -> None:
        for child in part.iter():
            if isinstance(child, Part) and child.source is not None and child.html is None:
                child.html = self._html(child)
                if not self.dialect.rules.rich and child.tag in HEADINGS:
                    child.tag, child.html = "p", f"<strong>{child.html}</strong>"
                self._check(child)

    def _check(self, part: Part) -> None:
        self.source_length += len(part.source or "")
        self.output_length += len(part.html or "")
        bounds.check_output(self.source_length, self.output_length, part.line)
        if self.marks > bounds.DOCUMENT_MARKS:
            raise TooMuch("all marks", line=part.line, limit=bounds.DOCUMENT_MARKS)

    def _html(self, part: Part) -> str | None:
        around = self.dialect.around
        if part.tag in _INLINE:
            inline = Inline(part.source or "", part.line, around)
            html = inline.html()
            self.marks += inline.marks + 1
            return html
        if part.tag != "raw":
            return None
        tags = (part.source or "").count("<")
        if tags > bounds.BLOCK_MARKS:
            raise TooMuch("marks", line=part.line, limit=bounds.BLOCK_MARKS)
        self.marks += tags
        return clean_block(part.source or "", around.image)
