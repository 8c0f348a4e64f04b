"""The map of a conversation: axes, places, groups, portraits, what all share, what to ask next — in one call.

1. `stable` (the default) gives the same map for the same votes, whoever came first and whatever people are called.
2. `polis` is the published method for comparison; its groups depend on the order of ids.
3. Public words about a group rest on at least `anonymity` people: smaller groups and thinner statements are withheld.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from madang.methods.opinion import groups, polis
from madang.methods.opinion.areas import Areas, areas, bridging, uniting
from madang.methods.opinion.axes import Axes, Floats, axes
from madang.methods.opinion.conversation import Conversation
from madang.methods.opinion.groups import Grouping, sureness
from madang.methods.opinion.places import extremity, known, polis_places, ridge_places
from madang.methods.opinion.portraits import Counts, Said, consensus, group_aware, priorities, representative
from madang.methods.opinion.reading import Statement

Method = Literal["stable", "polis"]
ANONYMITY = 10  # people; METHODS of statistical offices take 3 to 20
ENOUGH_VOTES, ENOUGH_PEOPLE = 7, 15


@dataclass(frozen=True, slots=True)
class OpinionMap:
    """Everything about one moment of a conversation; arrays follow `conversation.people` and `conversation.statements`.

    xy (people, 2); sure (people,): at least how sure the group is (1 for `polis`, which does not say); counts (groups, 3,
    statements); usable (statements,): voted on and not moderated out; shared: (agreed, rejected) by a majority.
    """

    conversation: Conversation
    method: Method
    anonymity: int
    axes: Axes
    xy: Floats
    covariance: Floats
    grouping: Grouping
    sure: Floats
    counts: Counts
    usable: NDArray[np.bool_]
    portraits: list[list[Said]]
    shared: tuple[list[Said], list[Said]]
    priority: Floats
    areas: Areas
    texts: dict[str, str] = field(default_factory=dict)

    def membership(self) -> dict[str, int]:
        """The group of everybody who has one, by the natural order of names."""
        label, ids = self.grouping.label, self.grouping.ids
        return {self.conversation.people[who]: ids[label[who]] for who in self.conversation.order() if label[who] >= 0}

    def sizes(self) -> list[int]:
        """People in each group."""
        label = self.grouping.label
        return [int(size) for size in np.bincount(label[label >= 0], minlength=len(self.grouping))]

    def bridging(self) -> Floats:
        """The group-free second opinion on what unites; NaN for statements not in use."""
        return bridging(self.conversation, self.axes)


def opinion_map(
    conversation: Conversation,
    statements: Iterable[Statement] = (),
    *,
    method: Method = "stable",
    k: int | None = None,
    before: OpinionMap | None = None,
    anonymity: int = ANONYMITY,
) -> OpinionMap:
    """Draw the map. O(statements² + votes).

    `statements`: texts and moderation; `k`: this many groups; `before`: the map of the update before — axes go on from it, groups
    keep their names and their number unless another is clearly better. Raises ValueError for an unknown method.
    """
    if method not in ("stable", "polis"):
        raise ValueError(f"method is stable or polis, not {method!r}")
    texts = tuple(statements)
    out = frozenset(one.key for one in texts if one.moderated < 0)
    found = axes(conversation, out)
    if method == "polis":
        xy, covariance = polis_places(conversation, found), np.zeros((conversation.rows.people, 3))
        who = polis.taken_in(conversation.rows.spans()[1], conversation.order(), found.columns)
        grouping = polis.group(xy, who, k)
        sure = (grouping.label >= 0).astype(float)
    else:
        xy, covariance, prior = ridge_places(conversation, found)
        weight, held = known(covariance, prior), before.grouping if before else None
        votes = int(conversation.counts()[2].sum())
        grouping = groups.group(xy, placed(conversation, found), weight, k, held, votes)
        sure = sureness(xy, covariance, grouping.centres, grouping.label)
    return described(conversation, texts, method, anonymity, found, xy, covariance, grouping, sure)


def described(
    conversation: Conversation,
    texts: Sequence[Statement],
    method: Method,
    anonymity: int,
    found: Axes,
    xy: Floats,
    covariance: Floats,
    grouping: Grouping,
    sure: Floats,
) -> OpinionMap:
    """The map of places and groups that are there already: counts, portraits, lists."""
    counts = conversation.group_counts(grouping.label, len(grouping))
    usable = np.zeros(len(conversation.statements), bool)
    usable[found.live] = True
    about = {one.key for one in texts if one.meta}
    meta = [place for place, name in enumerate(conversation.statements) if name in about]
    inside = counts.sum(0)
    return OpinionMap(
        conversation, method, anonymity, found, xy, covariance, grouping, sure, counts, usable,
        representative(counts, usable), consensus(*conversation.counts(), usable),
        priorities(inside[0], inside[1], inside[2], extremity(found), meta),
        areas(counts, usable, max(anonymity, 1)), {one.key: one.text for one in texts},
    )  # fmt: skip


def placed(conversation: Conversation, of: Axes) -> NDArray[np.bool_]:
    """Who is grouped: those with seven votes — or as many fewer as it takes for fifteen people to be."""
    votes = conversation.rows.spans()[1]
    enough = min(ENOUGH_VOTES, max(len(of.live), 1))
    while enough > 1 and int((votes >= enough).sum()) < ENOUGH_PEOPLE:
        enough -= 1
    inside: NDArray[np.bool_] = votes >= enough
    return inside


def as_json(of: OpinionMap, *, public: bool = False) -> dict[str, Any]:
    """The map as plain numbers and words. `public` leaves the membership of persons out and withholds in either method."""
    names, ids, sizes = of.conversation.statements, of.grouping.ids, of.sizes()
    cautious = public or of.method == "stable"
    made: list[dict[str, Any]] = []
    for g, size in enumerate(sizes):
        thin = cautious and size < of.anonymity
        said = [] if thin else [one for one in of.portraits[g] if not cautious or one.voters >= of.anonymity]
        made.append({
            "id": ids[g],
            "size": None if public and thin else size,
            "withheld": thin,
            "centre": None if public and thin else [round(float(x), 6) for x in of.grouping.centres[g]],
            "representative": [_said(of, one) for one in said],
        })  # fmt: skip
    together, product, scores = uniting(of.counts), group_aware(of.counts), of.bridging()
    enough = of.counts[:, 2].sum(0) >= of.anonymity if cautious else np.ones(len(names), bool)
    ranked = sorted(np.flatnonzero(of.usable & enough).tolist(), key=lambda j: (-round(float(product[j]), 12), j))
    whole: dict[str, Any] = {
        "participants": len(of.conversation),
        "statements": int(of.usable.sum()),
        "votes": int(of.conversation.counts()[2].sum()),
        "method": of.method,
        "anonymity": of.anonymity if cautious else 0,
        "groups": made,
        "silhouette": round(of.grouping.silhouette, 6),
        "clear": of.grouping.silhouette >= 0.25,
        "consensus": [
            {"statement": names[j], "score": float(product[j]), "together": float(together[j]), "bridging": float(scores[j])}
            for j in ranked
        ],
        "majority": {
            side: [_said(of, one) for one in of.shared[k] if not cautious or one.voters >= of.anonymity]
            for k, side in enumerate(("agree", "disagree"))
        },
        "unites": [_claim(of, one) for one in of.areas.unites],
        "divides": [_claim(of, one) for one in of.areas.divides],
        "unsure": [_claim(of, one) for one in of.areas.unsure],
        "priorities": {names[j]: float(of.priority[j]) for j in np.flatnonzero(of.usable)},
        "axes": {
            "eigenvalues": [float(value) for value in of.axes.values],
            "share": [float(value) / of.axes.trace if of.axes.trace else 0.0 for value in of.axes.values],
        },
    }  # fmt: skip
    if not public:
        whole["membership"] = of.membership()
        order = [who for who in of.conversation.order() if of.grouping.label[who] >= 0]
        whole["sure"] = {of.conversation.people[who]: round(float(of.sure[who]), 4) for who in order}
    return whole


def _said(of: OpinionMap, one: Said) -> dict[str, Any]:
    row: dict[str, Any] = {
        "statement": of.conversation.statements[one.topic], "side": "agree" if one.agree else "disagree",
        "n": one.n, "voters": one.voters, "p": one.p, "z": one.z,
    }  # fmt: skip
    if one.ratio:
        row |= {"ratio": one.ratio, "ratio_z": one.ratio_z, "best_agree": one.best_agree}
    return row


def _claim(of: OpinionMap, one: Any) -> dict[str, Any]:
    row = {"statement": of.conversation.statements[one.topic], "side": one.side, "score": one.score, "p": one.p}
    if one.between[0] >= 0:
        row["between"] = [of.grouping.ids[g] for g in one.between]
    return row

