"""Where the talk is on the web: which part of it an address asks for, and the addresses of paragraphs and comments."""

import re
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from flask import request, url_for
from werkzeug.datastructures import MultiDict

from consult.discussion import talk
from consult.discussion.models import Comment
from consult.documents.models import Paragraph

KEY = re.compile(r"[2-9a-z]{1,12}")


@dataclass(frozen=True)
class Asked:
    """Which part of the talk an address asks for; whatever is no key or no filter counts as not asked.

    `version` alone asks for the talk as it was on that version, with the filter "version" for what was said on it.
    """

    after: str | None = None
    show: talk.Show = "all"
    branch: str | None = None
    reply: str | None = None
    version: int | None = None
    is_fragment: bool = False

    @classmethod
    def read(cls, args: MultiDict[str, str]) -> "Asked":
        def key(name: str) -> str | None:
            given = args.get(name, "")
            return given if KEY.fullmatch(given) else None

        given = args.get("v", "")
        version = int(given[:6]) if given.isdecimal() else None
        show: talk.Show = next((known for known in talk.SHOWS if known == args.get("show")), "all")
        if version is None and show == "version":
            show = "all"
        return cls(key("after"), show, key("root"), key("reply"), version, args.get("fragment") == "1")

    def query(self, **changes: Any) -> str:
        """Return the query of an address that asks for the same part with `changes`; "" for the first page."""
        wanted = replace(self, **changes)
        names = {"after": wanted.after, "root": wanted.branch, "reply": wanted.reply}
        if wanted.show != "all":
            names["show"] = wanted.show
        if wanted.version is not None:
            names["v"] = str(wanted.version)
        found = urlencode({name: value for name, value in names.items() if value})
        return f"?{found}" if found else ""

    def then(self, current: int) -> int | None:
        """Return the version as of which the talk is asked for; None for the talk of today."""
        is_past = self.show != "version" and self.version is not None and 0 < self.version < current
        return self.version if is_past else None

    @property
    def name(self) -> str:
        """Return what tells this part from others, for the page that is kept."""
        return f"{request.path}{self.query()}{'+' if self.is_fragment else ''}"


def paragraph_url(paragraph: Paragraph, **more: Any) -> str:
    document = paragraph.document
    return url_for(
        "discussion.paragraph",
        slug=document.consultation.slug,
        document=document.slug,
        key=paragraph.key,
        **more,
    )


def comment_url(said: Comment, viewer: Any, anchor: str = "") -> str:
    """Return the address of the page on which a comment stands, at the comment."""
    place = talk.place_of(said, viewer)
    return paragraph_url(place.paragraph, **place.arguments, _anchor=f"comment-{anchor or said.key}")


def own_url(who: Any) -> str:
    """Return the address of the page on which people find all that they wrote themselves."""
    return url_for("discussion.guest" if who.is_guest else "accounts.account")


def draft_name(paragraph: Paragraph, reply: str | None = None) -> str:
    """Return the name under which the browser keeps what is being written here."""
    document = paragraph.document
    return "/".join(filter(None, (document.consultation.slug, document.slug, paragraph.key, reply)))
