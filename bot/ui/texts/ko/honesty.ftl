### 백테스트의 신뢰도.

backtest-verdict-peeks = 미래를 보는 규칙입니다. { $time }의 판단이 그 뒤의 캔들을 빼면 달라집니다. 이 결과는 의미가 없습니다.
backtest-verdict-idle = 한 번도 거래하지 않았습니다. 조건을 완화하거나 기간을 늘려 보세요.
backtest-verdict-costs = 비용이 수익을 모두 가져갑니다. 비용 제외 { $gross }, 비용 반영 { $net }.
backtest-verdict-loses = 비용이 없어도 손실입니다: { $gross }.
backtest-verdict-few = 거래가 부족합니다. 거래 { $trades }건으로는 판단할 수 없으며, { $least }건부터 판단할 수 있습니다.
backtest-verdict-luck = 운으로 보입니다. { $reasons }.
backtest-verdict-fades = 검증 구간 전에는 좋았지만, 처음 보는 캔들에서는 손실이 났습니다: { $unseen }.
backtest-verdict-survives = 아직까지는 버티고 있습니다. 아래 점검에서 걸린 것이 없습니다. 보장은 아닙니다.
backtest-doubt-joint = {"; "}
backtest-doubt-random = 같은 횟수로 거래한 무작위 규칙 중 { $share } 정도가 이만큼 벌었습니다
backtest-doubt-trials = { $count ->
    [one] 실력이 전혀 없어도 나올 수 있는 오차 범위입니다(수정 샤프 { $deflated })
   *[other] 실력 없이 { $count }번 시도한 것 중 최고도 이 정도로 보입니다(수정 샤프 { $deflated })
}
backtest-doubt-overfitting = 다른 캔들에서는 최고 조합이 { $overfitting }의 비율로 중간을 넘지 못했습니다
backtest-honesty-title = 운일까요?
backtest-random = { $share } ({ $low }~{ $high })
backtest-peeks = 발견
backtest-no-peek = 점검 { $count }회, 없음
label-backtest-trials = { $coin }에서 테스트한 규칙
label-backtest-random = 무작위보다 나은 비율
label-backtest-random-median = 무작위 규칙의 중앙값
label-backtest-deflated = 수정 샤프
label-backtest-overfitting = 과최적화(PBO)
label-backtest-look-ahead = 미래 참조
label-backtest-sharpe = 샤프
backtest-about-random = 무작위 규칙 { $count }개는 같은 횟수와 기간을 무작위 시점에, 같은 비용으로 보유했습니다.
backtest-about-trials = 수정 샤프는 이 종목에서 테스트한 횟수를 모두 감안했을 때 실력일 확률입니다. 서로 비슷한 시도는 실제로 더 적은 셈이므로 이 횟수는 상한입니다.{ $full ->
    [yes] {" "}이보다 많은 시도는 더 세지 않습니다.
   *[other] {""}
}
backtest-about-overfitting = PBO는 기간의 절반에서 최고였던 조합이 나머지 절반에서 중간을 넘지 못한 비율이며({ $count }가지 분할), 잡음이면 50%입니다.
backtest-hold-out-title = 검증 구간: 마지막 { $share }
backtest-hold-out-about = 위의 수치와 선택은 이 캔들을 보지 않았습니다. 다시 테스트하면 이미 본 것이 됩니다.
backtest-no-hold-out = 테스트가 짧아 검증 구간을 남기지 못했습니다.
backtest-grid-title = 규칙 { $count }개 중 상위
backtest-grid-about = { $names }. 검증 구간 전의 샤프 지수 순입니다.
button-backtest-best = 최고 규칙만
backtest-grid-alt = 규칙 { $count }개의 연간 샤프 지수, { $names }; 최고 { $best }
error-grid-too-slow = 규칙 { $rules }개는 너무 오래 걸립니다. { $seconds }초 동안 { $done }개를 테스트했습니다. 값의 수를 줄이거나 since를 늦추거나 간격을 넓혀 주세요.
chart-grid = 매개변수
chart-grid-note = 표본 내 연간 샤프 지수 · 테두리: 최고
chart-grid-down = ↓
chart-grid-across = →
