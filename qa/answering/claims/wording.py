"""Wording: words that only fill, and other words for the same thing, for telling a paraphrase.

General English, chosen by hand; nothing of any question set.
"""

from __future__ import annotations

from qa.answering.terms import stem

FILLERS = frozenset(
    stem(word)
    for word in """
    additionally aforementioned allow along also although aspect available based become besides case certain
    commonly consequently consider context course crucial currently depend detail different due ensure
    especially essential essentially even example fact feature following follow further furthermore general
    generally good help hence however important importantly include indeed individual instance instead
    involve item key known lead like likely main mainly make mean moreover multiple need nevertheless
    nonetheless note notably number occur often option overall part particular particularly people point
    possible potential potentially primarily provide range refer regarding related relevant require result
    serve several significant significantly similar similarly simply situation specific specifically step
    suggest summary term therefore thing thus typical typically ultimately unfortunately use useful usually
    variety various vary way well
    """.split()
)
"""Stems of words that a writer puts in between."""

_GROUPS = """
begin began begun start commence | big large huge | buy bought purchase acquire | sell sold sale
child children kid | man men | woman women | person people individual | build built construct erect
car automobile | choose chose chosen select pick | come came | country nation | create make made produce
die died death dead | doctor physician | drive drove driven | eat ate eaten | end finish conclude
fall fell fallen | feel felt | fight fought | find found discover | fly flew flown | foot feet
forbid forbade forbidden ban prohibit | frequent often | get got gotten obtain receive | give gave given
grow grew grown growth | happen occur | help assist aid | hide hid hidden | high tall | hold held
house home residence | hurt harm injure damage | illness disease sickness
important essential crucial vital key | job work employment | keep kept retain | kill slay murder
know knew known | last final | lead led | leave left | lose lost loss | main primary principal chief major
mean meant | meet met | money fund | mouse mice | near close | need require necessary | pay paid payment
quick fast rapid | rise rose risen | ride rode ridden | run ran | say said state | see saw seen
seek sought | send sent | show shown demonstrate reveal indicate | shut close | sick ill | sing sang sung
sink sank sunk | speak spoke spoken | spend spent | stand stood | steal stole stolen | stop cease halt
strike struck | swim swam swum | take took taken | teach taught | tell told | think thought
throw threw thrown | tooth teeth | try attempt | understand understood | war conflict | wear wore worn
win won victory | write wrote written author | yearly annual | year annual | city town
allow permit enable | answer reply response | area region | attack assault | begin initiate
change alter modify | company firm corporation | danger hazard risk | decide decision | defeat beat
enough sufficient | error mistake | fix repair | goal aim objective purpose | hard difficult | idea concept
law legislation | method approach technique | part portion section | place location site | problem issue
reason cause | rich wealthy | road street | rule govern | same identical | ship vessel boat | sign signal
small little tiny | soldier troop | speed velocity | test examine | use utilize employ | weapon arm
whole entire | wrong incorrect | reduce decrease lower decline | increase raise rise | improve enhance
avoid prevent
"""


def _groups() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for group in _GROUPS.replace("\n", "|").split("|"):
        members = {stem(word) for word in group.split()}
        for member in members:
            found.setdefault(member, set()).update(members - {member})
    return {member: frozenset(others) for member, others in found.items()}


LIKE = _groups()
"""By stem, the stems that may stand for it."""
