"""Language identification of a text by the model of py3langid."""

from __future__ import annotations

from functools import lru_cache


@lru_cache(maxsize=2)
def language_identifier(codes: tuple[str, ...]):
    """Naive Bayes over sequences of bytes; ``rank`` gives languages (ISO 639-1) with probabilities that add up to 1.

    Parameters
    ----------
    codes : the candidate languages (ISO 639-1)

    References
    ----------
    Lui and Baldwin (2012), langid.py: An off-the-shelf language identification tool, ACL system demonstrations; the
    model is that of py3langid (Barbaresi).
    """
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages([*codes])
    return identifier
