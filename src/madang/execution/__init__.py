"""execution — what was promised, by whom on both sides, by when, and what became of it.

1. A promise has an owner among citizens and an owner in the administration, a date, and at least one milestone.
2. It quotes the sentence it comes from; the quote never changes.
3. A change of goal, target group, budget or date is a dated row with its reason; the promise as first made stays
   readable.
4. A change of goal or target, or of the budget by more than a tenth, waits for the proposer's answer, and somebody owes
   that it is gathered.
5. Nothing is finished without evidence; nothing stops without words.
"""
