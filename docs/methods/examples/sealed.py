"""A sealed vote in a notebook: keys, rights, ballots, the board, closing — and an audit that trusts nobody. All made up."""

# %% Two issuers for one class, a box, a witness, a house, and a seal in three hands
import tempfile
from pathlib import Path

from madang.methods.sealed import b64, ballot, blind, board, bundle, counting, poll, seal, shares
from madang.methods.sealed.audit import audit
from madang.methods.sealed.right import Voter
from madang.methods.transparency.checkpoint import SigningKey
from madang.methods.transparency.merkle import Frontier

city, observers = blind.SecretKey.make(), blind.SecretKey.make()
house, press, box = (SigningKey.make(name) for name in ("house.example", "press.example", "box"))
key = seal.SealKey.make()
hands = shares.split(key, of=3, least=2)

# %% What everyone sees before the first ballot
vote = poll.write({
    "poll": "lamps-or-benches", "title": {"ko": "가로등인가 의자인가", "en": "Lamps or benches"}, "use": "다음 해 예산에 싣습니다.",
    "rule": {"kind": "choose-one", "counting": "plurality", "seats": 1},
    "options": [{"place": 1, "title": "가로등"}, {"place": 2, "title": "의자"}],
    "classes": [{"key": "주민", "roll": 5, "issuers": [
        {"name": name, "n": b64(issuer.public.written()), "e": 65537} for name, issuer in (("city", city), ("observers", observers))
    ]}],
    "box": b64(box.verifier.public), "witnesses": [{"name": press.name, "key": b64(press.verifier.public)}],
    "seal": {"key": b64(key.public), "of": 3, "least": 2}, "batch": 100, "padded": 256, "revote": True,
    "opens_at": "2026-09-01T00:00:00Z", "closes_at": "2026-09-08T00:00:00Z",
})  # fmt: skip

# %% Three voters: a right signed blind by both issuers, then a ballot of their own. The second votes again
casts, votes, last = [], counting.Votes(), {}
for number, marks in enumerate(("1", "2", "1")):
    voter = Voter(vote, "주민")
    voter.receive(*(blind.blind_sign(issuer, each.message) for issuer, each in zip((city, observers), voter.blinded, strict=True)))
    for seq, choice in enumerate((marks, "1") if number == 1 else (marks,), start=1):
        casts.append(ballot.make(voter, choice, seq))
        last[number] = casts[-1]
    votes["주민", choice] += 1

# %% The box checks each, and gives a receipt
box_key = board.box_key(vote, box.seed)
for cast in casts:
    ballot.check(vote, ballot.read_header(vote, cast.header), cast.sig)
receipts = [board.code(cast.leaf) for cast in casts]
print(receipts[0], board.receipt(casts[0].leaf, box_key, vote).hex()[:16])

# %% Closing: one batch, a checkpoint, the witness; two hands open the seal
order, frontier = board.batched(Frontier(), [cast.leaf for cast in casts])
note = board.checkpoint(frontier, box_key)
note = board.with_cosignature(vote, note, board.cosign(vote, note, press, at=1_788_825_600))
opened = shares.join(hands[1:], key.public)
by_leaf = {cast.leaf: cast for cast in casts}
lines = [
    bundle.Posted(by_leaf[leaf].header, by_leaf[leaf].sig, by_leaf[leaf].sealed if by_leaf[leaf] in last.values() else None)
    for leaf in order
]
issued = [{"class": "주민", "issuer": name, "day": "2026-09-01", "issued": 3} for name in ("city", "observers")]
path = Path(tempfile.mkdtemp()) / "poll.zip"
bundle.write(
    path,
    bundle.Contents(vote, poll.house_signature(vote.raw, house), opened, issued, [], counting.counted(vote, votes), [note], [], lines),
    house,
)

# %% Anyone, anywhere, offline
report = audit(path, key=str(house.verifier), receipt=receipts[0])
print("holds:", report.ok, "winner:", report.result["winners"], "my ballot:", report.receipt["marks"])

# %% A house that drops one ballot is named
bundle.write(
    path,
    bundle.Contents(vote, poll.house_signature(vote.raw, house), opened, issued, [], counting.counted(vote, votes), [note], [], lines[1:]),
    house,
)
print("caught:", audit(path).fault.code)
