"""What a provider of single sign-on says of somebody, read into what we ask of it. Pure.

The claims have been checked before they come here; what they hold is still only what somebody typed at the provider.
"""

import unicodedata
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from consult.accounts.addresses import as_stored
from consult.single_sign_on import Grant, SingleSignOn
from consult.text.bounds import NAME_LENGTH, is_plain_name

LONGEST_SUBJECT = 255  # OpenID Connect Core 1.0, section 2
TWO_STEPS = frozenset({"mfa", "mca", "otp", "hwk", "sc", "sms"})  # RFC 8176, section 2
VOUCHED = (True, 1, "1", "true")  # the ways in which Entra ID writes that a claim is so
Claims = Mapping[str, Any]


@dataclass(frozen=True)
class Visitor:
    """Somebody who comes from the provider. `groups` is None where it does not say which they are in."""

    issuer: str
    subject: str
    email: str
    is_email_verified: bool
    name: str
    groups: frozenset[str] | None
    with_second_step: bool
    proved_at: datetime | None


def read(signed: Claims, besides: Claims, asked: SingleSignOn) -> Visitor:
    """Return who comes, by the token that the provider signed and by what it says besides.

    ValueError for a subject that is none. How somebody proved who they are is taken from the token alone.
    """
    subject = signed.get("sub")
    if not isinstance(subject, str) or not 0 < len(subject) <= LONGEST_SUBJECT:
        raise ValueError("no subject")
    email, is_verified = _address(signed, besides)
    return Visitor(
        issuer=asked.issuer,
        subject=subject,
        email=email,
        is_email_verified=is_verified,
        name=_name(signed) or _name(besides),
        groups=_groups(signed, besides, asked.claim),
        with_second_step=_has_second_step(signed.get("amr"), asked.second_factor),
        proved_at=_moment(signed.get("auth_time")),
    )


def granted(groups: Collection[str], grants: Iterable[Grant]) -> list[Grant]:
    """Return the grants that these groups bring, each part in each place once."""
    found = {(grant.part, grant.place): grant for grant in grants if grant.group in groups}
    return list(found.values())


def _address(*sources: Claims) -> tuple[str, bool]:
    """Return an address in the form in which we store it, and whether the provider vouches for it.

    An address and the word for it must come from the same source: each is about what stands beside it.
    """
    found = [(_stored(source.get("email")), _is_vouched_for(source)) for source in sources]
    known = [(email, is_verified) for email, is_verified in found if email]
    return next((pair for pair in known if pair[1]), known[0] if known else ("", False))


def _stored(email: object) -> str:
    try:
        return as_stored(email) if isinstance(email, str) else ""
    except ValueError:
        return ""


def _is_vouched_for(source: Claims) -> bool:
    """Say whether an address is vouched for; Entra ID says so of its domain, in `xms_edov`, and nothing of itself."""
    if "email_verified" in source:
        return source["email_verified"] is True
    edov = source.get("xms_edov")
    return isinstance(edov, bool | int | str) and edov in VOUCHED


def _name(source: Claims) -> str:
    """Return a name that can be shown, or the empty string."""
    full = source.get("name")
    if not full:
        full = " ".join(str(source[part]) for part in ("given_name", "family_name") if source.get(part))
    if not isinstance(full, str):
        return ""
    name = " ".join(unicodedata.normalize("NFC", full).split())
    is_fine = len(name) <= NAME_LENGTH and is_plain_name(name) and any(letter.isalnum() for letter in name)
    return name if is_fine else ""


def _groups(signed: Claims, besides: Claims, claim: str) -> frozenset[str] | None:
    """Return the groups that a claim lists: none where it is absent, None where it stands somewhere else to be fetched.

    A claim may stand within others: `realm_access.roles`.
    """
    for source in (signed, besides):
        listed = _found(source, claim)
        if listed is not None:
            return frozenset(_strings(listed))
    away = [source.get("_claim_names") for source in (signed, besides)]
    if any(isinstance(names, Mapping) and claim in names for names in away):
        return None
    return frozenset()


def _found(source: Claims, claim: str) -> object:
    if claim in source:
        return source[claim]
    step: object = source
    for name in claim.split("."):
        if not isinstance(step, Mapping):
            return None
        step = step.get(name)
    return step


def _strings(listed: object) -> list[str]:
    if isinstance(listed, str):
        return [listed]
    return [one for one in listed if isinstance(one, str)] if isinstance(listed, list) else []


def _has_second_step(methods: object, rule: str) -> bool:
    if rule == "amr":
        return not TWO_STEPS.isdisjoint(_strings(methods))
    return rule == "always"


def _moment(seconds: object) -> datetime | None:
    if isinstance(seconds, bool) or not isinstance(seconds, int | float):
        return None
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        return None
