"""A draft with a past: paragraphs joined, split, moved, reworded and removed, and talk on all of them."""

from dataclasses import dataclass, field
from typing import Any

from consult.discussion.models import Comment
from consult.documents.models import Document, Paragraph
from tests import factories
from tests.discussion.ground import say
from tests.documents import ground

FIRST = """# Trees

We count the trees in every street of the town.

We count the hedges in every street of the town too.

Each spring we plant oaks along the river. Each autumn we water them by hand.

A warden looks after every park and locks its gates at dusk.

Nobody may park a car under a tree.

The council reports on its work once a year, in March.
"""
SECOND = """# Trees

We count the trees and the hedges in every street of the town.

Each spring we plant oaks along the river.

Each autumn we water them by hand.

The council reports on its work twice a year, in March and September.

A warden looks after every park and locks its gates at dusk.
"""
BECAME = {"1": [1], "2": [1], "3": [2, 3], "4": [5], "5": [], "6": [4]}


@dataclass
class Past:
    """The draft: 2 is joined with 1, 3 split into 3 and 3A, 4 moved behind 6, 5 removed, 6 reworded."""

    document: Document = field(default_factory=lambda: ground.a_draft(FIRST))
    said: dict[str, Comment] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for number in "123456":
            self.says(number, f"On {number}, first.")
        self.publish()

    def publish(self) -> None:
        ground.publish_as(self.document, SECOND, BECAME, note="Joined, split and moved.")

    def says(self, number: str, words: str, **values: Any) -> Comment:
        self.said[words] = say(self.at(number), words, by=factories.a_person(), **values)
        return self.said[words]

    def at(self, number: str) -> Paragraph:
        return ground.paragraph(self.document, number)

    def address(self, rest: str = "") -> str:
        return ground.address(self.document, rest)

    def thread(self, number: str) -> str:
        return self.address(f"/p/{self.at(number).key}")
