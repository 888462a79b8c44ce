"""The notices room on the web: following by email, the mails that were given up, the mailbox of a demonstration."""

from flask import Blueprint

bp = Blueprint("notices", __name__)
