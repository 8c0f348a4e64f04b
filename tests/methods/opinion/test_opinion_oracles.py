"""Published conversations, reckoned by others: means, axes, places, sums, lists."""

import hashlib

import conversations
import numpy as np
import pytest
from conversations import PUBLISHED, labels

from madang.methods.opinion import (
    Conversation,
    axes,
    consensus,
    group_aware,
    opinion_map,
    polis_places,
    priorities,
    representative,
)
from madang.methods.opinion.places import extremity


@pytest.fixture(params=PUBLISHED, scope="module")
def name(request):
    return request.param


@pytest.fixture(scope="module")
def conversation(name):
    return Conversation.recount(conversations.log(name))


@pytest.fixture(scope="module")
def found(name, conversation):
    return axes(conversation, conversations.out(name))


@pytest.fixture(scope="module")
def exact(name):
    return conversations.oracle(name)


@pytest.fixture(scope="module")
def counts(conversation, exact):
    given = exact["given_published_groups"]
    return conversation.group_counts(labels(conversation, given["groups"]), len(given["group_votes"]))


def test_the_sums_of_all_pairs_are_the_published_bytes(conversation, exact):
    assert len(conversation) == exact["n_participants"]
    assert int(conversation.counts()[2].sum()) == exact["n_votes"]
    assert conversation.covotes.sha256(conversation.voted()) == exact["costats_sha256"]
    voted = [int(conversation.statements[place]) for place in conversation.voted()]
    assert voted == exact["tids"]


def test_means_axes_and_places_are_the_published_ones(conversation, found, exact):
    voted = conversation.voted()
    assert np.abs(found.mean[voted] - exact["mean"]).max() < 1e-11
    assert found.values == pytest.approx(exact["eigenvalues"], rel=1e-9)
    sides = [found.comps[k][voted] @ np.array(exact["comps"][k]) for k in (0, 1)]
    assert min(abs(side) for side in sides) >= 1 - 1e-6
    places = polis_places(conversation, found) * np.sign(sides)
    for person, xy in exact["projection_polis_scaled"].items():
        assert places[conversation.place_of(person)] == pytest.approx(xy, abs=1e-6)


def test_given_the_published_groups_the_counts_and_consensus_products_are_theirs(counts, exact):
    given = exact["given_published_groups"]
    for g, group in enumerate(counts):
        for side, letter in enumerate("ADS"):
            assert group[side].tolist() == given["group_votes"][str(g)][letter]
    assert group_aware(counts).tolist() == pytest.approx(list(given["group_aware_consensus"].values()), abs=1e-12)
    assert group_aware(counts, 1).tolist() == pytest.approx(list(given["group_aware_consensus_disagree"].values()), abs=1e-12)


def test_given_the_published_groups_the_lists_are_theirs_in_their_order(conversation, found, counts, exact):
    usable = np.zeros(len(conversation.statements), bool)
    usable[found.live] = True
    for g, said in enumerate(representative(counts, usable)):
        theirs = exact["given_published_groups"]["repness"][str(g)]
        ours = [(int(conversation.statements[one.topic]), one.agree, one.n, one.voters, one.best_agree) for one in said]
        assert ours == [(x["tid"], x["f"] == "agree", x["n"], x["N"], x.get("best_agree", False)) for x in theirs]
        for one, x in zip(said, theirs, strict=True):
            assert (one.p, one.z, one.ratio, one.ratio_z) == pytest.approx((x["p"], x["pt"], x["r"], x["rt"]), rel=1e-9)
    for side, said in zip(("agree", "disagree"), consensus(*conversation.counts(), usable), strict=True):
        ours = [(int(conversation.statements[one.topic]), one.n, one.voters) for one in said]
        assert ours == [(x["tid"], x["n"], x["N"]) for x in exact["consensus"][side]]


def test_priorities_are_those_of_red_dwarf_on_its_groups(name, conversation, found):
    peer = conversations.oracle(name, "reddwarf")
    groups = peer["groups"]
    inside = conversation.group_counts(labels(conversation, groups), max(groups.values()) + 1).sum(0)
    ours = priorities(inside[0], inside[1], inside[2], extremity(found))
    theirs = [peer["priority"][statement] for statement in conversation.statements]
    # its axes come from a randomised decomposition: a thousandth apart
    assert ours.tolist() == pytest.approx(theirs, rel=1e-3)


def test_places_are_those_of_red_dwarf_up_to_its_randomised_axes(name, conversation, found):
    theirs = conversations.oracle(name, "reddwarf")["participant_xy"]
    who = [conversation.place_of(person) for person in theirs]
    ours, peer = polis_places(conversation, found)[who], np.array(list(theirs.values()))
    for axis in (0, 1):
        assert abs(np.corrcoef(ours[:, axis], peer[:, axis])[0, 1]) > 0.99999


def test_the_polis_method_is_the_method_of_its_parts(name, conversation):
    made = opinion_map(conversation, conversations.statements(name), method="polis")
    assert sum(made.sizes()) == len(made.membership()) >= min(15, len(conversation))
    assert hashlib.sha256(made.counts.tobytes()).hexdigest() == hashlib.sha256(
        conversation.group_counts(made.grouping.label, len(made.grouping)).tobytes()
    ).hexdigest()
