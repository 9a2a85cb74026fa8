"""Jobs of rebalancing: interrupted groups of orders, drift bands and schedules."""
