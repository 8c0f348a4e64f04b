"""The ballot box: takes sealed ballots from whoever holds a right, and knows nobody.

1. No session, no cookie, no account, no address, no time of arrival, no number of arrival: not in files, tables or logs.
2. A receipt is given only for what survives a power cut; what has a receipt is on the board at the end, once.
3. A ballot waits in a slot chosen at random (pool.py); a batch goes to the database and the tree in order of its hashes.
4. One process, one folder, one database of its own; nothing here imports Django, the roll or the house.
5. Everything decided about one ballot happens on one thread, in one place (ballotbox.py): no race to lose.

The bytes are those of docs/adr/0008-ballots.md; the primitives are `madang.methods.sealed`.
"""
