"""Charts as PNGs: the renderer the commands use, and the worker process that draws for it.

renderer (here, in the app)  ->  specs  ->  pool  ->  | pipe |  ->  worker  ->  draw  ->  kinds

matplotlib is imported on the right of the pipe only, so the app stays slim and its event loop free.
"""
