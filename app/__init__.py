"""The composition root and command line: the only place that knows every concrete class."""
