# %% [markdown]
# # A map of opinion, from a few votes to a living conversation
# Run it as a script, or cell by cell in a notebook. Needs `pip install "madang[methods]"`.

# %% Ninety people, ten statements, two camps that share the first two wishes
import numpy as np

from madang.methods.opinion import Conversation, Live, Statement, as_json, log_of, opinion_map, told

chance = np.random.default_rng(2026)
texts = ["골목에 나무를 더 심자", "밤길을 밝히자", *(f"제안 {number}" for number in range(3, 11))]
statements = [Statement(str(number), text) for number, text in enumerate(texts, 1)]
votes = []
for person in range(90):
    for number in range(1, 11):
        if chance.random() < 0.8:
            side = 1 if number <= 2 or (number + person) % 2 else -1
            votes.append((f"주민{person}", str(number), side if chance.random() < 0.9 else 0, len(votes)))

# %% The log is the truth; the map follows from it
conversation = Conversation.recount(log_of(votes))
first = opinion_map(conversation, statements)
print(told(first))

# %% The same votes in another order, under other names: the same groups
other = Conversation.recount(log_of([(f"x{who}", what, vote, at) for who, what, vote, at in reversed(votes)]))
again = opinion_map(other, statements)
assert {f"x{name}": group for name, group in first.membership().items()} == again.membership()

# %% A flood of accounts, and the flood taken out again: not a byte is left of it
before = conversation.digest()
conversation.extend(log_of([(f"계정{bot}", str(number), -1, 0) for bot in range(200) for number in (1, 2)]))
conversation.remove([f"계정{bot}" for bot in range(200)])
assert conversation.digest() == before

# %% Live: one vote, and the voter knows where they stand and how sure that is
live = Live(conversation, statements)
for number in range(3, 9):
    answer = live.vote("새 주민", str(number), 1 if number % 2 else -1, at=10_000 + number)
print(f"모둠 {'AB'[answer.group]}, 적어도 {answer.sure:.0%} 확실")
assert answer.sure > 0.9

# %% What is safe to publish: no one's membership, nothing about fewer than ten people
published = as_json(live.settle(), public=True)
assert "membership" not in published
print([row["statement"] for row in published["unites"]], "함께합니다")
assert {row["statement"] for row in published["unites"]} == {"1", "2"}
