"""`/healthz`: the process is up. `/readyz`: the database answers too."""

from flask import Blueprint, Response, g
from sqlalchemy import text

from consult.extensions import db, limiter
from consult.permissions import May
from consult.web.access import needs

bp = Blueprint("health", __name__)
limiter.exempt(bp)


@bp.get("/healthz")
@needs(May.READ)
def healthz() -> Response:
    return _plain("ok")


@bp.get("/readyz")
@needs(May.READ)
def readyz() -> Response:
    db.session.execute(text("SELECT 1"))
    return _plain("ready")


def _plain(words: str) -> Response:
    g.is_alike_for_all = True
    return Response(words + "\n", mimetype="text/plain", headers={"Cache-Control": "no-store"})
