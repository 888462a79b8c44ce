"""Comments to a made consultation: campaigns of several kinds, and people who write in their own words beside them.

Letters are copied with slips of the pen, sentences left out and swapped, personal passages before and after; or every
phrase is drawn from a list of wordings, so that two letters share few runs of words. What grouping is measured on that is
not here: the campaigns on which it was tried while it was made are others.
"""

import random
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

_CHOICE = re.compile(r"\{([^{}]*)\}")
_SENTENCE = re.compile(r"(?<=[.!?])\s+")


@dataclass(frozen=True)
class Made:
    """A comment, and the campaign that it is of; None for one that is somebody's own."""

    text: str
    campaign: str | None


@dataclass(frozen=True)
class Score:
    """How many pairs of comments were put together, how many belong together, how many of these are both."""

    right: int
    found: int
    true: int

    @property
    def precision(self) -> float:
        return self.right / self.found if self.found else 1.0

    @property
    def recall(self) -> float:
        return self.right / self.true if self.true else 1.0


def score(made: Sequence[Made], groups: Sequence[int | None]) -> Score:
    """Count pairs."""
    both = Counter(
        (one.campaign, group)
        for one, group in zip(made, groups, strict=True)
        if one.campaign is not None and group is not None
    )
    found = Counter(group for group in groups if group is not None)
    true = Counter(one.campaign for one in made if one.campaign is not None)
    return Score(_pairs(both.values()), _pairs(found.values()), _pairs(true.values()))


def _pairs(counts: Iterable[int]) -> int:
    return sum(count * (count - 1) // 2 for count in counts)


def drawn(template: str, chance: random.Random) -> str:
    """Draw one wording for each `{list|of|wordings}`."""
    while found := _CHOICE.search(template):
        template = template[: found.start()] + chance.choice(found[1].split("|")) + template[found.end() :]
    return re.sub(r"\s+([.,;:])", r"\1", " ".join(template.split()))


TRAFFIC = (
    "{Dear Sir or Madam,|Dear councillors,|To whom it may concern,|Hello,|} {I am writing|I write|I am "
    "getting in touch|I would like} to {object to|oppose|express my opposition to|say no to} {the "
    "proposed|the planned|your suggested} {traffic filters|road closures|low traffic scheme|bollards} in "
    "{our neighbourhood|the area|our streets|this part of town}. {Residents|Local people|Those of us who "
    "live here|Families} {were never properly consulted|had no real say|were kept in the dark|only heard "
    "about it after the event}, and {the evidence behind it|the modelling|the data you published|the case"
    " for it} {does not stand up|is thin|has more holes than cheese|would not convince anybody}. {Traffic"
    " does not vanish|Cars do not disappear|Vehicles do not evaporate}: it is "
    "{pushed|displaced|moved|shunted} onto {the main road|the high street|boundary roads|Station Road}, "
    "where {children walk to school|the poorest families live|people wait for buses|the air is worst "
    "already}. {Ambulances|Emergency crews|Fire engines|Paramedics} {will be held up|have to go the long "
    "way round|lose precious minutes|will be stuck}, {carers|delivery drivers|tradespeople|district "
    "nurses} {spend longer behind the wheel|lose part of their working day|burn more fuel}, and {small "
    "shops|local traders|family businesses|the market} {lose passing trade|see fewer customers|are "
    "struggling as it is}. {I ask you to|I urge the council to|Please|I call on members to} "
    "{drop|scrap|abandon|withdraw|shelve} {the plan|this scheme|the whole thing} and {start again "
    "with|think instead about|put the money into|invest in} {better buses|safer crossings|mending the "
    "pavements|school streets} that {everyone can use|help all of us|work for the whole town}."
)
TABLES = (
    "{As a|Speaking as a|I am a} {regular visitor to|resident near|lover of|worker in} {the town "
    "centre|the high street|the old market}, {and I|I} {welcome|strongly support|am delighted by|applaud}"
    " {the new|these|your} {pavement licence rules|rules for tables outside|plans for pavement cafés}. "
    "{Sitting outside|A table in the open air|Eating in the street} {brings life to|makes people linger "
    "in|adds warmth to} {a street|our town|public space} and {gives traders a chance|helps businesses "
    "recover|keeps jobs going}. {A clear width of two metres|Two clear metres|Leaving two metres free} "
    "{is fair|is a sensible balance|seems right to me}: {wheelchairs|prams|guide dogs and their owners} "
    "{can still get by|have room to pass|are not squeezed out}. {Barriers that can be felt with a "
    "stick|Proper screens|Tapping rails} {should be required|are essential|must be part of it}, {and "
    "licences|and permission} {should last|ought to run} {a full year|two years} so that {owners can "
    "plan|it is worth buying good furniture|nobody has to reapply each season}. {Please adopt|I hope you "
    "will approve|Do press on with} {it|the draft|the policy} {without delay|as it stands|before the "
    "summer}."
)
SCHOOL = (
    "{Annwyl Gyngor,|Annwyl Syr neu Fadam,|} {Rwy'n ysgrifennu|Hoffwn ysgrifennu|Ysgrifennaf} i "
    "{wrthwynebu|fynegi fy ngwrthwynebiad i|ddweud na wrth} {gau|cau} {ysgol y pentref|ein hysgol leol|yr"
    " ysgol fach}. {Mae'r ysgol yn ganolbwynt|Hi yw calon|Mae hi'n rhan annatod o fywyd} {y gymuned|ein "
    "hardal|y pentref}, ac {mae'r plant yn ffynnu|mae disgyblion yn hapus|mae'r addysg yn rhagorol} yno "
    "{trwy gyfrwng y Gymraeg|yn y Gymraeg|mewn iaith sy'n perthyn iddynt}. {Byddai'r daith|Bydd "
    "teithio|Fe fyddai bws} i {'r dref|ysgol arall|safle newydd} yn {rhy hir|flinedig|beryglus yn y "
    "gaeaf} i {blant pedair oed|blant bach|ddisgyblion ifanc}. {Gofynnaf i chi|Erfyniaf arnoch|A wnewch "
    "chi} {ailystyried|ailfeddwl|dynnu'r cynnig yn ôl} {cyn i'r drwg gael ei wneud|er lles y plant|er "
    "mwyn dyfodol yr iaith} a {buddsoddi yn|rhoi arian i|cefnogi} {'r adeilad presennol|ein "
    "hathrawon|gymunedau gwledig}."
)
LETTERS = [
    "We, the undersigned anglers, ask the agency to keep the fish pass at Llyn Brenig open through the autumn run. Sea trout numbers have fallen by half since the turbines were fitted, and the gauges below the weir show why. Closing the pass at night saves a trifle and costs a generation of fish. We ask for a written assurance that the gate will stay up until the first of December, and for the counts to be published weekly.",
    "Please reconsider the closure of Hartley library. It is warm, it is free, and it is the only public room left on the estate.",
    "Our members run small dairies across the county. The draft order would require each of us to fit a slurry cover within eighteen months, at a cost that the impact assessment puts at nine thousand pounds and that our own quotes put nearer to thirty. No lender will finance equipment that adds nothing to the milk cheque. The order should be phased over five years, begin with the largest units, and be matched by a grant that opens before the duty begins rather than after it. We have always accepted that rivers must be cleaner. We ask only to survive long enough to see it.\n\nThe assessment also assumes that contractors are available. They are not. There are four firms within reach of us and each has a waiting list of more than a year. A duty that cannot lawfully be met on the day it takes effect brings the law into contempt. We therefore ask the department to publish a capacity study, to name the firms it believes can do the work, and to suspend enforcement wherever a signed order with a contractor can be shown.",
    "Trees on Victoria Avenue are ninety years old and healthy. Felling them to lay cable is vandalism; go under the roots, as you did on Albert Road in 2016.",
]
PERSONAL = [
    "I have used the internet for my small shop for {nine|twelve|twenty} years and {my customers|my family|my students} depend on it every day.",
    "{My mother is 81|My son is 9|My neighbour is blind} and {she|he|my friend} would be lost without it.",
    "{I run a bakery|I drive a bus|I teach maths|I work nights at the hospital|I am a retired nurse|I keep bees|I am a carer} in {Leeds|Swansea|Bangor|Ohio|Cardiff|Truro|Derby}, so I see what this means {every morning|each week|at first hand}.",
    "{Last winter|In March|Two weeks ago} {a lorry nearly hit my daughter outside the chemist|we waited forty minutes for a bus that never came|our street flooded up to the doorstep|my wheelchair got stuck behind a row of bins}.",
    "{When I came here in 1987|When we bought our house} {there was a field where the depot stands|you could hear the skylarks|the old bridge still carried trams}.",
    "I {don't usually write|have never written} {letters like this|to officials}, but {this one matters to me|my daughter said I should|someone has to say it}.",
    "{Honestly,|To be frank,|} {I lie awake over it|I could not believe it when the leaflet came|it made my husband furious}.",
    "My {dog|brother|allotment neighbour} {Bess|Gareth|Tomos|Alice} {was nearly run over|lost a day's wages|had to move to Hereford} because of {it|this sort of thing|decisions made in haste}.",
    "{Our choir|The scouts|My running club|The mosque's lunch club} {meets|meet} on {Tuesdays|Thursdays|Sundays} and {half of us walk|people come from three villages|parking is already hopeless}.",
]
OWN_WORDS = [
    "I drive a taxi and honestly half my fares now sit in queues on Station Road. Maybe time the filters for school hours only?",
    "Love the quiet. My kids play out in front of the house for the first time ever, and we know the neighbours' names.",
    "Has anyone from the council actually stood at the junction by the chemist at half past eight? It is chaos since the bollards went in, buses included.",
    "I'd support the scheme if residents with blue badges could get through. My husband can't walk far and the detour adds fifteen minutes.",
    "The consultation leaflet arrived two days before the deadline. That is not consultation. Extend it.",
    "Air pollution monitors on Mill Lane show nitrogen dioxide down by a fifth. That is not nothing, and I would hate to see it reversed because of a noisy minority.",
    "Our surgery's district nurses asked for exemptions in March and have heard nothing. Two of them have handed in their notice, partly because of the extra driving.",
    "It's a nice idea but poorly done. The signs are hidden behind trees and people get fined when they're only trying to reach the hospital.",
    "As someone who cycles to work, the difference is night and day. Drivers used to pass me with inches to spare on Park Street.",
    "Could we have planters instead of bollards? They look better, bees like them, and fire engines can be given a lockable gap.",
    "Traffic has been displaced onto the main road and the main road has two schools on it. Poorer families live there. It seems to me that a scheme which helps the leafy streets at their expense is unjust.",
    "Emergency services say they were consulted and are content. I would like to see that in writing before I make up my mind.",
    "I run the hardware shop. Trade fell the first month, then recovered; footfall is up, oddly, though deliveries are a nightmare.",
    "Buses first. If there was a decent bus every ten minutes nobody would need to drive through the neighbourhood, and then close whatever you like.",
    "What evidence is there that traffic evaporates? The report cites one study from 1998. Please publish the counts for the boundary roads, before and after.",
    "My mother's carers come four times a day from across town. Since the road closures each visit is shorter. She notices.",
    "Please keep the filters. The petition against was signed by people who do not even live here.",
    "The money would be better spent on pavements. I have fallen twice this year on broken slabs outside the library.",
    "No objection in principle, though I think cameras would be fairer than bollards because residents could be let through.",
    "Children walking to St Mary's have to cross four side streets; now only one has any traffic to speak of. As a governor I would ask members to remember that when the shouting starts.",
    "I was against it. I've changed my mind. You get used to going round, and I walk to the market now.",
    "The scheme makes my journey to dialysis longer three times a week and nobody asked me.",
    "It should be reviewed after six months with proper figures for shops, buses, ambulances and air, not anecdotes like mine.",
    "Delivery vans now reverse down our cul-de-sac because the satnavs haven't caught up. One took my wing mirror off.",
    "Can you explain how the exemption for tradespeople will work? I am a plumber, and I carry a boiler, I can't do that by bike.",
    "We moved here because of the low traffic streets and it would break our hearts if councillors lost their nerve now.",
    "Closing Elm Road but not Ash Road makes no sense: everything just goes down Ash Road, past the nursery.",
    "I object to the language in section 3, where drivers are described as if they were a disease. Many of us have no choice.",
    "The draft says residents were consulted properly. They were not: I live at number 14 and the first I knew of it was a man with a drill.",
    "In my opinion the council should have started with safer crossings and better buses, and only then looked at road closures.",
    "Two metres is not enough on market day. I use a frame and have to go into the road by the bakery.",
    "The licence fee is too high for a place with three tables. Could it be by the square metre?",
    "Great to see people out in the evening again. It feels safer walking home past lit tables than past shutters.",
    "What about smoke? If you put tables right under my window I have to keep it shut all summer.",
    "Guide dogs can manage most things but not a row of chairs that moves about. Fixed barriers, please, that can be felt with a cane.",
    "I own a café and have already bought furniture. A licence of only one year is no good to me; make it three.",
    "A-boards are worse than chairs. Nothing in the draft deals with A-boards.",
    "Deliveries happen between six and eight and the tables are out by seven. Has anyone thought of that?",
    "I think the clear width should be measured from the kerb, not from the lamp posts, or it will mean nothing in practice.",
    "The policy is fine. Enforcing it is the question, and you have one officer for the whole city.",
    "Please say what happens in winter. Heaters are an environmental disgrace and should not be licensed at all.",
    "Paragraph 7 contradicts paragraph 9: one says owners may, the other says they must. Which is it?",
    "Prams, wheelchairs, people with shopping: everybody needs room to pass. I'd make it two and a half metres near bus stops.",
    "Why should businesses take public space for private profit? My taxes paid for that pavement.",
    "Sitting outside in the sun is one of the few pleasures of this town. More of it.",
    "Mae'r ysgol yn rhy fach erbyn hyn ac nid oes digon o athrawon i gynnig pob pwnc, felly rwy'n deall pam fod y cyngor yn ystyried ei chau, er mor anodd fydd hynny i'r pentref.",
    "Beth am rannu pennaeth gydag ysgol arall? Mae hynny wedi gweithio yn Nyffryn Conwy ac fe arbedodd ddigon o arian i drwsio'r to.",
    "Nid yw'r ddogfen yn dweud dim am gost y bysiau. Fel rhiant hoffwn weld ffigurau cyn penderfynu.",
    "Cefais fy addysg yno yn y saithdegau ac mae fy wyrion yno heddiw. Mae'r athrawon yn rhagorol a'r plant yn hapus iawn.",
]
PASSAGES = [
    "A clear route of at least two metres must be kept along the footway at all times, measured from the outer edge of the furniture to the kerb or to the nearest obstacle, whichever is the less, and the holder of the licence is answerable for any breach of this condition by customers or staff.",
    "The authority may revoke the permission where the furniture causes undue concern to blind or partially sighted persons, where it has not been removed by eleven at night, or where the holder has failed on two occasions to show the register of inspections within five working days of a request.",
]
FRAMES = [
    "I {S} the proposal to lower the speed limit on all residential roads in the borough to {N} miles an hour. I have lived here for many years and have thought about it carefully, and I believe the council {M} go ahead with it before the end of the year.",
    "Having read the draft plan I think the council {M} build the new bypass along the {O} route. The meadow is visited by thousands of families each year and the decision will shape our town for generations to come, so I hope that you will take my view into account.",
]
SHORT = [
    "I agree.",
    "Please reconsider this",
    "Good idea",
    "I fully support this proposal and hope it goes ahead soon.",
]
SIDES = (
    {"S": "support", "N": "20", "M": "should", "O": "northern"},
    {"S": "oppose", "N": "20", "M": "should not", "O": "northern"},
    {"S": "support", "N": "30", "M": "should", "O": "southern"},
)
FORM = (
    "Name: {Ann|Gwen|Jo|Samir|Li|Piotr} {Price|Khan|Evans|Novak}\nOrganisation: {none|Town Council|Ramblers}\n"
    "Are you responding as an individual or on behalf of an organisation? {Individual|Organisation}\n"
    "Question 1: Do you agree with the proposed clear width? {Yes|No|Not sure}\nPlease give your reasons: "
)


def personal(chance: random.Random, count: int) -> str:
    """Write so many sentences of somebody's own life."""
    return " ".join(drawn(one, chance) for one in chance.sample(PERSONAL, count))


def slipped(word: str, chance: random.Random) -> str:
    """Type a word wrongly."""
    if len(word) < 4:
        return word
    at = chance.randrange(1, len(word) - 1)
    swapped = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    return chance.choice([word[:at] + word[at + 1 :], swapped, word[:at] + word[at] + word[at:]])


def copied(letter: str, chance: random.Random) -> str:
    """Send a letter on as people do: a sentence less, two swapped, slips, other marks, and something of one's own."""
    sentences = _SENTENCE.split(letter)
    if len(sentences) > 3 and chance.random() < 0.5:
        sentences.pop(chance.randrange(len(sentences)))
    if len(sentences) > 2 and chance.random() < 0.4:
        one, other = chance.sample(range(len(sentences)), 2)
        sentences[one], sentences[other] = sentences[other], sentences[one]
    words = " ".join(sentences).split(" ")
    if chance.random() < 0.5:
        words = [slipped(word, chance) if chance.random() < 0.05 else word for word in words]
    text = _otherwise_marked(" ".join(words), chance)
    if chance.random() < 0.5:
        before, after = chance.choice([(1, 0), (0, 1), (2, 1), (0, 3), (4, 0)])
        text = "\n\n".join(filter(None, [personal(chance, before), text, personal(chance, after)]))
    return text + chance.choice(["", "", "\n\nYours faithfully,\nAnn Price", "\n\nRegards, Li"])


def _otherwise_marked(text: str, chance: random.Random) -> str:
    ways = [
        str.upper,
        str.lower,
        lambda said: "\n".join(f"> {one}" for one in _SENTENCE.split(said)),
        lambda said: "**{}** {}".format(*(said + " ").split(" ", 1)),
        lambda said: said.replace("'", "’").replace(" ", "  "),
        str,
        str,
    ]
    return chance.choice(ways)(text)


def of_alternatives(template: str, campaign: str, count: int, chance: random.Random) -> list[Made]:
    """Write a campaign whose phrases are drawn from lists; some add a passage of their own."""
    made = []
    for _ in range(count):
        text = drawn(template, chance)
        if chance.random() < 0.25:
            text = f"{personal(chance, chance.randrange(1, 4))}\n\n{text}"
        made.append(Made(text, campaign))
    return made


def of_copies(letter: str, campaign: str, count: int, chance: random.Random) -> list[Made]:
    return [Made(copied(letter, chance), campaign) for _ in range(count)]


def everything(seed: int = 1, size: int = 60) -> list[Made]:
    """Write to a consultation: campaigns of up to `size`, and everybody else, in any order."""
    chance = random.Random(seed)
    made = of_alternatives(TRAFFIC, "traffic", size, chance) + of_alternatives(TABLES, "tables", size, chance)
    made += of_alternatives(SCHOOL, "school", size // 2, chance)
    for number, letter in enumerate(LETTERS):
        made += of_copies(letter, f"letter {number}", max(2, size // (number + 1)), chance)
    made += opposites(chance, size // 3)
    made += [Made(text, None) for text in OWN_WORDS]
    made += [Made(text, None) for text in SHORT * (size // 4)]
    made += quoted(chance) + forms(chance)
    chance.shuffle(made)
    return made


def opposites(chance: random.Random, count: int) -> list[Made]:
    """Write letters of one frame that ask for opposite things, or for another of several: each is its own campaign."""
    made = []
    for number, frame in enumerate(FRAMES):
        for side in SIDES[: 2 + number]:
            text = frame.format(**side)
            made += [
                Made(text if chance.random() < 0.7 else text.upper(), f"frame {number} {side}")
                for _ in range(count)
            ]
    return made


def quoted(chance: random.Random) -> list[Made]:
    """Let people quote one passage of the draft and say of it what they think."""
    ways = ("> {}", "“{}”", '"{}"')
    return [
        Made(f"{chance.choice(ways).format(chance.choice(PASSAGES))}\n\n{own}", None)
        for own in _more_own_words()
    ]


def forms(chance: random.Random) -> list[Made]:
    """Let people fill in one form, each with reasons of their own."""
    return [Made(_filled(own, chance), None) for own in _other_own_words()]


def _filled(own: str, chance: random.Random) -> str:
    lines = [drawn(line, chance) for line in FORM.split("\n")]
    return "\n".join(lines) + " " + own


def _more_own_words() -> list[str]:
    return [
        "Who would walk round at midnight with a tape? The wardens finish at six, and my shutters are down by then.",
        "I sweep the step of the chapel each Saturday and find cutlery in the gutter; write something about cutlery.",
        "Undue to whom? A person with a white cane, a toddler and a waiter will answer that in three ways.",
        "My cousin lost her licence in Hereford over one umbrella. A warning by letter costs a stamp.",
        "It is the first sentence in the whole chapter that I could read aloud to my mother and she would follow it.",
        "Kerbs here are sloped, so whoever measures from one will measure something else each time it rains.",
        "Please add that bins belong to the same rule. Ours stand in the middle on Mondays and nobody is fined.",
        "Five working days is a joke for a shop with two people, one of whom is me and the other is asleep.",
        "Fine by me. We have kept more than that since the flood and trade has not suffered at all.",
        "The nearest obstacle to my door is a telephone box that has not rung since 1998. Will you move it?",
    ]


def _other_own_words() -> list[str]:
    return [
        "Because pushchairs with twins are wider than whoever drew the diagram seems to believe.",
        "Winter opening is short and the fee is not, so half a year would be kinder to us in the arcade.",
        "I have no strong feeling, though lamps at ankle height would help after four in December.",
        "The bakery does this already without being told, and the queue still blocks the crossing.",
        "Our lodge meets upstairs, and ladders for the banner need the corner by the bank kept clear.",
        "A year is nothing to a landlord. Give it three and ask for a deposit against damage.",
        "Residents above the shops were promised quiet after ten; hold the holders to that and I am content.",
    ]
