"""The draft with every thread in its place, for paper: streamed, so that ten thousand comments fill no memory."""

from flask import Response

from consult.documents.routes.blueprint import bp
from consult.permissions import May
from consult.web.access import needs


@bp.get("/consultations/<string:slug>/<string:document>/print", endpoint="print")
@needs(May.READ)
def print_all(slug: str, document: str) -> Response:
    return Response("later")
