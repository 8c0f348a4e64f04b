"""people — who takes part, how surely we know it, and nothing more than that needs.

1. A level (L0–L3) is a consequence of attestations with a date and an end, never a flag.
2. No resident number, no birth date, no phone number is stored: rolls and checks keep keyed hashes.
3. One proof serves one person: a keyed hash stands on at most one living attestation.
4. Erasing a person removes e-mail, name and salt; the record still verifies and no longer points to anyone.
"""
