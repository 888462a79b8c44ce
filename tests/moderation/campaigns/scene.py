"""A letter, ways to change it on the way, and a consultation to which it is sent."""

from consult.discussion.models import Comment
from consult.moderation.campaigns import arrival, queries
from tests.discussion.ground import a_draft, paragraph, say

LETTER = (
    "I am writing about the felling of the limes in Castle Street. They were planted in 1911 by the schoolchildren of "
    "the town and have outlived every paving scheme since. The engineer's report says that roots lift the flagstones. "
    "Flagstones can be relaid in a week, whereas a lime of that girth takes a century. Please spare the limes, mend the "
    "flagstones around them and publish what the contractor was asked to price."
)
CHANGED = (
    "My grandmother sold eggs under those trees on Fridays, and my daughters learned to roller-skate between them.\n\n"
    "They were planted in 1911 by the schoolchildren of the town and have outlived every paving scheme since. I am "
    "writing about the felling of the limes in Castle Street. Flagstones can be relaid in a weeek, whereas a lime of "
    "that girth takes a century. Please spare the limes, mend the flagstones around them and publish what the "
    "contractor was asked to price.\n\nYours, Gwen"
)
SHORTER = (
    "They were planted in 1911 by the schoolchildren of the town and have outlived every paving scheme since. "
    "Flagstones can be relaid in a week, whereas a lime of that girth takes a century. Please spare the limes, mend the "
    "flagstones around them and publish what the contractor was asked to price."
)
OTHER = (
    "Benches would do more for Castle Street than anything in this chapter. My father walks from the bus stop to the "
    "surgery with a stick, and there is nowhere to sit between the bakery and the bridge; he is not the only one."
)
AGAINST = LETTER.replace("Please spare the limes, mend", "Please do not spare the limes, mend")
TEXT = "# A street\n\nFirst, the limes in Castle Street are felled.\n\nSecond, flagstones are laid.\n"


class Street:
    """A draft of two paragraphs to which people write."""

    def __init__(self, **values: object) -> None:
        self.draft = a_draft(TEXT, **values)

    def says(self, body: str, number: str = "1", **values: object) -> Comment:
        """Let somebody, a new person each time, post a comment."""
        return say(paragraph(self.draft, number), body, **values)


def grouped(*comments: Comment) -> list[int | None]:
    """Let what has arrived be grouped, and return the campaigns of comments."""
    arrival.group_waiting()
    found = queries.campaigns_of([comment.id for comment in comments])
    return [found.get(comment.id) for comment in comments]
