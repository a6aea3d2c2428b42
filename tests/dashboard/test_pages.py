"""The menu, and what it needs."""

import subprocess
import sys
from pathlib import Path

import pytest

from dashboard.pages import PAGES

ROOT = Path(__file__).parents[2]


def test_the_menu_holds_pages_that_work(visit):
    for page in PAGES:
        assert visit(page.address).title[0].value


@pytest.mark.slow
def test_nothing_heavy_is_loaded_before_the_first_paint():
    code = (
        "import sys, dashboard.state.query_params, dashboard.components.html, dashboard.views.seed_pairs.charts;"
        "print([m for m in ('torch', 'transformers', 'umap', 'pytorch_pretrained_biggan') if m in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert run.stdout.strip() == "[]", run.stderr


@pytest.mark.slow
def test_the_script_finds_the_project_where_streamlit_runs_it(tmp_path):
    """As `streamlit run` does: the path of modules holds the script's own folder, not that of the project."""
    code = (
        "import runpy, sys, streamlit;"
        "sys.path.insert(0, sys.argv[1]);"
        "streamlit.set_page_config = lambda **_: sys.exit('reached');"
        "runpy.run_path(sys.argv[1] + '/app.py', run_name='__main__')"
    )
    command = [sys.executable, "-I", "-c", code, str(ROOT / "dashboard")]
    run = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=120)
    assert run.stderr.splitlines()[-1] == "reached"
