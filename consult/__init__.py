"""Consult: a policy consultation platform with a comment wiki. This module wires an application, nothing else."""

from pathlib import Path

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from consult import config
from consult.accounts.routes import (
    about,
    account,
    changing_address,
    first_day,
    invitations,
    joining,
    own_data,
    passkeys,
    people,
    person,
    proving,
    second_step,
    setting_up,
    signed_in,
    single_sign_on,
)
from consult.consultations.routes import elections, equality, legal_holds, plan, reading, steps, writing
from consult.discussion.routes import asking as discussion_asking
from consult.discussion.routes import claiming as discussion_claiming
from consult.discussion.routes import comments as discussion_comments
from consult.discussion.routes import deciding as discussion_deciding
from consult.discussion.routes import excerpting as discussion_excerpting
from consult.discussion.routes import gathering as discussion_gathering
from consult.discussion.routes import guests as discussion_guests
from consult.discussion.routes import ledger as discussion_ledger
from consult.discussion.routes import letters as discussion_letters
from consult.discussion.routes import marking as discussion_marking
from consult.discussion.routes import paragraphs as discussion_paragraphs
from consult.discussion.routes import recording as discussion_recording
from consult.discussion.routes import sending as discussion_sending
from consult.discussion.routes import team as discussion_team
from consult.discussion.routes import unsent as discussion_unsent
from consult.discussion.routes import wording as discussion_wording
from consult.discussion.routes.answering import aside as discussion_aside
from consult.discussion.routes.answering import correcting as discussion_correcting
from consult.discussion.routes.answering import drafts as discussion_drafts
from consult.discussion.routes.answering import one as discussion_answering
from consult.discussion.routes.answering import several as discussion_several
from consult.discussion.routes.desk import listing as discussion_desk
from consult.discussion.routes.desk import points as discussion_points
from consult.discussion.routes.desk import responses as discussion_responses
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
from consult.moderation.appeals import routes as moderation_appeals
from consult.moderation.campaigns import routes as moderation_campaigns
from consult.moderation.closing import routes as moderation_closing
from consult.moderation.complaints import routes as moderation_complaints
from consult.moderation.disowning import routes as moderation_disowning
from consult.moderation.erasure import routes as moderation_erasure
from consult.moderation.escalation import routes as moderation_escalation
from consult.moderation.held_people import routes as moderation_held_people
from consult.moderation.holds import routes as holds
from consult.moderation.record import routes as moderation_record
from consult.moderation.redaction import routes as moderation_redaction
from consult.moderation.seals import routes as moderation_seals
from consult.moderation.several import routes as moderation_several
from consult.moderation.undoing import routes as moderation_undoing
from consult.moderation.waves import routes as moderation_waves
from consult.monitor import routes as monitor
from consult.notices.routes import choosing as notices_choosing
from consult.notices.routes import following as notices_following
from consult.notices.routes import given_up as notices_given_up
from consult.notices.routes import mailbox as notices_mailbox
from consult.opendata import routes as opendata
from consult.search import routes as search
from consult.toolkit.routes import directories as toolkit_directories
from consult.toolkit.routes import editing as toolkit_editing
from consult.toolkit.routes import followed as toolkit_followed
from consult.toolkit.routes import lists as toolkit_lists
from consult.toolkit.routes import reading as toolkit_reading
from consult.toolkit.routes import renaming as toolkit_renaming
from consult.toolkit.routes import steps as toolkit_steps
from consult.toolkit.routes import withholding as toolkit_withholding
from consult.toolkit.suggestions.routes import amending as toolkit_amending
from consult.toolkit.suggestions.routes import settling as toolkit_settling
from consult.toolkit.suggestions.routes import suggesting as toolkit_suggesting
from consult.toolkit.talk import routes as toolkit_talk
from consult.toolkit.unsaved import routes as toolkit_unsaved
from consult.web import access, errors, headers, health, limits, navigation, openid, origin, translations
from consult.web.doorstep import Doorstep
from consult.wiring import connect

ROOT = Path(__file__).resolve().parent.parent
ROUTES = (  # every module that registers routes
    about,
    account,
    joining,
    own_data,
    proving,
    second_step,
    first_day,
    invitations,
    signed_in,
    passkeys,
    changing_address,
    people,
    person,
    setting_up,
    single_sign_on,
    reading,
    writing,
    steps,
    elections,
    equality,
    legal_holds,
    plan,
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
    discussion_points,
    discussion_answering,
    discussion_aside,
    discussion_drafts,
    discussion_several,
    discussion_comments,
    discussion_asking,
    discussion_claiming,
    discussion_deciding,
    discussion_correcting,
    discussion_desk,
    discussion_team,
    discussion_recording,
    discussion_responses,
    discussion_excerpting,
    discussion_gathering,
    discussion_wording,
    discussion_unsent,
    discussion_sending,
    discussion_ledger,
    discussion_letters,
    discussion_marking,
    discussion_guests,
    moderation,
    moderation_appeals,
    moderation_disowning,
    moderation_complaints,
    moderation_escalation,
    moderation_record,
    holds,
    moderation_several,
    moderation_redaction,
    moderation_campaigns,
    moderation_closing,
    moderation_held_people,
    moderation_undoing,
    moderation_waves,
    moderation_erasure,
    moderation_seals,
    toolkit_reading,
    toolkit_lists,
    toolkit_editing,
    toolkit_renaming,
    toolkit_withholding,
    toolkit_steps,
    toolkit_suggesting,
    toolkit_settling,
    toolkit_amending,
    toolkit_unsaved,
    toolkit_directories,
    toolkit_followed,
    toolkit_talk,
    monitor,
    notices_mailbox,
    notices_following,
    notices_choosing,
    notices_given_up,
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
    limits.say_when_shut(app)
    navigation.furnish(app)
    openid.set_up_provider(app, settings)
    app.before_request(access.know_browser)
    app.before_request(origin.check_form)
    app.teardown_request(access.forget_browser)
    for room in dict.fromkeys(module.bp for module in ROUTES):
        app.register_blueprint(room)
    connect()
    return app


def migrations_folder() -> Path:
    """Return where the migrations are: beside the package in a checkout, inside it in an installed wheel."""
    inside = Path(__file__).resolve().parent / "_migrations"
    return inside if inside.is_dir() else ROOT / "migrations"
