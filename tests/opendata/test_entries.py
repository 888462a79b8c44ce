"""What a feed says."""

from datetime import UTC, datetime, timedelta

from consult.opendata.entries import MOST, Entry, What, legal, newest

NOW = datetime(2026, 11, 23, tzinfo=UTC)


def test_the_newest_of_all_lists_come_first_and_no_more_than_fifty():
    entries = [Entry(What.COMMENT, NOW - timedelta(minutes=n), NOW, n) for n in range(80)]
    assert [entry.about for entry in newest(reversed(entries))] == list(range(MOST))


def test_what_xml_forbids_is_left_out():
    assert legal("a\x00b\x0bc\ufffed\U0001f333\n\té") == "abcd\U0001f333\n\té"
