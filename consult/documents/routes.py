"""Routes of the documents room."""

from flask import Blueprint

from consult.documents import models as models

bp = Blueprint("documents", __name__)
