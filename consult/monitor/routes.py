"""Routes of the monitor room."""

from flask import Blueprint

bp = Blueprint("monitor", __name__)
