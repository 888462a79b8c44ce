"""What the content says of a comment besides its words: for whom, only to the team, or by which other way it came."""

from consult.cli.demonstration.reading import Calendar, Entry
from consult.discussion.models import BodyKind, Channel
from consult.discussion.recording import Consent, Record
from consult.discussion.wishes import Wishes


def wishes_of(said: Entry) -> Wishes:
    body = said.get("for", {})
    return Wishes(
        is_team_only="team" in said,
        confidential_reason=said.get("team", ""),
        on_behalf_of=body.get("name", ""),
        on_behalf_kind=BodyKind(body["kind"]) if body else None,
    )


def record_of(said: Entry, calendar: Calendar) -> Record:
    how, body = said["recorded"], said.get("for", {})
    return Record(
        channel=Channel(how["channel"]),
        received_on=calendar.day(-int(how["came"]), "12:00").date(),
        source=how["source"],
        consent=Consent(how["consent"]),
        name=how.get("name", ""),
        on_behalf_of=body.get("name", ""),
        on_behalf_kind=BodyKind(body["kind"]) if body else None,
        why=said.get("team", ""),
    )


def is_kept_from_the_public(said: Entry) -> bool:
    """Say whether it was sent, or is written down, only for the team."""
    return "team" in said
