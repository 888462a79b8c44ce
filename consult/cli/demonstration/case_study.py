"""A case study of a consultation that the demonstration tells of: its figures are filled in from there."""

from datetime import timedelta

from consult.cli.demonstration.reading import Calendar
from consult.toolkit import actions as toolkit
from consult.toolkit.actions import Wording
from consult.toolkit.entries.kinds import PageKind
from consult.toolkit.models import Shelf
from consult.toolkit.rendering import rendered

SLUG = "example-crossing-times"
FACTS = {
    "organisation": "Department for Streets and Places",
    "organisation_kind": "central",
    "serves": "nation",
    "subject": "Streets; Walking",
    "method": "Draft open to comments, paragraph by paragraph",
    "cost": "Not known: nobody kept an account of it",
    "effort": "Not known: nobody kept an account of it",
    "worked": "Every question was answered while there was still time to say more.",
    "did_not": "People who are not online were asked too late.",
    "carries_over": "Publish the reason for each change beside the words that changed.",
    "consultation": "crossing-times",
    "example": "yes",
}
TEXT = """This case study is invented, like the consultation that it tells of. It shows what a page says on which the
figures of a consultation on this site are filled in: nobody typed them, and they are the same as in its ledger.
"""


def tell(calendar: Calendar, owner_id: int) -> None:
    """Write the case study, checked three weeks ago."""
    checked = calendar.today - timedelta(days=21)
    facts = FACTS | {"year": str(checked.year), "checked": checked.isoformat()}
    toolkit.start_page(
        actor=None,
        slug=SLUG,
        shelf=Shelf.CONSULT,
        kind=PageKind.CASE_STUDY,
        position=200,  # behind the real ones
        wording=Wording(
            "How we asked about crossing times (example)",
            "A draft about crossings, open to comments on every paragraph, and what became of each of them.",
            rendered(TEXT),
            facts=facts,
        ),
        reviewed_on=checked,
        owner_id=owner_id,
    )
