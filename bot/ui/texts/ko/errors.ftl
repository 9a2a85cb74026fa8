### 오류 메시지: 문제와 해결 방법.

## 입력과 명령
error-empty-line = /price { COIN() } 처럼 명령을 입력하세요. /help 에서 모든 명령을 볼 수 있습니다.
error-line-too-long = 입력이 { $length }자입니다. 최대 { $limit }자까지 입력할 수 있으니 줄여 주세요.
error-hidden-characters = { $visible ->
    [none] 보이지 않는 문자만 입력되었습니다. /price { COIN() } 처럼 명령을 입력해 주세요.
   *[other] 복사한 글에 섞이기 쉬운 보이지 않는 문자가 있어 실행하지 않았습니다. 직접 다시 입력해 주세요: { $visible }
}
error-unknown-command = { $nearest ->
    [none] /{ $text } 명령이 없습니다. /help 에서 모든 명령을 볼 수 있습니다.
   *[other] /{ $text } 명령이 없습니다. { $nearest }{ JOSA($nearest, "을/를") } 찾으셨나요?
}
error-not-understood = { $nearest ->
    [none] “{ $text }”{ JOSA($text, "을/를") } 이해하지 못했습니다. { COIN() } 같은 코인 이름이나 /price { COIN() } 같은 명령을 입력해 주세요. /help 에서 모든 명령을 볼 수 있습니다.
   *[other] “{ $text }”{ JOSA($text, "을/를") } 이해하지 못했습니다. { $nearest }{ JOSA($nearest, "을/를") } 찾으셨나요?
}
error-missing-argument = /{ $command } 명령에 필요한 항목이 빠졌습니다: { $parameter }
    .symbol = 어떤 종목인가요?
    .symbols = 어떤 종목인가요?
    .size = 얼마나 할까요?
    .side = 매수인가요, 매도인가요?
    .price = 어떤 가격에 주문할까요?
    .distance = 추적 간격은 얼마인가요? 예: 3%
    .take_profit = 익절 가격은 얼마인가요?
    .stop_loss = 손절 가격은 얼마인가요?
    .limit = 지정가는 얼마인가요?
    .activation = 어떤 가격부터 추적할까요?
    .quantity = 주문 수량을 얼마로 변경할까요?
    .order = 몇 번 주문인가요?
    .kind = 어떤 기록을 내려받을까요?
    .level = 목표 가격은 얼마인가요?
    .chance = 상승과 하락 중 어느 쪽이고, 확률은 몇 퍼센트인가요?
    .extras = 메모에 어떤 내용을 적을까요?
    .rhythm = 얼마나 자주, 몇 시에 매수할까요?
    .text = 어떤 종목을 찾으시나요?
    .message = 어떤 내용을 보낼까요?
    .user = 어떤 사용자인가요?
error-too-many-arguments = /{ $command } 명령에는 “{ $extra }”{ JOSA($extra, "을/를") } 사용할 수 없습니다.
error-too-many-values = /{ $command } 명령에는 한 번에 최대 { $limit }개까지 입력할 수 있습니다. { $count }개를 입력했으니 줄여 주세요.
error-same-symbol-twice = { $symbol } 종목 하나만 입력되었습니다. /compare { COIN() } { COIN(2) } 처럼 서로 다른 종목을 둘 이상 입력해 주세요.
error-command-timeout = { $seconds }초 안에 끝나지 않아 중단했습니다. 주문이었다면 다시 시도하기 전에 /history 를 확인해 주세요.
incident = 일시적인 오류가 발생했습니다. 다시 시도해 주시고, 계속되면 운영자에게 이 번호를 알려 주세요: { $id }

## 숫자
error-not-a-number = “{ $text }”{ JOSA($text, "은/는") } 올바른 숫자가 아닙니다. 0.25처럼 숫자로 입력해 주세요.
error-not-positive = “{ $text }”{ JOSA($text, "은/는") } 0보다 큰 수가 아닙니다. 0.25처럼 0보다 큰 수를 입력해 주세요.
error-thousands-separator = “{ $text }”에 자릿수 구분 기호가 있습니다. { $plain }{ JOSA($plain, "으로/로") } 입력해 주세요.
error-decimal-comma = “{ $text }”에 쉼표가 있습니다. 소수점은 마침표로 입력해 주세요: { $plain }
error-foreign-digits = “{ $text }”에 전각 숫자나 다른 문자의 숫자가 있습니다. { $plain }{ JOSA($plain, "으로/로") } 입력해 주세요.
error-exponent-notation = “{ $text }”{ JOSA($text, "은/는") } 지수 표기입니다. 1000000처럼 숫자를 모두 입력해 주세요.
error-too-many-digits = “{ $text }”{ JOSA($text, "은/는") } 자릿수가 너무 많습니다. 소수점 앞뒤로 각각 { $limit }자리까지 입력할 수 있습니다.
error-other-currency = “{ $text }”{ JOSA($text, "은/는") } { $currency } 금액이지만 여기에서는 { $quote }{ JOSA($quote, "으로/로") } 거래합니다. 100{ $quote }처럼 { $quote } 금액으로 입력해 주세요.
error-unknown-unit = 이 주문에는 “{ $unit }” 단위를 사용할 수 없습니다. { $quote } 금액(100{ $quote }), 수량(0.01), 비율(25%), 최대(max) 중 하나로 입력해 주세요.

## 선택
error-not-a-choice = { $choices ->
    [none] 여기에는 “{ $text }”{ JOSA($text, "을/를") } 사용할 수 없습니다.
   *[other] “{ $text }” 대신 다음 중에서 선택해 주세요: { $choices }
}
error-unknown-time-zone = { $nearest ->
    [none] “{ $text }” 시간대가 없습니다. 서울, UTC+9처럼 도시나 시차로 입력해 주세요.
   *[other] “{ $text }” 시간대가 없습니다. { $nearest }{ JOSA($nearest, "을/를") } 찾으셨나요?
}
error-ambiguous-time-zone = “{ $text }”{ JOSA($text, "은/는") } 여러 시간대를 뜻할 수 있습니다. 다음 중에서 선택해 주세요: { $choices }
error-posix-time-zone = “{ $text }”{ JOSA($text, "은/는") } 시간대 데이터베이스에서 부호가 반대라 { $meant }{ JOSA($meant, "을/를") } 뜻합니다. 다음 중에서 선택해 주세요: { $choices }
error-unknown-offset = { $nearest ->
    [none] “{ $text }” 시차를 사용하는 시간대가 없습니다. UTC+9, UTC+5:30처럼 UTC-12부터 UTC+14 사이로 입력해 주세요.
   *[other] 일 년 내내 “{ $text }” 시차를 사용하는 시간대가 없습니다. 지역 이름으로 선택해 주세요: { $nearest }
}
error-nothing-found = “{ $text }”{ JOSA($text, "이/가") } 들어간 종목이 없습니다. 더 짧게 입력해 보세요.

## 버튼
error-preview-expired = 이 미리보기는 만료되었거나 이미 확인 또는 취소되었습니다. 체결된 주문은 /history 에서 볼 수 있습니다.
error-reset-expired = 이 버튼은 이전 회차 또는 다른 계좌의 버튼입니다. /reset 을 다시 입력해 주세요.
error-unknown-order = 이 계좌에는 { $order_id }번 주문이 없습니다. /history 에서 주문을 확인해 주세요.

## 종목과 시세
error-ambiguous-coin = “{ $text }” 이름의 코인이 여러 개입니다: { $symbols }. 하나를 선택해 주세요.
error-unknown-symbol = { $nearest ->
    [none] “{ $text }” 종목이 없습니다. /market search 로 검색해 보세요.
   *[other] “{ $text }” 종목이 없습니다. { $nearest }{ JOSA($nearest, "을/를") } 찾으셨나요?
}
error-symbol-halted = { $status ->
    [DELISTED] { $symbol } 종목은 거래소에서 거래 지원이 종료되어 매수하거나 알림을 설정할 수 없습니다. 운영자가 허용한 경우 /sell 로 마지막 가격에 보유 수량을 정리할 수 있습니다. /portfolio 에서 확인해 주세요.
    [HELD] { $symbol } 종목은 거래 중단 후 다른 코인의 시세일 수 있는 가격으로 재개되었습니다. 운영자가 판단한 뒤 다시 거래할 수 있습니다.
   *[other] { $symbol } 종목은 현재 거래할 수 없습니다(거래소 상태: { $status }). 다른 종목을 선택하거나 나중에 다시 시도해 주세요.
}
error-unsupported-quote-asset = { $symbol } 종목은 { $quote } 기준이며, 여기에서는 { $asset }{ JOSA($asset, "으로/로") }만 거래할 수 있습니다. 시세는 볼 수 있지만 매수·매도할 수는 없습니다.
error-no-price-yet = { $symbol } 시세가 아직 들어오지 않았습니다. 잠시 후 다시 시도해 주세요.
error-stale-price = { $symbol } 시세가 { $age_seconds }초 전 시세입니다. { $limit_seconds }초 이내의 시세로만 거래할 수 있습니다. 잠시 후 다시 시도해 주세요.
error-crossed-quote = { $symbol } 호가가 올바르지 않습니다. 매수 호가({ $bid })가 매도 호가({ $ask })보다 높습니다. 잠시 후 다시 시도해 주세요.
error-book-disagrees = { $symbol } 호가창의 최우선 호가({ $shown })가 현재 호가({ $quoted })와 크게 다릅니다. 주문은 체결되지 않았습니다. 잠시 후 다시 시도해 주세요.
error-market-unavailable = 현재 시세를 가져올 수 없습니다. 자산은 안전합니다. 잠시 후 다시 시도해 주세요.
error-no-candles = { $symbol } 캔들이 아직 없습니다. 몇 분 뒤에 다시 시도해 주세요.
error-bad-recording = { $why ->
    [missing] { $path } 위치에 기록 파일이 없습니다. 경로를 확인해 주세요.
    [empty] { $path } 기록 파일이 비어 있습니다. 다른 파일을 선택해 주세요.
    [too-big] { $path } 기록 파일이 너무 커서 사용할 수 없습니다. 더 짧은 파일을 선택해 주세요.
    [truncated] { $path } 기록 파일이 중간에서 끊겨 있습니다. 파일을 다시 복사하거나 내려받아 주세요.
    [columns] { $path } 기록 파일에 필요한 열이 없거나 형식이 다릅니다: { $what }. symbol, open_time, open, high, low, close, volume 열이 필요합니다.
    [interval] { $path } 기록 파일의 캔들 간격은 지원하지 않습니다. 1분 캔들 파일을 선택해 주세요.
    [intervals] { $path } 기록 파일에 간격이 서로 다른 캔들이 섞여 있습니다: { $what }. 한 파일에는 한 가지 간격만 남겨 주세요.
    [single] { $path } 기록 파일에는 종목마다 캔들이 하나뿐이라 간격을 알 수 없습니다. 더 긴 파일을 선택해 주세요.
    [times] { $path } 기록 파일의 시각이 올바르지 않습니다: { $what }. open_time을 1970년부터의 초, 밀리초, 마이크로초, 나노초(UTC) 또는 타임스탬프로 저장해 주세요.
    [grid] { $path } 기록 파일의 시각이 캔들의 시가 시각이 아닙니다: { $what }. 캔들이 끝나는 시각이 아니라 09:00:00.000처럼 시작하는 시각을 저장해 주세요.
    [names] { $path } 기록 파일의 종목 이름에 공백, 마침표 또는 접미사가 있습니다: { $what }. { COIN() }USDT처럼 코인과 기준 통화로 이름을 지어 주세요.
    [twice] { $path } 기록 파일에 같은 종목이 여러 이름으로 들어 있습니다: { $what }. 한 이름만 남겨 주세요.
    [duplicates] { $path } 기록 파일에 내용이 서로 다른 중복 행이 있습니다: { $what }. 종목과 시각마다 캔들을 하나만 남겨 주세요.
    [quote] { $path } 기록 파일의 종목 이름으로는 기준 통화를 알 수 없습니다: { $what }. 종목 이름 끝의 통화를 PAPERDESK_REPLAY__QUOTE_ASSET에 설정해 주세요.
    [rows] { $path } 기록 파일의 모든 캔들에 올바르지 않은 가격, 거래량 또는 시각이 있습니다(예: { $what }). 다른 파일을 선택해 주세요.
    [bad-start] { $path } 기록 파일에는 지정한 시작 시각의 데이터가 없습니다. 기록 범위 안의 시각을 선택해 주세요.
   *[other] { $path } 기록 파일을 읽을 수 없습니다. 다른 파일을 선택해 주세요.
}
error-bad-replay-start = “{ $text }” 시각은 이 기록에 없습니다. { $first }부터 { $last }까지의 UTC 시각을 선택해 주세요.

## 거래소 규칙
error-exchange-filter-violation = { $what ->
    [min] { $symbol }: { $value } { $unit } 주문은 거래소 최소 기준 { $limit } { $unit } 미만입니다({ $rule }). 주문을 늘려 주세요.
    [max] { $symbol }: { $value } { $unit } 주문은 거래소 최대 기준 { $limit } { $unit } 초과입니다({ $rule }). 주문을 줄여 주세요.
   *[step] { $symbol }: { $value } { $unit } 주문은 거래소 주문 단위 { $limit } { $unit }의 배수가 아닙니다({ $rule }). 단위에 맞춰 주세요.
}

## 거래
error-insufficient-funds = 잔고가 부족합니다. 필요 { $needed } { $asset }, 주문 가능 { $available } { $asset }, 부족 { $missing } { $asset }. 주문을 줄이거나 max를 사용해 주세요.
error-nothing-to-sell = 매도할 { $asset }{ JOSA($asset, "이/가") } 없습니다. /portfolio 에서 보유 자산을 확인해 주세요.
error-below-minimum-quantity = 수량이 너무 적습니다. { $asset } 최소 주문 수량은 { $step }입니다. 주문을 늘려 주세요.
error-nothing-to-spend = 매수에 쓸 수 있는 { $asset } 잔고가 없습니다. /balance 에서 잔고를 확인해 주세요.
error-amount-too-large = { $asset ->
    [none] 주문 한도 { $limit }{ JOSA($limit, "을/를") } 초과했습니다. 주문을 줄여 주세요.
   *[other] 주문 한도 { $limit } { $asset }{ JOSA($asset, "을/를") } 초과했습니다. 주문을 줄여 주세요.
}
error-share-out-of-range = “{ $text }” 비율은 사용할 수 없습니다. 25%처럼 0% 초과 100% 이하로 입력해 주세요.
error-ambiguous-share = “{ $text }”{ JOSA($text, "은/는") } 비율(0.5 = 50%) 또는 퍼센트로 읽을 수 있습니다. 다음 중에서 선택해 주세요: { $choices }
error-no-liquidity = 현재 이 가격에 { $symbol } 호가 잔량이 부족합니다. 잠시 후 다시 시도하거나 주문을 줄여 주세요.
error-price-moved = { $symbol } 시세가 { $previewed }에서 { $now }{ JOSA($now, "으로/로") } 불리하게 움직여 허용 범위({ $tolerance })를 벗어났습니다. 주문되지 않았습니다. 현재 시세로 다시 계산한 주문입니다:
error-idempotency-key-reused = 이미 다른 주문에 사용된 요청입니다. 아무것도 실행하지 않았습니다. 처음부터 다시 시도해 주세요.
error-no-account = 아직 계좌가 없습니다. /start 로 계좌를 개설해 주세요.
error-account-reassigned = 처리하는 동안 계정이 연결되거나 연결 해제되어 아무것도 실행하지 않았습니다. 다시 입력해 주세요.
error-coin-in-question = 운영자가 확인 중이거나 전환 처리 중인 종목이라 지금은 거래할 수 없습니다. 아무것도 실행하지 않았습니다. 나중에 다시 시도해 주세요.
error-price-of-former-unit = 이 종목의 마지막 시세는 액면 변경 이전 시세라 그 가격으로 매도할 수 없습니다. 새 시세가 들어온 뒤 다시 시도해 주세요.
error-merge-waits = 전환 처리 중인 종목이 있어 계좌는 나중에 합쳐집니다. 변경된 내용은 없습니다.
error-overloaded = 현재 같은 종류의 요청이 너무 많이 대기 중입니다. 잠시 후 다시 시도해 주세요.
error-database-unavailable = 현재 원장을 사용할 수 없습니다. 주문 중이었다면 잠시 후 /history 를 확인한 뒤 다시 시도해 주세요.
error-grant-changed = 초기 자금을 변경하고 있어 지금은 계좌를 개설하거나 초기화할 수 없습니다. 기존 잔고는 그대로입니다. 잠시 후 다시 시도해 주세요.
