"""Sortition: a fair stratified lottery that anybody can repeat and check.

    quotas = read_quotas("quotas.csv")
    pool = read_pool("pool.csv", quotas, household=["address"])
    found = select(problem(pool, quotas, 40), "leximin")
    table = found.table(1000)                                  # publish its digest, then wait for the seed
    panel = table[number(digest(table), seed, len(table))[0]]

Reading, the draw, counting and `verify` are plain Python; `problem`, `selection` and what they use need NumPy and HiGHS,
so they are imported from their modules: `from madang.methods.sortition.selection import select`.
"""

from madang.methods.sortition.lottery import digest, number, replacement, reserve
from madang.methods.sortition.reading import Pool, Quota, Quotas, Refused, Volunteer, read_pool, read_quotas

__all__ = [
    "Pool",
    "Quota",
    "Quotas",
    "Refused",
    "Volunteer",
    "digest",
    "number",
    "read_pool",
    "read_quotas",
    "replacement",
    "reserve",
]
