"""Personal data that slips into a public text: found before it is published, named to its writer.

1. A resident or foreigner number is never taken in (개인정보 보호법 §24-2): every act that stores words refuses it.
2. A phone number or e-mail is taken only when the writer says it may be public (a form's `contacts_ok`).
The patterns are Korean; they find what is written as a number, not what is spelled out.
"""

import re

from madang.access import Refused

_EDGE = r"(?<![\d-])"
RESIDENT = re.compile(_EDGE + r"\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])[ -]{0,3}[1-8]\d{6}(?![\d-])")
PHONE = re.compile(_EDGE + r"(?:\+82[ -]?|0)(?:1[016-9]|2|[3-6]\d|70|50\d)[ .)-]{0,2}\d{3,4}[ .-]{0,2}\d{4}(?!\d)")
EMAIL = re.compile(r"[\w.+-]{1,64}@(?:[\w-]{1,63}\.){1,5}[A-Za-z]{2,24}")


def has_resident_number(*texts: str) -> bool:
    """Whether a text holds what is written like a resident registration number."""
    return any(RESIDENT.search(text) for text in texts)


def found(*texts: str) -> list[str]:
    """Phone numbers and e-mail addresses in the texts, as written, each once, in order."""
    hits = (match[0] for text in texts for pattern in (PHONE, EMAIL) for match in pattern.finditer(text))
    return list(dict.fromkeys(hits))


def refuse_resident_numbers(*texts: str) -> None:
    """Refusals: resident-number."""
    if has_resident_number(*texts):
        raise Refused("resident-number")
