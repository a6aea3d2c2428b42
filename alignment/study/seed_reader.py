"""Reading the seeds of a study: built-in ones, a user's files or encoded shards; notices about what was left out."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import compress

from alignment.dictionary.classes import ClassTable
from alignment.dictionary.seed_files import read_seeds
from alignment.dictionary.seeds import SeedDictionary
from alignment.errors import InputError
from alignment.execution.locks import Once
from alignment.files.tables import left_out
from alignment.study import artifacts
from alignment.study.cache.keys import artifact_key
from alignment.study.cache.store import ArtifactCache
from alignment.study.foreign_sentences import seed_languages
from alignment.study.notices import SHOWN_SENTENCE_CHARACTERS, read_in_part
from alignment.study.settings import Settings
from alignment.study.shards.encoded_seeds import EncodedSeeds
from alignment.text.encoder import TextEncoder
from alignment.wording import counted, first_items


class SeedReader:
    """Reads the seeds on first use.

    Parameters
    ----------
    settings : Settings
        ``seeds``, ``added_seeds`` and ``vectors`` are read; without any, the built-in seeds, or seeds made from the
        names of classes that are not ImageNet's.
    encoder : TextEncoder
        Seeds that it cannot read are left out.
    classes : ClassTable
        Of the class space; seeds about other classes are left out.
    cache : ArtifactCache
        Holds the built-in seeds.

    Attributes
    ----------
    notices : list of str
        What was left out or truncated, one sentence each; complete once :attr:`seeds` was read.
    """

    def __init__(self, settings: Settings, encoder: TextEncoder, classes: ClassTable, cache: ArtifactCache):
        self._settings, self._encoder, self._classes, self._cache = settings, encoder, classes, cache
        self.notices: list[str] = []
        self._once = Once()

    @property
    def seeds(self) -> SeedDictionary:
        """Seed dictionary, restricted to the classes of the class space and to sentences the encoder can read."""
        return self._once.get("seeds", self._all)

    def restore(self, seeds: SeedDictionary) -> None:
        """Take over the seeds that another process has read."""
        self._once.set("seeds", seeds)

    def _all(self) -> SeedDictionary:
        settings = self._settings
        self.notices = []  # of an earlier reading that failed
        if self.encoded:
            seeds = self.encoded.seeds
            self.notices += self.encoded.notices
            self.notices += seed_languages(seeds.sentences, f"the sentences of {settings.vectors}", self._encoder)
        elif settings.seeds:
            seeds = self._read(settings.seeds)
        elif self._classes.are_imagenets:
            seeds = self.built_in
        else:  # names may be in any language
            seeds = self._seeds_of_names()
        seeds = seeds.merged(self._read(settings.added_seeds)) if settings.added_seeds else seeds
        if seeds.frame["classes"].nunique() == 1:
            named = len(seeds.frame["classes"].iloc[0])
            self.notices.append(
                f"all seed sentences are about {'one class' if named == 1 else f'the same {named:,} classes'}, so that "
                "no mapping learns to tell prompts apart; add sentences about others"
            )
        return seeds

    @property
    def encoded(self) -> EncodedSeeds | None:
        """Encoded seeds of ``settings.vectors``, if that is given."""
        folder = self._settings.vectors
        return self._once.get("encoded", lambda: EncodedSeeds(folder, self._encoder, self._classes)) if folder else None

    @property
    def built_in(self) -> SeedDictionary:
        """The project's seeds for this class space, or seeds made from its class names."""
        return self._once.get("built in", self._built_in)

    def _built_in(self) -> SeedDictionary:
        key = artifact_key(artifacts.seed_table, self._classes.fingerprint, about=self._settings.class_space)
        return SeedDictionary(self._cache.fetch(key, lambda: artifacts.seed_table(self._classes)))

    @property
    def are_built_in(self) -> bool:
        """Whether the seeds are the built-in ones for ImageNet's classes, all of them and no others."""
        return self.seeds is self.built_in and self._classes.are_imagenets

    def _read(self, path: str) -> SeedDictionary:
        seeds, refused, notes = read_seeds(path, self._classes.known)
        here = seeds.restricted(self._classes)
        total = f"{counted(len(seeds), 'sentence')} of {path}"
        if not len(here):
            raise InputError(f"None of the {total} is about a class of this class space.")
        lacking = f"{len(seeds) - len(here):,} of {total}"
        self.notices += [
            *notes,
            *([f"left out: {lacking}, whose classes this class space lacks"] if len(here) < len(seeds) else []),
            *left_out(refused, path),
        ]
        kept = self._readable(here, path)
        self.notices += seed_languages(kept.sentences, f"the sentences of {path}", self._encoder)
        return kept

    def _seeds_of_names(self) -> SeedDictionary:
        """Seeds made from class names, without names that the encoder does not know.

        Names that the encoder cannot tell apart are reported too, but kept.
        """
        frame = self.built_in.frame
        readable, _ = self._encoder.read_sentences(self.built_in.sentences, frame["term"].tolist())
        unknown = ~readable & (frame["term"] != "")
        names = self._classes.readable_names
        same = self._encoder.read_alike(names)
        alike = dict.fromkeys([*frame["term"][unknown], *compress(names, same)])
        if alike:
            shown = ", ".join(first_items([name[:SHOWN_SENTENCE_CHARACTERS] for name in alike]))
            told = f"encoder cannot tell the names of these classes apart: {shown}"
            if unknown.all():
                raise InputError(f"The {told}; give sentences about them (--seeds).")
            self.notices.append(f"the {told}; give sentences about them (--add-seeds)")
        named = SeedDictionary(frame[~unknown])
        kept = self._readable(named, "the classes' names", named.frame["term"].tolist())
        descriptions = list(filter(None, self._classes.frame["description"]))
        what = "the classes' names and descriptions" if descriptions else "the classes' names"
        self.notices += seed_languages([*names, *descriptions], what, self._encoder)
        return kept

    def _readable(self, seeds: SeedDictionary, source: str, terms: Sequence[str] = ()) -> SeedDictionary:
        """Seeds that the encoder can read; notices count and name the others, and those that it truncates."""
        readable, cut = self._encoder.read_sentences(seeds.sentences, terms)
        total = f"{counted(len(seeds), 'sentence')} of {source}"
        if not readable.any():
            raise InputError(f"The text encoder knows no word in any of the {total}.")
        for what, rows in (
            ("left out, because the encoder knows no word of them", ~readable),
            (read_in_part(several=True), readable & cut),
        ):
            if rows.any():
                shown = [repr(sentence[:SHOWN_SENTENCE_CHARACTERS]) for sentence in seeds.frame["sentence"][rows]]
                named = ", ".join(first_items(shown))
                self.notices.append(f"{what}: {rows.sum():,} of {total}: {named}")
        return SeedDictionary(seeds.frame[readable])
