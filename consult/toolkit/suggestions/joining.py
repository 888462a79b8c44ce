"""A suggestion and a page that has moved on since: put together where they do not touch. Pure."""

from consult.toolkit import merging
from consult.toolkit.entries.kinds import TOGETHER
from consult.toolkit.suggestions.queries import Standing, Words


def joined(stands: Standing, suggested: Words) -> Words | None:
    """Return what the page would say with the suggestion in it; None where both changed the same place."""
    then, now = stands.then, stands.now
    try:
        return Words(
            merging.merged_field(then.title, now.title, suggested.title),
            merging.merged_field(then.summary, now.summary, suggested.summary),
            merging.merged(then.source, now.source, suggested.source),
            merging.merged_fields(then.facts, now.facts, suggested.facts, TOGETHER),
        )
    except merging.Touching:
        return None
