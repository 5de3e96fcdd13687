"""The way pupils type: one passage restyled lightly, by seed, without touching what it says."""

import random
import re

_SHORT = {
    "you": ("u",),
    "your": ("ur",),
    "youre": ("ur",),
    "are": ("r",),
    "because": ("bc", "cos", "cuz"),
    "people": ("ppl",),
    "please": ("pls", "plz"),
    "really": ("rly",),
    "tomorrow": ("tmrw", "tmr"),
    "tonight": ("tonite", "2nite"),
    "about": ("abt",),
    "before": ("b4",),
    "though": ("tho",),
    "through": ("thru",),
    "something": ("smth", "somthing"),
    "someone": ("some1", "sum1"),
    "anymore": ("any more", "nemore"),
    "everyone": ("every1",),
    "probably": ("prob", "prolly"),
    "with": ("wiv", "w"),
    "message": ("msg",),
    "know": ("kno",),
    "what": ("wat", "wot"),
    "thanks": ("ty", "thx"),
    "and": ("n", "&"),
}
_PHRASES = (
    ("i dont know(?= (?:what|why|how|if|who|where)\\b|$)", "idk"),
    ("to be honest", "tbh"),
    ("not gonna lie", "ngl"),
    ("right now", "rn"),
    ("going to", "gonna"),
    ("want to", "wanna"),
    ("kind of", "kinda"),
    ("dont know", "dunno"),
)
_WRITTEN = {
    "i": "I",
    "im": "I'm",
    "ive": "I've",
    "dont": "don't",
    "cant": "can't",
    "wont": "won't",
    "didnt": "didn't",
    "doesnt": "doesn't",
    "isnt": "isn't",
    "wasnt": "wasn't",
    "hes": "he's",
    "shes": "she's",
    "theyre": "they're",
    "thats": "that's",
    "whats": "what's",
    "youre": "you're",
    "wouldnt": "wouldn't",
    "couldnt": "couldn't",
    "shouldnt": "shouldn't",
    "havent": "haven't",
    "mums": "mum's",
    "dads": "dad's",
}
_LEADS = ("ngl", "tbh", "idk", "honestly", "so", "ok so", "like", "um", "btw", "but")
_TAILS = ("tbh", "ngl", "idk", "tho", "...", "??", "fr", "man", "x", ":(")
_SPEAKERS = frozenset("i im ive my he hes she shes they theyre we were mum dad nobody everyone".split())
_LOUD = frozenset("so really please no why help hate never always too all".split())
_WORD = re.compile(r"[A-Za-z']+")


def _no_apostrophes(text: str) -> str:
    return text.replace("'", "").replace("’", "")


def _shorten(text: str, rng: random.Random) -> str:
    for long, short in _PHRASES:
        if rng.random() < 0.5:
            text = re.sub(rf"\b(?:{long})(?!\w)", short, text)

    def swap(found: re.Match[str]) -> str:
        choices = _SHORT.get(found[0])
        return rng.choice(choices) if choices and rng.random() < 0.5 else found[0]

    return _WORD.sub(swap, text)


def _write_out(text: str) -> str:
    """What a phone's keyboard makes of it: capitals, apostrophes, a full stop."""
    text = _WORD.sub(lambda found: _WRITTEN.get(found[0], found[0]), text)
    text = text[:1].upper() + text[1:]
    return text if text[-1:] in ".?!)" else f"{text}."


def _stretch(text: str, rng: random.Random) -> str:
    loud = [found for found in _WORD.finditer(text) if found[0] in _LOUD]
    if not loud:
        return text
    end = rng.choice(loud).end()
    return text[:end] + text[end - 1] * rng.randint(1, 3) + text[end:]


_DELICATE = re.compile(r"count|shift|shirt|clock|flock", re.IGNORECASE)
"""One letter fewer and these are swear words, which would teach that harmless passages hold some."""


def _slip(text: str, rng: random.Random) -> str:
    """One slip of the thumb: two inner letters change places, one is lost or one is doubled."""
    long = [found for found in _WORD.finditer(text) if len(found[0]) >= 5 and not _DELICATE.search(found[0])]
    if not long:
        return text
    word = rng.choice(long)
    at = word.start() + rng.randrange(1, len(word[0]) - 2)
    first, second = text[at], text[at + 1]
    return text[:at] + rng.choice((second + first, second, first + first + second)) + text[at + 2 :]


def _tag(text: str, rng: random.Random) -> str:
    if text.split(" ", 1)[0].casefold() not in _SPEAKERS or text.endswith(("?", "!", "...")):
        return text
    if rng.random() < 0.5:
        return f"{rng.choice(_LEADS)} {text}"
    return f"{text} {rng.choice(_TAILS)}"


def vary(text: str, rng: random.Random, *, chatty: bool) -> str:
    """The passage in another hand; ``chatty`` allows the small words of chat (ngl, tbh, u, bc)."""
    if rng.random() < 0.25:
        return _write_out(text)
    if rng.random() < 0.7:
        text = _no_apostrophes(text)
    if rng.random() < 0.7:
        text = text.lower()
    if chatty and rng.random() < 0.6:
        text = _shorten(text, rng)
    if chatty and rng.random() < 0.3:
        text = _tag(text, rng)
    if rng.random() < 0.2:
        text = _stretch(text, rng)
    if rng.random() < 0.25:
        text = _slip(text, rng)
    return text
