"""Polarity: what a text denies, its words that have an opposite, and the words that say how many."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from qa.answering.terms import STOP_WORDS, stem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qa.answering.terms import Term

SCOPE = 4
"""Content words behind a negation that it may deny."""
BEFORE, AFTER = 3, 4
"""Words before and behind a word such as "rose" that it may be said of."""

NEGATORS = frozenset(
    """
    not no never none nor neither nobody nothing nowhere cannot without nt
    dont doesnt didnt isnt arent wasnt werent wont wouldnt cant couldnt shouldnt hasnt havent hadnt mustnt
    neednt aint
    """.split()
)
_NO_DENIAL_BEFORE = frozenset("only just merely simply least necessarily doubt matter surprisingly".split())
# Words that deny without a negation: they make another sentence with a negation agree with this one.
_DENYING = tuple(
    "lack fail absen without hard rare scarc bare deni deny refus exclud prevent avoid impair loss lose"
    " lost miss"
    " few little only resist against reject stop cease free despit contra abol elimin block inhibit unab"
    " unaff"
    " unalter unchang unfit unkn unlik unnec unrel unsuc unsupp independ inact incap ineff insens insuff"
    " invalid"
    " disab disagr disappear dispro dissoc noninf instead except rather illegal impossib".split()
)

_PAIRS = """
more less | more fewer | most least | higher lower | high low | highest lowest | increase decrease
increase reduce | increase decline | rise fall | rose fell | risen fallen | grow shrink | grew shrank
larger smaller | large small | big small | bigger smaller | largest smallest | biggest smallest
greater smaller | greater less | greater lower | greatest least | before after | earlier later
early late | earliest latest | above below | over under | longer shorter | long short
longest shortest | better worse | best worst | improve worsen | improve impair | better poorer
older younger | old new | oldest newest | oldest youngest | first last | win lose | won lost
north south | east west | northern southern | eastern western | northeast southwest
northwest southeast | always never | often rarely | often seldom | frequently rarely | usually rarely
all none | everything nothing | everyone nobody | with without | include exclude | inside outside
internal external | inner outer | accept reject | accept refuse | approve reject | allow forbid
permit forbid | permit prohibit | allow prevent | open close | begin end | begin cease | start stop
start finish | enter leave | arrive leave | arrive depart | gain lose | gain loss | win loss
strong weak | stronger weaker | strengthen weaken | fast slow | faster slower | positive negative
positively negatively | upregulate downregulate | activate inhibit | activation inhibition
activate deactivate | activate suppress | promote inhibit | promote prevent | promote suppress
enhance reduce | enhance inhibit | enhance impair | induce inhibit | stimulate inhibit
induce suppress | induce prevent | enhance suppress | elevate reduce | raise lower | expand contract
protect harm | beneficial harmful | sensitive resistant | sensitivity resistance | success failure
succeed fail | true false | right wrong | left right | major minor | majority minority
maximum minimum | public private | rich poor | safe dangerous | legal illegal | possible impossible
likely unlikely | able unable | dependent independent | hot cold | warmer colder | north southern
import export | buy sell | bought sold | support oppose | supporter opponent | ally enemy
friend enemy | victory defeat | male female | man woman | men women | father mother | son daughter
husband wife | king queen | day night | summer winter | morning evening | heavy light | hard soft
wide narrow | deep shallow | full empty | same different | similar different | common rare
common uncommon | necessary unnecessary | present absent | presence absence | alive dead | birth death
born died | upper lower | many few | many no | several no | some no | some none | all no | every no
each no | both neither | either neither | increase reduction | rise decline | rising falling
accelerate slow | up down | upward downward | lengthen shorten | add remove | attach detach
ascend descend | agree disagree | connect disconnect | gain lack
"""

_UP = frozenset(
    stem(word)
    for word in """
    increase rise rose risen raise grow grew higher high greater larger elevate enhance promote upregulate
    improve strengthen stimulate accelerate facilitate boost activate induce augment exacerbate longer
    stronger better gain
    """.split()
)
_DOWN = frozenset(
    stem(word)
    for word in """
    decrease reduce decline fall fell lower low smaller suppress inhibit impair downregulate worsen weaken
    attenuate diminish prevent shorter weaker worse lose loss block abolish drop shrink slow
    """.split()
)

_MANY = frozenset(
    "all every each always entire whole entirely completely only everyone everything any both".split()
)
_SOME = frozenset(
    """
    some many most several few often sometimes usually generally frequently occasionally partly partially
    mostly largely certain various numerous majority typically commonly mainly primarily half nearly almost
    part about rarely seldom
    """.split()
)


def _opposites() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for pair in _PAIRS.replace("\n", "|").split("|"):
        words = pair.split()
        for one, other in (words, words[::-1]) if len(words) == 2 else ():
            found.setdefault(stem(one), set()).add(stem(other))
    return {one: frozenset(others) for one, others in found.items()}


OPPOSITES = _opposites()
"""By stem, the stems that say the opposite."""


def opposed(one: Term, other: Term) -> bool:
    """Whether one word is the other's opposite."""
    return other.stem in OPPOSITES.get(one.stem, ())


def negations(words: Sequence[Term]) -> list[int]:
    """Return where words deny: "not", "never", "cannot"; not "not only", "whether or not"."""
    found = []
    for place, word in enumerate(words):
        if word.text not in NEGATORS:
            continue
        following = words[place + 1].text if place + 1 < len(words) else ""
        before = words[place - 1].text if place else ""
        if following in _NO_DENIAL_BEFORE or (word.text == "not" and before == "or"):
            continue
        found.append(place)
    return found


def denied(words: Sequence[Term]) -> list[tuple[str, ...]]:
    """Return for each negation the stems of content words it is spoken of; "without" and "but not" aside."""
    found = []
    for place in negations(words):
        aside = words[place].text == "without" or (place > 0 and words[place - 1].text in {"but", "and"})
        content = [word.stem for word in words[place + 1 : place + 10] if word.text not in STOP_WORDS]
        if content and not aside:
            found.append(tuple(content[:SCOPE]))
    return found


def against(one: Term, other: Term) -> bool:
    """Whether one word is the other's opposite, or one goes up where the other goes down."""
    up, down = one.stem in _UP, one.stem in _DOWN
    return opposed(one, other) or (up and other.stem in _DOWN) or (down and other.stem in _UP)


def along(one: Term, other: Term) -> bool:
    """Whether both say the same, or go the same way."""
    both_up = one.stem in _UP and other.stem in _UP
    return one.stem == other.stem or both_up or (one.stem in _DOWN and other.stem in _DOWN)


@dataclass(frozen=True, slots=True)
class Bearing:
    """A word with an opposite that another one stands near."""

    word: Term
    behind: bool
    """Whether that other one stands behind it."""


def bearings(words: Sequence[Term]) -> dict[str, list[Bearing]]:
    """Map stems of content words to the words with an opposite that stand near them, negated ones aside."""
    found: dict[str, list[Bearing]] = {}
    for place, word in enumerate(words):
        if not _turns(word) or any(other.text in NEGATORS for other in words[max(0, place - 3) : place]):
            continue
        first = max(0, place - BEFORE)
        for number, other in enumerate(words[first : place + 1 + AFTER], first):
            if number != place and other.text not in STOP_WORDS and not _moves(other):
                found.setdefault(other.stem, []).append(Bearing(word, number > place))
    return found


def _moves(word: Term) -> bool:
    return word.stem in _UP or word.stem in _DOWN


def _turns(word: Term) -> bool:
    return word.stem in OPPOSITES or _moves(word)


def denies(words: Sequence[Term]) -> bool:
    """Whether anything in the words may deny, "lacks" and "independent" included."""
    return any(word.text in NEGATORS or word.text.startswith(_DENYING) for word in words)


def universal(word: Term) -> bool:
    """Whether it speaks of all, without exception."""
    return word.text in _MANY or word.text in NEGATORS


def limited(word: Term) -> bool:
    """Whether it speaks of some only, or of most, or of often."""
    return word.text in _SOME
