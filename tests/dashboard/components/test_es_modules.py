"""Modules are joined in the order of their imports, or refused."""

import re
from pathlib import Path

import pytest

import dashboard.components
from dashboard.components.es_modules import join_modules

COMPONENTS = Path(dashboard.components.__file__).parent
ENTRIES = ("linked_scatter/js/streamlit.js", "linked_scatter/js/exported_page.js", "film_player/js/film_player.js")


@pytest.fixture
def join(tmp_path):
    def write_and_join(**sources):
        for name, source in sources.items():
            (tmp_path / f"{name}.js").write_text(source)
        return join_modules(tmp_path / "entry.js")

    return write_and_join


def test_imported_modules_come_first_and_once(join):
    joined = join(
        entry='import { a } from "./one.js";\nimport {\n  b,\n} from "./two.js";\nexport default function run() {}\n',
        two='import { a } from "./one.js";\nexport class b {}\n',
        one="export const a = 1;\nfunction local() {}\n",
    )
    assert re.findall(r"^(?:const|class|function|export default).*", joined, re.M) == [
        "const a = 1;",
        "function local() {}",
        "class b {}",
        "export default function run() {}",
    ]


@pytest.mark.parametrize(
    ("sources", "reason"),
    [
        ({"entry": 'import { a as b } from "./one.js";\n'}, "cannot join 'import { a as b }"),
        ({"entry": 'import * as one from "./one.js";\n'}, "cannot join 'import"),
        ({"entry": "const a = 1;\nexport { a };\n"}, "cannot join 'export { a }"),
        ({"entry": 'import { b } from "./one.js";\n', "one": "export default class b {}\n"}, "one.js: cannot join"),
        ({"entry": 'import { a } from "./one.js";\nlet a;\n', "one": "export let a;\n"}, "one.js declares a as well"),
        ({"entry": 'import { b } from "./one.js";\n', "one": "const { b } = {};\n"}, "one.js: cannot join 'const { b"),
        (
            {"entry": 'import { a } from "./one.js";\n', "one": 'import { b } from "./entry.js";\n'},
            "entry.js imports itself by way of one.js",
        ),
    ],
)
def test_what_joining_would_change_is_refused(join, sources, reason):
    with pytest.raises(ValueError, match=re.escape(reason)):
        join(**sources)


@pytest.mark.parametrize("folder", sorted({Path(entry).parent for entry in ENTRIES}))
def test_the_components_are_joined_whole(folder):
    scripts = [join_modules(COMPONENTS / entry) for entry in ENTRIES if Path(entry).parent == folder]
    for path in (COMPONENTS / folder).glob("*.js"):
        assert any(path.read_text(encoding="utf-8").splitlines()[1] in script for script in scripts), path
    assert not any("</script" in script for script in scripts), "would end the exported page's script"
