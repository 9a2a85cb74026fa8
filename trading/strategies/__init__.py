"""Strategies: saved rules that trade on paper. `decisions` is the pure core that back-tests and robots share."""
