"""What two editors wrote from the same beginning, as one wording, where their changes do not touch."""

from consult.errors import Invalid
from consult.toolkit import rendering
from consult.toolkit.actions import Wording
from consult.toolkit.entries.checking import tidied
from consult.toolkit.entries.kinds import TOGETHER, PageKind
from consult.toolkit.merging import Touching, merged, merged_field, merged_fields
from consult.toolkit.models import Revision


def reconciled(kind: PageKind, began: Revision, yours: Wording, theirs: Revision) -> Wording:
    """Return `yours` with all that `theirs` changed since both began from `began`; the note stays yours.

    The text is merged line by line, title, summary and each fact as a whole, a rate with its day and its source. It is
    rendered anew, so this is called outside any transaction. Raises Touching where a person has to choose, or both together are too long for a page.
    """
    source = merged(began.source, yours.text.source, theirs.source)
    facts = None
    if yours.facts is not None:
        before, mine, others = (tidied(kind, one) for one in (began.facts, yours.facts, theirs.facts))
        facts = merged_fields(before, mine, others, TOGETHER)
    try:
        return Wording(
            title=merged_field(began.title, yours.title, theirs.title),
            summary=merged_field(began.summary, yours.summary, theirs.summary),
            text=yours.text if source == yours.text.source else rendering.rendered(source),
            note=yours.note,
            facts=facts,
        )
    except Invalid as error:
        raise Touching from error
