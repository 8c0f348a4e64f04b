"""Korean text without a dictionary: tokens, finding while typing, "is there one like mine?", topics, romanised names.

Pure: no Django, no database, no clock. See docs/methods/korean.md for what each promises and what it costs.
"""

from madang.methods.korean.jamo import find, first_letters
from madang.methods.korean.like import Index, Match
from madang.methods.korean.places import differ, places
from madang.methods.korean.romanize import place_name, romanize
from madang.methods.korean.similar import Fingerprint, fingerprint, keys, similarity
from madang.methods.korean.syllables import GAP, phrases, tokens

__all__ = [
    "GAP",
    "Fingerprint",
    "Index",
    "Match",
    "differ",
    "find",
    "fingerprint",
    "first_letters",
    "keys",
    "phrases",
    "place_name",
    "places",
    "romanize",
    "similarity",
    "tokens",
]
