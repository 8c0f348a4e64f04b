"""Integrity in the open: several accounts, shared telephones, bursts and forged rolls are looked for, told, and never discounted.

    from madang.methods.integrity import read, report, told
    found = report(read(Path("poll.json")))
    print(told(found))

1. Pure and public: the same file and the same announced seed give the same report on any machine.
2. It knows counts, sizes and keyed hashes; no name, and no ballot of anybody.
3. A finding is a reason to look. No function here takes a vote away.
"""

from madang.methods.integrity.reading import Known, Refused, mark, normalised, parsed, read
from madang.methods.integrity.report import report
from madang.methods.integrity.telling import told

__all__ = ["Known", "Refused", "mark", "normalised", "parsed", "read", "report", "told"]
