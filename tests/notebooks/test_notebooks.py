"""The notebooks run from their first cell to their last, and are committed without outputs."""

from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

FOLDER = Path(__file__).parents[2] / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))
PATHS = 40


def test_there_are_notebooks():
    names = {
        "01_first_run",
        "02_size_a_pool",
        "03_stress_and_doubt",
        "04_bridge_fund",
        "06_five_plans",
        "07_paths_in_duckdb",
    }
    assert names <= {path.stem for path in NOTEBOOKS}


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs_with_few_paths(path, tmp_path, monkeypatch):
    monkeypatch.setenv("FUNDSIM_NOTEBOOK_PATHS", str(PATHS))
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path))
    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(
        notebook, timeout=300, kernel_name="python3", resources={"metadata": {"path": FOLDER}}
    )
    client.execute()
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert len(cells) >= 5
    # The first cell sets up; each of the others shows something.
    for cell in cells[1:]:
        kinds = {output.output_type for output in cell.outputs}
        assert kinds & {"execute_result", "display_data"}, cell.source


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_is_committed_without_outputs(path):
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            assert cell.outputs == []
            assert cell.execution_count is None
