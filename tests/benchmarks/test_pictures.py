"""The table of pictures on a graphics card, without one."""

from argparse import Namespace

import pytest
import torch

from benchmarks import pictures
from benchmarks.__main__ import main


@pytest.mark.parametrize("name", ["pictures", "sentences"])
def test_without_a_card_it_says_so_in_one_sentence(capsys, name):
    if torch.cuda.is_available():
        pytest.skip("one is here")
    assert main([name, "--device", "cuda"]) == 2
    said = capsys.readouterr()
    assert said.err == f"torch {torch.__version__} finds no device 'cuda' here; it can use cpu.\n" and not said.out


def test_the_rows_of_a_device_compare_with_the_library(tiny_biggan):
    rows = list(pictures.rows_on_gpu(tiny_biggan, 3, Namespace(device="cpu", repeats=1)))
    assert rows[0][0] == "float32" and len(rows[0]) == len(pictures.GPU_HEADER) - 2
    theirs, eager, graph, _, _, difference, _ = rows[0][1:]
    assert float(difference) < 1e-4 and float(theirs) > 0 and float(eager) > 0
    assert graph == ""  # only a card of NVIDIA has them


def test_an_option_is_not_taken_for_a_longer_one(capsys):
    with pytest.raises(SystemExit):
        main(["pictures", "--repeat", "5"])
    assert "unrecognized arguments: --repeat 5" in capsys.readouterr().err
