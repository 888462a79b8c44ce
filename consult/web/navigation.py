"""What every page is given: the site, who is reading, the main links, and dates in plain words."""

import hashlib
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from flask import Flask, current_app, g, request, session, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from markupsafe import Markup, escape
from sqlalchemy.exc import SQLAlchemyError

from consult import clock, promises, reasons
from consult.accounts import queries as accounts
from consult.accounts.models import Part, Site
from consult.documents.naming import in_words as number_in_words
from consult.extensions import db
from consult.text.markdown import stored_html
from consult.web import elections
from consult.web.access import actor, has_session
from consult.web.dates import in_words
from consult.web.sessions import HOLDER

TALK = {
    f"discussion.{name}"
    for name in (
        *("paragraph", "post", "comment", "correct", "withdraw", "history"),
        *("ledger", "figures", "have_question_too", "join_question", "answered", "say_answered"),
    )
}


def furnish(app: Flask) -> None:
    """Register what templates may use."""
    app.config["ASSETS"] = _asset_version(Path(str(app.static_folder)))
    app.context_processor(_furniture)
    app.jinja_env.globals.update(asset=asset, moment=moment, day=day, in_days=in_days, heat=heat, share=share)
    app.jinja_env.globals.update(reason_label=reasons.label, closing_label=reasons.closing_label)
    app.jinja_env.globals.update(promise_sentence=promises.sentence, promise_brief=promises.brief)
    app.jinja_env.globals.update(is_late_after=promises.is_late)
    elections.furnish(app)
    app.jinja_env.filters.update(moment=moment, day=day, lines=lines, stored=stored_html)
    app.jinja_env.filters["number"] = number_in_words
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True


def _furniture() -> dict[str, Any]:
    site = g.site = _site()  # held, so that a page made of several templates asks once
    g.is_demonstration = site.is_demonstration
    who = actor()
    held = has_session()
    return {
        "site": site,
        "actor": who,
        "holds_session": held,
        "keeps_comments": held and HOLDER in session and not who.is_authenticated,
        "main_links": main_links(who),
        "now": clock.now(),
    }


def _site() -> Site:
    """Return the site; a nameless one when it is not set up, or the database cannot say (an error page is a page)."""
    try:
        found = g.get("known_site") or accounts.site_or_none()
    except SQLAlchemyError:
        db.session.rollback()
        found = None
    return found or Site(
        name="Consult", is_demonstration=False, contact_email="", contact_telephone="", contact_address=""
    )


def main_links(who: Any) -> list[tuple[str, str, bool]]:
    """Return the links of the main navigation for a person: address, words, and whether we are there."""
    links = [("consultations.home", _("Consultations"))]
    if who.plays(Part.OFFICIAL):
        links.append(("discussion.desk", _("Desk")))
    if who.plays(Part.MODERATOR):
        links.append(("moderation.queue", _("Moderation")))
    if who.plays(Part.ADMINISTRATOR):
        links.append(("accounts.admin", _("Set up")))
    links.append(("toolkit.home", _("Toolkit")))
    links.append(("accounts.about", _("How it works")))
    return [
        (url_for(endpoint), words, _is_under(endpoint))
        for endpoint, words in links
        if endpoint in current_app.view_functions
    ]


def _is_under(endpoint: str) -> bool:
    """Say whether the current page lies under a main link: what is read of a consultation lies under the first."""
    here, room = request.endpoint or "", request.blueprint
    if request.path.startswith("/toolkit/"):  # the talk about a page too, which is the engine's
        return endpoint == "toolkit.home"
    if request.path.startswith("/admin"):  # whatever room serves it
        return endpoint == "accounts.admin"
    if endpoint == "consultations.home":
        return room in ("consultations", "documents") or here in TALK
    if endpoint == "discussion.desk":
        return room == "discussion" and here not in TALK
    if endpoint == "accounts.about":
        return here == endpoint
    return room == endpoint.partition(".")[0]


def asset(name: str) -> str:
    """Return the address of a file of ours; it changes when any of them does, so browsers may keep it for ever."""
    return url_for("static", filename=name, v=current_app.config["ASSETS"])


def _asset_version(folder: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:10]


def moment(at: datetime | None, form: str = "d MMM yyyy, h.mm a") -> Markup:
    """Return a `<time>` element in the site's zone: "12 Nov 2026, 8.14 am"."""
    if at is None:
        return Markup("")
    stamp = at.astimezone(UTC).isoformat(timespec="seconds")
    return Markup(f'<time datetime="{stamp}">{in_words(at, form)}</time>')  # noqa: S704 - figures and our own words


def day(at: datetime | date | None, form: str = "EEEE d MMMM") -> Markup:
    """Return a `<time>` element with a day in the site's zone: "Friday 18 December"."""
    if at is None:
        return Markup("")
    return Markup(f'<time datetime="{at.isoformat()[:10]}">{in_words(at, form)}</time>')  # noqa: S704 - as above


def in_days(at: datetime, now: datetime) -> str:
    """Say how far off a moment is, by the calendar of the site's zone: "today", "tomorrow", "in 25 days"."""
    zone = current_app.config["CONSULT_ZONE"]
    days = (at.astimezone(zone).date() - now.astimezone(zone).date()).days
    if days <= 0:
        return str(_("today"))
    if days == 1:
        return str(_("tomorrow"))
    return str(ngettext("in %(num)s day", "in %(num)s days", days))


def heat(count: int) -> int:
    """Return the step, 0 to 5, of the scale that says how much talk there is; fixed, so that pages compare."""
    return sum(count >= least for least in (1, 5, 10, 16, 30))


def share(part: float, whole: float) -> int:
    """Return part of whole in hundredths, 0 to 100, for the classes `v-0` to `v-100`."""
    return 0 if whole <= 0 else max(0, min(100, round(100 * part / whole)))


def lines(words: str) -> Markup:
    """Return plain words with their line breaks kept."""
    return Markup("<br>").join(escape(line) for line in words.splitlines())
