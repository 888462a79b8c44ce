"""The pages of a group of similar comments: what stands there, one decision, and each otherwise."""

import csv
import io

import pytest
from sqlalchemy import select

from consult.consultations.models import Policy
from consult.discussion.desk import point_actions
from consult.discussion.desk.models import PointComment
from consult.discussion.models import Comment, State
from consult.extensions import db, transaction
from consult.moderation import actions
from consult.moderation.actions import Verb
from consult.moderation.campaigns import arrival, queries, triage
from consult.text.campaigns.additions import parts
from tests import counting, factories
from tests.moderation.campaigns.scene import LETTER, OTHER, Street, grouped

BEES = "My bees live off these very limes, all four hives of them."

NAMES = (
    "Ada keeps bees there",
    "Ben fishes from it",
    "Cleo paints those leaves",
    "Dai sleeps beneath them",
    "Eve sings to birds",
)


@pytest.fixture
def street(app) -> Street:
    factories.a_site()
    return Street(policy=Policy.BEFORE)


@pytest.fixture
def organisation(street):
    return street.draft.consultation.unit.organisation


@pytest.fixture
def moderator(organisation):
    return factories.a_moderator(organisation)


def _sent(form):
    return {field["name"]: field.get("value", "") for field in form.select("input[type=hidden]")}


def _go_on(desk, page, **more):
    form = page.select_one("main form[method=post]:has([name=these])")
    return desk.get(desk.post(form["action"], {**_sent(form), **more}).location)


def test_a_group_is_read_decided_on_together_and_one_by_one(street, moderator, visit_as):
    plain = [street.says(LETTER) for _ in range(4)]
    varied = street.says(LETTER.replace("flagstones", "flagstoens"))
    bees = street.says(f"{BEES}\n\n{LETTER}", "2")
    rude = street.says(f"{LETTER} And the clerk is a thief who ought to be hanged.")
    single = street.says(OTHER)
    assert len(set(grouped(*plain, varied, bees, rude))) == 1
    desk = visit_as(moderator)
    queue = desk.get("/moderation")
    assert sum("Similar: 7" in line.text for line in queue.select(".qitem")) == 7
    assert len(queue.select(".qitem")) == 8
    assert queue.select_one('.qlist a[href="/moderation/campaigns"]')
    assert queue.select_one("#detail [data-similar]")["data-similar"] == "6"
    row = desk.get("/moderation/campaigns").select_one("tbody tr")
    assert [cell.text for cell in row.select("td.num")] == ["7", "7"]
    place = row.select_one("a")["href"]
    page = desk.get(place)
    assert page.select_one("h1").text == "7 similar comments"
    assert page.select_one("[data-people]")["data-people"] == "7"
    own = page.select("#own li")
    assert [[mark.text for mark in each.select("mark")] for each in own] == [
        [BEES.rstrip(".")],
        ["And the clerk is a thief who ought to be hanged"],
    ]
    assert "3 others say the same, word for word" in page.text
    assert "1 more on this page words it a little differently" in page.text

    preview = desk.get(f"/moderation/several?campaign={place.rsplit('/')[-1]}&all=&do=take-down&c={rude.key}")
    assert preview.select_one("h1").text == "Take down 1 comment"
    done = _go_on(desk, preview, reason="abuse")
    assert "Back to the group" in done.text
    preview = desk.get(f"/moderation/several?campaign={place.rsplit('/')[-1]}&all=1&do=publish")
    _go_on(desk, preview)
    states = dict(db.session.execute(select(Comment.id, Comment.state)).all())
    assert states.pop(rude.id) is State.TAKEN_DOWN
    assert states.pop(single.id) is State.WAITING
    assert set(states.values()) == {State.PUBLISHED}
    page = desk.get(place)
    assert "All of it has been decided on" in page.text
    assert not page.select("[name=c]")
    assert not desk.get("/moderation/campaigns").select("tbody")
    assert len(desk.get("/moderation/campaigns?show=all").select("tbody tr")) == 1


def test_one_is_taken_out_of_its_group_and_put_back(street, moderator, visit_as):
    first, _second, third = [street.says(LETTER) for _ in range(3)]
    number = grouped(first)[0]
    desk = visit_as(moderator)
    page = desk.get(f"/moderation/{first.key}")
    similar = page.select_one("[data-similar]")
    assert similar["data-similar"] == "2"
    assert len(similar.select("li")) == 2
    back = desk.post(f"/moderation/{first.key}/campaign", {"do": "apart", "back": "group"}).location
    assert back.endswith(f"/moderation/campaigns/{number}")
    assert desk.get(back).select_one("h1").text == "2 similar comments"
    assert "took it out of its group" in desk.get(f"/moderation/{first.key}").text
    assert "in no campaign" in desk.get(desk.post(f"/moderation/{first.key}/campaign").location).text
    desk.post(f"/moderation/{first.key}/campaign", {"do": "group"})
    arrival.group_waiting()
    assert queries.campaign_of(first.id).letter_count == 3
    assert (
        "not set apart"
        in desk.get(desk.post(f"/moderation/{third.key}/campaign", {"do": "group"}).location).text
    )
    assert visit_as(factories.a_moderator(factories.an_organisation())).get(
        f"/moderation/campaigns/{number}", status=404
    )


def test_officials_read_what_is_public_answer_it_at_once_and_put_it_under_a_point(
    street, moderator, visit_as
):
    letters = [street.says(LETTER) for _ in range(3)]
    secret = street.says(f"{LETTER} The clerk of works keeps a second set of books at home.")
    number = grouped(*letters, secret)[0]
    consultation = street.draft.consultation
    official = factories.an_official(consultation.unit)
    desk = visit_as(official)
    desk.get(f"/desk/campaigns/{number}", status=404)
    assert "No similar comments" in desk.get("/desk/campaigns").text
    for each in letters:
        with transaction():
            actions.decide(actor=moderator, comment=each, verb=Verb.PUBLISH)
    with transaction():
        point = point_actions.make(actor=official, consultation=consultation, title="Limes")
    listed = desk.get("/desk/campaigns")
    assert [cell.text for cell in listed.select("td.num")] == ["3"]
    page = desk.get(f"/desk/campaigns/{number}")
    assert page.select_one("h1").text == "3 similar comments"
    assert "second set" not in page.text
    lines = list(csv.DictReader(io.StringIO(desk.client.get("/desk/campaigns.csv").text)))
    assert [(line["Group"], line["Key"]) for line in lines] == [(str(number), each.key) for each in letters]
    answer, theme = page.select("section.panel form")
    keys = [field["value"] for field in answer.select("[name=key]")]
    assert sorted(keys) == sorted(each.key for each in letters)
    begun = desk.post(answer["action"], {"key": keys, "do": "choose"}, status=200).page
    assert begun.select("textarea")
    desk.post(theme["action"], {"key": keys, "do": "point", "point": point.key})
    under = db.session.scalars(select(PointComment.comment_id).where(PointComment.point_id == point.id))
    assert sorted(under) == sorted(each.id for each in letters)
    visit_as(factories.an_official(factories.a_unit())).get(f"/desk/campaigns/{number}", status=404)


def test_nobody_reads_here_what_is_sealed(street, moderator, visit_as):
    letters = [street.says(LETTER) for _ in range(2)]
    sealed = [street.says(f"{LETTER} {name}, every single summer since childhood.") for name in NAMES[:2]]
    number = grouped(*letters, *sealed)[0]
    desk = visit_as(moderator)
    assert NAMES[0] in desk.get(f"/moderation/campaigns/{number}").text
    for each in sealed:
        each.state, each.is_sealed = State.TAKEN_DOWN, True
    db.session.commit()
    pages = (
        f"/moderation/campaigns/{number}",
        f"/moderation/{letters[0].key}",
        f"/moderation/several?do=publish&c={sealed[0].key}&c={letters[0].key}",
    )
    for page in pages:
        text = desk.get(page).text
        assert not [name for name in NAMES if name in text], page
    for each in letters:
        each.is_sealed = True
    db.session.commit()
    assert "felling" not in desk.get("/moderation/campaigns?show=all").select_one("main").text
    assert "felling" not in desk.get(f"/moderation/campaigns/{number}").select_one("main").text


def test_the_page_of_a_group_costs_no_more_for_more(street, moderator, visit_as):
    few, many = (
        [street.says(f"{words} {NAMES[n % 5]}, every single summer since childhood.") for n in range(count)]
        for words, count in ((LETTER, 4), (OTHER, 12))
    )
    numbers = grouped(few[-1], many[-1])
    desk = visit_as(moderator)
    desk.get(f"/moderation/campaigns/{numbers[0]}")
    counted = []
    for number in numbers:
        db.session.remove()
        with counting.queries() as questions:
            desk.get(f"/moderation/campaigns/{number}")
        counted.append(len(questions))
    assert counted[0] == counted[1], counted


def test_additions_are_paged_and_the_rest_is_counted(street, moderator, monkeypatch):
    monkeypatch.setattr(triage, "OWN_WORDS", 2)
    monkeypatch.setattr(triage, "READ_AT_ONCE", 2)
    letters = [street.says(LETTER) for _ in range(3)]
    letters += [street.says(f"{LETTER} {name}, every single summer since childhood.") for name in NAMES]
    group = queries.campaign(grouped(*letters)[0])
    shown = queries.sample_of(group)
    after, found, copies = 0, [], set()
    while after is not None:
        page = triage.additions(group, shown, after=after)
        found += [each.row.key for each in page.own]
        copies.add(page.copies)
        after = page.after
    assert found == [each.key for each in letters[3:]]
    assert copies == {3}


def test_an_addition_is_shown_with_little_around_it():
    text = "a " * 100 + "MINE" + " b" * 100
    shown = parts(text, [(200, 204)], around=20)
    assert [is_own for _words, is_own in shown] == [False, True, False]
    assert shown[1][0] == "MINE"
    assert shown[0][0].startswith("… ")
    assert shown[2][0].endswith(" …")
    assert all(len(words) < 30 for words, _is_own in shown)
    assert parts("MINE", [(0, 4)], around=20) == [("MINE", True)]
