"""The mailbox of a demonstration: what the service would have sent."""

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from flask import g, render_template, session

from consult.accounts import queries as accounts
from consult.errors import NotFound
from consult.extensions import settings
from consult.notices import queries, telling
from consult.notices.models import OutboxMail
from consult.notices.routes.blueprint import bp as bp
from consult.permissions import May
from consult.web.access import has_session, needs

ACCOUNTS_FILE = "demo-accounts.json"


@dataclass(frozen=True)
class Line:
    """One line of a mail; `path` leads on where the line is a link to this site."""

    words: str
    path: str = ""


@dataclass(frozen=True)
class ShownMail:
    to: str
    subject: str
    at: datetime
    lines: tuple[Line, ...]


@bp.get("/mailbox")
@needs(May.READ)
def mailbox() -> str:
    """Show the mails that this browser caused; none of the demonstration accounts, whose users are many."""
    if not accounts.site().is_demonstration:
        raise NotFound
    if not has_session():
        g.is_alike_for_all = True
    browser = session.get("browser", "") if has_session() else ""
    found = queries.caused_by(browser, never_to=_demonstration_addresses(settings().instance))
    mails = [mail for mail in map(_shown, found) if mail is not None]
    return render_template("notices/mailbox.html", mails=mails)


def _shown(mail: OutboxMail) -> ShownMail | None:
    """Return a mail as it would leave now; None for one that has nothing to tell any more."""
    if mail.follower_id is None or not mail.tells:
        return ShownMail(mail.to_address, mail.subject, mail.created_at, _lines(mail.body))
    words = telling.in_words(mail.follower_id, mail.tells)
    if words is None:
        return None
    return ShownMail(words.to_address, words.subject, mail.created_at, _lines(words.body))


def _lines(body: str) -> tuple[Line, ...]:
    """Return the lines of a mail, links to this site as paths: the browser may know us by another host name."""
    base = settings().base_url
    return tuple(
        Line(line, line.removeprefix(base)) if line.startswith(base + "/") else Line(line)
        for line in body.splitlines()
    )


def _demonstration_addresses(instance: Path) -> list[str]:
    try:
        listed = json.loads((instance / ACCOUNTS_FILE).read_text("utf-8"))
    except FileNotFoundError:
        return []
    return [account["email"] for account in listed.values()]
