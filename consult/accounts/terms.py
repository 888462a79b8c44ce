"""Which contribution terms hold. Their words stand on `/terms`; a comment keeps the version that its author accepted.

Whoever changes what the words mean gives them another VERSION: what was accepted before stays what it was.
"""

VERSION = "2026-11"
LICENCE_NAME = "Open Government Licence v3.0"
LICENCE_URL = "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/"
