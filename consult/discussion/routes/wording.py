"""What templates ask for to say something in words: names, times, lists, links inside a sentence, how long a question waits."""

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from babel.lists import format_list
from flask import g, url_for
from flask_babel import format_datetime, get_locale, get_timezone, ngettext
from flask_babel import gettext as _
from markupsafe import Markup

from consult import clock, promises, reasons
from consult.accounts import queries as accounts
from consult.consultations.election_models import Effect
from consult.consultations.elections import Promising
from consult.consultations.models import Consultation
from consult.discussion import kind_words, provenance, replacing
from consult.discussion.answering import signing
from consult.discussion.ledger import marking
from consult.discussion.models import Kind
from consult.discussion.naming import name_of, title_of
from consult.discussion.routes.blueprint import bp
from consult.keys import new_key
from consult.text.markdown import stored_html
from consult.web import access, begun
from consult.web.elections import calendar_of


@bp.app_template_global()
def paragraph_title(kind: str, number: str, words: str = "") -> str:
    return title_of(kind, number, words)


@bp.app_template_global()
def paragraph_name(kind: str, number: str) -> str:
    return name_of(kind, number)


@bp.app_template_global()
def listed(words: Sequence[str]) -> str:
    """Return a list as it stands in a sentence: "2 and 3"."""
    return format_list(list(map(str, words)), locale=get_locale())


@bp.app_template_global()
def quoted(block: Any, page: str) -> Markup:
    """Return the words of a block to stand on another page than its own: links inside the text lead back there."""
    return stored_html(block.html.replace('href="#', f'href="{page}#'))


@bp.app_template_global()
def said_at(at: datetime, now: datetime) -> Markup:
    """Return when something was said: "12 Nov, 8.14 am", with the year when it was another."""
    return _said_at(at.replace(second=0, microsecond=0), at.year != now.year, *_manner())


def _manner() -> tuple[str, str]:
    """Return language and zone of this request, worked out once for it: a thread has many times to tell."""
    if "manner" not in g:
        g.manner = (str(get_locale()), str(get_timezone()))
    return g.manner  # type: ignore[no-any-return]


@lru_cache(maxsize=20_000)
def _said_at(at: datetime, with_year: bool, locale: str, zone: str) -> Markup:
    """Formatting a time costs more than reading a comment from the database: the same minute is formatted once."""
    form = "d MMM yyyy, h.mm a" if with_year else "d MMM, h.mm a"
    words = format_datetime(at, form).replace("AM", "am").replace("PM", "pm")
    return Markup('<time datetime="{}">{}</time>').format(
        at.astimezone(UTC).isoformat(timespec="seconds"), words
    )


@bp.app_template_global()
def in_reply_to(prefix: str, key: str, name: str) -> Markup:
    """Return a link to what a reply answers, to stand inside a sentence."""
    return Markup('<a href="{}{}">{}</a>').format(prefix, key, name)


@bp.app_template_global()
def terms_link() -> Markup:
    """Return a link to the terms on which comments are taken, to stand inside a sentence."""
    return Markup('<a href="{}">{}</a>').format(url_for("accounts.terms"), _("terms for comments"))


@bp.app_template_global()
def address_words(consultation: Consultation) -> str:
    """Say what an address is used for, and when it is deleted, as the unit or the site has set it."""
    months = consultation.unit.retention_months or accounts.site().retention_months
    if consultation.is_toolkit:
        return str(
            ngettext(
                "Not shown on the site. We use it to confirm your comment and tell you about replies, and delete it %(num)s month after you last wrote.",
                "Not shown on the site. We use it to confirm your comment and tell you about replies, and delete it %(num)s months after you last wrote.",
                months,
            )
        )
    return str(
        ngettext(
            "Not shown on the site. We use it to confirm your comment and tell you about answers, and delete it %(num)s month after the outcome.",
            "Not shown on the site. We use it to confirm your comment and tell you about answers, and delete it %(num)s months after the outcome.",
            months,
        )
    )


@bp.app_template_global()
def kind_label(kind: Kind) -> object:
    """Return what a kind of comment is called."""
    return kind_words.LABELS[kind]


@bp.app_template_global()
def kind_choices(*, of_others: bool = False) -> list[tuple[str, object, object]]:
    """Return the kinds to choose from, each with its name and what comes of it; `of_others` for who writes them down."""
    hints = kind_words.HINTS_OF_OTHERS if of_others else kind_words.HINTS
    return [(kind.value, kind_words.LABELS[kind], hints[kind]) for kind in Kind]


@bp.app_template_global()
def words_changed(html: str) -> Markup:
    """Return a stored comparison of words, with what went and what came said to those who only hear it."""
    return replacing.word_diff(html, deleted=_("Taken out:"), inserted=_("Put in:"))


@bp.app_template_global()
def markable(comment: Any) -> bool:
    """Say whether whoever asks could mark a comment as a question; their part is asked for besides."""
    return marking.can_mark(access.actor(), comment)


@bp.app_template_global()
def mark_can_go(comment: Any) -> bool:
    """Say whether whoever asks marked a comment as a question a moment ago, and can take that back."""
    return marking.can_take_back(access.actor(), comment, clock.now())


@bp.app_template_global()
def reason_label(code: str) -> object:
    """Return the published words for why a comment was taken down."""
    return reasons.label(code)


bp.app_template_global("behalf")(provenance.behalf)
bp.app_template_global("signed")(provenance.signed)
bp.app_template_global("author_shown")(signing.author_shown)
bp.app_template_global("came")(provenance.notes)


@bp.app_template_global()
def only_team(count: int) -> str:
    """Say how much was sent only to the team, to stand behind a number of comments."""
    return str(ngettext("%(num)s sent only to the team", "%(num)s sent only to the team", count))


@bp.app_template_global()
def form_key() -> str:
    """Return a key for a form that a template makes itself: sent twice, it makes one row."""
    return new_key(20)


@bp.app_template_global()
def form_begun() -> str:
    """Return the mark of a form that a template makes itself: when it was shown."""
    return begun.new_mark()


@bp.app_template_global()
def waited(asked_at: datetime, now: datetime, about: Promising) -> int:
    """Return for how many working days something has waited for a unit; `about` is it, or a row that tells of it."""
    return calendar_of(about.organisation_id).waited(asked_at, now, about.organisation_id)


@bp.app_template_global()
def waiting_words(asked_at: datetime, now: datetime, about: Promising) -> str:
    """Say how long a question has waited, and by how much that is more than the unit aims for, or that it need not be yet."""
    days, promise = waited(asked_at, now, about), about.promise_days
    if promise is None:
        return str(_("Question · waiting, to be answered at the end"))
    if promises.is_late(days, promise):
        return str(
            ngettext(
                "Question · waiting %(num)s working day, %(late)s past our aim",
                "Question · waiting %(num)s working days, %(late)s past our aim",
                days,
                late=days - promise,
            )
        )
    if calendar_of(about.organisation_id).in_force(about.organisation_id, Effect.STOP_CLOCK, now):
        return str(_waiting_stopped(days))
    if days == 0:
        return str(_("Question · waiting since today"))
    return str(
        ngettext("Question · waiting %(num)s working day", "Question · waiting %(num)s working days", days)
    )


def _waiting_stopped(days: int) -> str:
    if days == 0:
        return str(_("Question · waiting, clock stopped before the election"))
    return str(
        ngettext(
            "Question · waiting %(num)s working day, clock stopped before the election",
            "Question · waiting %(num)s working days, clock stopped before the election",
            days,
        )
    )
