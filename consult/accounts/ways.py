"""By which second step somebody can sign in, and what can become of it. Pure."""

import enum
from dataclasses import dataclass


@dataclass(frozen=True)
class Ways:
    """What a person has: an app that makes codes, how many passkeys, how many recovery codes that are not used."""

    app: bool
    passkeys: int
    recovery_codes: int

    @property
    def any(self) -> bool:
        """Say whether signing in takes a second step; recovery codes alone are none."""
        return self.app or self.passkeys > 0


class Change(enum.Enum):
    """What became of somebody's second step: they are told by mail, for it may not have been them."""

    SET = "set"
    TURNED_OFF = "turned_off"
    RESET = "reset"  # by an administrator
    CODES_RENEWED = "codes_renewed"
    CODE_USED = "code_used"
    PASSKEY_ADDED = "passkey_added"
    PASSKEY_REMOVED = "passkey_removed"
