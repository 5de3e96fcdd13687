"""The ring forgets by age and by number, keeps applications apart, and never keeps what the policy forbids."""

from dataclasses import replace
from datetime import timedelta

from agent.evidence.context import ContextRing
from shared.device_policy import DevicePolicy
from tests.kit.passages import CHAT, NINE, a_passage

ESSAY = replace(CHAT, application="editor", window_id=2)


def test_only_the_same_application_oldest_first() -> None:
    ring = ContextRing(DevicePolicy())
    ring.add(a_passage("one"))
    ring.add(a_passage("essay", focus=ESSAY))
    ring.add(a_passage("", deleted="two"))
    assert [one.text for one in ring.before(CHAT)] == ["one", "two"]
    assert [one.text for one in ring.before(ESSAY)] == ["essay"]


def test_forgets_after_the_policys_minutes() -> None:
    ring = ContextRing(DevicePolicy(context_minutes=10))
    ring.add(a_passage("old", at=NINE))
    ring.add(a_passage("new", at=NINE + timedelta(minutes=5)))
    assert ring.oldest_leaves_at == NINE + timedelta(minutes=10)
    ring.prune(NINE + timedelta(minutes=10, seconds=1))
    assert [one.text for one in ring.before(CHAT)] == ["new"]
    ring.prune(NINE + timedelta(minutes=16))
    assert len(ring) == 0
    assert ring.oldest_leaves_at is None


def test_keeps_to_the_count() -> None:
    ring = ContextRing(DevicePolicy(context_passages=3))
    for number in range(100):
        ring.add(a_passage(str(number)))
    assert [one.text for one in ring.before(CHAT)] == ["97", "98", "99"]
    assert len(ring) <= 60


def test_a_policy_without_context_keeps_nothing() -> None:
    for policy in (DevicePolicy(context_minutes=0), DevicePolicy(context_passages=0)):
        ring = ContextRing(policy)
        ring.add(a_passage())
        assert len(ring) == 0


def test_a_stricter_policy_holds_at_once_and_forget_forgets() -> None:
    ring = ContextRing(DevicePolicy())
    ring.add(a_passage(at=NINE))
    ring.adopt(DevicePolicy(context_minutes=1))
    ring.prune(NINE + timedelta(minutes=2))
    assert len(ring) == 0
    ring.add(a_passage())
    ring.forget()
    assert len(ring) == 0
