"""All the talk on one text, to stand on a page of another room: a template asks for it by the document."""

from typing import Any

from flask import render_template
from markupsafe import Markup

from consult import clock
from consult.discussion import conditions, queries
from consult.discussion.gathered import gathered, places_of
from consult.discussion.routes.addresses import Asked, draft_name, paragraph_url
from consult.discussion.routes.blueprint import bp
from consult.discussion.routes.owning import owner
from consult.discussion.routes.showing import Links
from consult.discussion.then import SAME
from consult.discussion.unsent import kept
from consult.documents.models import Document
from consult.documents.paragraph_queries import Kin
from consult.permissions import May, allows
from consult.web import access


@bp.app_template_global()
def talk_gathered(document: Document, after: str | None = None) -> Markup:
    """Return what was said on a document, place by place, with a form for the whole of it and a way to each paragraph."""
    viewer, consultation = access.actor(), document.consultation
    whole = queries.whole(document)
    found = gathered(document, viewer=viewer, after=after)
    asked = Asked()
    values: dict[str, Any] = {
        "document": document,
        "consultation": consultation,
        "whole": whole,
        "found": found,
        "after": after,
        "places": places_of(document),
        "links_of": {spot.paragraph.id: Links.of(Kin(spot.paragraph), asked) for spot in found.spots},
        "here": paragraph_url(whole),
        "draft_name": draft_name(whole),
        "begun": kept.unsent_at(owner(), whole) if access.has_session() else None,
        "is_open": conditions.takes_comments(consultation, clock.now()),
        "may_comment": allows(May.COMMENT, viewer, document),
        "asked": asked,
        "words_then": SAME,
        "joined": {},
        "verdicts": {},
        "asked_too": set(),
    }
    return Markup(render_template("discussion/_gathered.html", **values))  # noqa: S704 - what a template made
