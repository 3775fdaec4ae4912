"""Make true and changed sentences out of a corpus, to judge a verifier with; imports nothing of `qa`.

    python scripts/mutations.py CORPUS... --each 400 --seed 1 --out FILE [--claims QUERIES]

Each CORPUS is `corpus.jsonl.gz` (`id`, `title`, `text`). Of each sort so many sentences are made: true ones
as they stand, and ones in which a number, a date, a name, a negation, a comparison, a quantity ("all",
"some") or the roles around a verb were changed. A wrong number, date or name comes from another document.
QUERIES are labelled claims (`question`, `label`, `rationales`) on the first corpus, which yield paraphrases
and contradictions. A line of FILE: `kind`, `claim`, `source_text`, `id` (of the document), `was`, `now`.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import re
from pathlib import Path

from labelled_claims import Change, Row, paraphrases, row_of

MONTHS = "January February March April May June July August September October November December".split()
_END = re.compile(r"(?<=[a-z0-9)\"’”][.!?])\s+(?=[A-Z\"“(])")
_NUMBER = re.compile(r"(?<![\w.,/:$£€–-])[$£€]?\d+(?:[.,]\d+)*(?![\w/:–-]|[.,]\d)")
_DATE = re.compile(
    rf"\b(?:\d{{1,2}} )?(?:{'|'.join(MONTHS)})(?: \d{{1,2}}(?!\d))?(?:,? \d{{4}})?\b"
    r"|\b(?:1[0-9]|20)\d\d\b(?![-–,.]\d)"
)
_NAME = re.compile(r"(?<=[a-z,;] )(?:[A-Z][\w’'-]*[A-Za-z]\b(?: (?=[A-Z]))?)+")
_SMALL = frozenset(
    "The A An I It He She They We In On At As By For Of And Or But If This That Mr Mrs Dr".split()
)
_AUXILIARY = re.compile(
    r"\b(is|are|was|were|has|have|had|can|could|will|would|should|may|might|must|did|does|do)\b(?! not\b|n't)"
)
_DENIAL = re.compile(
    r"\b(is|are|was|were|has|have|had|can|could|will|would|should|may|might|must|did|does|do) not\b"
    r"|\bcannot\b"
)


def _pairs(text: str) -> list[tuple[str, str]]:
    words = [pair.split() for pair in text.replace("\n", "|").split("|") if pair.strip()]
    return [(one, other) for one, other in words]


_OPPOSITE = _pairs(
    """
    more less | higher lower | increased decreased | increase decrease | before after | larger smaller
    rose fell | first last | above below | most least | improved worsened | early late | longer shorter
    always never | best worst | greater smaller | highest lowest | largest smallest | oldest newest
    won lost | north south | east west | northern southern | eastern western
    """
)
_AMOUNT = _pairs(
    """
    some all | many all | most all | several all | all some | every no | often always
    sometimes always | usually always | few many | all no
    """
)
_GAVE = re.compile(
    r"\b(defeated|succeeded|founded|invaded|replaced|influenced|attacked|conquered|supported|joined|beat|bought"
    r"|led"
    r"|acquired|followed|opposed|criticized|sued|accused|inhibited|inhibits|activated|activates|induced"
    r"|induces"
    r"|regulates|regulated|promotes|controls|signed|killed|married|ruled|helped|caused)\b"
)
_PROPER = r"[A-Z][\w’'-]*\w(?: (?:of (?:the )?)?[A-Z][\w’'-]*\w){0,3}"
_ROLES = re.compile(rf"\b({_PROPER})( (?:\w+ )?(?:{_GAVE.pattern[3:-3]}) (?:the )?)({_PROPER})\b")


def lines(path: Path) -> list[Row]:
    """Read JSON lines, gzipped or not."""
    data = path.read_bytes()
    text = (gzip.decompress(data) if path.suffix == ".gz" else data).decode("utf-8")
    return [json.loads(line) for line in text.splitlines() if line]


def sentences(text: str) -> list[str]:
    """Cut running text into whole sentences of ordinary length."""
    found = []
    for paragraph in text.split("\n"):
        pieces = [piece.strip() for piece in _END.split(paragraph)]
        found += [piece for piece in pieces if 40 <= len(piece) <= 400 and piece.count(" ") >= 6]
    return [piece for piece in found if piece[0].isupper() and piece[-1] == "."]


def names(sentence: str) -> list[re.Match[str]]:
    """Find capitalised runs inside a sentence that are neither months nor small words."""
    return [
        match
        for match in _NAME.finditer(sentence)
        if match.group().split()[0] not in _SMALL and not _DATE.search(match.group())
    ]


def numbers(sentence: str) -> list[re.Match[str]]:
    """Find figures that are no part of a date."""
    dates = [match.span() for match in _DATE.finditer(sentence)]
    return [
        match
        for match in _NUMBER.finditer(sentence)
        if not any(start < match.end() and match.start() < end for start, end in dates)
    ]


def dates(sentence: str) -> list[re.Match[str]]:
    """Find dates and years; a lone May or March may be something else."""
    return [match for match in _DATE.finditer(sentence) if any(sign.isdigit() for sign in match.group())]


def swapped(sentence: str, found: list[re.Match[str]], pool: list[str], rng: random.Random) -> Change | None:
    """Put something of another document in the place of one of the things found."""
    if not found:
        return None
    match = rng.choice(found)
    shape = [len(match.group().split()), match.group().isdigit()]
    fitting = [
        other
        for other in rng.sample(pool, min(60, len(pool)))
        if [len(other.split()), other.isdigit()] == shape
        and not set(re.findall(r"\w+", other.lower())) & set(re.findall(r"\w+", sentence.lower()))
    ]
    if not fitting:
        return None
    return sentence[: match.start()] + fitting[0] + sentence[match.end() :], match.group(), fitting[0]


def denied(sentence: str, rng: random.Random) -> Change | None:
    """Take a negation out, or put one in behind the first auxiliary."""
    match = _DENIAL.search(sentence)
    if match:
        word = match.group(1) or "can"
        return sentence[: match.start()] + word + sentence[match.end() :], match.group(), word
    if re.search(r"\b(?:not?|never|without|nor|neither|n't)\b|n't", sentence):
        return None
    found = list(_AUXILIARY.finditer(sentence))
    if not found:
        return None
    match = found[0] if rng.random() < 0.7 else rng.choice(found)
    return sentence[: match.end()] + " not" + sentence[match.end() :], match.group(), match.group() + " not"


def turned(sentence: str, pairs: list[tuple[str, str]], rng: random.Random, *, both: bool) -> Change | None:
    """Replace a word by its opposite."""
    every = pairs + [(other, one) for one, other in pairs] if both else pairs
    found = [
        (match, now) for was, now in every for match in re.finditer(rf"(?<![-\w]){was}(?![-\w])", sentence)
    ]
    if not found:
        return None
    match, now = rng.choice(found)
    return sentence[: match.start()] + now + sentence[match.end() :], match.group(), now


def crossed(sentence: str) -> Change | None:
    """Exchange the names before and behind a verb."""
    match = _ROLES.search(sentence)
    if (
        not match
        or match.group(1).split()[0] in _SMALL
        or set(match.group(1).split()) & set(match.group(3).split())
    ):
        return None
    now = match.group(3) + match.group(2) + match.group(1)
    return sentence[: match.start()] + now + sentence[match.end() :], match.group(), now


def mutations(corpus: list[Row], each: int, rng: random.Random) -> list[Row]:
    """Make `each` of every sort, as far as the corpus has them; at most two of a sort from one document."""
    texts = [
        (str(row["id"]), sentence) for row in corpus for sentence in dict.fromkeys(sentences(row["text"]))
    ]
    whole = {str(row["id"]): f"{row['title']} {row['text']}" for row in corpus}
    rng.shuffle(texts)
    pools: dict[str, list[tuple[str, str]]] = {"number": [], "date": [], "name": []}
    for document, sentence in texts:
        pools["number"] += [(document, match.group()) for match in numbers(sentence)]
        pools["date"] += [(document, match.group()) for match in dates(sentence)]
        pools["name"] += [(document, match.group()) for match in names(sentence)]

    def elsewhere(kind: str, document: str) -> list[str]:
        some = rng.sample(pools[kind], min(400, len(pools[kind])))
        chosen = [text for owner, text in some if owner != document]
        return [text for text in chosen if kind != "name" or text not in whole[document]]

    made: list[Row] = []
    makers = {
        "verbatim": lambda _, sentence: (sentence, "", ""),
        "number": lambda owner, s: (
            (found := numbers(s)) and swapped(s, found, elsewhere("number", owner), rng)
        ),
        "date": lambda owner, s: (found := dates(s)) and swapped(s, found, elsewhere("date", owner), rng),
        "name": lambda owner, s: (found := names(s)) and swapped(s, found, elsewhere("name", owner), rng),
        "negation": lambda _, s: denied(s, rng),
        "opposite": lambda _, s: turned(s, _OPPOSITE, rng, both=True),
        "quantity": lambda _, s: turned(s, _AMOUNT, rng, both=False),
        "roles": lambda _, s: crossed(s),
    }
    for kind, maker in makers.items():
        taken: dict[str, int] = {}
        count = 0
        for document, sentence in texts:
            if count == each:
                break
            change = maker(document, sentence) if taken.get(document, 0) < 2 else None
            if change:
                made.append(row_of(kind, document, sentence, change))
                taken[document] = taken.get(document, 0) + 1
                count += 1
    return made


def main() -> None:
    """Make them and write them."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("corpus", type=Path, nargs="+")
    parser.add_argument("--each", type=int, default=400, help="of each sort and corpus")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--claims", type=Path, help="labelled claims on the first corpus")
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    made: list[Row] = []
    for number, path in enumerate(options.corpus):
        corpus = lines(path)
        rng = random.Random(f"{options.seed} {number}")  # noqa: S311 - repeatable, and guards nothing
        found = mutations(corpus, options.each, rng)
        if options.claims and number == 0:
            found += paraphrases(corpus, lines(options.claims))
        made += [{**row, "corpus": path.parent.name} for row in found]
    with options.out.open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in made)
    counts: dict[str, int] = {}
    for row in made:
        counts[row["kind"]] = counts.get(row["kind"], 0) + 1
    print(", ".join(f"{kind} {count}" for kind, count in counts.items()))


if __name__ == "__main__":
    main()
