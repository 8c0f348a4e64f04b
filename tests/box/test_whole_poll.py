"""One poll from blind rights to an audit that passes: both issuers, the box, a witness, the published file."""

from collections import Counter
from datetime import timedelta

import sealed_yard
from madang.box.board import lines, notes
from madang.methods.sealed import b64, ballot, board, bundle, counting, poll, unb64
from madang.methods.sealed.audit import audit
from madang.methods.sealed.blind import blind_sign
from madang.methods.sealed.bundle import Posted
from madang.methods.sealed.right import Voter
from sealed_yard import CLOSES, HOUSE, SEAL, WITNESS


def voter_by_issuers(of: poll.Poll) -> Voter:
    """A voter whose right both issuers signed without seeing it."""
    voter = Voter(of, "시민")
    answers = [
        blind_sign(sealed_yard.issuer_key(f"시민/{name}"), blinded.message)
        for name, blinded in zip(("city", "observers"), voter.blinded, strict=True)
    ]
    voter.receive(*answers)
    return voter


def test_what_the_box_publishes_passes_the_audit(running, go, tmp_path):
    receipts: list[str] = []

    async def story():
        async with running(batch=5) as box:
            of = box.yard.poll
            voters = [voter_by_issuers(of) for _ in range(12)]
            for place, voter in enumerate(voters):
                said = await box.cast(ballot.make(voter, "1:1" if place % 3 else "1:0").body(of))
                receipts.append(said.json["code"])
            changed = await box.cast(ballot.make(voters[0], "1:1", 2).body(of))
            await box.at(CLOSES + timedelta(hours=1))
            note = (await box.get("checkpoint")).body.decode()
            line = board.cosign(of, note, WITNESS, 1_772_100_000)
            assert (await box.ask("POST", f"/{of.slug}/cosign", line.encode())).status == 200
            box.home.reveal(box.box.poll, SEAL.seed)
            assert (box.home.polls / of.slug / "seal.json").read_text() == f'{{"seed":"{b64(SEAL.seed)}"}}'
            store = box.server._store
            posted = [Posted.read(line.rstrip(b"\n")) for line in lines(store, box.box.poll)]
            votes = Counter({("시민", "1:1"): 9, ("시민", "1:0"): 3})
            contents = bundle.Contents(
                poll=of, poll_signature=poll.house_signature(of.raw, HOUSE), seal=SEAL,
                issued=[{"class": "시민", "issuer": name, "day": "2026-03-03", "issued": 12} for name in ("city", "observers")],
                desk=[], result=counting.counted(of, votes), checkpoints=list(notes(store, box.box.poll)), paper=[], board=posted,
            )  # fmt: skip
            bundle.write(tmp_path / "poll.zip", contents, HOUSE)
            assert ballot.leaf(posted[0].header, posted[0].sig) in [unb64(one) for one in (await box.get("leaves")).body.decode().split()]
            receipts.append(changed.json["code"])

    go(story())
    for code in receipts:
        report = audit(tmp_path / "poll.zip", key=str(HOUSE.verifier), receipt=code)
        assert report.ok, report
    assert report.ballots == 13
