"""Charts as PNGs: the renderer used by the commands, and the worker process that draws.

renderer (here, in the app)  ->  specs  ->  pool  ->  | pipe |  ->  worker  ->  draw  ->  kinds

matplotlib is imported only on the right of the pipe, so that the app uses little memory and its event loop is not
blocked.
"""
