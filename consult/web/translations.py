"""The words of templates, in the language of a request.

Flask-Babel works out anew, for each phrase, which language the request is in and which catalogue goes with it. A page
has hundreds of phrases, and its language does not change while it is made: here both are asked once a request.
"""

from babel.support import NullTranslations
from flask import Flask, g, has_app_context
from flask_babel import get_domain, get_locale


def speak(app: Flask) -> None:
    """Give the templates of `app` their words from here."""
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        gettext=lambda words: _catalogue().ugettext(words),
        ngettext=lambda one, many, number: _catalogue().ungettext(one, many, number),
        newstyle=True,
    )


def language() -> str:
    """Return the language of this request, such as "en_GB"."""
    if "language" not in g:
        g.language = str(get_locale() or "en_GB")
    return str(g.language)


def _catalogue() -> NullTranslations:
    if not has_app_context():
        return NullTranslations()
    if "catalogue" not in g:
        g.catalogue = get_domain().get_translations()
    return g.catalogue  # type: ignore[no-any-return]
