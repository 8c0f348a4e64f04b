"""duties — who owes the next step, by when; and the walk of a 의제 from phase to phase.

1. An open 의제 always has an open duty: a body and a post that owe an act by a public date.
2. A phase ends by the act it owes; what its outcome opens next is in the recipe, nowhere else.
3. Dates are counted on the Korean working-day calendar; an extension happens once, with a reason; a transfer keeps the date.
4. Lateness of citizens' bodies and of departments is counted by the same rows and shown by the same words.
"""
