"""Private details in what somebody wrote: how to reach a person, or their money. Pure.

Each rule asks for more than the look of digits, because a consultation is full of numbers that are none: statutes,
dates, sums, paragraphs, grid references, versions. A postcode alone names a street, and is none either.
"""

import re
from collections.abc import Callable, Iterator

from consult.moderation.holds.found import Found, apart

EMAIL, TELEPHONE, ADDRESS, INSURANCE, BANK = "email", "telephone", "address", "insurance", "bank"

_EMAIL = re.compile(
    r"(?<![\w.+-])[\w.+-]{1,64}\s?(?:@|\[at\]|\(at\))\s?(?:[\w-]{1,63}\.){1,5}[a-z]{2,24}(?!\w)",
    re.IGNORECASE,
)
_UK_NUMBER = re.compile(
    r"(?<![\w£$€/.,:+-])\(?0(?:[ ]?\d|\)[ ]?|-\d| \(?|(?<=\d)\(){8,14}\d(?!\d|[/:]\d|[.,]\d)"
)
_ABROAD = re.compile(r"(?<![\w£$€])(?:\+|00(?=44))[1-9]\d{0,2}(?:[ .-]?\(?\d+\)?){2,6}(?!\d)")
_POSTCODE = re.compile(
    r"(?<!\w)(?:GIR ?0AA|[A-Z]{1,2}\d[A-Z\d]? ?\d[ABD-HJLNP-UW-Z]{2})(?!\w)", re.IGNORECASE
)
_HOUSE = re.compile(
    r"(?<![\w.,£$€§/:-])(?:(?:flat|apartment|apt|fflat) (?:\d{1,4}[a-z]?,? (?=\d))?)?"
    r"\d{1,4}[a-z]?(?![\d.%:/-])(?= ?,? ?[A-Za-zÀ-ž'’])",
    re.IGNORECASE,
)
_NOT_A_HOUSE = re.compile(
    r"(?:\b(?:paras?|paragraphs?|sections?|clauses?|articles?|schedules?|parts?|chapters?|pages?|versions?|numbers?"
    r"|regulations?|rules?|tables?|figures?|appendix|annex|options?|questions?|route|bus|zone|ward|phase|act|age|aged"
    r"|and|to|or|of|than|about|over|under|by|in|since|until|before|after|januar?y?|february|march|april|may|june"
    r"|july|august|september|october|november|december|paragraff|adran|rhan|atodlen)|§)[ .]{0,2}$",
    re.IGNORECASE,
)
_STREET = re.compile(
    r"\b(?:street|st|road|rd|lane|ln|avenue|ave|close|way|drive|crescent|court|terrace|place|square|grove|gardens?|hill"
    r"|walk|row|mews|park|view|rise|green|house|cottages?|parade|heol|ffordd|stryd|lôn|lon|rhodfa|maes|clos|tai)\b",
    re.IGNORECASE,
)
_INSURANCE = re.compile(
    r"(?<!\w)(?!BG|GB|KN|NK|NT|TN|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?\d{2} ?\d{2} ?\d{2} ?[A-D](?!\w)",
    re.IGNORECASE,
)
_SORT_AND_ACCOUNT = re.compile(
    r"(?<![\w-])\d\d[- ]?\d\d[- ]?\d\d(?![\w-])[^\d]{1,40}(?<!\d)(?:\d{8}|\d{4} \d{4})(?!\w|-\d)"
)
_SAYS_BANK = re.compile(r"sort[ -]?code|account|\ba/?c\b|\bacct?\b|cod didoli|cyfrif", re.IGNORECASE)
_IBAN = re.compile(r"(?<!\w)[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?(?!\w)")
_CARD = re.compile(r"(?<![\w£$€.,-])[3-6]\d{3}(?:([ -]?)\d{4}\1\d{4}\1\d{1,7}|[ -]\d{6}[ -]\d{5})(?![\w-])")
_GRID = re.compile(
    r"(?:^|[^A-Za-z])(?:H[OPT-Z]|N[A-DF-HJ-OR-UW-Z]|OV|S[C-EHJKM-PR-Z]|T[AFGLMQRV])[ ]?$"
)  # the squares of the National Grid
_REACH = 90  # characters between the number of a house and its postcode
_SENTENCE = re.compile(r"(?<![A-Z])[.!?](?:\s|$)|\n\s*\n")


def details_in(text: str) -> list[Found]:
    """Return the private details of a text, in its order; `kind` says what each is."""
    rules: tuple[Callable[[str], Iterator[Found]], ...] = (
        _emails,
        _telephones,
        _addresses,
        _insurance_numbers,
        _bank_details,
    )
    return apart([found for rule in rules for found in rule(text)])


def _emails(text: str) -> Iterator[Found]:
    if "@" in text or "at" in text:
        for match in _EMAIL.finditer(text):
            yield Found(match.start(), match.end(), EMAIL)


def _telephones(text: str) -> Iterator[Found]:
    for match in _UK_NUMBER.finditer(text):
        if _is_uk_number(match.group()) and not _is_grid_reference(text, match):
            yield Found(match.start(), match.end(), TELEPHONE)
    for match in _ABROAD.finditer(text):
        digits = _digits(match.group()).removeprefix("00")
        if 9 <= len(digits) <= 14 and not digits.startswith(("443", "448", "449")):
            yield Found(match.start(), match.end(), TELEPHONE)


def _is_uk_number(words: str) -> bool:
    """Say whether it is grouped as a number is: an area code, then groups of three or more.

    Numbers that begin with 03, 08 and 09 are of organisations: nobody has one at home.
    """
    digits = _digits(words)
    if digits[1] not in "127" or len(digits) not in (10, 11):
        return False
    groups = [len(group) for group in re.findall(r"\d+", words)]
    if len(groups) == 1:
        return len(digits) == 11
    if len(digits) == 10 and digits[1] != "1":
        return False
    return 3 <= groups[0] <= 6 and (min(groups[1:]) >= 3 or (digits[1] == "7" and min(groups[1:]) >= 2))


def _is_grid_reference(text: str, match: re.Match[str]) -> bool:
    groups = [len(group) for group in re.findall(r"\d+", match.group())]
    is_halved = len(groups) == 1 or (len(groups) == 2 and groups[0] == groups[1])
    return is_halved and _GRID.search(text, max(0, match.start() - 4), match.start()) is not None


def _addresses(text: str) -> Iterator[Found]:
    for match in _POSTCODE.finditer(text):
        begins = max(0, match.start() - _REACH)
        before = text[begins : match.start()]
        for end in _SENTENCE.finditer(before):
            begins = max(begins, match.start() - len(before) + end.end())
        for house in reversed(list(_HOUSE.finditer(text, begins, match.start()))):
            if _NOT_A_HOUSE.search(text, max(0, house.start() - 14), house.start()):
                break
            street = text[house.end() : match.start()]
            first = street.lstrip(" ,")[:1]
            if _STREET.search(street) or (first.isupper() and "," in street) or not first:
                yield Found(house.start(), match.end(), ADDRESS)
                break


def _insurance_numbers(text: str) -> Iterator[Found]:
    for match in _INSURANCE.finditer(text):
        yield Found(match.start(), match.end(), INSURANCE)


def _bank_details(text: str) -> Iterator[Found]:
    for match in _SORT_AND_ACCOUNT.finditer(text):
        around = text[max(0, match.start() - 30) : match.end()]
        if _SAYS_BANK.search(around):
            yield Found(match.start(), match.end(), BANK)
    for match in _IBAN.finditer(text):
        if _is_iban(match.group().replace(" ", "")):
            yield Found(match.start(), match.end(), BANK)
    for match in _CARD.finditer(text):
        digits = _digits(match.group())
        if 14 <= len(digits) <= 19 and _has_check_digit(digits):
            yield Found(match.start(), match.end(), BANK)


def _is_iban(number: str) -> bool:
    if not 15 <= len(number) <= 34:
        return False
    turned = number[4:] + number[:4]
    return int("".join(str(int(sign, 36)) for sign in turned)) % 97 == 1


def _has_check_digit(digits: str) -> bool:
    total = 0
    for place, digit in enumerate(reversed(digits)):
        doubled = int(digit) * (2 if place % 2 else 1)
        total += doubled - 9 if doubled > 9 else doubled
    return total % 10 == 0


def _digits(words: str) -> str:
    return "".join(sign for sign in words if sign.isascii() and sign.isdigit())
