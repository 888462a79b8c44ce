"""Pages of the accounts room."""

from consult.accounts.routes.blueprint import bp as bp
