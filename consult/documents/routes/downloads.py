"""Versions as Markdown files: as they were written, or with each paragraph's number, which then find their way back."""

from flask import Response, request

from consult.documents import queries, sources
from consult.documents.routes.blueprint import bp
from consult.documents.routes.reading import may_read
from consult.errors import NotFound
from consult.permissions import May
from consult.web.access import needs
from consult.web.conditional import answer_alike

MARKDOWN = "text/markdown; charset=utf-8"


@bp.get("/consultations/<string:slug>/<string:document>.md")
@needs(May.READ)
def markdown(slug: str, document: str) -> Response:
    return _file(slug, document)


@bp.get("/consultations/<string:slug>/<string:document>/v/<int:number>.md")
@needs(May.READ)
def markdown_of(slug: str, document: str, number: int) -> Response:
    return _file(slug, document, number)


def _file(slug: str, document: str, number: int | None = None) -> Response:
    """Answer with a version, the current one unless `number` says which."""
    row = queries.stamps(slug, document)
    at = may_read(row, slug, document)
    number = row.version_count if number is None else number
    if not 1 <= number <= row.version_count:
        raise NotFound
    has_numbers = request.args.get("numbers") == "1"

    def build() -> str:
        found = queries.document(slug, document)
        return (sources.numbered if has_numbers else sources.plain)(found, queries.version(found, number))

    stamps = (row.id, row.stamp, row.consultation_stamp, row.site_stamp, at.value)
    response = answer_alike(stamps, build, place=f"{request.path}?numbers={has_numbers:d}")
    name = f"{document}-v{number}{'-numbered' if has_numbers else ''}.md"
    response.headers["Content-Type"] = MARKDOWN
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
