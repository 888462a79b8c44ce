"""The application, for a WSGI server: `waitress-serve wsgi:app`, or `consult serve`."""

from consult import create_app

app = create_app()
