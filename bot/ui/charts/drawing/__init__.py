"""Parts of charts: axes, panes, labels and annotations."""
