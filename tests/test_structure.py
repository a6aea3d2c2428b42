"""What the folders promise about one another."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


def imports(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {name.name.split(".")[0] for name in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add((node.module or "").split(".")[0])
    return found


@pytest.mark.parametrize(
    "path", sorted((ROOT / "alignment").rglob("*.py")), ids=lambda path: str(path.relative_to(ROOT))
)
def test_the_library_knows_nothing_of_the_dashboard(path):
    assert not imports(path) & {"streamlit", "plotly", "dashboard"}


@pytest.mark.parametrize(
    "path", sorted((ROOT / "dashboard").rglob("*.py")), ids=lambda path: str(path.relative_to(ROOT))
)
def test_the_dashboard_computes_nothing_itself(path):
    assert not imports(path) & {"torch", "transformers", "sklearn", "umap", "scipy", "pytorch_pretrained_biggan"}


def test_nothing_is_loaded_by_running_code():
    for path in [*(ROOT / "alignment").rglob("*.py"), *(ROOT / "dashboard").rglob("*.py")]:
        text = path.read_text(encoding="utf-8")
        assert "weights_only=False" not in text and "allow_pickle=True" not in text, path
