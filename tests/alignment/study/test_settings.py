from pathlib import Path

import platformdirs

from alignment.study import settings

ROOT = Path(__file__).parents[3]


def test_the_cache_of_a_checkout_lies_in_it(monkeypatch):
    monkeypatch.delenv("ALIGNMENT_CACHE")
    assert settings.cache_folder() == ROOT / "cache"


def test_the_cache_of_an_installed_package_is_the_users(monkeypatch, tmp_path):
    monkeypatch.delenv("ALIGNMENT_CACHE")
    monkeypatch.setattr(settings, "__file__", str(tmp_path / "site-packages" / "alignment" / "study" / "settings.py"))
    assert settings.cache_folder() == platformdirs.user_cache_path("latent-alignment", appauthor=False)


def test_the_environment_names_another_cache(monkeypatch, tmp_path):
    monkeypatch.setenv("ALIGNMENT_CACHE", str(tmp_path))
    assert settings.cache_folder() == tmp_path
