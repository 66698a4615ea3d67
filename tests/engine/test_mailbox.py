"""The mailbox: the latest wins, nobody waits for ever."""

from __future__ import annotations

import threading

from framescope.engine.mailbox import Mailbox


def test_latest_item_wins() -> None:
    box: Mailbox[int] = Mailbox()
    for number in range(200):
        box.put(number)
    assert box.take() == 199
    assert box.is_empty


def test_take_times_out_with_nothing() -> None:
    assert Mailbox[int]().take(timeout_s=0.001) is None


def test_poke_wakes_without_an_item_and_keeps_the_item() -> None:
    box: Mailbox[int] = Mailbox()
    box.poke()
    assert box.take() is None
    box.put(7)
    box.poke()
    assert box.take() == 7


def test_close_wakes_a_waiting_taker() -> None:
    box: Mailbox[int] = Mailbox()
    taken: list[int | None] = []
    thread = threading.Thread(target=lambda: taken.append(box.take()))
    thread.start()
    box.close()
    thread.join(60)
    assert taken == [None]
    assert box.is_closed


def test_closed_mailbox_forgets_everything() -> None:
    box: Mailbox[int] = Mailbox()
    box.put(1)
    box.close()
    box.put(2)
    assert box.take() is None


def test_items_put_while_the_taker_is_busy_are_not_lost() -> None:
    box: Mailbox[int] = Mailbox()
    taken: list[int] = []

    def take_all() -> None:
        while not box.is_closed:
            item = box.take()
            if item is not None:
                taken.append(item)
                if item == 999:
                    box.close()

    thread = threading.Thread(target=take_all)
    thread.start()
    for number in range(1000):
        box.put(number)
    thread.join(60)
    assert taken[-1] == 999
    assert taken == sorted(taken)
