"""Shared fixtures: one cache per test session, the real models loaded once, a local HTTP server as the Hub."""

import json
import os
import sys
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
os.environ["ALIGNMENT_CACHE"] = str(ROOT / ".pytest_cache" / "alignment")  # read when Settings are imported
os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"
SEVERAL_PROCESSES = "PYTEST_XDIST_WORKER" in os.environ
if SEVERAL_PROCESSES:
    os.environ["OMP_NUM_THREADS"] = "1"  # the processes share the cores
LONG_FIRST = ("tests/browser/", "tests/training/")  # so that no process is left alone with a long file
SLOW_FIXTURES = {"study", "biggan_deep_128"}  # all seed sentences encoded; a network of real size


def pytest_collection_modifyitems(config, items):
    if "nightly" not in config.option.markexpr:
        items[:] = [item for item in items if item.get_closest_marker("nightly") is None]
    for item in items:
        if SLOW_FIXTURES & set(getattr(item, "fixturenames", ())) or "alignment/study/" in item.nodeid:
            item.add_marker(pytest.mark.slow)
    if SEVERAL_PROCESSES:
        items.sort(key=lambda item: not item.nodeid.startswith(LONG_FIRST))


def _in_browser(nodeid: str) -> bool:
    return nodeid.startswith("tests/browser/")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """Run each file's tests in one process, to share fixtures, and all browser tests in one, to share the server."""
    from xdist.scheduler import LoadScopeScheduling

    class OneProcessPerFile(LoadScopeScheduling):
        def _split_scope(self, nodeid):
            return "browser" if _in_browser(nodeid) else nodeid.partition("::")[0]

    return OneProcessPerFile(config, log)


@pytest.fixture(autouse=True)
def main_module(monkeypatch):
    """Restore the main module: Streamlit replaces it by the app's script, which a spawned process would run."""
    monkeypatch.setitem(sys.modules, "__main__", sys.modules["__main__"])


@pytest.fixture
def rng():
    """New random generator for each test, so that results do not depend on earlier tests."""
    import numpy as np

    return np.random.default_rng(0)


@pytest.fixture(scope="session")
def encoder():
    from alignment.text.encoder import TextEncoder

    return TextEncoder()


@pytest.fixture(scope="session")
def generator():
    from alignment.images.generator import ImageGenerator

    return ImageGenerator()


@pytest.fixture(scope="session")
def study():
    """The default study: the bundled encoder, the bundled generator, the project's seeds."""
    from alignment.study import Study

    study = Study()
    study.build()
    return study


@pytest.fixture
def served(tmp_path):
    """Folder served over HTTP on this machine, and its URL; a test puts the files to download there."""
    folder = tmp_path / "served"
    folder.mkdir()
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Host, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield folder, f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


class _Host(SimpleHTTPRequestHandler):
    """HTTP handler for files of the folder, and for the part of the Hub's API that a snapshot download uses."""

    COMMIT = "0123456789abcdef0123456789abcdef01234567"
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        if not self.path.startswith("/api/models/"):
            return super().do_GET()
        repository = self.path.split("?")[0].removeprefix("/api/models/").split("/revision/")[0].split("/tree/")[0]
        folder = Path(self.directory) / repository
        files = [{"rfilename": path.name, "size": path.stat().st_size} for path in folder.glob("*")]
        tree = [{"type": "file", "path": f["rfilename"], "size": f["size"], "oid": "0" * 40} for f in files]
        answer = tree if "/tree/" in self.path else {"id": repository, "sha": self.COMMIT, "siblings": files}
        body = json.dumps(answer).encode()
        self.send_response(200 if files else 404)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def translate_path(self, path):
        repository, _, file = path.partition("/resolve/")
        return super().translate_path(f"{repository}/{file.partition('/')[2]}" if file else path)

    def end_headers(self):
        self.send_header("ETag", f'"{hash(self.path):x}"')  # the Hub's cache stores a file under its tag
        self.send_header("X-Repo-Commit", self.COMMIT)
        super().end_headers()

    def log_message(self, *args):
        pass


@pytest.fixture(scope="session")
def tiny_biggan():
    """A BigGAN of a few thousand numbers with random weights whose spectral norms have converged."""
    import torch
    from pytorch_pretrained_biggan import BigGAN, BigGANConfig

    torch.manual_seed(0)
    settings = {
        "output_dim": 8,
        "channel_width": 4,
        "num_classes": 5,
        "attention_layer_position": 1,
        "layers": [[True, 16, 8], [False, 8, 4], [False, 4, 2], [False, 2, 1]],
        "z_dim": 128,
        "class_embed_dim": 128,
    }
    model = BigGAN(BigGANConfig.from_dict(settings))
    torch.nn.init.normal_(model.generator.bn.weight, 1.0)
    torch.nn.init.zeros_(model.generator.bn.bias)
    for name, value in model.named_buffers():
        if name.endswith(("running_means", "running_vars")):  # each truncation its own statistics
            torch.nn.init.uniform_(value, 0.5, 1.5)
    with torch.no_grad():
        for _ in range(200):
            model(torch.randn(1, 128), torch.eye(5)[:1], 1.0)
    return model.eval()


@pytest.fixture
def tiny_folder(tiny_biggan, tmp_path):
    """Folder with ``tiny_biggan`` in the published checkpoint format."""
    import torch

    folder = tmp_path / "tiny"
    folder.mkdir()
    torch.save(tiny_biggan.state_dict(), folder / "pytorch_model.bin")
    (folder / "config.json").write_text(tiny_biggan.config.to_json_string())
    return folder
