"""Influence on graphs of which the answer is known."""

from __future__ import annotations

import random
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.influence import Said, carriers, h_index, scores


def star(centre: int, others: range) -> list[Said]:
    """Everybody repeats one."""
    return [Said(centre, reposts=len(others)), *(Said(other, carried=(centre,)) for other in others)]


def test_the_h_index_of_reposts() -> None:
    assert [h_index(c) for c in ([], [0], [1], [5], [3, 3, 3], [9, 4, 2, 1], [1] * 9)] == [0, 0, 1, 1, 3, 2, 1]


def test_two_authors_who_repeat_each_other_share_all() -> None:
    pagerank, _ = scores([Said(1, carried=(2,)), Said(2, carried=(1,))])
    assert pagerank == pytest.approx({1: 0.5, 2: 0.5}, abs=1e-8)


def test_a_chain_has_the_pagerank_of_the_equations() -> None:
    # 1 repeats 2, 2 repeats 3, 3 repeats nobody and starts anew: x = 0.15 s + 0.85 (flow + x3 s), s = 1/3 each.
    pagerank, _ = scores([Said(1, carried=(2,)), Said(2, carried=(3,)), Said(3)])
    base = 1 / 3
    start = 1 / (1 + 1.85 + 2.5725)
    assert pagerank == pytest.approx({1: start, 2: 1.85 * start, 3: 2.5725 * start}, abs=1e-8)
    assert sum(pagerank.values()) == pytest.approx(3 * base, abs=1e-8)


def test_steps_start_anew_at_those_who_speak_of_the_brand() -> None:
    # 9 never spoke of the brand, but was carried; 8 spoke thrice.
    pagerank, _ = scores([Said(8), Said(8), Said(8), Said(1, carried=(9,))])
    assert pagerank[8] == pytest.approx(3 * pagerank[1], abs=1e-8)
    assert pagerank[9] == pytest.approx(0.85 * pagerank[1], abs=1e-8)


def test_who_is_carried_by_all_is_first_and_surely_so() -> None:
    first, *rest = carriers(star(1, range(2, 40)))
    assert (first.author, first.rank, first.rank_low, first.posts, first.carriers) == (1, 1, 1, 1, 38)
    assert rest == []


def test_close_rivals_have_ranks_that_overlap() -> None:
    said = star(1, range(100, 120)) + star(2, range(200, 219)) + star(3, range(300, 306)) + star(4, range(400, 406))
    said += [Said(4), Said(4), Said(4)]
    told = {c.author: c for c in carriers(said)}
    assert set(told) == {1, 2, 4}, "3 has seven posts and carryings, ten are needed"
    assert told[1].rank_high >= told[2].rank_low
    assert told[1].rank == 1


def test_the_h_index_comes_before_the_graph() -> None:
    said = (
        star(1, range(100, 130))
        + [Said(2, reposts=6) for _ in range(6)]
        + [Said(k, carried=(2,)) for k in range(50, 56)]
    )
    assert [c.author for c in carriers(said)][:2] == [2, 1]


def test_two_stars_are_two_communities() -> None:
    said = star(1, range(100, 120)) + star(2, range(200, 219))
    told = {c.author: c.community for c in carriers(said)}
    assert told == {1: 1, 2: 2}


def test_few_posts_or_authors_list_nobody() -> None:
    assert carriers(star(1, range(2, 9))) == []
    assert carriers([Said(1, carried=(2,)) for _ in range(50)] + [Said(3, carried=(2,))]) == []
    assert carriers([]) == []


def test_an_author_carried_by_few_is_not_listed() -> None:
    said = [Said(other, carried=(1,)) for other in (2, 3, 4, 5) for _ in range(9)] + [Said(k) for k in range(50, 70)]
    assert carriers(said) == []


def test_carrying_oneself_is_no_tie() -> None:
    pagerank, _ = scores([Said(1, carried=(1,)), Said(2)])
    assert pagerank == pytest.approx({1: 0.5, 2: 0.5}, abs=1e-8)


def test_the_same_posts_in_any_order_give_the_same_answer() -> None:
    said = star(1, range(100, 120)) + star(2, range(200, 219))
    assert carriers(said) == carriers(said[::-1])


def test_every_tie_of_a_post_counts_and_each_once() -> None:
    said = [Said(k, carried=(1, 2, 2)) for k in range(10, 20)]
    assert {c.author: c.carriers for c in carriers(said)} == {1: 10, 2: 10}
    assert scores(said)[0] == pytest.approx(scores([Said(k, carried=(2, 1)) for k in range(10, 20)])[0])


def test_equal_authors_are_not_surely_one_before_the_other() -> None:
    told = carriers([Said(k, carried=(1, 2)) for k in range(10, 30)])
    assert [(c.rank, c.rank_low) for c in told] == [(1, 1), (2, 1)]
    assert all(c.rank_high >= 2 for c in told)


def test_one_loud_author_makes_no_place_sure() -> None:
    # 1 is before 2 by the sixty posts of one author alone, who is missing from a third of the resamples.
    loud = [Said(99, carried=(1,))] * 60 + [Said(k, carried=(1,)) for k in range(100, 105)]
    said = loud + [Said(k, carried=(2,)) for k in range(200, 225)]
    told = {c.author: c for c in carriers(said)}
    assert told[1].rank < told[2].rank
    assert told[1].rank_high >= told[2].rank_low + 1
    apart = [Said(1000 + n, carried=one.carried) for n, one in enumerate(loud)]
    assert {c.author: c.rank_high for c in carriers(apart + said[65:])}[1] == 1, "sixty authors make it sure"


def world(chances: Sequence[float], seed: int) -> list[Said]:
    """Eighty people who carry author k with chance `chances[k]`, each in one post or several that say the same."""
    draw = random.Random(seed)
    said = [Said(k) for k in range(len(chances))]
    for person in range(100, 180):
        carried = tuple(k for k, chance in enumerate(chances) if draw.random() < chance)
        said += [Said(person, carried)] * draw.choice([1, 1, 2, 5])
    return said


def test_the_true_place_is_between_the_two() -> None:
    chances = (0.5, 0.47, 0.44, 0.41, 0.38, 0.35, 0.32, 0.29)
    told = [c for seed in range(12) for c in carriers(world(chances, seed), draws=100) if c.author < len(chances)]
    held = sum(c.rank_low <= c.author + 1 <= c.rank_high for c in told)
    assert len(told) == 96
    assert held >= 0.95 * 96
    assert sum(c.rank_high for c in told if c.author == 0) < 12 * 8, "and it says something"


@settings(max_examples=30, deadline=None)
@given(
    st.lists(
        st.builds(
            Said,
            st.integers(0, 12),
            st.lists(st.integers(0, 12), max_size=3).map(tuple),
            st.none() | st.integers(0, 9),
        ),
        max_size=60,
    )
)
def test_any_posts_give_places_in_order(said: list[Said]) -> None:
    authors = len({one.author for one in said} | {carried for one in said for carried in one.carried})
    told = carriers(said, draws=20)
    assert [c.rank for c in told] == sorted({c.rank for c in told})
    assert all(1 <= c.rank_low <= c.rank_high <= authors for c in told)
