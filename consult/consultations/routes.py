"""Routes of the consultations room."""

from flask import Blueprint

from consult.consultations import models as models

bp = Blueprint("consultations", __name__)
