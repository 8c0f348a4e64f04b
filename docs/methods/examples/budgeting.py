"""A participatory budget in a notebook: three rules, why the others lost, and a check that uses none of them."""

# %% Five voters, three projects, a budget of 100
import json

from madang.methods.budgeting import explain, measures, verify
from madang.methods.budgeting.election import election
from madang.methods.budgeting.equal_shares import equal_shares
from madang.methods.budgeting.greedy import greedy
from madang.methods.budgeting.outcome import sheet
from madang.methods.budgeting.phragmen import phragmen

costs = {"길": 60, "숲": 50, "등": 40}
ballots = [["길", "숲"]] * 3 + [["길", "등"], ["등"]]
village = election(costs, ballots, budget=100)

# %% Who wins depends on the rule, so the rule is chosen before the vote
for outcome in (greedy(village), phragmen(village), equal_shares(village), equal_shares(village, completion="utilitarian")):
    print(outcome.rule, *outcome.winners)

# %% What the losers lacked, in words and as numbers
shares = equal_shares(village)
won = [village.position[name] for name in shares.winners]
verdict = verify.judged(village, won, "cost", shares.cost)
print(explain.explained(village, shares, measures.measures(village, shares.winners), verdict))
print({name: (lacked.why, int(lacked.had), int(lacked.short)) for name, lacked in shares.losers.items()})

# %% Publish it; anyone checks it without the rules
published = json.dumps(sheet(shares) | {"certificate": verdict}, ensure_ascii=False)
print(all(finding.ok for finding in verify.verify(village, json.loads(published))))

# %% A tie falls to what was said beforehand: the cheaper, then a lot whose seed was announced before it existed
even = election({"가": 50, "나": 50}, [["가"], ["나"]], 50)
print(greedy(even, ties=("cost", "lot:2026-12-01 코스피 4,123.45")).winners)

# %% A real file: from madang.methods.budgeting.pabulib import read; read("Poland_Lodz_2022.pb")
