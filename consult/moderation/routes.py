"""Routes of the moderation room."""

from flask import Blueprint

from consult.moderation import models as models

bp = Blueprint("moderation", __name__)
