"""Headers of columns that say a class, the same in files of classes, seeds, prompts and class attributes."""

WORDNET_HEADERS = ("wordnet id", "wnid", "synset")
NAME_HEADERS = (
    *("class name", "label name", "label text", "class text", "category name", "category text", "text label"),
    "display name",
)
INDEX_HEADERS = ("class index", "class id", "category id", "label id", "class idx")
CLASS_HEADERS = ("classes", *WORDNET_HEADERS, *NAME_HEADERS, "label", "labels", *INDEX_HEADERS, "category")
