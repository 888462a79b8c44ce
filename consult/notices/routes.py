"""Routes of the notices room."""

from flask import Blueprint

from consult.notices import models as models

bp = Blueprint("notices", __name__)
