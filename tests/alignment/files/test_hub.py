"""What is said of a repository that cannot be fetched from the Hub."""

import errno
import json

import httpx2
import pytest
from huggingface_hub import HfApi, constants, errors

from alignment.errors import InputError
from alignment.files.hub import hub_folder

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
