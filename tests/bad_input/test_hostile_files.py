"""Hostile files are refused in half a second and 150 MB (R17)."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from fundsim.scenario import check_scenario

from .hostile import hostile_files
from .kinds import KINDS

CHILD = """
import json, re, sys, time
from fundsim.scenario import check_scenario
started = time.process_time()
scenario, faults = check_scenario(sys.argv[1], kinds={})
seconds = time.process_time() - started
peak = re.search("VmHWM:\\\\s+([0-9]+) kB", open("/proc/self/status").read())[1]
print(json.dumps([scenario is None, seconds, int(peak) / 1024, len(faults)]))
"""
FILES = dict(hostile_files())


@pytest.mark.parametrize("name", FILES)
def test_a_hostile_file_is_refused(name: str, tmp_path: Path) -> None:
    path = tmp_path / "hostile.yaml"
    path.write_bytes(FILES[name])
    scenario, faults = check_scenario(path, kinds=KINDS)
    assert scenario is None
    assert 1 <= len(faults) <= 500


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the peak of memory is read from /proc")
def test_hostile_files_cost_half_a_second_and_150_megabytes_at_most(tmp_path: Path) -> None:
    slowest = largest = 0.0
    for name, content in FILES.items():
        path = tmp_path / "hostile.yaml"
        path.write_bytes(content)
        child = subprocess.run(  # noqa: S603 - our own interpreter on our own file
            [sys.executable, "-c", CHILD, str(path)], capture_output=True, text=True, timeout=60, check=True
        )
        refused, seconds, megabytes, count = json.loads(child.stdout)
        print(f"{seconds:6.3f} s {megabytes:6.1f} MB {count:5d} faults  {name}")  # noqa: T201
        assert refused, name
        # Seconds of the processor: a busy machine must not fail a file that costs little.
        assert seconds < 0.5, name
        assert megabytes < 150, name
        slowest, largest = max(slowest, seconds), max(largest, megabytes)
    print(f"R17: {len(FILES)} files, longest {slowest:.2f} s, peak {largest:.0f} MB")  # noqa: T201
