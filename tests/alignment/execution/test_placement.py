"""Devices by name, and what happens where a card's memory is short; no card is needed."""

import logging
import time
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import numpy as np
import pytest
import torch

from alignment.errors import InputError
from alignment.execution import placement
from alignment.execution.placement import PlacedModel, Placement, fastest_dtype, resolve


@pytest.fixture
def card(monkeypatch):
    """A machine with a card, as far as names go."""
    monkeypatch.setattr(placement, "devices_here", lambda: {"cuda": "A card", "cpu": "processor"})
    monkeypatch.setattr(placement, "_warned", set())


class Memory:
    """Squares its input, and runs out of memory above some number of items on the card."""

    def __init__(self, fits: int, error: Exception | None = None):
        self.fits, self.tried = fits, []
        self.error = error or torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 20.00 MiB.")

    def __call__(self, device, part):
        self.tried.append((device, len(part)))
        if device != "cpu" and len(part) > self.fits:
            raise self.error
        return part**2


def squares(place, memory, count=10, size=8):
    return np.concatenate([found for _, found in place.run_in_batches(memory, np.arange(count), size)])


def test_auto_is_the_best_device_here(card):
    assert resolve("auto") == "cuda" and resolve("cpu") == "cpu"
    assert Placement("auto", "pictures").device == "cuda"


def test_a_card_that_torch_finds_but_that_does_nothing_is_not_here(monkeypatch, caplog):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)

    def ones(size, device):
        raise RuntimeError("CUDA error: no kernel image is available for execution on the device\nCompile with ...")

    monkeypatch.setattr(torch, "ones", ones)
    placement._computes.cache_clear()
    try:
        assert resolve("auto") != "cuda" and resolve("auto") != "cuda"
    finally:
        placement._computes.cache_clear()
    said = [record.message for record in caplog.records if "cuda" in record.message]
    assert len(said) == 1 and said[0].endswith("no kernel image is available for execution on the device")


def test_a_device_that_is_not_here_is_one_sentence(card):
    with pytest.raises(InputError, match=r"finds no device 'mps' here; it can use cuda, cpu\.$"):
        Placement("mps", "pictures")
    with pytest.raises(InputError, match="Unknown device 'tpu'; choose one of auto, cpu, cuda, mps"):
        Placement("tpu", "pictures")


@pytest.mark.parametrize(("bfloat16", "capability", "dtype"), [(1, (8, 0), "bfloat16"), (0, (7, 5), "float16")])
def test_a_card_computes_in_what_it_multiplies_fastest(monkeypatch, bfloat16, capability, dtype):
    monkeypatch.setattr(torch.cuda, "is_bf16_supported", lambda including_emulation: bool(bfloat16))
    monkeypatch.setattr(torch.cuda, "get_device_capability", lambda: capability)
    assert fastest_dtype("cuda") == dtype and fastest_dtype("mps") == "float32"


def test_batches_are_halved_until_they_fit_and_that_is_said_once(card, caplog):
    place, memory = Placement("cuda", "pictures"), Memory(fits=3)
    with caplog.at_level(logging.WARNING):
        assert squares(place, memory).tolist() == [n**2 for n in range(10)]
    assert memory.tried[:4] == [("cuda", 8), ("cuda", 4), ("cuda", 2), ("cuda", 2)]
    assert place.device == "cuda"
    said = "The graphics card has too little memory free for these pictures; fewer are computed at a time."
    assert [record.message for record in caplog.records] == [said] == place.notes

    memory.tried.clear()
    squares(place, memory)
    assert memory.tried == [("cuda", 2)] * 5  # what fits is remembered


def test_memory_that_becomes_shorter_still_is_noted_once(card):
    place, memory = Placement("cuda", "pictures"), Memory(fits=8)
    for memory.fits in (4, 2, 1):
        squares(place, memory)
    assert len(place.notes) == 1


def test_where_not_even_one_fits_the_cpu_goes_on(card, caplog):
    place, memory = Placement("auto", "sentences"), Memory(fits=0)
    with caplog.at_level(logging.WARNING):
        assert squares(place, memory).tolist() == [n**2 for n in range(10)]
    assert memory.tried == [("cuda", 8), ("cuda", 4), ("cuda", 2), ("cuda", 1), ("cpu", 8), ("cpu", 2)]
    assert place.device == "cpu"
    said = "The graphics card has too little memory free for these sentences; the CPU is used."
    assert [record.message for record in caplog.records] == [said] == place.notes


@pytest.mark.parametrize("text", ["MPS backend out of memory (MPS allocated: 1 GB)", "CUBLAS_STATUS_ALLOC_FAILED when"])
def test_other_ways_of_saying_that_memory_is_short(card, text):
    assert squares(Placement("cuda", "pictures"), Memory(4, RuntimeError(text))).tolist() == [n**2 for n in range(10)]


def test_other_errors_are_not_hidden(card):
    with pytest.raises(RuntimeError, match="shapes"):
        squares(Placement("cuda", "pictures"), Memory(4, RuntimeError("shapes differ")))


def test_the_cpu_has_nowhere_to_go():
    def compute(device, part):
        raise torch.OutOfMemoryError("out of memory")

    with pytest.raises(torch.OutOfMemoryError):
        list(Placement("cpu", "pictures").run_in_batches(compute, [1, 2], 2))


class Named(PlacedModel):
    """A model that is no more than where it is and what it multiplies in; ``loads`` counts."""

    loads = 0

    def _default_dtype(self, device):
        return "float32" if device == "cpu" else "bfloat16"

    def _load(self, device, dtype):
        self.loads += 1
        time.sleep(0.05)  # so that others ask meanwhile
        return f"{dtype} on {device}"


def test_a_model_is_loaded_once_however_many_threads_need_it(card):
    model, together = Named("auto", "sentences", None), Barrier(4)

    def ask(_):
        together.wait()
        return model._model("cuda")

    with ThreadPoolExecutor(4) as threads:
        assert set(threads.map(ask, range(4))) == {"bfloat16 on cuda"} and model.loads == 1


def test_a_model_is_loaded_anew_for_another_device_and_another_dtype(card):
    model = Named("auto", "sentences", None)
    assert model.dtype == "bfloat16" and model.computed_in == "bfloat16 on cuda" == model._model("cuda")
    model.placement.device = "cpu"
    assert model.computed_in == "float32" and model._model("cpu") == "float32 on cpu"
    model._dtype = "float16"
    assert model.computed_in == "float16" and model._model("cpu") == "float16 on cpu"
    assert model.loads == 3


def test_an_unknown_dtype_is_refused_before_anything_is_loaded():
    with pytest.raises(InputError, match="Unknown dtype 'float8'; choose one of float32"):
        Named("cpu", "sentences", "float8")
