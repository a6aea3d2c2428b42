"""What is said of a repository that cannot be fetched from the Hub, or cannot be used."""

import errno
import json

import httpx2
import pytest
from huggingface_hub import HfApi, constants, errors

from alignment.__main__ import main
from alignment.errors import InputError
from alignment.files.hub import hub_folder

pytestmark = pytest.mark.slow  # processes of their own

REQUEST = httpx2.Request("GET", "https://huggingface.co/api/models/someone/model")


def answer(kind, status):
    return kind("no", response=httpx2.Response(status, request=REQUEST))


def offline():
    error = errors.LocalEntryNotFoundError("not here")
    error.__cause__ = errors.OfflineModeIsEnabled("no")
    return error


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (
            answer(errors.GatedRepoError, 403),
            "accept its licence at .*someone/model, then give a token with 'hf auth login'",
        ),
        (answer(errors.RepositoryNotFoundError, 401), "it shows none of that name; check the name, and give a token"),
        (errors.OfflineModeIsEnabled("no"), "HF_HUB_OFFLINE is set; unset it"),
        (offline(), "HF_HUB_OFFLINE is set; unset it"),
        (answer(errors.HfHubHTTPError, 503), "it answered 503"),
        (
            OSError(errno.ENOSPC, "No space left on device"),
            "No space left on device; make room in .*hub, or set HF_HOME",
        ),
        (json.JSONDecodeError("no", "<html>", 0), "what .* answers is not the Hub's; a login page or a proxy may"),
        (httpx2.ConnectError("no"), "check the network connection"),
        (
            httpx2.ConnectError("[SSL: CERTIFICATE_VERIFY_FAILED] ..."),
            "this machine does not trust .*; set SSL_CERT_FILE",
        ),
        (ConnectionResetError(errno.ECONNRESET, "reset"), "check the network connection"),
    ],
)
def test_why_a_repository_could_not_be_fetched(error, told, monkeypatch, tmp_path):
    def fail(*_, **__):
        raise error

    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "hub"))
    monkeypatch.setattr(HfApi, "model_info", fail)
    with pytest.raises(
        InputError, match=f"^'someone/model' is not on this machine and could not be fetched .*: {told}"
    ) as caught:
        hub_folder("someone/model", ["config.json"], lambda _: True, needs="", weights=(), older_weights=())
    assert str(caught.value).count(". ") == 0


@pytest.mark.parametrize("files", [["model.gguf", "config.json"], ["config.json", "tokenizer.json", "onnx.bin"]])
def test_a_repository_without_weights_that_can_be_read_is_not_called_fetched(hub, files, capsys):
    (hub / "someone" / "model").mkdir(parents=True)
    for file in files:
        (hub / "someone" / "model" / file).write_text("{}")
    (hub / "someone" / "model" / files[0]).write_text("{ }")
    assert main(["fetch", "someone/model"]) == 2
    out, told = capsys.readouterr()
    assert out == "" and "someone/model: 'someone/model' on the Hugging Face Hub cannot be used: it needs con" in told
    assert f"model.safetensors or pytorch_model.bin, and holds {files[0]}, " in told


def test_a_generator_on_the_hub_is_fetched(hub, capsys):
    (hub / "someone" / "biggan").mkdir(parents=True)
    for file in ("config.json", "pytorch_model.bin"):
        (hub / "someone" / "biggan" / file).write_text("{}")
    assert main(["fetch", "someone/biggan"]) == 0
    assert capsys.readouterr().out.startswith("someone/biggan: here, in ")


@pytest.mark.parametrize("option", ["--encoder", "--generator"])
@pytest.mark.parametrize("body", ["<html>Please log in</html>", "[1, 2]", '{"status": "ok"}', "null"])
def test_an_answer_that_is_not_the_hubs_is_one_sentence(hub, monkeypatch, capsys, option, body):
    def answer(self):
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body.encode())

    monkeypatch.setattr("tests.conftest._Host.do_GET", answer)
    assert main(["nearest", "a cat", option, "someone/model"]) == 2
    assert "answers is not the Hub's; a login page or a proxy may stand in between.\n" in capsys.readouterr().err
