chart-grid = 매개변수
chart-grid-note = 표본 내 연간 샤프 지수 · 테두리: 최고
chart-grid-down = ↓
chart-grid-across = →
