"""Participatory budgeting: read an election, count it by a rule, explain it to those who lost, and let anyone check it.

    from madang.methods.budgeting.pabulib import read
    from madang.methods.budgeting.greedy import greedy

1. Exact: money is a fraction of whole numbers; a float decides nothing unless its error is proven too small to matter.
2. The same ballots give the same outcome, in whatever order and from however many files they come.
3. `verify` shares no code with the rules.
"""
