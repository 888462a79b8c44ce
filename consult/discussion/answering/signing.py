"""How an official answer is signed in what the public reads: with a name, or with the part alone that its author played.

Which of the two was decided when it was written (`is_unnamed`), and stays so. The record and the pages of officials
keep the name.
"""

from typing import Any

from sqlalchemy import case


def columns(reply: Any, person: Any) -> tuple[Any, Any]:
    """Return in SQL, as `author_name` and `author_title`, what stands beside a reply, of these two tables."""
    name = case((reply.is_unnamed, reply.author_title), else_=person.name)
    title = case((reply.is_unnamed, ""), else_=reply.author_title)
    return name.label("author_name"), title.label("author_title")


def signed(reply: Any) -> str:
    """Return in words how a reply is signed: "Tom Ashworth, Policy lead", or the part alone."""
    parts = (reply.author_title,) if reply.is_unnamed else (reply.author.name, reply.author_title)
    return ", ".join(part for part in parts if part)


def author_shown(reply: Any) -> str:
    """Return what stands in the place of its author's name."""
    return str(reply.author_title if reply.is_unnamed else reply.author.name)
