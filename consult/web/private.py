"""Pages that are for one person, or hold a secret: no browser and no proxy keeps a copy of them."""

from flask import Response, make_response


def kept_nowhere(page: str | Response, status: int | None = None) -> Response:
    """Return a page or an answer that nobody keeps; with its own status unless another is named."""
    response = make_response(page) if status is None else make_response(page, status)
    response.headers["Cache-Control"] = "no-store"
    return response
