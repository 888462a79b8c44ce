"""Routes of the discussion room."""

from flask import Blueprint

from consult.discussion import models as models

bp = Blueprint("discussion", __name__)
