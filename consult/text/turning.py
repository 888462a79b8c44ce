"""The words that can turn what a sentence means: negations, duties, opposites, numbers, months and units. Data only.

English in full; of other languages what is common and is not also an everyday word of another language here.
"""

from collections.abc import Iterable
from typing import Literal

from consult.text.pieces import bare, pieces

Phrase = tuple[str, ...]
Kind = Literal["negation", "duty", "opposite"]

NOT = "not"
_NEGATIONS: dict[str, str] = {
    NOT: "not no none never nobody nothing nowhere neither nor"
    " ne pas jamais aucun aucune rien ni nul nulle nicht kein keine keinen keinem keiner keines nie niemals nichts"
    " weder nunca jamás ningún ninguna ninguno nada tampoco ddim nid nad nac byth neb peidio peidiwch níl níor nár"
    " nach cha chan non né nessun nessuno nessuna não nunca nem nenhum nenhuma niet geen nooit inte ikke aldrig"
    " dinna canna isna не ні ни нет нельзя никогда немає δεν μη μην δε नहीं मत نہیں لا لم لن ليس ليست לא אין değil"
    " 不 没 無 无 未 勿 别 ไม่ อย่า",
    "forbidden": "forbidden prohibited banned unlawful illegal barred interdit interdite verboten prohibido"
    " prohibida gwaherddir 禁",
    "without": "without sans ohne sin heb zonder senza sem utan uden без χωρίς بدون ללא बिना",
    "except": "except excepting excluding exempt sauf außer ausgenommen salvo excepto heblaw"
    " behalve кроме крім",
    "unless": "unless oni onid tenzij",
    "only": "only solely exclusively seulement uniquement nur ausschließlich solamente únicamente solo",
}
_SEVERAL = ("ac eithrio", "yn unig", "other than", "apart from", "save for", "except for")
"""Of the words above, what is one phrase."""

MUST, SHOULD, MAY, WILL, FREE = "must", "should", "may", "will", "free"
_DUTIES: dict[str, str] = {
    MUST: "must, shall, mandatory, compulsory, obligatory, required, requires, require, obliged, have to, has to,"
    " need to, needs to, doit, doivent, obligatoire, muss, müssen, verpflichtet, debe, deben, obligatorio, obligatoria,"
    " rhaid, caithfidh, должен, должны, обязан, обязаны, يجب, 必须, 必須, ต้อง",
    SHOULD: "should, ought, recommended, recommend, recommends, expected, encouraged, advised, advisory, devrait,"
    " devraient, recommandé, soll, sollen, sollte, sollten, empfohlen, debería, deberían, dylai, dylent, ba chóir,"
    " следует, ينبغي, 应当, 應當, ควร",
    MAY: "may, might, can, could, optional, optionally, voluntary, permitted, allowed, entitled, discretionary, peut,"
    " peuvent, facultatif, facultative, kann, können, darf, dürfen, freiwillig, puede, pueden, opcional, caiff, gall,"
    " gellir, féadfaidh, может, могут, يجوز, 可以",
    WILL: "will, would",
    FREE: "need not, needs not, not required, not obliged, not need to, no need to, not have to, do not have to,"
    " does not have to, do not need to, does not need to, no requirement to, does not require, do not require,"
    " nicht müssen, nid oes rhaid",
}
NOT_TO = "not to"
"""A duty with a "not" behind it: "must not" and "may not" forbid alike."""
SPEAKS_ALONE = frozenset({MUST, SHOULD, FREE})
"""Duties that turn a sentence by being put in or taken out; a "can" or "will" may be there for its grammar."""

_OPPOSITES: tuple[tuple[str, ...], ...] = (
    ("and et und agus ac", "or ou oder nó neu", "and/or"),
    ("any", "all every each", "some", "most"),
    ("both", "either"),
    ("before prior avant vor antes cyn до перед قبل", "after following après nach después после بعد"),
    ("more mehr plus más mwy больше أكثر", "less fewer weniger moins menos llai меньше أقل"),
    ("above", "below beneath"),
    ("over", "under"),
    ("earlier sooner earliest", "later latest"),
    ("increase increases increased raise raised", "decrease decreases decreased reduce reduced lowered"),
    ("higher highest", "lower lowest"),
    ("longer longest", "shorter shortest"),
    ("wider widest", "narrower narrowest"),
    ("greater larger largest greatest bigger", "smaller smallest"),
    ("first", "last"),
    ("inside within", "outside beyond"),
    ("include includes included including", "exclude excludes excluded"),
    ("allow allows", "prevent prevents forbid forbids prohibit prohibits refuse refuses"),
    ("always", "sometimes usually normally often"),
    ("public", "private"),
    ("temporary temporarily", "permanent permanently"),
    ("up", "down"),
    ("accept accepts accepted", "reject rejects rejected refused"),
    ("true", "false"),
)
_BOUNDS = (
    "at least, no less than, not less than, no fewer than, not fewer than, minimum, a minimum, no earlier than,"
    " not earlier than, no sooner than, no shorter than, no narrower than, more than, mindestens, au moins, al menos,"
    " por lo menos, o leiaf, ar a laghad",
    "at most, no more than, not more than, up to, maximum, a maximum, no longer than, no later than, not later than,"
    " not exceeding, no wider than, no higher than, less than, fewer than, not exceed, höchstens, au plus,"
    " como máximo, ar y mwyaf",
)

_UNITS = (
    "second minute hour day week fortnight month quarter year millimetre centimetre metre kilometre mile yard foot"
    " feet inch gram kilogram kg tonne litre pound pence euro dollar percent thousand million billion time hundred"
    " jour semaine mois année heure mètre tag tage tagen woche wochen monat monate monaten jahr jahre jahren"
    " stunde stunden meter día semana mes meses año hora metro diwrnod wythnos mis blynedd awr metr"
    " lá seachtain mí bliain uair rand kronor день дней недель месяцев лет"
)
UNITS = {unit: unit for unit in _UNITS.split()} | {unit + "s": unit for unit in _UNITS.split()}
UNITS |= {"m": "metre", "meter": "metre", "meters": "metre", "km": "kilometre", "cm": "centimetre"}
UNITS |= {"mm": "millimetre", "feet": "foot", "kilometers": "kilometre", "centimeters": "centimetre"}
UNITS |= {"hrs": "hour", "mins": "minute", "per cent": "percent", "%": "percent", "inches": "inch"}
BETWEEN_UNIT = frozenset(
    {"working", "calendar", "business", "clear", "consecutive", "school", "square", "cubic"}
)

_TO_TWENTY = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen"
    " eighteen nineteen twenty",
    "- - deux trois quatre cinq - sept huit neuf dix onze douze treize quatorze quinze",
    "null - zwei drei vier fünf sechs sieben acht neun zehn elf zwölf",
    "cero - dos tres cuatro cinco seis siete ocho nueve diez once doce",
    "- - dau tri pedwar pump chwech saith wyth naw deg",
    "- - dhá trí ceithre cúig sé seacht ocht naoi deich",
    "- - - - - pum - - - - -",
)
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
SPELLED = {word: value for words in _TO_TWENTY for value, word in enumerate(words.split()) if word != "-"} | {
    word: 10 * (value + 2) for value, word in enumerate(_TENS.split())
}
MULTIPLES = {"hundred": 100, "thousand": 1000}
FRACTIONS = {
    "half": "1/2",
    "third": "1/3",
    "thirds": "1/3",
    "quarter": "1/4",
    "quarters": "1/4",
    "twice": "2x",
}
FRACTIONS |= {"double": "2x", "triple": "3x", "once": "1x"}
COMMON = frozenset({"one", "once", "third", "quarter", "half", "double", "quarters"})
"""Number words that are often something else: they count only against another number."""

_MONTHS = (
    "january janvier januar enero ionawr eanáir jan",
    "february février februar febrero chwefror feabhra feb",
    "march mars märz marzo mawrth márta mar",
    "april avril abril ebrill aibreán apr",
    "may mai mayo bealtaine",
    "june juin juni junio mehefin meitheamh jun",
    "july juillet juli julio gorffennaf iúil jul",
    "august août agosto awst lúnasa aug",
    "september septembre septiembre medi sept sep",
    "october octobre oktober octubre hydref oct",
    "november novembre noviembre tachwedd samhain nov",
    "december décembre dezember diciembre rhagfyr nollaig dec",
)
MONTHS = {word: number for number, words in enumerate(_MONTHS, 1) for word in words.split()}
_UNSURE = "may march mars mar mai mayo medi mehefin jan jun jul sep sept oct nov dec feb apr aug"
UNSURE_MONTHS = frozenset(_UNSURE.split())
"""Months that are also other words: they count as dates beside a number only."""
_WEEKDAYS = (
    "monday lundi montag lunes luan",
    "tuesday mardi dienstag martes máirt",
    "wednesday mercredi mittwoch miércoles",
    "thursday jeudi donnerstag jueves",
    "friday vendredi freitag viernes gwener",
    "saturday samedi samstag sábado sadwrn",
    "sunday dimanche sonntag domingo",
)
WEEKDAYS = {word: number for number, words in enumerate(_WEEKDAYS, 1) for word in words.split()}


def _phrase(words: str) -> Phrase:
    """Return a phrase as the words of a text are read; scripts without gaps fall into their characters."""
    return tuple(bare(piece).casefold() for piece in pieces(words))


def _table() -> dict[str, list[tuple[Phrase, Kind, str]]]:
    """Return for each first word the phrases that begin with it, the longest first: phrase, kind and class."""
    found: dict[str, list[tuple[Phrase, Kind, str]]] = {}
    for words, kind, sort in _entries():
        phrase = _phrase(words)
        found.setdefault(phrase[0], []).append((phrase, kind, sort))
    for phrases in found.values():
        phrases.sort(key=lambda entry: -len(entry[0]))
    return found


def _entries() -> Iterable[tuple[str, Kind, str]]:
    for side, phrases in enumerate(_BOUNDS):
        yield from ((phrase, "opposite", f"bound.{side}") for phrase in phrases.split(", "))
    for group, sides in enumerate(_OPPOSITES):
        for side, alike in enumerate(sides):
            yield from ((word, "opposite", f"{group}.{side}") for word in alike.split())
    for sort, several in _DUTIES.items():
        yield from ((words, "duty", sort) for words in several.split(", "))
    for sort, words in _NEGATIONS.items():
        yield from ((word, "negation", sort) for word in words.split())
    yield from ((words, "negation", "except" if words != "yn unig" else "only") for words in _SEVERAL)


PHRASES = _table()
