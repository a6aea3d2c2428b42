"""When calls are recorded, and which recordings are kept; the recording itself needs a card."""

import pytest
import torch

from alignment.execution.cuda_graphs import MAX_RECORDINGS, CudaGraphs


class Replay:
    """A recording without a graph: it says that it was used."""

    def __init__(self, function):
        self.function, self.used = function, 0

    def replay(self, inputs):
        self.used += 1
        return self.function(*inputs)


@pytest.fixture
def recorded(monkeypatch):
    """The recordings made, in order."""
    made = []

    def record(self, function, inputs):
        made.append(Replay(function))
        return made[-1]

    monkeypatch.setattr(CudaGraphs, "_record", record)
    return made


def double(x):
    return 2 * x


def test_shapes_that_come_again_are_recorded_once(recorded):
    graphs = CudaGraphs()
    for value in range(4):
        assert graphs.call(double, torch.full((3,), value)).tolist() == [2 * value] * 3
    graphs.call(double, torch.ones(5))
    assert [each.used for each in recorded] == [3]


def test_more_batch_sizes_in_turn_than_there_is_room_for_are_not_recorded_again_and_again(recorded):
    graphs = CudaGraphs()
    for _ in range(4):
        for size in range(MAX_RECORDINGS + 1):
            assert graphs.call(double, torch.ones(size)).tolist() == [2] * size
    assert [each.used for each in recorded] == [3] * MAX_RECORDINGS


def test_what_cannot_be_recorded_is_called(monkeypatch):
    tried = []

    def record(self, function, inputs):
        tried.append(inputs)
        raise torch.OutOfMemoryError("CUDA out of memory.")

    monkeypatch.setattr(CudaGraphs, "_record", record)
    graphs = CudaGraphs()
    for _ in range(4):
        assert graphs.call(double, torch.ones(2)).tolist() == [2, 2]
    assert len(tried) == 1
