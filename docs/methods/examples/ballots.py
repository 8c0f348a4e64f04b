"""Ballots in a notebook: one election, four methods, and why the others lost."""

# %% A hundred ballots: from the best to the worst
from madang.methods.ballots import Terms, rankings, recount, tally
from madang.methods.ballots.telling import explained

orders = {
    "부산 대구 광주 서울": 42,
    "대구 광주 서울 부산": 26,
    "광주 서울 대구 부산": 15,
    "서울 광주 대구 부산": 17,
}
profile = rankings([[[name] for name in order.split()] for order, times in orders.items() for _ in range(times)])

# %% Who wins depends on the method, so the method is chosen before the vote
for method in ("plurality", "irv", "schulze", "ranked-pairs"):
    outcome = tally(profile, Terms(method))
    print(method, *outcome.winners)

# %% Why: every sum, and what each loser lacked
print(explained(tally(profile, Terms("schulze"))))

# %% Another piece of code counts again
print("recount:", recount(profile, tally(profile, Terms("schulze"))) or "the same")

# %% A tie falls to a lot whose seed was announced before it existed
even = rankings([[["정자"], ["쉼터"]], [["쉼터"], ["정자"]]])
drawn = tally(even, Terms("irv", ties=("lot",), seed="2026-12-01 코스피 종가 4,123.45"))
print(drawn.winners, drawn.ties[0].by)
