### 가격 알림과 그 밖의 알림.

command-alert = 목표 가격, 변동폭, 지표, 거래량에 도달하면 알려 드립니다
    .about = 목표 가격에 도달하면 이 채팅방으로 알려 드립니다. “>” 또는 “<”와 가격, 가격만, 또는 등락률을 입력하세요. “변동폭”을 쓰면 최근 5m, 15m, 1h(기본값), 4h, 1d의 최고가와 최저가의 차이를 확인하며, 재시작해도 그 기간은 유지됩니다. 조건도 설정할 수 있습니다: 5m~7d 등락률(24h -5%), 최대 365일 신고가·신저가(신고가 30일), 평균 대비 거래량(거래량 3배 1h), 변동성(변동성 3% 1d), 이동평균 이격(ma50 +3% 4h, ma200 cross), RSI(rsi < 30). 거래량, 변동성, 이동평균, RSI는 마감된 봉만 봅니다. “when” 뒤에는 매매 규칙의 조건을 쓸 수 있고 봉이 마감될 때마다 확인합니다: 1h when rsi(14) < 30 and close > sma(200). /alert 주문 12 1%는 열린 주문을 봅니다. every(매번)를 붙이면 되돌아갔다가 다시 도달할 때마다, 아니면 한 번만 알려 드립니다. “매번 4h”는 4시간에 한 번까지만 보내고, “for 7d”는 7일 뒤에 끝나며, “메모” 뒤에는 남길 말을 쓸 수 있습니다.
    .symbol = 알림을 받을 종목. 예: { COIN() }
    .level = 가격: > 70000, < 2000, 70000, 등락률: +5%, 변동폭 3% 1h, 또는 조건: rsi < 30
    .times = once(한번) 또는 every(매번). 기본값은 한 번입니다
    .extras = 알림 사이의 최소 간격(4h), 종료(for 7d, 2026-12-31까지), 메모
    .examples =
        /alert { COIN() } > 70000
        /alert { COIN(2) } < 2000
        /alert { COIN() } 70000
        /alert { COIN(3) } -5% 매번
        /alert { COIN() } 변동폭 3% 1h
        /alert { COIN() } 24시간 -5%
        /alert { COIN() } 신고가 30일
        /alert { COIN(2) } 거래량 3배 1시간
        /alert { COIN(2) } ma50 +3% 4h
        /alert { COIN() } 1h when rsi(14) < 30 and close > sma(200)
        /alert { COIN(3) } rsi < 30 매번 4h for 7d

command-alerts = 설정된 알림을 봅니다
    .about = 최근 알림부터, 그 아래에 변동폭 알림, 조건 알림, 예측 알림을 보여 줍니다. 버튼으로 하나씩 또는 모든 종류를 한꺼번에 취소하거나, 가격 알림을 변경하고, 꺼 둔 알림을 다시 켤 수 있습니다.
    .examples = /alerts

parameter-level = 가격
parameter-times = once|every
parameter-extras = 4h|for 7d|note
parameter-alert_id = 알림번호
parameter-newest = 알림번호
parameter-newest_forecast = 알림번호

## 설정과 목록
alert-set-above = { $times ->
    [every] { $symbol } 가격이 { $level } 이상으로 오를 때마다 여기로 알려 드리겠습니다.
   *[once] { $symbol } 가격이 { $level } 이상으로 오르면 여기로 알려 드리겠습니다.
}
alert-set-below = { $times ->
    [every] { $symbol } 가격이 { $level } 이하로 내릴 때마다 여기로 알려 드리겠습니다.
   *[once] { $symbol } 가격이 { $level } 이하로 내리면 여기로 알려 드리겠습니다.
}
alert-now = 현재가는 { $price }입니다.
alert-again-above = 한 번 알려 드린 뒤에는 가격이 { $back } 아래로 내려가고 { $pause } 이상 지나야 다시 알려 드립니다.
alert-again-below = 한 번 알려 드린 뒤에는 가격이 { $back } 위로 올라가고 { $pause } 이상 지나야 다시 알려 드립니다.
alert-every-above = 매번 ({ $back } 미만 이후 다시)
alert-every-below = 매번 ({ $back } 초과 이후 다시)
alert-beyond-above = 현재가가 이미 그 가격 이상입니다. 먼저 { $back } 아래로 내려간 뒤부터 확인합니다.
alert-beyond-below = 현재가가 이미 그 가격 이하입니다. 먼저 { $back } 위로 올라간 뒤부터 확인합니다.
alert-number = { $alert_id }번 알림
alerts-title = 내 가격 알림
alerts-none = 설정된 알림이 없습니다. /alert { COIN() } +5% 처럼 설정해 보세요.
alerts-cancel-ask = { $muted ->
    [0] 설정된 알림이 { $count }개 있습니다. 모두 취소할까요?
   *[other] 설정된 알림이 { $count }개 있고 그중 { $muted }개는 꺼져 있습니다. 모두 취소할까요?
}
alerts-cancel-more = 외 { $count }개가 더 있습니다.
alerts-cancelled = { $count ->
    [one] 알림 1개를 취소했습니다.
   *[other] 알림 { $count }개를 취소했습니다.
}
alert-share = 이 링크를 열면 누구나 같은 알림을 설정할 수 있습니다, { $symbol } { $condition }:
alert-edit-ask = { $symbol } { $condition } 알림의 새 가격은 얼마인가요? 가격이나 +5% 같은 변동 폭을 입력하거나 버튼을 눌러 주세요.
alert-cancelled = 알림을 취소했습니다: { $symbol } { $condition }
alert-muted = 알림을 껐습니다: { $symbol } { $condition }. /alerts 에 남아 있으니 언제든 다시 켤 수 있습니다.

## 알림
push-alert-above = { $symbol } 가격이 { $level } 이상으로 올랐습니다
push-alert-below = { $symbol } 가격이 { $level } 이하로 내렸습니다
push-alerts-title = 가격 알림 { $count }개가 목표 가격에 도달했습니다
push-chart-alt = { $symbol } 최근 하루 차트, 현재가 { $last }.
push-chat-gone = { $platform ->
    [telegram] Telegram 채팅방 하나에 더 이상 메시지를 보낼 수 없습니다. 그곳으로 보내던 알림은 이제 여기로 보냅니다.
    [discord] Discord 채팅방 하나에 더 이상 메시지를 보낼 수 없습니다. 그곳으로 보내던 알림은 이제 여기로 보냅니다.
   *[other] 채팅방 하나에 더 이상 메시지를 보낼 수 없습니다. 그곳으로 보내던 알림은 이제 여기로 보냅니다.
}

## 선택, 버튼, 이름
choice-once = 한 번
choice-every = 매번
choice-muted = 꺼짐
button-alerts = 내 알림
button-alert-cancel = 이 알림 취소
button-alert-cancel-one = { $alert_id }번 취소
button-alert-share = 공유
button-alert-edit = 가격 변경
button-alert-edit-one = { $alert_id }번 변경
button-alerts-cancel = 모두 취소
button-alerts-cancel-now = 네, { $count }개 취소
button-alert-resume = { $alert_id }번 다시 켜기
button-mute = 알림 끄기
button-repeat = 매번 알리기
label-alert = 알림
label-alert-price = 도달 가격
label-alert-state = 알림 횟수
label-level = 목표 가격
label-price-now = 현재가

## 오류
error-too-many-alerts = 알림은 꺼 둔 것까지 포함해 최대 { $limit }개까지 설정할 수 있습니다. /alerts 에서 하나를 취소한 뒤 다시 설정해 주세요.
error-no-alerts-to-cancel = 해당 알림은 이미 종료되었습니다. /alerts 에서 현재 알림을 확인해 주세요.
error-unknown-alert = { $alert_id }번 알림은 변경할 수 없습니다. /alerts 에서 설정된 알림을 확인해 주세요.
error-not-a-level = “{ $text }”{ JOSA($text, "은/는") } 가격이나 등락률이 아닙니다. 90000 같은 가격 또는 +5% 같은 등락률을 입력해 주세요.
error-level-out-of-range = { $level }{ JOSA($level, "은/는") } { $symbol } 현재가 { $now }에서 너무 멉니다. { $lowest }부터 { $highest }까지 설정할 수 있으니 자릿수를 확인해 주세요.
error-level-at-price = { $symbol } 현재가가 정확히 { $now }입니다. 가격 앞에 > 또는 < 를 붙여 방향을 정해 주세요.

push-delisted-title = 거래 지원 종료: { $symbols }
push-delisted-alert = 거래소가 { $symbol } 종목의 거래 지원을 종료하여 가격 알림 { $number }번이 종료되었습니다.
push-delisted-forecast = 거래소가 { $symbol } 종목의 거래 지원을 종료하여 예측 알림 { $number }번이 종료되었습니다.
push-delisted-repeat = 거래소가 { $symbol } 종목의 거래 지원을 종료하여 정기 매수 { $number }번이 중지되었습니다.
push-delisted-holding = 보유 중인 { $symbol } 종목은 거래소에서 거래 지원이 종료되었습니다.
push-delisted-close = 보유 수량은 마지막 가격으로 평가되며 /portfolio에서 확인할 수 있습니다. /sell로 그 가격에 정리할 수 있습니다.
