"""Files of settings that change under a study."""

from alignment.study import Settings
from dashboard.state import file_stamps


def test_a_folder_of_a_model_has_the_stamps_of_its_files(tmp_path):
    (tmp_path / "1_Pooling").mkdir()
    for name in ("config.json", "1_Pooling/config.json"):
        (tmp_path / name).write_text("{}")
        before = file_stamps.of_settings(Settings(encoder=str(tmp_path)))
        (tmp_path / name).write_text("{ }")
        assert before and file_stamps.of_settings(Settings(encoder=str(tmp_path))) != before
    assert file_stamps.of_settings(Settings(encoder="no/such\0")) == ()
