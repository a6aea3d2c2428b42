"""The button Code: both forms, and no path of the server."""

from streamlit.testing.v1 import AppTest

from alignment.study import Settings
from dashboard.components.code_snippet import shared_settings


def script():
    from alignment.study import Settings
    from alignment.study.code_snippets import nearest_code
    from dashboard.components.code_snippet import copy_buttons, shared_settings

    settings = Settings(seeds="/srv/visitors/1/own.csv")
    copy_buttons(nearest_code(shared_settings(settings), "ridge", "I have a cat", top=5), settings)


def test_both_forms_can_be_copied_and_name_no_place_on_the_server():
    app = AppTest.from_function(script, default_timeout=30).run()
    command, python = (block.value for block in app.code)
    assert command == "python -m alignment nearest --seeds seeds.csv --mapping ridge --top 5 'I have a cat'"
    assert "Study(Settings(seeds='seeds.csv'))" in python and "srv" not in command + python
    assert "Seed pairs as seeds.csv first" in app.caption[-1].value
    assert shared_settings(Settings()) == Settings()
