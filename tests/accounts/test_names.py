"""Nobody poses as those who run the site; everybody can have their own name."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from consult.accounts.actions import account, inviting, joining, people
from consult.accounts.forms.joining import NameForm
from consult.accounts.look_alikes import _prototypes
from consult.accounts.models import Part, Person
from consult.accounts.names import refuse_posing, refuse_posing_body
from consult.errors import Invalid
from consult.extensions import db, transaction
from tests import factories
from tests.accounts.ground import PASSWORD, somebody
from tests.accounts.test_look_alikes import MODERATORS

RESERVED = (
    "Moderator",
    "Administrator",
    "Admin",
    "Official",
    "Consult",
    "The team",
    "Staff",
    "Support",
    "Footways & Kerbside Unit",
    "Department for Streets and Places",
    "Ada Okafor",
)
HONEST = """
    O’Neill · O'Neill · Jean-Luc Picard · Ølstad · Nguyễn Thị Minh Khai · Siobhán Ní Bhriain · Seán Ó Súilleabháin
    Llŷr Gruffydd · Siân ap Gwilym · Rhŷs Ddafydd Llwyd · Catrin Ferch Owain · Modest Moderski · Модестов · Модест Мусоргский
    Михаил Горбачёв · Їжакевич Олена · Ђорђе Балашевић · Љубица Ћосић · Ελένη Παπαδοπούλου · Γιώργος Σεφέρης
    محمد عبد الله · فاطمة الزهراء · علی رضا کریمی · دعاء · ישראל ישראלי · רחל מולכו · 田中 さくら · 佐藤 健 · 王小明 · 欧阳娜娜
    김민준 · 남궁민 · สมชาย ใจดี · ศิริวรรณ พงษ์ไพบูลย์ · राम प्रसाद शर्मा · प्रियंका चौधरी · ஸ்ரீனிவாசன் · తెలుగు రాజు
    বাংলা দাশ · ਗੁਰਪ੍ਰੀਤ ਸਿੰਘ · ગુજરાતી પટેલ · ಕನ್ನಡ ರಾವ್ · മലയാളം നായർ · ගයාන් පෙරේරා · თამარ მეფე · Արամ Խաչատրյան
    አበበ ቢቂላ · དྲོལ་མ · အောင်ဆန်း · ភាសាខ្មែរ · ລາວ ໄຊຍະ · Łukasz Wójcik · Žižek Ðorđe · Þórbergur Þórðarson · Bjørn Åse
    Zoë Brontë · François Müller · Ñusta Peñafiel · İbrahim Çağlar · Işıl Yıldız · Şükrü Ağaoğlu · Dvořák Antonín · Őry Űző
    Kārlis Bērziņš · Žygimantas · Tõnu Õnnepalu · Ștefan Țepeș · Ng'ombe Chanda · Kaʻiulani · Te Rangi Hīroa · Xóchitl
    Sir Tim Berners-Lee · Joe Root · Frank Support · Ann Staff · Mary Consulta · Adam Inman · Modi Narendra · Amin Admani
    Badmin · Theo Team · Mr Parks · J. R. R. Tolkien · D’Angelo · de la Cruz y Vega · van ’t Hoff · al-Khwārizmī · Ù Ú
    Ọlúwaṣẹ́gun Adébáyọ̀ · Ɓalaraɓe · Ŋmaa · Gǁana · !Xóõ · Sørensen · Ólafur Ragnar Grímsson · Ada B. Okafor · X Æ A-12 · 3rd Baron
    Mary Hall · Ian Mills · Person 77 · Unit Ninety · Cher · Wu · Ó · Y
"""
NAMES = [name.strip() for line in HONEST.strip().splitlines() for name in line.split("·")]


@pytest.fixture
def town(app):
    """A site with a body, a unit and an official, whose names are not free."""
    factories.a_site()
    body = factories.an_organisation(name="Department for Streets and Places")
    unit = factories.a_unit(body, name="Footways & Kerbside Unit")
    return factories.an_official(unit, name="Ada Okafor")


@pytest.mark.parametrize("name", NAMES)
def test_honest_names_of_many_languages_pass(town, name):
    refuse_posing(name)
    refuse_posing_body(name)


@pytest.mark.parametrize("name", [*NAMES, "ශ්\u200dරී ජයවර්ධන", "علی\u200cرضا"])
def test_the_form_takes_them_too(app, name):
    with app.test_request_context(method="POST", data={"name": name}):
        form = NameForm()
        assert form.validate(), form.errors


@pytest.mark.parametrize("name", [*RESERVED, *MODERATORS])
def test_a_name_that_is_reserved_is_refused(town, name):
    with pytest.raises(Invalid) as refusal:
        refuse_posing(name)
    assert refusal.value.field == "name"
    assert refusal.value.message


@pytest.mark.parametrize(
    "name",
    [
        "Jane Moderator",
        "Jane (moderator)",
        "xXModeratorXx",
        "SiteAdministrator",
        "Moderation Team",
        "The Official Account",
        "Consult Support",
        "Consult team",
        "Name removed",  # what stands in place of a name that is gone
        "Ann, Official",
        "Admin 2",
        "Admin-1",
        "A d m i n Jane",
        "Cymedrolwr",
        "Y Tîm",
        "Footways and Kerbside",
        "The Footways & Kerbside Team",
        "Jane, Footways and Kerbside Unit",
        "F o o t w a y s & K e r b s i d e U n i t",
        "Fооtwауs",  # not all of the name, but of mixed alphabets
        "Streets and Places",
        "Okafor, Ada",
        "Dr Ada Okafor",
        "Ada Okafor 2",
        "Ada Okafor (official)",
        "AdaOkafor",
        "Αdа Οkаfоr",
        "Ada 0kafor",
        "Ｃｏｎｓｕｌｔ",
    ],
)
def test_posing_with_more_words_or_fewer_is_refused(town, name):
    with pytest.raises(Invalid):
        refuse_posing(name)


def _likes() -> dict[str, list[str]]:
    """Return for each letter the single characters that have its shape."""
    likes: dict[str, list[str]] = {}
    for one, shape in _prototypes().items():
        likes.setdefault(shape, []).append(one)
    return likes


LIKES = _likes()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=300)
@given(st.data())
@pytest.mark.slow
def test_any_look_alike_of_any_letter_is_refused(town, data):
    name = data.draw(st.sampled_from(RESERVED))
    places = [place for place, letter in enumerate(name) if LIKES.get(letter)]
    place = data.draw(st.sampled_from(places))
    other = data.draw(st.sampled_from(LIKES[name[place]]))
    with pytest.raises(Invalid):
        refuse_posing(name[:place] + other + name[place + 1 :])


def test_the_three_refusals_say_what_to_do(town):
    said = []
    for name in ("Moderator", "Ada Okafor", "Jоhn"):
        with pytest.raises(Invalid) as refusal:
            refuse_posing(name)
        said.append(refusal.value.message)
    assert "Choose another" in said[0]
    assert "middle name" in said[1]
    assert "one alphabet" in said[2]


def test_an_official_has_their_own_name(town):
    refuse_posing("Ada Okafor", own=town)
    with pytest.raises(Invalid):
        refuse_posing("Ada Okafor", own=factories.a_person())


def test_the_name_of_somebody_whose_part_ended_is_free(town):
    with transaction():
        people.end_role(actor=None, role=town.roles[0])
    refuse_posing("Ada Okafor")


def test_names_of_private_people_are_free(town):
    factories.a_person(name="John Smith")
    refuse_posing("John Smith")


@pytest.mark.parametrize(
    "name",
    [
        "Institute of Administrators",
        "Friends of the Department for Streets and Places",
        "Staff Side, Unison",
        "Mersey Support Group",
        "The Consultation Institute",
    ],
)
def test_honest_organisations_pass(town, name):
    refuse_posing_body(name)


@pytest.mark.parametrize(
    "name", ["Department for Streets & Places", "Consult", "The Team", "Footways and Kerbside"]
)
def test_nobody_speaks_for_a_body_that_consults_here_save_those_who_play_a_part_in_it(town, name):
    with pytest.raises(Invalid) as refusal:
        refuse_posing_body(name)
    assert refusal.value.field == "on_behalf_of"
    if name not in ("Consult", "The Team"):
        refuse_posing_body(name, own=town)


def test_signing_up_refuses_such_a_name_whether_or_not_the_address_is_known(town, visit):
    known = somebody().email
    for email in (known, "new@mail.example"):
        form = {"name": "Mоderator", "email": email, "password": PASSWORD}
        page = visit.post("/sign-up", form, status=422).page
        assert "alphabets" in page.text
        assert page.select_one("#name")["value"] == "Mоderator"
    assert db.session.query(Person).filter_by(email="new@mail.example").count() == 0


def test_an_account_cannot_be_given_such_a_name_later(town, visit_as):
    person = factories.a_person()
    page = visit_as(person).post("/account/name", {"name": "Ada Okafor"}, status=422).page
    assert "middle name" in page.text
    assert db.session.get(Person, person.id).name != "Ada Okafor"


def test_a_name_that_was_there_first_may_stay(town):
    same = factories.a_person(name="Ada Okafor")
    with transaction(same):
        account.change_name(actor=same, name="Ada Okafor")


def test_two_officials_may_have_one_name_but_none_is_called_moderator(town):
    unit, administrator = factories.a_unit(), factories.an_administrator()

    def invite(name: str) -> None:
        with transaction(administrator):
            inviting.invite(
                actor=administrator,
                name=name,
                email=f"{len(name)}@mail.example",
                part=Part.OFFICIAL,
                unit=unit,
            )

    invite("Ada Okafor")
    with pytest.raises(Invalid):
        invite("Moderator")


def test_the_action_refuses_before_it_looks_up_the_address(town):
    with pytest.raises(Invalid), transaction():
        joining.sign_up(actor=town, name="Staff", email=town.email, secret=joining.Secret("", ""))
