### 그림 속에 들어가는 몇 마디.

chart-volume = 거래량
chart-day = 24시간
chart-allocation = 자산 구성
chart-cash = 현금
chart-others = 기타 { $count }개
chart-equity = 총자산
chart-grant = 지급액
chart-high = 최고
chart-low = 최저

error-charts-busy = 지금 그리고 있는 차트가 너무 많습니다. 잠시 후 다시 시도해 주세요.
error-charts-down = 지금은 차트를 그릴 수 없습니다. 다른 기능은 정상이니 차트는 나중에 다시 시도해 주세요.
