"""decisions — one act that binds: a reply, a review, a resolution, a ballot.

1. No reply without a conclusion, a reason of substance, and a next step with its date.
2. Quorum and majority are computed here from the frozen recipe, and shown with the sum a loser can check.
3. A roll call is public by seat; a secret ballot is never joinable to the roll.
4. A ballot's votes are all published at closing, in the order of their receipts, with the tally that follows from them.
5. Every outcome leads somewhere: it is the recipe's word that ends the phase.
"""
