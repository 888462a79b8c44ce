"""Words that say little of what a letter is about: of English and of Welsh, and of any answer to a consultation."""


def listed(words: str) -> frozenset[str]:
    """Return the words of a list that is written with blanks between them."""
    return frozenset(words.split())


LITTLE = listed("""a an the and or but nor of to in for on at by as with from into onto over under about above after before between
    through during is am are was were be been being it its this that these those there here i you he she we they me him
    her us them my your his our their mine yours ours theirs myself yourself himself herself itself ourselves themselves
    who whom whose which what when where why how not no yes do does did done doing have has had having will would shall
    should can could may might must if then than so such too very just also only even still yet again ever never all any
    some more most much many few less least other another each every both either own same up down out off one two very
    because while since until although though however therefore thus else upon per via
    y yr ar i ac a yn o r n eu ei ein eich fy dy mae nid ni chi nhw hi fe mi ydy yw oedd bydd byddai fod i'r o'r a'r
    am at gan dros heb rhwng wrth trwy drwy hefyd ond neu na nac os pan sy sydd bod wedi hyn hynny""")
"""Words of which any text is made. A run that has no other word proves nothing."""

ANYWHERE = LITTLE | listed("""agree disagree support oppose object objection proposal proposed plan draft paragraph section comment consider
    reconsider please thank thanks think feel believe hope want need like would idea good great bad better best wrong
    right strongly fully completely totally absolutely really well make get go going take give let say said see way thing
    soon ahead possible council government authority consultation response policy approve reject against favour change
    write writing dear sir madam sincerely faithfully regard yours concerned concern view opinion point people time
    cytuno cefnogi gwrthwynebu diolch annwyl""")
"""These too, in an answer to a consultation: two short comments made of them agree, and are no campaign."""
