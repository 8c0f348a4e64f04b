"""Korean text without a dictionary: two-syllable tokens, "is there one like mine?", romanised place names.

Pure: no Django, no database, no clock. See docs/methods/korean.md for what each promises and what it costs.
"""

from madang.methods.korean.romanize import place_name, romanize
from madang.methods.korean.similar import Fingerprint, fingerprint, keys, similarity
from madang.methods.korean.syllables import GAP, phrases, tokens

__all__ = [
    "GAP",
    "Fingerprint",
    "fingerprint",
    "keys",
    "phrases",
    "place_name",
    "romanize",
    "similarity",
    "tokens",
]
