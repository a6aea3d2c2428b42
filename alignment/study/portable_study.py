"""A picklable study: other processes open it from its computed parts, without computing them again."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any
from weakref import WeakValueDictionary

import numpy as np

from alignment.dictionary.seeds import SeedDictionary
from alignment.errors import InputError
from alignment.evaluation.calibration import Calibration
from alignment.files.reading import refuse_pipe
from alignment.files.shards import path_everywhere
from alignment.images.checkpoints import GENERATORS
from alignment.study.mapping_files import FittedMapping
from alignment.study.settings import Settings
from alignment.study.shards.encoded_shards import EncoderModel
from alignment.study.study import Study
from alignment.text.checkpoints import ENCODERS

KNOWN = {None, *ENCODERS, *GENERATORS}  # names that are not files

_own: WeakValueDictionary[str, Study] = WeakValueDictionary()  # the studies of this process, while it uses them


@dataclass(frozen=True)
class PortableStudy:
    """Computed parts of a study with one fitted mapping; each machine reads the models from its own files.

    Parameters are those of :meth:`of`; compared and hashed by ``token``.
    """

    token: str
    settings: Settings = field(compare=False)
    encoder: EncoderModel = field(compare=False)
    space: tuple[str, str, str] = field(compare=False)  # fingerprints of class space and classes, number type between
    mapping: str = field(compare=False)
    fitted: FittedMapping = field(compare=False)
    calibration: Calibration | None = field(compare=False)
    seeds: SeedDictionary = field(compare=False)
    X: np.ndarray = field(compare=False)
    seed_distances: np.ndarray = field(compare=False)

    @classmethod
    def of(cls, study: Study, mapping: str) -> PortableStudy:
        """Make a study portable: :meth:`open` gives it back, in this process or in others."""
        calibration = study.confidence.calibration(mapping)
        shared = cls(
            uuid.uuid4().hex,
            _with_absolute_paths(study.settings),
            EncoderModel.of(study.encoder),
            _space(study),
            mapping,
            study.mapping(mapping),
            calibration,
            study.seeds,
            study.X,
            study.seed_distances if calibration else np.empty(0),  # only confidence reads them
        )
        _own[shared.token] = study
        return shared

    def open(self) -> Study:
        """Open the study and keep it in this process.

        Raises
        ------
        InputError
            When a model is missing on this machine, or differs under the same name.
        """
        return _own.get(self.token) or _open(self)


def _with_absolute_paths(settings: Settings) -> Settings:
    """Settings with absolute paths, valid in processes with another working directory."""
    named = {name: getattr(settings, name) for name in ("encoder", "generator", "class_embeddings", "classes")}
    files: dict[str, Any] = {name: path_everywhere(source) for name, source in named.items() if source not in KNOWN}
    return replace(settings, **files)


def _space(study: Study) -> tuple[str, str, str]:
    return study.space.fingerprint, str(getattr(study.space, "dtype", "float32")), study.classes.fingerprint


@lru_cache(maxsize=1)
def _open(shared: PortableStudy) -> Study:
    for source in filter(None, (shared.settings.class_embeddings, shared.settings.classes)):
        refuse_pipe(source)
    study = Study(shared.settings, encoder=shared.encoder.open())
    if _space(study) != shared.space:
        name = shared.settings.class_space
        raise InputError(
            f"The class space {name} here has other weights or classes, or is computed in another type, than that of "
            "the process that asks for it."
        )
    study.restore_mapping(shared.mapping, shared.fitted)
    study.confidence.restore_calibration(shared.mapping, shared.calibration)
    study.seed_reader.restore(shared.seeds)
    study.X, study.seed_distances = shared.X, shared.seed_distances  # in place of what is computed once
    return study
