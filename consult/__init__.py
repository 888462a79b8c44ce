"""Consult: a policy consultation platform with a comment wiki. This module wires an application, nothing else."""

from pathlib import Path

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from consult import config
from consult.accounts.routes import about, account, joining, people, setting_up
from consult.consultations.routes import reading, steps, writing
from consult.discussion.routes import comments as discussion_comments
from consult.discussion.routes import desk as discussion_desk
from consult.discussion.routes import excerpting as discussion_excerpting
from consult.discussion.routes import paragraphs as discussion_paragraphs
from consult.documents.routes import changing as document_changing
from consult.documents.routes import choosing as document_choosing
from consult.documents.routes import comparing as document_comparing
from consult.documents.routes import correcting as document_correcting
from consult.documents.routes import downloads as document_downloads
from consult.documents.routes import editing as document_editing
from consult.documents.routes import exporting as document_exporting
from consult.documents.routes import printing as document_printing
from consult.documents.routes import publishing as document_publishing
from consult.documents.routes import reading as document_reading
from consult.extensions import babel, csrf, db, limiter, login, migrate
from consult.moderation import routes as moderation
from consult.monitor import routes as monitor
from consult.notices import routes as notices
from consult.opendata import routes as opendata
from consult.search import routes as search
from consult.toolkit.routes import editing as toolkit_editing
from consult.toolkit.routes import reading as toolkit_reading
from consult.web import access, errors, headers, health, navigation, translations
from consult.web.doorstep import Doorstep
from consult.wiring import connect

ROOT = Path(__file__).resolve().parent.parent
ROUTES = (  # every module that registers routes
    about,
    account,
    joining,
    people,
    setting_up,
    reading,
    writing,
    steps,
    document_reading,
    document_editing,
    document_publishing,
    document_changing,
    document_choosing,
    document_printing,
    document_exporting,
    document_comparing,
    document_correcting,
    document_downloads,
    discussion_paragraphs,
    discussion_comments,
    discussion_desk,
    discussion_excerpting,
    moderation,
    toolkit_reading,
    toolkit_editing,
    monitor,
    notices,
    opendata,
    search,
    health,
)


def create_app(settings: config.Settings | None = None) -> Flask:
    """Return a wired application.

    `settings` default to those of the environment and `instance/consult.env`; config.BadSetting is raised for a
    setting that cannot be used.
    """
    settings = settings or config.load()
    app = Flask(__name__, instance_path=str(settings.instance.resolve()))
    app.config.from_mapping(settings.flask())
    app.config.update(CONSULT=settings, CONSULT_ZONE=settings.timezone, CONSULT_HTTPS=settings.is_https)
    app.wsgi_app = Doorstep(app, app.wsgi_app)  # type: ignore[method-assign]
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=0)  # type: ignore[method-assign]
    headers.set_headers(app)  # first, so that its last word comes after Flask-Login's
    db.init_app(app)
    migrate.init_app(app, db, directory=str(migrations_folder()), render_as_batch=True)
    login.init_app(app)
    csrf.init_app(app)
    limiter.init_app(app)
    babel.init_app(app)
    translations.speak(app)
    errors.handle_errors(app)
    navigation.furnish(app)
    app.before_request(access.know_browser)
    app.teardown_request(access.forget_browser)
    for room in dict.fromkeys(module.bp for module in ROUTES):
        app.register_blueprint(room)
    connect()
    return app


def migrations_folder() -> Path:
    """Return where the migrations are: beside the package in a checkout, inside it in an installed wheel."""
    inside = Path(__file__).resolve().parent / "_migrations"
    return inside if inside.is_dir() else ROOT / "migrations"
