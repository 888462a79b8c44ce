"""A back-up that is restored follows what was erased after it was made."""

import json

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from consult import audit, config, create_app
from consult.accounts.models import Person
from consult.cli import copies, erasing, main
from consult.discussion.models import Comment, State
from consult.extensions import db, transaction
from consult.moderation.erasure import actions, queries
from consult.moderation.erasure.models import Ground
from consult.moderation.record import verifying
from tests import factories
from tests.moderation.scene import Scene

TEXT = "Mr Quillfeather lives at the corner."


def _run(folder, *words, status=0):
    settings = {"CONSULT_INSTANCE": str(folder), "CONSULT_LOG_LEVEL": "ERROR", "CONSULT_DATABASE_URL": ""}
    done = CliRunner(env=settings).invoke(main.commands, words)
    assert done.exit_code == status, f"{words}: {done.exit_code}\n{done.output}\n{done.exception!r}"
    return done


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """A site in a folder of its own, whose back-up is older than its erasure; and the list of that.

    The tests of this module share it: they restore elsewhere, and leave it as it is.
    """
    at = tmp_path_factory.mktemp("erasing")
    folder = at / "site"
    _run(folder, "db", "upgrade")
    app = create_app(config.load(folder, {"CONSULT_LOG_LEVEL": "ERROR"}))
    with app.app_context():
        scene = Scene()
        said, stays = scene.says(TEXT), scene.says("This stays.")
        keys, comment_id = (said.key, stays.key), said.id
        people = scene.moderator.id, factories.a_moderator(scene.organisation).id
        db.session.remove()
        _run(folder, "backup", str(at / "old.zip"))
        first, second = (db.session.get(Person, number) for number in people)
        with transaction():
            actions.ask(actor=first, comment=db.session.get(Comment, comment_id), ground=Ground.COURT)
        with transaction():
            actions.agree(actor=second, comment=db.session.get(Comment, comment_id))
        db.session.remove()
        db.engine.dispose()
    _run(folder, "erased", "write", str(at / "erased.json"))
    return at, *keys


def _restored(folder):
    app = create_app(config.load(folder, {"CONSULT_LOG_LEVEL": "ERROR"}))
    with app.app_context():
        found = {row.key: (row.state, row.body) for row in db.session.scalars(select(Comment))}
        holds = [*audit.breaks(), *verifying.differences()]
        told = [(each.key, each.ground) for each in queries.erased()]
        db.session.remove()
        db.engine.dispose()
    return found, holds, told


@pytest.mark.slow
def test_a_restored_site_erases_what_the_list_names_and_nothing_else(site, tmp_path):
    at, erased, stays = site
    old, listed, new = (str(each) for each in (at / "old.zip", at / "erased.json", tmp_path / "new"))
    said = _run(at / "nowhere", "restore", old, new, "--erased", listed)
    assert "1 listed as erased, 1 of them were still here" in said.output
    found, holds, told = _restored(tmp_path / "new")
    assert found == {erased: (State.ERASED, ""), stays: (State.PUBLISHED, "This stays.")}
    assert holds == []
    assert told == [(erased, Ground.COURT)]
    assert TEXT.encode() not in (tmp_path / "new" / copies.DATABASE["sqlite"]).read_bytes()


@pytest.mark.slow
def test_without_the_list_it_is_said_and_check_finds_it_and_obeying_mends_it(site, tmp_path):
    at, erased, _stays = site
    listed, new = str(at / "erased.json"), tmp_path / "new"
    said = _run(at / "nowhere", "restore", str(at / "old.zip"), str(new))
    assert "is in it again" in said.output
    found = _run(new, "check", "--erased", listed, status=1).output
    assert f"erased: comment {erased} still has its text" in found
    assert "1 of them were still here" in _run(new, "erased", "obey", listed).output
    assert "0 of them were still here" in _run(new, "erased", "obey", listed).output
    assert "still has its text" not in _run(new, "check", "--erased", listed, status=1).output


@pytest.mark.parametrize(
    "words",
    [
        "",
        "[]",
        "{}",
        '{"erased": [{"comment": "x"}]}',
        '{"erased": [{"comment": "x", "erased_at": "now", "ground": "child"}]}',
    ],
)
def test_what_is_no_list_is_refused_before_anything_is_restored(site, tmp_path, words):
    old, wrong, new = site[0] / "old.zip", tmp_path / "wrong.json", tmp_path / "new"
    wrong.write_text(words)
    said = _run(site[0] / "nowhere", "restore", str(old), str(new), "--erased", str(wrong), status=1)
    assert "is no list of what was erased" in said.output
    assert not new.exists()


def test_the_public_list_of_a_site_can_be_read(app, client, tmp_path):
    scene = Scene()
    said, second = scene.says(TEXT), factories.a_moderator(scene.organisation)
    with transaction():
        actions.ask(actor=scene.moderator, comment=said, ground=Ground.CHILD)
    with transaction():
        actions.agree(actor=second, comment=said)
    answer = client.get(f"/organisations/{scene.organisation.slug}/erased.json")
    (tmp_path / "list.json").write_text(json.dumps(answer.json))
    assert [each.key for each in erasing.read(tmp_path / "list.json")] == [said.key]
