"""How often a door may be knocked on, who is counted, and what somebody is told who has to wait.

With Redis, what one process counts another knows; when Redis falls silent, each counts for itself.
"""

import os
import shutil
import socket
import subprocess
import sys
import time

import pytest
import redis

from consult import clock, config, create_app
from consult.accounts.actions import account
from consult.extensions import db, limiter, network
from consult.web.limits import _door
from tests.conftest import _need
from tests.factories import a_person, a_session, a_site
from tests.ports import a_free_port, wait_until_somebody_listens

TRIES = 10  # failed sign-ins that a network has in five minutes


@pytest.fixture
def site_on(app, tmp_path):
    """Make an application that keeps its limits in the Redis at an address; each is as good as another process."""
    a_site()
    made = []

    def make(address: str):
        settings = config.load(
            tmp_path,
            {
                "CONSULT_SECRET_KEY": "k" * 40,
                "CONSULT_DATABASE_URL": app.config["SQLALCHEMY_DATABASE_URI"],
                "CONSULT_REDIS_URL": address,
            },
            testing=True,
            extra={"WTF_CSRF_ENABLED": False, "RATELIMIT_ENABLED": True},
        )
        limiter._swallow_errors = (
            None  # there is one limiter: this site's settings hold, not an earlier one's
        )
        made.append(create_app(settings))
        return made[-1].test_client()

    yield make
    limiter.enabled = False
    for each in made:
        with each.app_context():
            db.session.remove()
            db.engine.dispose()


def _try(client) -> int:
    form = {"email": "ann@mail.example", "password": "a wrong password"}
    return client.post("/sign-in", data=form, environ_base={"REMOTE_ADDR": "198.51.100.7"}).status_code


def test_processes_share_their_counts_through_redis(site_on, redis_url):
    redis.Redis.from_url(redis_url).flushdb()
    first = site_on(redis_url)
    assert [_try(first) for _ in range(TRIES)] == [422] * TRIES
    second = site_on(redis_url)
    assert _try(second) == 429
    redis.Redis.from_url(redis_url).flushdb()


def test_a_redis_that_does_not_answer_opens_no_door(site_on):
    client = site_on("redis://127.0.0.1:1/0")
    answers = [_try(client) for _ in range(TRIES + 1)]
    assert answers == [422] * TRIES + [429]


@pytest.fixture
def own_redis(tmp_path):
    """A Redis of the test's own, which it may stop; its address, and how to stop it."""
    port = a_free_port()
    program = shutil.which("redis-server")
    _need(program, "redis-server")
    server = subprocess.Popen(
        [program, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(tmp_path)],
        stdout=subprocess.DEVNULL,
    )

    def stop() -> None:
        server.terminate()
        server.wait()

    address = f"redis://127.0.0.1:{port}/0"
    wait_until_somebody_listens(port)
    yield address, stop
    stop()


@pytest.mark.slow
def test_two_processes_count_together(app, redis_url, tmp_path):
    a_site()
    redis.Redis.from_url(redis_url).flushdb()
    script = """
import sys
from pathlib import Path
from consult import config, create_app
settings = config.load(Path(sys.argv[1]), testing=True, extra={"WTF_CSRF_ENABLED": False})
client = create_app(settings).test_client()
for _ in range(6):
    print(client.post("/sign-in", data={"email": "ann@mail.example", "password": "x"}).status_code)
"""
    environ = {
        **os.environ,
        "CONSULT_SECRET_KEY": "k" * 40,
        "CONSULT_DATABASE_URL": app.config["SQLALCHEMY_DATABASE_URI"],
        "CONSULT_REDIS_URL": redis_url,
    }
    answers = [
        subprocess.run(
            [sys.executable, "-c", script, str(tmp_path / name)],
            env=environ,
            stdout=subprocess.PIPE,
            text=True,
            check=True,
            timeout=60,
        ).stdout.split()
        for name in ("one", "two")
    ]
    redis.Redis.from_url(redis_url).flushdb()
    assert answers == [["422"] * 6, ["422"] * 4 + ["429"] * 2]


def test_a_redis_that_dies_while_somebody_signs_in_breaks_nothing(site_on, own_redis, monkeypatch):
    address, stop = own_redis
    client = site_on(address)
    assert _try(client) == 422

    def dies(email, password):
        stop()

    monkeypatch.setattr(account, "recognise", dies)
    assert [_try(client) for _ in range(3)] == [422] * 3


def test_a_redis_that_never_answers_holds_nobody_up(site_on):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        client = site_on(f"redis://127.0.0.1:{silent.getsockname()[1]}/0")
        began = time.monotonic()
        assert _try(client) == 422
        assert time.monotonic() - began < 10


def test_a_socket_in_the_file_system_is_a_redis_too(site_on):
    assert _try(site_on("unix:///nowhere/redis.sock?db=1")) == 422


@pytest.fixture
def later(monkeypatch):
    """Let time go by for whoever counts."""
    real, gone = time.time, [0.0]
    monkeypatch.setattr(time, "time", lambda: real() + gone[0])

    def pass_by(seconds: float) -> None:
        gone[0] += seconds

    return pass_by


def test_the_page_says_how_long_is_left_and_not_how_long_the_window_is(limited, later):
    a_site()
    client = limited.test_client()
    assert [_try(client) for _ in range(TRIES)] == [422] * TRIES
    later(200)
    answer = client.post(
        "/sign-in", data={"email": "b@mail.example"}, environ_base={"REMOTE_ADDR": "198.51.100.7"}
    )
    assert answer.status_code == 429
    assert 90 <= int(answer.headers["Retry-After"]) <= 101
    assert "Try again in 2 minutes." in answer.text
    later(int(answer.headers["Retry-After"]) - 3)
    assert _try(client) == 429
    later(3)
    assert _try(client) == 422


def test_ten_in_five_minutes_holds_for_any_five_minutes(limited, later):
    a_site()
    client = limited.test_client()
    assert _try(client) == 422
    later(290)
    assert [_try(client) for _ in range(TRIES - 1)] == [422] * (TRIES - 1)
    later(20)
    assert [_try(client) for _ in range(3)] == [422, 429, 429]


def _add(app, path, door):
    app.add_url_rule(path, path, door(lambda: "in"), methods=["POST"])


def test_a_long_wait_is_told_by_the_clock_too(limited, later):
    a_site()
    _add(limited, "/daily", _door(("2 per day", network)))
    client = limited.test_client()
    clock.replace(lambda: clock.datetime(2026, 11, 27, 15, 30, tzinfo=clock.UTC))
    assert [client.post("/daily").status_code for _ in range(2)] == [200, 200]
    later(6 * 3600)
    page = client.post("/daily")
    assert page.status_code == 429
    assert "in 18 hours, after 9.30 am, 28 November 2026." in page.text
    assert 17.9 * 3600 < int(page.headers["Retry-After"]) <= 18 * 3600 + 1


def test_the_wait_is_that_of_the_last_limit_that_is_full(limited):
    a_site()
    _add(limited, "/twice", _door(("2 per minute", network), ("2 per hour", network)))
    client = limited.test_client()
    assert [client.post("/twice").status_code for _ in range(2)] == [200, 200]
    page = client.post("/twice")
    assert page.status_code == 429
    assert int(page.headers["Retry-After"]) > 3500


def test_a_redis_that_dies_at_the_closed_door_leaves_the_length_of_the_window(
    site_on, own_redis, monkeypatch
):
    address, stop = own_redis
    client = site_on(address)
    assert [_try(client) for _ in range(TRIES)] == [422] * TRIES
    monkeypatch.setattr("consult.web.limits._wait", lambda item, names: stop() or limiter.storage.get("x"))
    page = client.post("/sign-in", data={}, environ_base={"REMOTE_ADDR": "198.51.100.7"})
    assert page.status_code == 429
    assert 0 < int(page.headers["Retry-After"]) <= 301


def test_doors_are_counted_apart(limited):
    a_site()
    client = limited.test_client()
    assert [_try(client) for _ in range(TRIES + 1)][-1] == 429
    form = {"email": "ann@mail.example"}
    assert (
        client.post(
            "/forgotten-password", data=form, environ_base={"REMOTE_ADDR": "198.51.100.7"}
        ).status_code
        == 200
    )


def test_searching_all_the_time_is_stopped_and_reading_pages_is_not(limited):
    a_site()
    client = limited.test_client()
    assert {client.get("/search?q=oak").status_code for _ in range(60)} == {200}
    assert client.get("/search?q=elm").status_code == 429
    assert client.head("/search?q=elm").status_code == 429
    assert client.get("/search").status_code == 200
    assert {client.get("/").status_code for _ in range(80)} == {200}


def test_people_behind_one_network_are_counted_one_by_one(limited):
    a_site()
    one, two = a_person(), a_person()
    browsers = []
    for person in (one, two):
        browsers.append(limited.test_client())
        with browsers[-1].session_transaction() as session:
            session["_user_id"] = a_session(person)
    answers = [browsers[0].post("/account/name", data={"name": ""}).status_code for _ in range(21)]
    assert answers == [422] * 20 + [429]
    assert browsers[1].post("/account/name", data={"name": ""}).status_code == 422


@pytest.mark.parametrize(
    ("proxies", "forwarded", "counted"),
    [
        (0, "203.0.113.9", "198.51.100.7"),
        (0, "", "198.51.100.7"),
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "1.1.1.1, 203.0.113.9", "203.0.113.9"),  # what the caller wrote itself stands further left
        (1, "", "198.51.100.7"),
        (2, "203.0.113.9, 10.0.0.1", "203.0.113.9"),
        (2, "1.1.1.1, 203.0.113.9, 10.0.0.1", "203.0.113.9"),
        (2, "203.0.113.9", "198.51.100.7"),  # fewer than there are proxies: not from them
        (1, "nonsense", "unknown"),
        (1, "2001:db8:1:2::7", "2001:db8:1:2::/64"),
        (1, "::ffff:203.0.113.9", "203.0.113.9"),
    ],
)
def test_what_a_proxy_says_is_heeded_only_as_far_as_the_setting_trusts(
    app, tmp_path, proxies, forwarded, counted
):
    a_site()
    environ = {
        "CONSULT_SECRET_KEY": "k" * 40,
        "CONSULT_DATABASE_URL": app.config["SQLALCHEMY_DATABASE_URI"],
        "CONSULT_TRUSTED_PROXIES": str(proxies),
    }
    site = create_app(config.load(tmp_path, environ, testing=True, extra={"RATELIMIT_ENABLED": False}))
    site.add_url_rule("/who", "who", network)
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    answer = site.test_client().get("/who", headers=headers, environ_base={"REMOTE_ADDR": "198.51.100.7"})
    assert answer.text == counted
