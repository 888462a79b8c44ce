"""Routes of the opendata room."""

from flask import Blueprint

bp = Blueprint("opendata", __name__)
