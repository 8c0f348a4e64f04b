"""access — who may do what, and the one way anything is done.

1. Nothing in the house changes outside an act.
2. An act is one transaction: may? → change → note; without a note it did not happen.
3. A refusal has a code, and every code has words and a next step.
4. Whether a person may is read from the frozen recipe of the process; there is no superuser.
"""

from madang.access.acts import ACTS, Act, By, act
from madang.access.may import Verdict, may
from madang.access.refusals import Refused, refusals
from madang.access.roles import ROLES, role
from madang.access.sheets import SHEETS, Column, sheet

__all__ = [
    "ACTS",
    "ROLES",
    "SHEETS",
    "Act",
    "By",
    "Column",
    "Refused",
    "Verdict",
    "act",
    "may",
    "refusals",
    "role",
    "sheet",
]
