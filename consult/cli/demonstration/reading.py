"""Reads the demonstration's content and turns its days into moments. `content/README.md` explains the files."""

import tomllib
from collections.abc import Iterator, Mapping
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

CONTENT = Path(__file__).resolve().parent / "content"
Entry = Mapping[str, Any]


def site() -> dict[str, Any]:
    """Return what `site.toml` says."""
    return _read(CONTENT / "site.toml")


def consultations() -> Iterator[dict[str, Any]]:
    """Yield each consultation, by the names of its files."""
    for path in sorted((CONTENT / "consultations").glob("*.toml")):
        yield _read(path)


def comments(slug: str) -> list[dict[str, Any]]:
    """Return what was said on a consultation, in reading order; nothing where nobody spoke."""
    path = CONTENT / "threads" / f"{slug}.toml"
    return list(_read(path)["comments"]) if path.is_file() else []


def campaign(slug: str) -> dict[str, Any] | None:
    """Return the letter that many sent to a consultation, and who sent it; None where nobody did."""
    path = CONTENT / "campaigns" / f"{slug}.toml"
    return _read(path) if path.is_file() else None


def plan(slug: str) -> dict[str, Any]:
    """Return the engagement plan of a consultation and the guidance it followed; nothing where there is neither."""
    path = CONTENT / "plans" / f"{slug}.toml"
    return _read(path) if path.is_file() else {}


def text(name: str) -> str:
    """Return a draft's Markdown."""
    return (CONTENT / name).read_text("utf-8")


def _read(path: Path) -> dict[str, Any]:
    with path.open("rb") as handle:
        return tomllib.load(handle)


class Calendar:
    """Tells when things happened, counted back from `now`, in the zone of the site."""

    def __init__(self, now: datetime, zone: ZoneInfo) -> None:
        self.now = now
        self.zone = zone
        self.today = now.astimezone(zone).date()

    def day(self, days: int, at: str) -> datetime:
        """Return a time of day so many days from today; `days` is negative for the past."""
        hours, minutes = map(int, at.split(":"))
        return datetime.combine(self.today + timedelta(days=days), time(hours, minutes), self.zone)

    def when(self, entry: Entry) -> datetime:
        """Return the moment of an entry with `hours_ago`, or `days_ago` and `at`; never later than now."""
        if "hours_ago" in entry:
            return self.now - timedelta(hours=float(entry["hours_ago"]))
        return min(self.day(-int(entry["days_ago"]), entry["at"]), self.now - timedelta(minutes=1))
