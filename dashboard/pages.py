"""List of the dashboard's pages."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

VIEWS = Path(__file__).parent / "views"


@dataclass(frozen=True)
class Page:
    """A page: its title in the menu, its URL path, its icon, and its heading.

    ``places`` are the query parameters of the position on the page, such as a tab: Back returns to the previous one.
    ``path`` is the page's script, in a folder of :mod:`dashboard.views`.
    """

    title: str
    address: str
    icon: str
    heading: str
    places: tuple[str, ...] = ()

    @property
    def path(self) -> Path:
        return VIEWS / self.address.replace("-", "_") / "page.py"


OVERVIEW = Page("Overview", "overview", ":material/home:", "From words to pictures")
LESSON = Page("Lesson", "lesson", ":material/school:", "Lesson", places=("step",))
GENERATE = Page("Generate", "generate", ":material/image:", "Generate", places=("tab", "prompt"))
CLASSES = Page("Classes", "classes", ":material/grid_view:", "What it can draw")
INTERPOLATION = Page("Interpolation", "interpolation", ":material/route:", "Interpolation")
LATENT_SPACES = Page("Latent spaces", "latent-spaces", ":material/scatter_plot:", "Latent spaces")
MAPPING_ERROR = Page("Mapping error", "mapping-error", ":material/troubleshoot:", "Mapping error", places=("section",))
RUNS = Page("Runs", "runs", ":material/balance:", "Pairs of spaces side by side")
SEED_PAIRS = Page("Seed pairs", "seed-pairs", ":material/format_quote:", "Seed pairs", places=("section",))
GLOSSARY = Page("Glossary", "glossary", ":material/menu_book:", "Glossary")
PAGES = (
    OVERVIEW,
    LESSON,
    GENERATE,
    CLASSES,
    INTERPOLATION,
    LATENT_SPACES,
    MAPPING_ERROR,
    RUNS,
    SEED_PAIRS,
    GLOSSARY,
)
