"""How a comment was sent, as far as that looks like a machine: a few signs, none of which says anything alone. Pure.

What stands with a comment is short: "quick.1+trap+again", or nothing, as for almost all.
"""

from dataclasses import dataclass

QUICK = 3  # seconds from when a form was shown until it was sent: fewer are noted


@dataclass(frozen=True)
class Manner:
    """`seconds` is set where a form was sent at once; `is_trapped` where a field was filled that nobody sees;
    `is_again` where the same words came again and again from one place or to many."""

    seconds: int | None = None
    is_trapped: bool = False
    is_again: bool = False

    def __str__(self) -> str:
        signs = (
            f"quick.{self.seconds}" if self.seconds is not None else "",
            "trap" if self.is_trapped else "",
            "again" if self.is_again else "",
        )
        return "+".join(filter(None, signs))

    @classmethod
    def read(cls, words: str) -> "Manner":
        """Return what stands with a comment."""
        signs = words.split("+")
        quick = next((sign[6:] for sign in signs if sign.startswith("quick.")), "")
        return cls(int(quick) if quick.isdecimal() else None, "trap" in signs, "again" in signs)


def seconds_if_quick(passed: float | None) -> int | None:
    """Return after how many seconds a form was sent, if that was at once; None where it was not, or nobody knows."""
    return int(passed) if passed is not None and 0 <= passed < QUICK else None
