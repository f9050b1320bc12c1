"""The calendar queue of a bridge fund against Python's heap: the same slots in the same order."""

import heapq
import itertools
import math

import numpy as np
import pytest
from numba import njit

from fundsim.core.bridge.calendar import first_time, open_calendar, pop, push
from fundsim.core.machine.lowest_bit import lowest_bit
from fundsim.core.pack.bridge_tables import BUCKET, CALENDAR, LINK, Calendar

POP = -1
ROOM = 6000


@njit
def begin(calendar, days):
    open_calendar(calendar, days)


@njit
def play(calendar, slots, times, popped, firsts):
    """Put slots down for their times or take the earliest out; note what came out, and what is then first."""
    for k in range(slots.size):
        if slots[k] == POP:
            popped[k] = pop(calendar)
        else:
            push(calendar, slots[k], times[k])
        firsts[k] = first_time(calendar)


@njit
def lowest_bit_compiled(word):
    return lowest_bit(word)


def new_calendar(buckets, days):
    calendar = Calendar(
        np.zeros(1, CALENDAR).view(np.recarray),
        np.zeros(buckets, BUCKET).view(np.recarray),
        np.zeros(buckets // 64, np.uint64),
        np.zeros(ROOM, LINK).view(np.recarray),
    )
    begin(calendar, days)
    return calendar


class Script:
    """What is done to a queue, and what Python's heap makes of it, equal times in order of their coming."""

    def __init__(self):
        self.slots, self.times, self.popped, self.firsts = [], [], [], []
        self._heap, self._serial, self._free = [], itertools.count(), list(range(ROOM))

    def __len__(self):
        return len(self._heap)

    def push(self, time):
        slot = self._free.pop()
        heapq.heappush(self._heap, (time, next(self._serial), slot))
        self._note(slot, time, POP)

    def pop(self):
        time, _, slot = heapq.heappop(self._heap)
        self._free.append(slot)
        self._note(POP, 0.0, slot)
        return time

    def _note(self, slot, time, popped):
        self.slots.append(slot)
        self.times.append(time)
        self.popped.append(popped)
        self.firsts.append(self._heap[0][0] if self._heap else math.inf)

    def empty(self):
        while self._heap:
            self.pop()

    def agrees(self, calendar):
        slots, times = np.array(self.slots), np.array(self.times)
        popped, firsts = np.full(slots.size, POP), np.empty(slots.size)
        play(calendar, slots, times, popped, firsts)
        return np.array_equal(popped, self.popped) and np.array_equal(firsts, self.firsts)


LAWS = {
    "exponential": lambda random: random.exponential(10.0),
    "equal, so that many end at one instant": lambda random: 10.0,
    "whole quarters of days": lambda random: random.integers(0, 80) / 4.0,
    "of no length, or of years": lambda random: random.choice([0.0, 0.001, 400.0, 4000.0]),
    "spread over sizes": lambda random: 10.0 ** random.uniform(-6.0, 4.0),
}


@pytest.mark.parametrize("law", LAWS.values(), ids=LAWS)
@pytest.mark.parametrize(("buckets", "days"), [(64, 0.5), (64, 40.0), (512, 40.0), (1024, 1e6), (128, 3.7)])
def test_uses_end_in_the_order_of_a_heap(law, buckets, days):
    """As time goes on from before the window, with more or fewer at once, and none now and then."""
    random = np.random.default_rng(buckets)
    calendar = new_calendar(buckets, days)
    for most in (1, 3, 40, 400):
        script = Script()
        now = -100.0
        for _ in range(1500):
            if len(script) and (len(script) >= most or random.random() < 0.5):
                now = script.pop()
                if random.random() < 0.02:
                    script.empty()
            else:
                # What begins at the instant of a return ends beside others that begin then.
                now += random.choice([0.0, random.exponential(0.2)])
                script.push(now + law(random))
        script.empty()
        assert script.agrees(calendar)


@pytest.mark.parametrize(("buckets", "days"), [(64, 30.4), (1024, 30.4), (128, 0.01)])
def test_a_month_of_arrivals_comes_in_order_of_its_days(buckets, days):
    """Put down in any order; twice, for the calendar is used again."""
    random = np.random.default_rng(7)
    calendar = new_calendar(buckets, days)
    for month in (-2, 11):
        script = Script()
        for _ in range(700):
            script.push((month + random.random()) * 30.4)
        script.empty()
        assert script.agrees(calendar)


def test_thousands_on_one_day_in_one_bucket_come_in_order():
    random = np.random.default_rng(8)
    script = Script()
    for part in (random.random(2000), np.full(1500, 0.5), np.sort(random.random(2000))):
        for time in 3650.0 + part:
            script.push(time)
    script.empty()
    assert script.agrees(new_calendar(64, 64.0))


def test_what_lies_many_rounds_ahead_waits_for_what_is_nearer():
    """Buckets of a day, 64 a round: days 3, 67, 131 and 6403 share one."""
    script = Script()
    for day in (6403.5, 67.5, 3.5, 131.5, 3.25, 67.25, 70.0):
        script.push(day)
    for _ in range(3):
        script.pop()
    script.push(6402.0)
    script.push(66.0)
    script.empty()
    assert script.agrees(new_calendar(64, 64.0))


def test_the_lowest_bit_of_a_word_is_found_compiled_and_in_python():
    for k in range(64):
        for word in (1 << k, (1 << 63) | (1 << k), ((1 << 64) - 1) >> k << k):
            assert lowest_bit_compiled(np.uint64(word)) == lowest_bit(np.uint64(word)) == k
