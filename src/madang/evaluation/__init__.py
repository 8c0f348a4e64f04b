"""evaluation — did it really happen, how well, and what follows from it.

1. Every figure is computed from dated facts anyone can take out, and is shown with its denominator.
2. A score comes with words; without words it is refused.
3. A person answers "정말 이루어졌나요?" once per 의제 and may change the answer until the evaluation closes.
4. An evaluation closes only with its consequence written down; its figures are frozen with their indicator's version.
5. What was not confirmed, or is reopened, is owed again: nothing ends in a number.
"""
