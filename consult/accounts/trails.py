"""What the record tells of a person, in words: what was done, with which part, where, when and by whom. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from flask_babel import lazy_gettext as _l

ACTS = {
    "account.make": _l("Account made"),
    "account.invite": _l("Account begun by an invitation"),
    "account.confirm": _l("Email address confirmed"),
    "account.rename": _l("Name changed"),
    "account.gap_mail": _l("The Monday mail of gaps turned on or off"),
    "account.suggestion_mail": _l("The mail of suggestions turned on or off"),
    "account.wave_mail": _l("The mail of waves turned on or off"),
    "account.returned_pace": _l("How soon to be told of questions that come back chosen"),
    "account.ask_for_other_address": _l("Another email address asked for"),
    "account.change_address": _l("Email address changed"),
    "account.choose_password": _l("New password chosen by a link"),
    "account.change_password": _l("Password changed"),
    "account.send_password_link": _l("Sent a link to choose a new password"),
    "account.end_sessions": _l("Signed out on every device"),
    "account.disable": _l("Account shut"),
    "account.enable": _l("Account opened again"),
    "second_step.set": _l("Second step set up"),
    "second_step.turn_off": _l("Second step turned off"),
    "second_step.reset": _l("Second step taken off"),
    "second_step.renew_codes": _l("New recovery codes made"),
    "second_step.use_recovery_code": _l("Recovery code used"),
    "passkey.add": _l("Passkey added"),
    "passkey.remove": _l("Passkey removed"),
    "people.read_addresses": _l("Email address shown"),
    "account.tie": _l("Tied to a provider of single sign-on"),
    "account.close": _l("Account closed by its owner"),
    "role.give": _l("Part given"),
    "role.invite": _l("Invited"),
    "role.invite_again": _l("Invited again"),
    "role.accept": _l("Invitation accepted"),
    "role.decline": _l("Invitation declined"),
    "role.take_back": _l("Invitation taken back"),
    "role.retitle": _l("Job title changed"),
    "role.let_clear": _l("May clear answers from now on"),
    "role.stop_clearing": _l("Clears answers no longer"),
    "role.move": _l("Now in this unit"),
    "role.end": _l("Part ended"),
}


class Entry(Protocol):
    """An entry of the record."""

    @property
    def at(self) -> datetime: ...
    @property
    def act(self) -> str: ...
    @property
    def actor_id(self) -> int | None: ...
    @property
    def chain(self) -> int: ...
    @property
    def before(self) -> str: ...
    @property
    def after(self) -> str: ...
    @property
    def reason(self) -> str: ...


@dataclass(frozen=True)
class Told:
    """One entry in words. `part` is a Part's value, or empty; `by` is empty for the service itself.

    `by_claims` says that nobody did it here: the provider of single sign-on gave the part, or does so no longer.
    """

    at: datetime
    words: object
    part: str
    place: str
    by: str
    by_claims: bool


def told(entry: Entry, names: Mapping[str, Mapping[int, str]], people: Mapping[int, Any]) -> Told:
    """Return an entry in words; `names` are those of units and organisations, by id."""
    is_role = entry.act.startswith("role.")
    said = dict(word.split(":", 1) for word in entry.reason.split() if ":" in word) if is_role else {}
    unit = said.get("unit", "")
    place = names["units"].get(int(unit), "") if unit.isdecimal() else ""
    by = people.get(entry.actor_id) if entry.actor_id is not None else None
    return Told(
        at=entry.at,
        words=ACTS[entry.act],
        part=(entry.after or entry.before) if is_role else "",
        place=place or (names["organisations"].get(entry.chain, "") if is_role else ""),
        by=by.name if by is not None else "",
        by_claims=entry.actor_id is None and "by" in said,
    )
