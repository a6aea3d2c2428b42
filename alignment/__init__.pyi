from alignment.errors import InputError as InputError
from alignment.execution.progress_bars import ProgressBars as ProgressBars
from alignment.images.drawing_settings import DrawingSettings as DrawingSettings
from alignment.interpolation.paths import InterpolationSettings as InterpolationSettings
from alignment.study.settings import Settings as Settings
from alignment.study.study import Study as Study

__version__: str
