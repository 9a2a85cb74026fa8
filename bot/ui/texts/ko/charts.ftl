### 차트에 표시되는 문구.

chart-volume = 거래량
chart-day = 24시간
chart-allocation = 자산 구성
chart-cash = 현금
chart-others = 기타 { $count }개
chart-equity = 총자산
chart-grant = 초기 자금
chart-performance = 투자 성과
chart-underwater = 고점 대비 하락(낙폭)
chart-months = 월별 수익률(%)
chart-distribution = 일간 수익률 분포
chart-year = 연간
chart-high = 최고
chart-low = 최저

error-charts-busy = 현재 처리 중인 차트가 너무 많습니다. 잠시 후 다시 시도해 주세요.
error-charts-unavailable = 현재 차트를 그릴 수 없습니다. 다른 기능은 정상입니다. 나중에 다시 시도해 주세요.
chart-backtest = 백테스트
chart-held = 보유 중
