"""Variants: the British spelling of an American word, and the other way round."""

from __future__ import annotations

from functools import lru_cache

_OUR = """
    arb ard arm behavi cand clam col demean enam endeav fav ferv flav glam harb hon hum lab neighb od parl
    ranc rig rum sav savi splend succ tum val vap vig
""".split()
_RE = """
    cent fib lit met kilomet millimet centimet nanomet theat calib lust meag somb spect sab och scept
    amphitheat louv sepulch mit reconnoit accout saltpet
""".split()
_DOUBLED = """
    cancel channel chisel counsel dial duel enamel equal fuel funnel gravel grovel initial jewel label level
    libel marshal marvel medal model panel parcel pedal pencil quarrel rival shovel shrivel signal snorkel
    spiral stencil swivel symbol total towel travel trowel tunnel unravel yodel worship kidnap
""".split()
_OGUE = ("catal", "dial", "anal", "monol", "prol", "epil", "travel", "homol")
# (British, American): beginnings or insides of words, long enough to be nothing else
_INSIDE = (
    *((f"{root}our", f"{root}or") for root in _OUR if root not in {"lab", "arm", "hum", "od", "val", "rig"}),
    *((f"{root}ogue", f"{root}og") for root in _OGUE),
    *(
        (f"{root}ll{end}", f"{root}l{end}")
        for root in (word.removesuffix("l") for word in _DOUBLED if word.endswith("l"))
        for end in ("ed", "ing", "er", "or")
    ),
    ("haem", "hem"), ("anaem", "anem"), ("aemia", "emia"), ("aesthe", "esthe"), ("paediatr", "pediatr"),
    ("gynaec", "gynec"), ("orthopaed", "orthoped"), ("encyclopaed", "encycloped"), ("palaeo", "paleo"),
    ("archaeo", "archeo"), ("mediaeval", "medieval"), ("aetiolog", "etiolog"), ("ischaem", "ischem"),
    ("faec", "fec"), ("caesar", "cesar"), ("caesium", "cesium"), ("leukaem", "leukem"),
    ("oestr", "estr"), ("oesoph", "esoph"), ("oedem", "edem"), ("coeliac", "celiac"), ("foet", "fet"),
    ("diarrhoea", "diarrhea"), ("homoeo", "homeo"), ("manoeuvr", "maneuver"), ("amoeba", "ameba"),
    ("programme", "program"), ("defence", "defense"), ("offence", "offense"), ("pretence", "pretense"),
    ("licence", "license"), ("practise", "practice"), ("aluminium", "aluminum"), ("sulph", "sulf"),
    ("aeroplane", "airplane"), ("plough", "plow"), ("mould", "mold"), ("smoulder", "smolder"),
    ("moustache", "mustache"), ("pyjama", "pajama"), ("sceptic", "skeptic"), ("judgement", "judgment"),
    ("acknowledgement", "acknowledgment"), ("ageing", "aging"), ("artefact", "artifact"),
    ("enquir", "inquir"), ("yoghurt", "yogurt"), ("jewellery", "jewelry"), ("marvellous", "marvelous"),
    ("woollen", "woolen"), ("skilful", "skillful"), ("wilful", "willful"), ("fulfilment", "fulfillment"),
    ("enrolment", "enrollment"), ("instalment", "installment"), ("worshipp", "worship"),
    ("kidnapp", "kidnap"), ("gaol", "jail"),
    ("labour", "labor"), ("armour", "armor"), ("humour", "humor"), ("rigour", "rigor"),
    ("valour", "valor"), ("whisky", "whiskey"),
)  # fmt: skip
_WHOLE = {"grey": "gray", "greys": "grays", "odour": "odor", "odours": "odors"}
_WHOLE |= {f"{root}re{end}": f"{root}er{end}" for root in _RE for end in ("", "s")}
_BACK = {american: british for british, american in _WHOLE.items()}
_ENDINGS = (
    ("isation", "ization"), ("isations", "izations"), ("isational", "izational"), ("ise", "ize"),
    ("ised", "ized"), ("ises", "izes"), ("ising", "izing"), ("iser", "izer"), ("isers", "izers"),
    ("yse", "yze"), ("ysed", "yzed"), ("yses", "yzes"), ("ysing", "yzing"), ("yser", "yzer"),
)  # fmt: skip
_SHORTEST, _SHORTEST_ISE = 4, 6
_FIRST = 3  # letters by which what may stand inside a word is looked up
_PAIRS: dict[str, list[tuple[str, str]]] = {}
for _british, _american in _INSIDE:
    _PAIRS.setdefault(_british[:_FIRST], []).append((_british, _american))
    _PAIRS.setdefault(_american[:_FIRST], []).append((_american, _british))


@lru_cache(maxsize=8192)
def variants(word: str) -> tuple[str, ...]:
    """Return other spellings of a lower-case word, some of them no words: ask the corpus which it knows."""
    if len(word) < _SHORTEST or not word.isascii() or not word.isalpha():
        return ()
    found = {_WHOLE.get(word, word), _BACK.get(word, word)}
    for at in range(len(word) - _FIRST + 1):
        for here, there in _PAIRS.get(word[at : at + _FIRST], ()):
            longer = len(there) > len(here) and word.startswith(there, at)  # "programme" has "program" in it
            if word.startswith(here, at) and not longer:
                found.add(word[:at] + there + word[at + len(here) :])
    for pair in _ENDINGS if len(word) >= _SHORTEST_ISE else ():
        for here, there in (pair, pair[::-1]):
            if word.endswith(here):
                found.add(word.removesuffix(here) + there)
    return tuple(sorted(found - {word}))
