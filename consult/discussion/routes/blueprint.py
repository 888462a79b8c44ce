"""The blueprint of the discussion room."""

from flask import Blueprint

bp = Blueprint("discussion", __name__)
