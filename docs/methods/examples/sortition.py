# %% [markdown]
# A fair lottery for a small jury: six volunteers, three seats, two of them for the east.

# %%
from madang.methods.sortition import Pool, Quota, Quotas, Volunteer, digest, number
from madang.methods.sortition.keeping import Rules
from madang.methods.sortition.problem import problem
from madang.methods.sortition.selection import select

quotas = Quotas.of([Quota("곳", "동", 2, 2, 0, 3), Quota("곳", "서", 1, 1, 0, 3)])
row = quotas.index()[0]
people = [("가람", "동"), ("나래", "동"), ("다솜", "동"), ("라온", "서"), ("마루", "서"), ("바다", "동")]
pool = Pool(tuple(Volunteer(name, (row[place],)) for name, place in people))

# %% The fairest chances: four of the east share two seats, two of the west share one.
found = select(problem(pool, quotas, seats=3), "leximin")
chances = found.probabilities
print(chances, found.bound, found.attained)

# %% A table of eight panels, published with its digest before the seed exists.
table = found.table(8)
published = digest(table)
print(published, table)

# %% The seed comes into being; anybody repeats the draw.
line, attempt = number(published, "2026-12-01 코스피 종가", len(table))
panel = table[line]
print(line, panel, Rules(pool, quotas, 3).faults(panel))
