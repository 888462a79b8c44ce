"""The lineage between two versions, for machines: the old list, the new one, and the steps from one to the other."""

import json

from flask import Response

from consult.documents import export, queries
from consult.documents.routes.blueprint import bp
from consult.documents.routes.reading import may_read
from consult.errors import NotFound
from consult.permissions import May
from consult.web.access import needs
from consult.web.conditional import answer_alike


@bp.get("/consultations/<string:slug>/<string:document>/compare/<int:first>...<int:second>.json")
@needs(May.READ)
def lineage(slug: str, document: str, first: int, second: int) -> Response:
    """Give out what became of each paragraph. `documents.steps.apply` says how to follow the steps."""
    row = queries.stamps(slug, document)
    at = may_read(row, slug, document)
    if not 1 <= first <= second <= row.version_count:
        raise NotFound

    def build() -> str:
        return json.dumps(
            export.between(queries.document(slug, document), first, second), ensure_ascii=False, indent=1
        )

    stamps = (row.id, row.stamp, row.consultation_stamp, row.site_stamp, at.value)
    response = answer_alike(stamps, build)
    response.headers["Content-Type"] = "application/json; charset=utf-8"
    return response
