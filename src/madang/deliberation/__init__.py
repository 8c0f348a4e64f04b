"""deliberation — a forum on one 의제: positions, arguments, threads, and moderation that answers for itself.

1. A person has one position in a forum and may change it; a tally counts people, never clicks.
2. `forum.participants` equals its Position rows; `matter.participants` is that of its newest forum.
3. What was said stands as it was said: it is not edited, it is retracted (a stub stays) or answered.
4. Nothing is hidden without a rule and a reason in public; the author may appeal, and the answer is owed by a date.
5. A forum is closed with words: what was agreed, what differs, what nobody knows yet.
"""
