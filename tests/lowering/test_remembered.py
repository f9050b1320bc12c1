"""A shared formula is worked out once for records that are read side by side, and again for others."""

import numpy as np

from fundsim.lowering.remembered import Remembered
from fundsim.results.views import RecordView


def test_each_of_two_records_is_worked_out_once_and_a_plain_dict_each_time():
    seen = []
    remembered = Remembered(lambda r: seen.append(float(r["stock"][0])) or seen[-1])
    window, run_off = (RecordView({"stock": 0}, np.array([[value]])) for value in (1.0, 2.0))
    assert [remembered(r) for r in (window, run_off, window, run_off)] == [1.0, 2.0, 1.0, 2.0]
    assert seen == [1.0, 2.0]
    plain = {"stock": np.array([3.0])}
    assert [remembered(plain), remembered(plain)] == [3.0, 3.0]
    assert seen == [1.0, 2.0, 3.0, 3.0]


def test_records_of_another_block_are_worked_out_anew():
    remembered = Remembered(lambda r: float(r["stock"][0]))
    blocks = [RecordView({"stock": 0}, np.array([[value]])) for value in (1.0, 2.0, 3.0)]
    assert [remembered(r) for r in (*blocks, blocks[0])] == [1.0, 2.0, 3.0, 1.0]
    del blocks
    assert remembered(RecordView({"stock": 0}, np.array([[4.0]]))) == 4.0
