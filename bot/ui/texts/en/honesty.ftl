chart-grid = Parameters
chart-grid-note = Annual Sharpe ratio in sample · framed: the best
chart-grid-down = ↓
chart-grid-across = →
