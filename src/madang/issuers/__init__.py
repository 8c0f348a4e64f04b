"""Issuing voting rights: signing blind what nobody sees, once for each voter, by two issuers who do not share a roll.

1. A right is signed for an entry of the roll once: the same blinded value again has the same answer, another is refused.
2. The city's issuer lives beside the roll of the house; the observers' issuer is a process, a database and a roll copy of its own.
3. Days are kept, never times; of codes and persons only keyed hashes; what is published are counts by class and day.
4. A key serves one poll and one class, signs in a worker of its own, and is destroyed after the poll.
"""
