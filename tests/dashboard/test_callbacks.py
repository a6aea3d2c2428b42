"""What widgets call back shows toasts at most: another element, shown before a fragment runs, replaces the styles.

Streamlit then counts elements from the first again; toasts have a place of their own.
"""

import ast
from pathlib import Path

import pytest

DASHBOARD = Path(__file__).parents[2] / "dashboard"
ALLOWED = {"session_state", "query_params", "get_option", "context", "toast"}


def callbacks(tree):
    """Functions of a module that widgets are given as on_click, on_change, on_select or on_open."""
    given = [
        keyword.value
        for call in ast.walk(tree)
        if isinstance(call, ast.Call)
        for keyword in call.keywords
        if keyword.arg in ("on_click", "on_change", "on_select", "on_open")
    ]
    names = {name.id for value in given for name in ast.walk(value) if isinstance(name, ast.Name)}
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node.name in names]
    return [*functions, *(value for value in given if isinstance(value, ast.Lambda))]


@pytest.mark.parametrize("path", sorted(DASHBOARD.rglob("*.py")), ids=lambda path: str(path.relative_to(DASHBOARD)))
def test_callbacks_show_no_elements_but_toasts(path):
    for function in callbacks(ast.parse(path.read_text(encoding="utf-8"))):
        shown = {
            node.attr
            for node in ast.walk(function)
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "st"
        }
        assert shown <= ALLOWED, f"{path}: {getattr(function, 'name', 'lambda')} shows {shown - ALLOWED}"


def test_callbacks_are_found():
    tree = ast.parse((DASHBOARD / "views" / "generate" / "gallery.py").read_text(encoding="utf-8"))
    assert {function.name for function in callbacks(tree)} == {"_add_saved", "_keep", "_remove"}
