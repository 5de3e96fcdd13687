"""Invented names: as many as asked for, no pair twice, the same for the same dice."""

from random import Random

from server.demonstration.names import FAMILY, GIVEN, draw_names


def test_no_pair_comes_twice() -> None:
    pairs = draw_names(Random(1), 300)
    assert len(pairs) == len(set(pairs)) == 300


def test_the_same_dice_give_the_same_names_in_the_same_order() -> None:
    assert draw_names(Random(7), 40) == draw_names(Random(7), 40)
    assert draw_names(Random(7), 40) != draw_names(Random(8), 40)


def test_every_part_comes_from_the_lists() -> None:
    for given, family in draw_names(Random(3), 200):
        assert given in GIVEN
        assert family in FAMILY


def test_the_lists_hold_no_part_twice_and_are_far_larger_than_needed() -> None:
    assert len(set(GIVEN)) == len(GIVEN)
    assert len(set(FAMILY)) == len(FAMILY)
    assert len(GIVEN) * len(FAMILY) > 10 * 300
