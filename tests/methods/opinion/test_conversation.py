"""The log is the truth: order, batches, second thoughts, removals."""

import conversations
import numpy as np
import pytest
from conversations import camps, some
from hypothesis import given, settings
from hypothesis import strategies as st

from madang.methods.opinion import Conversation, Votes, axes, log_of
from madang.methods.opinion import conversation as module
from madang.methods.opinion.covotes import CoVotes

EVENT = st.tuples(st.sampled_from("김이박최정"), st.sampled_from(["1", "2", "10", "b"]), st.sampled_from([1, 0, -1]))
LOG = st.lists(EVENT, max_size=40).map(lambda events: [(*event, at) for at, event in enumerate(events)])
FEW = settings(max_examples=40, derandomize=True, deadline=None)


def dense(votes):
    """The same sums by tables of zeros and ones."""
    last = {(person, statement): value for person, statement, value, _ in votes}
    people = sorted({person for person, _ in last})
    statements = sorted({statement for _, statement in last}, key=module.natural)
    voted, value = np.zeros((2, len(people), len(statements)), np.int64)
    for (person, statement), one in last.items():
        cell = people.index(person), statements.index(statement)
        voted[cell], value[cell] = 1, one
    return statements, voted.T @ voted, value.T @ voted, value.T @ value


@FEW
@given(LOG)
def test_the_sums_are_those_of_the_tables_written_out(votes):
    conversation = Conversation.recount(log_of(votes))
    statements, count, signed, product = dense(votes)
    assert conversation.statements == statements
    for ours, theirs in zip(conversation.covotes.split(), (count, signed, product), strict=True):
        assert ours.tolist() == theirs.tolist()


@FEW
@given(LOG, st.randoms(use_true_random=False), st.integers(1, 7))
def test_any_order_and_any_batches_end_in_the_same_bytes(votes, chance, size):
    whole = Conversation.recount(log_of(votes))
    mixed = chance.sample(votes, len(votes))
    one_by_one, in_batches = Conversation(), Conversation()
    for vote in mixed:
        one_by_one.vote(*vote)
    old, module.FEW = module.FEW, 2
    for low in range(0, len(mixed), size):
        in_batches.extend(log_of(mixed[low : low + size]))
    module.FEW = old
    assert one_by_one.state() == in_batches.state() == whole.state()


@FEW
@given(LOG, st.sets(st.sampled_from("김이박")))
def test_a_removed_account_has_never_voted(votes, gone):
    conversation = Conversation.recount(log_of(votes))
    conversation.remove(gone)
    never = Conversation.recount(log_of([vote for vote in votes if vote[0] not in gone]))
    assert conversation.state() == never.state()
    for name in gone:
        assert conversation.vote(name, "1", 1, 999) == ()
    assert conversation.state() == never.state()
    assert Conversation.recount(log_of(votes), without=gone).state() == never.state()


@FEW
@given(LOG, st.lists(st.tuples(st.sampled_from("김이"), st.sampled_from(["1", "2"]), st.integers(0, 45)), max_size=4))
def test_a_vote_taken_back_counts_no_more_whenever_the_news_arrives(votes, back):
    first, last = Conversation(), Conversation()
    events = dict.fromkeys(range(100), ())
    for person, statement, at in back:
        first.revoke(person, statement, 2 * at + 1)
    for person, statement, value, at in votes:
        first.vote(person, statement, value, 2 * at)
        last.vote(person, statement, value, 2 * at)
    for person, statement, at in back:
        last.revoke(person, statement, 2 * at + 1)
    merged = Conversation()
    for person, statement, at in back:
        merged.revoke(person, statement, 2 * at + 1)
    old, module.FEW = module.FEW, -1
    merged.extend(log_of([(p, s, v, 2 * at) for p, s, v, at in votes]))
    module.FEW = old
    assert events and first.state() == last.state() == merged.state()


def test_of_two_votes_the_later_one_counts_and_of_one_time_the_one_that_came_later():
    conversation = Conversation()
    conversation.vote("김", "1", 1, at=20)
    conversation.vote("김", "1", -1, at=10)
    assert conversation.votes_of("김") == {"1": 1}
    conversation.vote("김", "1", 0, at=20)
    assert conversation.votes_of("김") == {"1": 0}


def test_statements_stand_in_their_natural_order_whenever_they_come():
    conversation = Conversation()
    for statement in ("10", "b", "2", "1"):
        conversation.vote("김", statement, 1)
        conversation.vote("이", statement, -1)
    assert conversation.statements == ["1", "2", "10", "b"]
    assert conversation.counts()[2].tolist() == [2, 2, 2, 2]


def test_a_vote_that_is_none_is_refused():
    with pytest.raises(ValueError, match="not 2"):
        Conversation().vote("김", "1", 2)
    with pytest.raises(ValueError, match="1, 0 or -1"):
        log_of([("김", "1", 7, 0)])


def test_an_account_has_no_more_votes_than_it_may():
    conversation = Conversation(most_votes=2)
    for statement in "123":
        conversation.vote("김", statement, 1)
    conversation.vote("김", "1", -1)  # a second thought is no further vote
    assert (conversation.votes_of("김"), conversation.turned_away) == ({"1": -1, "2": 1}, 1)


def changed(conversation):
    conversation.vote("p3", "4", -1, 9999)
    conversation.vote("new", "2", 1, 9999)
    conversation.remove(["p7"])
    return conversation


def test_more_than_a_million_people_are_summed_in_wide_tables_to_the_same_numbers(monkeypatch):
    log = camps(50, 9)
    narrow = changed(Conversation.recount(log))
    monkeypatch.setattr(module, "MOST_PEOPLE", 20)
    wide = changed(Conversation.recount(log))
    assert wide.covotes.wide and not narrow.covotes.wide
    for ours, theirs in zip(wide.covotes.split(), narrow.covotes.split(), strict=True):
        assert ours.tolist() == theirs.tolist()
    for topic in range(9):
        for ours, theirs in zip(wide.covotes.line(topic), narrow.covotes.line(topic), strict=True):
            assert ours.tolist() == theirs.tolist()
    assert [part.tolist() for part in wide.counts()] == [part.tolist() for part in narrow.counts()]
    assert axes(wide).comps.tobytes() == axes(narrow).comps.tobytes()


def test_the_largest_packed_sums_hold_and_come_apart():
    whole = CoVotes(2)
    most = (1 << 20) - 1
    for value, sign in ((-1, 1), (1, 1)):
        whole.sums[:] = sum(sign * most * step for step in (1, value << 21, 1 << 42))
        count, signed, product = whole.split()
        assert (count[0, 1], signed[0, 1], product[0, 1]) == (most, value * most, most)


def test_a_flood_taken_out_again_leaves_the_same_bytes():
    log = conversations.log("scoop-hivemind.biodiversity")
    conversation = Conversation.recount(log)
    before = conversation.state()
    topics = conversation.statements[:60]
    conversation.extend(log_of([(f"bot{bot}", topic, 1, 0) for bot in range(50) for topic in topics]))
    assert conversation.state() != before
    assert conversation.remove([f"bot{bot}" for bot in range(50)]) == 50
    assert conversation.state() == before


def test_a_published_stream_in_any_batches_is_its_recount():
    log = conversations.log("scoop-hivemind.freshwater")
    chance = np.random.default_rng(3)
    conversation, order = Conversation(), np.argsort(log.at, kind="stable")
    low = 0
    while low < len(log):
        size = int(chance.integers(1, 200))
        conversation.extend(some(log, order[low : low + size]))
        low += size
    assert conversation.digest() == Conversation.recount(log).digest()


def test_a_crowd_of_one_mind_fills_the_sums_to_the_brim_and_no_further():
    """Four sums of a crowd share 64 bits while they are added up: 32,767 people of one mind are the most at a time."""
    topics, people = ("1", "2", "3"), 70_000
    who = np.repeat(np.arange(people), 3).astype(np.int32)
    for value in (-1, 1):
        vote = np.tile(np.array([value, -value, value], np.int8), people)
        log = Votes(
            tuple(map(str, range(people))), topics, who, np.tile(np.arange(3, dtype=np.int32), people), vote,
            np.zeros(3 * people, np.int64),
        )  # fmt: skip
        count, signed, product = Conversation.recount(log).covotes.split()
        side = np.array([value, -value, value])
        assert (count == people).all()
        assert (signed == people * side[:, None]).all()
        assert (product == people * np.outer(side, side)).all()


@pytest.mark.parametrize("most", [3, 70_000, 10**11])
def test_votes_are_sorted_by_cell_then_time_then_arrival_however_many_cells_there_are(most):
    # given cells, some of them many times, at few times
    chance = np.random.default_rng(most)
    key, time = chance.integers(0, most, 2000), chance.integers(-3, 3, 2000)
    key[::5] = key[0]
    # when
    order = module._order(key, time)
    # then
    assert (order == np.lexsort((time, key))).all()
    assert len(module._order(key[:0], time[:0])) == 0


def test_pair_sums_hold_where_every_second_person_of_a_crowd_says_no():
    # given more people than one line of sums takes at a time, all with both votes
    people = 70_001
    who, what = np.repeat(np.arange(people), 2).astype(np.int32), np.tile([0, 1], people).astype(np.int32)
    vote = np.where(what == 0, -1, np.where(who % 2 == 0, -1, 1)).astype(np.int8)
    log = Votes(tuple(map(str, range(people))), ("1", "2"), who, what, vote, np.zeros(2 * people, np.int64))
    # when
    count, own, product = Conversation.recount(log).covotes.split()
    # then
    assert count.tolist() == [[people] * 2] * 2
    assert own.tolist() == [[-people] * 2, [-1] * 2]
    assert product.tolist() == [[people, 1], [1, people]]
