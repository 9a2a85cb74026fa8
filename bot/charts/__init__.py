"""Charts as PNGs: the renderer the commands use, and the worker process that draws for it.

renderer (here, in the app)  ->  specs  ->  pool  ->  | pipe |  ->  worker  ->  drawing  ->  candles, sparkline, ...

matplotlib is imported on the right of the pipe only, so the app stays slim and its event loop free.
"""

from bot.charts.errors import ChartsBusy, ChartsDown
from bot.charts.pool import ChartWorkers
from bot.charts.renderer import ChartRenderer

__all__ = ["ChartRenderer", "ChartWorkers", "ChartsBusy", "ChartsDown"]
