"""Groups of market orders that lead to wished weights: preview, one confirmation, and the result of every order."""
