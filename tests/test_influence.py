"""Influence on graphs of which the answer is known."""

from __future__ import annotations

import pytest

from pipeline.influence import Said, carriers, h_index, scores


def star(centre: int, others: range) -> list[Said]:
    """Everybody repeats one."""
    return [Said(centre, reposts=len(others)), *(Said(other, carried=centre) for other in others)]


def test_the_h_index_of_reposts() -> None:
    assert [h_index(c) for c in ([], [0], [1], [5], [3, 3, 3], [9, 4, 2, 1], [1] * 9)] == [0, 0, 1, 1, 3, 2, 1]


def test_two_authors_who_repeat_each_other_share_all() -> None:
    pagerank, _ = scores([Said(1, carried=2), Said(2, carried=1)])
    assert pagerank == pytest.approx({1: 0.5, 2: 0.5}, abs=1e-8)


def test_a_chain_has_the_pagerank_of_the_equations() -> None:
    # 1 repeats 2, 2 repeats 3, 3 repeats nobody and starts anew: x = 0.15 s + 0.85 (flow + x3 s), s = 1/3 each.
    pagerank, _ = scores([Said(1, carried=2), Said(2, carried=3), Said(3)])
    base = 1 / 3
    start = 1 / (1 + 1.85 + 2.5725)
    assert pagerank == pytest.approx({1: start, 2: 1.85 * start, 3: 2.5725 * start}, abs=1e-8)
    assert sum(pagerank.values()) == pytest.approx(3 * base, abs=1e-8)


def test_steps_start_anew_at_those_who_speak_of_the_brand() -> None:
    # 9 never spoke of the brand, but was carried; 8 spoke thrice.
    pagerank, _ = scores([Said(8), Said(8), Said(8), Said(1, carried=9)])
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
        star(1, range(100, 130)) + [Said(2, reposts=6) for _ in range(6)] + [Said(k, carried=2) for k in range(50, 56)]
    )
    assert [c.author for c in carriers(said)][:2] == [2, 1]


def test_two_stars_are_two_communities() -> None:
    said = star(1, range(100, 120)) + star(2, range(200, 219))
    told = {c.author: c.community for c in carriers(said)}
    assert told == {1: 1, 2: 2}


def test_few_posts_or_authors_list_nobody() -> None:
    assert carriers(star(1, range(2, 9))) == []
    assert carriers([Said(1, carried=2) for _ in range(50)] + [Said(3, carried=2)]) == []
    assert carriers([]) == []


def test_an_author_carried_by_few_is_not_listed() -> None:
    said = [Said(other, carried=1) for other in (2, 3, 4, 5) for _ in range(9)] + [Said(k) for k in range(50, 70)]
    assert carriers(said) == []


def test_carrying_oneself_is_no_tie() -> None:
    pagerank, _ = scores([Said(1, carried=1), Said(2)])
    assert pagerank == pytest.approx({1: 0.5, 2: 0.5}, abs=1e-8)


def test_the_same_posts_in_any_order_give_the_same_answer() -> None:
    said = star(1, range(100, 120)) + star(2, range(200, 219))
    assert carriers(said) == carriers(said[::-1])
