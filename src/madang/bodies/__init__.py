"""bodies — departments, civil groups, councils and joint bodies; who sits where, by which route, until when.

1. A duty is owed by a body and a post; people come and go, duties stay.
2. A seat that breaks the body's rule is filled only with a published reason.
3. An archived or real body from the sources never gets invented people: only synthetic people sit in demo seats.
"""
