"""The officials' desk: all responses to one consultation, and who answered for whom."""

from enum import Enum
from typing import Any, TypeVar

from flask import Response, render_template, request
from flask_babel import gettext as _

from consult.consultations import queries as consultations
from consult.consultations.models import Consultation
from consult.discussion.desk import queries as desk
from consult.discussion.desk import responses
from consult.discussion.desk.responses import Sieve, Speaks
from consult.discussion.kind_words import CHOICES
from consult.discussion.models import BodyKind, Channel, Kind
from consult.discussion.recording_forms import BODIES
from consult.discussion.routes.addresses import KEY
from consult.discussion.routes.blueprint import bp
from consult.permissions import May, require
from consult.web import access
from consult.web.access import needs
from consult.web.private import kept_nowhere

Choice = TypeVar("Choice", bound=Enum)
SLUG_LENGTH = 80


@bp.get("/desk/responses", endpoint="responses")
@needs(May.ANSWER)
def all_responses() -> Response:
    units = consultations.units_of(access.actor())
    slug = request.args.get("consultation", "")[:SLUG_LENGTH]
    chosen = _ours(slug) if slug else None
    sieve, after = _sieve(), request.args.get("after", "")
    rows = (
        responses.responses_to(chosen, sieve, after=after if KEY.fullmatch(after) else None) if chosen else []
    )
    html = render_template(
        "discussion/responses.html",
        units=units,
        exercises=desk.all_exercises([unit.id for unit in units]),
        chosen=chosen,
        rows=rows[: desk.PAGE],
        count=responses.count_of(chosen, sieve) if chosen else 0,
        following=rows[desk.PAGE - 1].key if len(rows) > desk.PAGE else None,
        is_first_page=not after,
        sieve=sieve,
        asked=_asked(slug, sieve),
        channels=_channels(),
        speakers=_speakers(),
        kinds=[("", _("Every kind")), *CHOICES],
    )
    return kept_nowhere(html)


def _ours(slug: str) -> Consultation:
    found = consultations.consultation(slug)
    require(May.ANSWER, access.actor(), found)
    return found


def _sieve() -> Sieve:
    """Return what the address asks for; what is none of the choices lets all through."""
    speaks = request.args.get("for", "")
    return Sieve(
        speaks=_among(Speaks, speaks) or Speaks.ANYBODY,
        body_kind=_among(BodyKind, speaks),
        channel=_among(Channel, request.args.get("channel", "")),
        kind=_among(Kind, request.args.get("kind", "")),
        only_team=request.args.get("team") == "1",
        only_late=request.args.get("late") == "1",
    )


def _among(choices: type[Choice], given: str) -> Choice | None:
    return next((choice for choice in choices if choice.value == given), None)


def _asked(slug: str, sieve: Sieve) -> dict[str, Any]:
    """Return the query of an address that asks for the same again."""
    speaks = sieve.body_kind.value if sieve.body_kind else sieve.speaks.value
    given = {
        "consultation": slug,
        "for": speaks,
        "channel": sieve.channel.value if sieve.channel else "",
        "kind": sieve.kind.value if sieve.kind else "",
        "team": "1" if sieve.only_team else "",
        "late": "1" if sieve.only_late else "",
    }
    return {name: value for name, value in given.items() if value}


def _channels() -> list[tuple[str, str]]:
    return [
        ("", _("Every way")),
        (Channel.WEB.value, _("This site")),
        (Channel.LETTER.value, _("Letter")),
        (Channel.EMAIL.value, _("E-mail")),
        (Channel.TELEPHONE.value, _("Telephone")),
        (Channel.MEETING.value, _("Meeting")),
        (Channel.EVENT.value, _("Event")),
    ]


def _speakers() -> list[tuple[str, Any]]:
    return [
        (Speaks.ANYBODY.value, _("Everybody")),
        (Speaks.PEOPLE.value, _("People, for themselves")),
        (Speaks.ORGANISATIONS.value, _("All organisations")),
        *((value, words) for value, words in BODIES if value),
    ]
