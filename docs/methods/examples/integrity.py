"""Integrity in a notebook: a small invented vote with one crowded day, looked at in the open."""

# %% What a poll may lawfully know: counts by day and class. Synthetic; seven days, three 동, and 80 casts too many
import json

from madang.methods.integrity import parsed, report, told

usual = {"1동": [9, 12, 11, 8, 10, 13, 9], "2동": [19, 22, 24, 17, 20, 23, 18], "3동": [31, 34, 35, 26, 29, 37, 30]}
usual["2동"][3] += 80
casts = [
    {"day": f"2026-09-{day:02}", "class": place, "channel": "web", "count": count}
    for place, counts in usual.items()
    for day, count in enumerate(counts, 1)
]
poll = {"format": "madang-integrity@1", "poll": "example", "seed": "announced before the vote", "casts": casts}
found = report(parsed(json.dumps(poll).encode()))

# %% What was looked at, what stands out, and what that does not prove
print(told(found, "en"))
print("votes discounted:", found["discounted"])
