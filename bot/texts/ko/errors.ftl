### 오류마다 한 문장씩: 무엇이 문제이고 어떻게 하면 되는지.

## 입력과 명령
error-empty-line = /price BTC 처럼 명령을 입력하세요. /help 에서 모든 명령을 볼 수 있습니다.
error-line-too-long = 입력이 { $length }자입니다. { $limit }자까지만 읽으니 줄여서 다시 입력해 주세요.
error-hidden-characters = { $visible ->
    [none] 눈에 보이지 않는 문자만 있습니다. /price BTC 처럼 명령을 입력해 주세요.
   *[other] 복사한 글에 섞이곤 하는, 눈에 보이지 않는 문자가 있어 실행하지 않았습니다. 직접 다시 입력해 주세요: { $visible }
}
error-unknown-command = { $nearest ->
    [none] /{ $text } 명령이 없습니다. /help 에서 모든 명령을 볼 수 있습니다.
   *[other] /{ $text } 명령이 없습니다. 혹시 이것을 찾으셨나요? { $nearest }
}
error-not-understood = { $nearest ->
    [none] “{ $text }” 입력을 이해하지 못했습니다. BTC 같은 코인 이름이나 /price BTC 같은 명령을 입력해 주세요. /help 에서 모든 명령을 볼 수 있습니다.
   *[other] “{ $text }” 입력을 이해하지 못했습니다. 혹시 이것을 찾으셨나요? { $nearest }
}
error-missing-argument = /{ $command } 명령에 빠진 것이 있습니다: { $parameter }
    .symbol = 어떤 종목인가요?
    .symbols = 어떤 종목들인가요?
    .size = 얼마나 할까요?
    .level = 어떤 가격인가요?
    .chance = 상승과 하락 중 어느 쪽이고, 확률은 몇 퍼센트인가요?
    .rhythm = 얼마나 자주, 몇 시에 할까요?
    .text = 무엇을 찾으시나요?
    .message = 모두에게 무엇을 알릴까요?
    .user = 누구인가요?
error-too-many-arguments = /{ $command } 명령에는 “{ $extra }” 부분이 필요하지 않습니다.
error-too-many-values = /{ $command } 명령에는 한 번에 { $limit }개까지 쓸 수 있습니다. { $count }개를 입력했으니 줄여 주세요.
error-same-symbol-twice = { $symbol } 종목 하나뿐입니다. /compare BTC ETH 처럼 서로 다른 종목을 둘 이상 적어 주세요.
error-took-too-long = { $seconds }초가 지나도 끝나지 않아 중단했습니다. 주문이었다면 다시 하기 전에 /history 를 확인해 주세요.
incident = 저희 쪽에서 문제가 생겼습니다. 다시 시도해 보시고, 계속되면 운영자에게 이 번호를 알려 주세요: { $id }

## 숫자
error-not-a-number = “{ $text }” 입력은 숫자로 읽을 수 없습니다. 0.25처럼 숫자로 적어 주세요.
error-not-positive = “{ $text }” 입력은 0보다 크지 않습니다. 0.25처럼 0보다 큰 수를 적어 주세요.
error-thousands-separator = “{ $text }” 입력에 자릿수 구분 기호가 있습니다. { $plain }처럼 적어 주세요.
error-decimal-comma = “{ $text }” 입력에 쉼표가 있습니다. 소수점은 점으로 적어 주세요: { $plain }
error-foreign-digits = “{ $text }” 입력에 다른 문자의 숫자가 있습니다. { $plain }처럼 적어 주세요.
error-exponent-notation = “{ $text }” 입력은 지수 표기입니다. 1000000처럼 숫자를 모두 적어 주세요.
error-too-many-digits = “{ $text }” 입력은 자릿수가 너무 많습니다. 소수점 양쪽에 각각 { $limit }자리까지 적을 수 있습니다.
error-other-currency = “{ $text }” 입력은 { $currency } 금액인데, 여기서는 { $quote } 단위로 거래합니다. 100{ $quote }처럼 { $quote } 금액으로 적어 주세요.
error-unknown-unit = 이 주문에는 “{ $unit }” 단위를 쓸 수 없습니다. { $quote } 금액(100{ $quote }), 수량(0.01), 비율(25%), 전부(max) 중 하나로 적어 주세요.

## 선택
error-not-a-choice = { $choices ->
    [none] “{ $text }” 입력은 여기에 쓸 수 없습니다.
   *[other] “{ $text }” 대신 다음 중에서 골라 주세요: { $choices }
}
error-unknown-time-zone = { $nearest ->
    [none] “{ $text }” 시간대가 없습니다. 서울, UTC+9처럼 도시나 시차로 적어 주세요.
   *[other] “{ $text }” 시간대가 없습니다. 혹시 이것을 찾으셨나요? { $nearest }
}
error-ambiguous-time-zone = “{ $text }” 입력은 여러 시간대를 뜻할 수 있습니다. 다음 중에서 골라 주세요: { $choices }
error-posix-time-zone = “{ $text }” 이름은 시간대 데이터베이스에서 부호가 반대라 { $meant }를 뜻합니다. 다음 중에서 골라 주세요: { $choices }
error-unknown-offset = { $nearest ->
    [none] “{ $text }” 시차를 쓰는 시간대가 없습니다. UTC+9, UTC+5:30처럼 UTC-12부터 UTC+14 사이로 적어 주세요.
   *[other] 일 년 내내 “{ $text }” 시차를 쓰는 시간대가 없습니다. 지역 이름으로 골라 주세요: { $nearest }
}
error-nothing-found = “{ $text }” 글자가 들어간 종목이 없습니다. 이름을 더 짧게 적어 보세요.

## 버튼
error-preview-gone = 이 미리보기는 이미 닫혔습니다. 시간이 지났거나, 취소했거나, 이미 확인한 주문입니다. 체결된 주문은 거래 내역에 있습니다.
error-reset-gone = 이 버튼은 지난 회차의 것이거나 다른 계좌의 것입니다. /reset 을 다시 입력해 주세요.
error-unknown-order = 이 계좌에는 { $order_id }번 주문이 없습니다. /history 에서 주문을 확인해 주세요.

## 종목과 시세
error-ambiguous-coin = “{ $text }” 이름의 코인이 여러 개입니다: { $symbols }. 어느 것인지 골라 주세요.
error-unknown-symbol = { $nearest ->
    [none] “{ $text }” 종목이 없습니다. /market search 로 찾아 보세요.
   *[other] “{ $text }” 종목이 없습니다. 혹시 이것을 찾으셨나요? { $nearest }
}
error-symbol-halted = { $status ->
    [DELISTED] { $symbol } 종목은 거래소에서 거래 지원이 종료되어 매수할 수 없습니다. 운영자가 허용한 경우 /sell로 마지막 가격에 보유 수량을 정리할 수 있습니다. /portfolio에서 확인해 주세요.
   *[other] { $symbol } 종목은 지금 거래할 수 없습니다(거래소 상태: { $status }). 다른 종목을 고르거나 나중에 다시 시도해 주세요.
}
error-priced-only = { $symbol } 종목의 가격은 { $quote } 기준이고, 이 데스크에서는 { $asset }로만 거래합니다. 가격은 볼 수 있지만 사고팔 수는 없습니다.
error-no-price-yet = { $symbol } 시세가 아직 들어오지 않았습니다. 잠시 후 다시 시도해 주세요.
error-stale-price = { $symbol } 시세가 { $age_seconds }초 전 것입니다. { $limit_seconds }초 이내의 시세로만 거래할 수 있으니 잠시 후 다시 시도해 주세요.
error-crossed-quote = { $symbol } 호가가 올바르지 않습니다. 매수 호가({ $bid })가 매도 호가({ $ask })보다 높습니다. 잠시 후 다시 시도해 주세요.
error-market-down = 지금은 시세를 받아 올 수 없습니다. 자금은 안전하니 잠시 후 다시 시도해 주세요.
error-no-candles = { $symbol } 캔들이 아직 없습니다. 몇 분 뒤에 다시 시도해 주세요.
error-bad-recording = { $why ->
    [missing] { $path } 위치에 녹화 파일이 없습니다. 재생할 파일의 경로를 확인해 주세요.
    [empty] { $path } 녹화 파일이 비어 있습니다. 다른 파일을 골라 주세요.
    [too-big] { $path } 녹화 파일이 너무 커서 재생할 수 없습니다. 더 짧은 파일을 골라 주세요.
    [truncated] { $path } 녹화 파일이 중간에서 끊겨 있습니다. 파일을 다시 복사하거나 내려받아 주세요.
    [columns] { $path } 녹화 파일에 필요한 열이 없거나 형식이 다릅니다: { $what }. symbol, open_time, open, high, low, close, volume 열이 필요합니다.
    [duplicates] { $path } 녹화 파일에 내용이 서로 다른 중복 행이 있습니다: { $what }. 종목과 시각마다 캔들을 하나만 남겨 주세요.
    [quote] { $path } 녹화 파일의 종목 이름으로는 호가 자산을 알 수 없습니다: { $what }. PAPERDESK_REPLAY__QUOTE_ASSET에 이름 끝의 자산을 설정해 주세요.
    [interval] { $path } 녹화 파일의 캔들 간격은 지원하지 않습니다. 1분 캔들 파일을 골라 주세요.
    [rows] { $path } 녹화 파일의 모든 캔들에 있을 수 없는 가격, 거래량 또는 시각이 있습니다(예: { $what }). 다른 파일을 골라 주세요.
    [bad-start] { $path } 녹화 파일에는 지정한 시작 시각의 기록이 없습니다. 녹화 범위 안의 시각을 골라 주세요.
   *[other] { $path } 녹화 파일을 읽을 수 없습니다. 다른 파일을 골라 주세요.
}
error-bad-replay-start = “{ $text }” 시각은 이 녹화에 없습니다. { $first }부터 { $last }까지의 UTC 시각을 골라 주세요.

## 거래소 규칙
error-rule-broken = { $what ->
    [min] { $symbol }: { $value } { $unit } 주문은 거래소 최솟값 { $limit } { $unit } 미만입니다({ $rule }). 더 크게 주문해 주세요.
    [max] { $symbol }: { $value } { $unit } 주문은 거래소 최댓값 { $limit } { $unit } 초과입니다({ $rule }). 더 작게 주문해 주세요.
   *[step] { $symbol }: { $value } { $unit } 주문은 거래소 단위 { $limit } { $unit }의 배수가 아닙니다({ $rule }). 단위에 맞춰 주세요.
}

## 거래
error-not-enough = { $needed } { $asset }만큼 필요하지만 쓸 수 있는 잔고는 { $available } { $asset }입니다. { $missing } { $asset }만큼 부족하니 줄여서 주문하거나 max를 써 보세요.
error-nothing-to-sell = 보유한 { $asset } 물량이 없어 팔 수 없습니다. /portfolio 에서 보유 자산을 확인해 주세요.
error-too-small = 수량이 너무 작습니다. { $asset } 최소 수량은 { $step }입니다. 더 크게 주문해 주세요.
error-share-too-small = 보유한 { $available } { $asset }의 { $share }는 최소 매도 수량 { $step } { $asset }보다 적습니다. 비율을 높이거나 전부(max) 매도해 주세요.
error-nothing-to-spend = 매수에 쓸 수 있는 { $asset } 잔고가 없습니다. /balance 에서 잔고를 확인해 주세요.
error-amount-too-large = { $asset ->
    [none] 주문 한도 { $limit }보다 큽니다. 줄여서 주문해 주세요.
   *[other] 주문 한도 { $limit } { $asset }보다 큽니다. 줄여서 주문해 주세요.
}
error-share-out-of-range = “{ $text }” 비율은 쓸 수 없습니다. 25%처럼 0%보다 크고 100% 이하인 값을 적어 주세요.
error-no-liquidity = 지금 이 가격에 { $symbol } 물량이 없습니다. 잠시 후 다시 시도하거나 줄여서 주문해 주세요.
error-price-moved = { $symbol } 시세가 { $previewed } → { $now } 방향으로 불리하게 움직여 허용 범위({ $tolerance })를 벗어났습니다. 주문하지 않았습니다. 지금 시세로 다시 계산한 주문입니다:
error-command-reused = 이미 다른 주문에 쓰인 요청입니다. 아무것도 하지 않았으니 처음부터 다시 해 주세요.
error-no-account = 아직 계좌가 없습니다. /start 로 계좌를 열어 주세요.
error-ledger-down = 지금은 장부에 접근할 수 없습니다. 주문 중이었다면 다시 하기 전에 잠시 후 /history 를 확인해 주세요.
