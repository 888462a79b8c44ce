"""With Redis, what one process counts another knows; when Redis falls silent, each counts for itself."""

import pytest
import redis

from consult import config, create_app
from consult.extensions import db, limiter
from tests.factories import a_site

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
