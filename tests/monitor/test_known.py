"""Known numbers: the page, the lists in full, JSON and CSV all say them."""

import csv
import io

import pytest

from consult.monitor.board import LISTS
from tests.monitor import known


@pytest.fixture(autouse=True)
def units(app):
    return known.build()


def _csv(client, address):
    text = client.get(address).get_data(as_text=True).removeprefix("\ufeff")
    return list(csv.DictReader(io.StringIO(text)))


def test_json_says_them(client):
    data = client.get("/monitor.json").json
    assert set(data["gaps"]) == set(known.GAPS)
    for name, (count, late, figures) in known.GAPS.items():
        found = data["gaps"][name]
        assert (found["count"], found["late"]) == (count, late), name
        assert [row["figure"] for row in found["rows"]] == figures, name
        late_by = known.LATE_BY.get(name, [0] * len(figures))
        assert [row["late_by"] for row in found["rows"]] == late_by, name
        assert all(row["mend"] and row["address"].startswith("http") for row in found["rows"])
    assert data["sent_only_to_teams"] == 1
    lines = {
        each["unit"]: tuple(
            each[name]
            for name in (
                *("questions_asked", "questions_waiting", "questions_late"),
                *("oldest_days", "silent_paragraphs"),
            )
        )
        for each in data["units"]
    }
    assert lines == known.UNITS
    names = ("questions_waiting", "first_answers", "median_days", "threads", "threads_joined")
    assert [tuple(week[name] for name in names) for week in data["weeks"]][-4:] == known.WEEKS
    assert data["definitions"].endswith("/figures")


def test_the_page_says_them(visit):
    page = visit.get("/monitor")
    counts = {link["href"]: link.b.text for link in page.select("nav.jump a")}
    for name, (count, late, figures) in known.GAPS.items():
        section = page.select_one(f'[data-gap="{name}"]')
        assert int(section["data-count"]) == count, name
        assert len(section.select("tbody tr")) == len(figures)
        assert all(row.select_one("td.mend").text for row in section.select("tbody tr"))
        shown = late if name in ("questions", "outcomes") else count
        assert counts[f"#{name}"] == str(shown), name
    for slug, (asked, waiting, late, oldest, silent) in known.UNITS.items():
        cells = [cell.text for cell in page.select(f'[data-unit="{slug}"] td')][1:]
        assert cells == [str(asked), str(waiting), str(late), f"{oldest} days", str(silent)]
    weeks = [[cell.text for cell in row.select("td")] for row in page.select(".weeks tbody tr")]
    for said, (waiting, answered, median, threads, joined) in zip(weeks[-4:], known.WEEKS, strict=True):
        assert said[:5] == [
            *(str(waiting), str(answered), "–" if median is None else str(median)),
            *(str(threads), str(joined)),
        ]
    charts = [chart["aria-label"] for chart in page.select("svg.chart")]
    assert charts[0].endswith("2 Nov 2, 9 Nov 2, 16 Nov 3, 23 Nov 3")
    assert charts[1].endswith("2 Nov none, 9 Nov 3, 16 Nov none, 23 Nov none")
    assert "3 questions wait, as many as a week ago" in page.select_one("#weeks").parent.parent.text


@pytest.mark.parametrize("name", LISTS)
def test_a_list_and_its_file_say_them(client, visit, name):
    count, _late, figures = known.GAPS[name]
    page, rows = visit.get(f"/monitor/{name}"), _csv(client, f"/monitor/{name}.csv")
    assert len(page.select("tbody tr")) == len(figures)
    assert len(rows) == count
    if name != "silent":
        assert [int(row["figure"]) for row in rows] == figures
        late_by = known.LATE_BY.get(name, [0] * len(figures))
        assert [int(row["late_by"]) for row in rows] == late_by
    assert {row["gap"] for row in rows} == {name}


def test_one_unit_says_its_own(client, visit):
    data = client.get("/monitor.json?unit=parks").json
    counts = {name: found["count"] for name, found in data["gaps"].items()}
    assert counts == {
        **dict.fromkeys(("joined", "outcomes", "short"), 0),
        "questions": 1,
        "units": 1,
        "silent": 3,
        "pages": 1,
        "searches": 1,
    }
    assert [unit["unit"] for unit in data["units"]] == ["parks"]
    assert [week["questions_waiting"] for week in data["weeks"]][-2:] == [1, 1]
    page = visit.get("/monitor?unit=parks")
    assert "answered at the end" in page.select_one('[data-gap="questions"]').text
    assert "past the promise" not in page.select_one('[data-gap="questions"] tbody').text
    assert len(_csv(client, "/monitor/questions.csv?unit=parks")) == 1
    answer = client.get("/units/parks/monitor")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/monitor?unit=parks")


def test_files_of_weeks_and_strips(client, visit):
    weeks = _csv(client, "/monitor/weeks.csv")
    assert [int(week["questions_waiting"]) for week in weeks][-4:] == [week[0] for week in known.WEEKS]
    page = visit.get("/monitor/heat")
    said = [link["aria-label"] for link in page.select(".strip a")]
    assert "Paragraph 1: 4 comments, 2 questions waiting, 1 official reply" in said
    assert "Paragraph 2: 10 comments" in said


def test_nothing_of_it_is_hidden_from_who_asks_what_it_means(visit):
    anchors = {each["id"] for each in visit.get("/figures").select("[id]")}
    assert {f"gap-{name}" for name in LISTS} <= anchors
    assert {"weeks-waiting", "weeks-median", "weeks-share", "strip", "gap-mail"} <= anchors
