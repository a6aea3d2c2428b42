"""Operations on vectors as rows of arrays: class means, cosine similarity, word sums."""
