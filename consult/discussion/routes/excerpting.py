"""What people said, for pages of the rooms below that show it beside a change: they ask through their templates."""

from collections.abc import Collection

from consult.discussion import excerpts
from consult.discussion.excerpts import Said
from consult.discussion.routes.blueprint import bp


@bp.app_template_global()
def said_on(paragraph_ids: Collection[int], versions: tuple[int, int], limit: int = 3) -> dict[int, Said]:
    """Return by paragraph how much was said between two versions, and the beginning of the first few comments."""
    return excerpts.said_on(paragraph_ids, versions, limit)


@bp.app_template_global()
def said_between(document_id: int, versions: tuple[int, int]) -> int:
    """Return how many comments a document had between two versions."""
    return excerpts.count_between(document_id, versions)
