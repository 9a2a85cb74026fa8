### Labels in charts.

chart-volume = Volume
chart-day = 24 h
chart-allocation = Portfolio
chart-cash = Cash
chart-others = { $count } others
chart-equity = Equity
chart-grant = Starting balance
chart-performance = Performance
chart-underwater = Below the highest value
chart-months = Return by month (%)
chart-distribution = Days by return
chart-year = Year
chart-high = High
chart-low = Low

error-charts-busy = Too many charts are being drawn right now. Please try again in a moment.
error-charts-unavailable = Charts are unavailable right now. Everything else works. Please try the chart again later.
chart-backtest = Back-test
chart-held = In the market
