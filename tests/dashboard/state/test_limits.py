"""A server that others reach: which hosts it answers, and what its visitors may ask for."""

import itertools

import pytest

from alignment.errors import InputError
from alignment.interpolation.paths import InterpolationSettings
from alignment.study import CACHE, Settings
from dashboard.__main__ import parse_options, refuse_unknown
from dashboard.components.markdown import plain
from dashboard.state import limits, model_pairs, sidebar
from dashboard.state.notices import refuse
from dashboard.views.interpolation import files


@pytest.fixture
def public(monkeypatch):
    monkeypatch.setattr(limits, "_allowed", limits.PUBLIC)


def test_on_ones_own_machine_options_pass_through():
    assert parse_options(["--server.port", "8600"]) == (limits.LOCAL, ["--server.port", "8600"])


def test_hosts_are_named_and_streamlits_options_kept():
    allowed, options = parse_options(["--public", "gallery.example.org", "*.example.net", "--server.port", "8600"])
    assert allowed == limits.PUBLIC and options[-2:] == ["--server.port", "8600"]
    hosts = [value for name, value in itertools.pairwise(options) if name == "--server.allowedHosts"]
    assert hosts == ["localhost", "127.0.0.1", "gallery.example.org", "*.example.net"]


def test_the_one_who_serves_may_allow_more():
    allowed, _ = parse_options(["--public", "--own-models", "--downloads"])
    assert allowed.own_models and allowed.downloads and allowed.pictures == limits.PUBLIC.pictures
    assert allowed.runs == limits.LOCAL.runs > limits.PUBLIC.runs


@pytest.mark.parametrize(
    "options", [["--public", "https://example.org"], ["--public", "*"], ["--public", "a:80"], ["--own-models"]]
)
def test_options_that_are_wrong_are_refused(options, capsys):
    with pytest.raises(SystemExit) as end:
        parse_options(options)
    assert end.value.code == 2 and "Traceback" not in capsys.readouterr().err


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--server.prot", "8599"], "There is no option --server.prot; did you mean --server.port? See"),
        (["--publc"], "There is no option --publc; did you mean --public? See"),
        (["--server.port", "x"], "Invalid value for '--server.port'"),
        (["I", "like"], "The dashboard takes options alone, and no 'I'; see"),
        (["--server.port", "99999"], "--server.port is 0 to 65535, and not 99999; see"),
        (["--server.port", "-1"], "--server.port is 0 to 65535, and not -1; see"),
        (
            ["--server.address", "nosuch.host.invalid"],
            "--server.address 'nosuch.host.invalid' is no address of this machine",
        ),
        (["--server.address", "a" * 70 + ".example"], "--server.address 'aaa"),
        (["--server.address", "unix:///tmp/socket"], "--server.address 'unix:///tmp/socket' is no address of this"),
        (["--server.address", "192.0.2.1"], "--server.address '192.0.2.1' is no address of this machine"),
        (["--server.sslCertFile", "/nope", "--server.sslKeyFile", "/nope"], "Cannot read /nope: No such file or dir"),
        (["--server.sslCertFile", __file__, "--server.sslKeyFile", __file__], f"{__file__} and {__file__} are no cert"),
    ],
)
def test_what_streamlit_does_not_take_is_refused_in_one_sentence(options, told, capsys):
    with pytest.raises(SystemExit, match="2"):
        refuse_unknown(["app.py", *options])
    said = capsys.readouterr().err
    assert said.startswith(f"error: {told}") and said.endswith(" 'latent-alignment dashboard --help'.\n")


def test_options_of_streamlit_are_taken():
    refuse_unknown(["app.py", "--server.port", "8600", "--server.headless=true", "--server.address", "localhost"])
    refuse_unknown(["app.py", "--server.port", "0", "--server.address", "127.0.0.1"])


def test_streamlit_refuses_other_hosts(monkeypatch):
    from streamlit import config
    from streamlit.web.server.starlette import starlette_websocket

    _, options = parse_options(["--public", "gallery.example.org"])
    hosts = [value for name, value in itertools.pairwise(options) if name == "--server.allowedHosts"]
    monkeypatch.setattr(config, "get_option", lambda name: hosts if name == "server.allowedHosts" else None)
    answers = {
        host: starlette_websocket._is_origin_allowed(None, host)  # asked before a page connects
        for host in ("gallery.example.org", "localhost:8501", "elsewhere.example.com", "gallery.example.org.evil.com")
    }
    assert list(answers.values()) == [True, True, False, False]


def test_visitors_of_a_public_server_name_no_models(visit, public, tmp_path):
    app = visit("generate", pair="Own models", encoder="/etc", generator=str(tmp_path))
    assert "Own models" not in app.selectbox(key="pair").options and len(app.warning) == 1
    assert not app.error and not [box for box in app.text_input if box.key == "encoder"]
    assert app.slider(key="count").max == limits.PUBLIC.pictures


def test_nothing_is_downloaded_for_visitors(public, monkeypatch):
    monkeypatch.setattr(model_pairs.encoders, "is_here", lambda name: name == "minilm")
    assert list(model_pairs.offered_pairs()) == ["bundled"]


def test_visitors_are_not_told_where_the_cache_lies(public, monkeypatch):
    said = []
    monkeypatch.setattr(sidebar.st, "error", lambda text, **_: said.append(text))
    refuse(InputError(f"Cannot write {CACHE}/lists/1: No space left on device."))
    assert said == [plain("Cannot write the cache/lists/1: No space left on device.")]


def test_settings_files_name_no_models_either(public):
    own = Settings(encoder="/etc", generator="bundled")
    with pytest.raises(InputError, match="does not offer"):
        files.restore(own, InterpolationSettings(prompts=("a cat", "a dog"), steps=5))
    with pytest.raises(InputError, match="15 steps"):
        files.restore(Settings(), InterpolationSettings(prompts=("a cat", "a dog"), steps=16))


@pytest.mark.parametrize("newline", [b"\n", b"\r", b"\r\n"])
def test_a_table_that_is_too_long_is_refused_before_it_is_read(public, newline):
    limits.check_lines(b"a" + newline * limits.PUBLIC.lines)
    with pytest.raises(InputError, match="up to 5,000 lines here; this one has 5,001"):
        limits.check_lines(b"a" + newline * (limits.PUBLIC.lines + 1))


def test_help_names_what_the_dashboard_itself_takes(capsys):
    with pytest.raises(SystemExit) as ended:
        parse_options(["--help"])
    said = capsys.readouterr().out
    assert ended.value.code == 0 and "--own-models" in said and "--public" in said and "streamlit run" in said
