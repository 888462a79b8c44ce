"""The accounts room on the web: joining, the account, setting up, and the pages on how the site is run."""

from flask import Blueprint

bp = Blueprint("accounts", __name__)
