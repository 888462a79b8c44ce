"""Routes of the toolkit room."""

from flask import Blueprint

from consult.toolkit import models as models

bp = Blueprint("toolkit", __name__)
