"""notices — the record told to those it concerns: on the page, by a digest letter, to the posts that owe something.

1. The record is the outbox: what happened after the cursor becomes notices in the transaction that moves the cursor.
2. A notice stores ids and codes; its words are made when it is read, in the reader's language.
3. Nobody is told twice of one thing, nobody is told of their own act, and a letter is never empty.
4. Following, reading and how often letters come are preferences of one person; they leave no trace in the record.
"""
