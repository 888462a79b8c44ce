"""Providers of single sign-on, and a site that stands behind one."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from flask import Flask

from consult import config, create_app
from consult.extensions import db
from consult.web import openid
from tests.accounts.providers import CLIENT, SECRET, Door, Liar, RealProvider, Stage, a_real_provider, a_stage
from tests.conftest import Browser

BehindA = Callable[..., Flask]
MAPPING = (
    "footways=official:footways; policy=official:policy; mods=moderator:roads; it=administrator:site; "
    "wiki=editor:site; ghosts=official:no-such-unit"
)


@pytest.fixture(scope="session")
def real_provider() -> Iterator[RealProvider]:
    """A real OpenID provider that answers on this machine."""
    with a_real_provider() as provider:
        yield provider


@pytest.fixture(scope="session")
def _stage() -> Iterator[Stage]:
    with a_stage() as stage:
        yield stage


@pytest.fixture
def liar(_stage: Stage) -> Liar:
    """A provider that lies as it is told to; always at the same address, so that one site stands behind them all."""
    return _stage.enter()


@pytest.fixture(scope="session")
def _behind(_app: Flask, tmp_path_factory: pytest.TempPathFactory) -> BehindA:
    """Return an application behind which a provider stands, on the database of the tests; made once."""
    folder, apps = tmp_path_factory.mktemp("behind"), {}

    def made(issuer: str, **more: str) -> Flask:
        if (issuer, *more.items()) not in apps:
            given = {
                "CONSULT_SECRET_KEY": "k" * 40,
                "CONSULT_DATABASE_URL": _app.config["SQLALCHEMY_DATABASE_URI"],
                "CONSULT_OIDC_ISSUER": issuer,
                "CONSULT_OIDC_CLIENT_ID": CLIENT,
                "CONSULT_OIDC_CLIENT_SECRET": SECRET,
                "CONSULT_OIDC_NAME": "Staff Gate",
                "CONSULT_OIDC_ROLES": MAPPING,
            }
            settings = config.load(
                folder,
                {**given, **more},
                testing=True,
                extra={"WTF_CSRF_ENABLED": False, "RATELIMIT_ENABLED": False},
            )
            apps[issuer, *more.items()] = other = create_app(settings)
            other.test_client_class = Browser
        return apps[issuer, *more.items()]

    return made


@pytest.fixture
def behind(app: Flask, _behind: BehindA) -> Iterator[BehindA]:
    """Return an application with a provider of single sign-on at the address given, with a context for the test."""
    with ExitStack() as afterwards:

        def opened(issuer: str, **more: str) -> Flask:
            other = _behind(issuer, **more)
            openid.set_up_provider(other, other.config["CONSULT"])  # one that remembers nothing
            afterwards.enter_context(other.app_context())
            afterwards.callback(db.engine.dispose)
            afterwards.callback(db.session.remove)
            return other

        yield opened


@pytest.fixture
def door(behind: BehindA, real_provider: RealProvider) -> Callable[..., Door]:
    """Return a browser at a door behind which the real provider stands."""

    def opened(**more: str) -> Door:
        return Door(behind(real_provider.issuer, **more).test_client(), real_provider)

    return opened


@pytest.fixture
def false_door(behind: BehindA, liar: Liar) -> Callable[..., Door]:
    """Return a browser at a door behind which the provider lies."""

    def opened(**more: str) -> Door:
        return Door(behind(liar.issuer, **more).test_client(), liar)

    return opened
