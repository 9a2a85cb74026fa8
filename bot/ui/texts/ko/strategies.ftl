### 전략: 이름으로 저장한 규칙과 규칙 설명.

discord-command-strategy = 전략
discord-option-request = 요청
parameter-request = 전략
command-strategy = 매매 규칙을 이름으로 저장하고 설명을 보거나 공유합니다
    .about = 규칙은 언제, 얼마나 사고팔지와 손절 위치를 정합니다: when 조건 buy 수량 when 조건 sell 수량 stop 5% tp 10% trail 3%. 한국어로도 쓸 수 있습니다: rsi(14) < 30 이면 25% 매수 rsi(14) > 55 이면 전량 매도 손절 5%. 조건은 가격과 지표를 < <= > >=, 상향 돌파, 하향 돌파로 비교하고 그리고, 또는, not, 5봉 이내로 잇습니다. 다른 봉은 rsi(14)@4h, 이전 봉은 close[1]로 씁니다. 전략은 스스로 거래하지 않습니다.
    .request = 이름, 또는 save 이름 규칙 on { COIN() } 1h, share 이름, unshare 이름, delete 이름
    .examples =
        /strategy save dip rsi(14) < 30 이면 25% 매수 rsi(14) > 55 이면 전량 매도 손절 5% on { COIN() } 1h
        /strategy save trend when close crosses above sma(50) buy max when close crosses below sma(50) sell on { COIN() } 4h
        /strategy

## List and card
strategies-title = 내 전략
strategies-none = 저장한 전략이 없습니다.
strategies-how = 저장 방법: /strategy save dip rsi(14) < 30 이면 25% 매수 rsi(14) > 55 이면 전량 매도 on { COIN() } 1h
label-strategy = 전략
label-strategy-interval = 봉
label-strategy-warm-up = 읽는 봉
strategy-title = 전략 { $name }
strategy-bars = { $bars }봉
strategy-saved = “{ $name }” 전략을 저장했습니다.
strategy-replaced = “{ $name }”의 이전 규칙({ $on }): { $rule }
strategy-delete-ask = “{ $name }” 전략을 삭제할까요?
strategy-deleted = “{ $name }” 전략을 삭제했습니다.
strategy-again = 이 줄을 입력하면 다시 저장됩니다:
strategy-share-link = 이 링크를 열면 누구나 전략을 보고 저장할 수 있습니다:
strategy-unshared = “{ $name }” 전략의 공유를 중지했습니다. 링크와 버튼으로 더는 볼 수 없습니다.
strategy-share-ended = 공유한 전략이 변경되어 기존 링크는 더는 유효하지 않습니다. 필요하면 다시 공유해 주세요.
strategy-share-line = 이 줄을 입력하면 저장됩니다:
strategy-of-other = 다른 사용자가 공유한 전략입니다. 스스로 거래하지 않습니다. 믿기 전에 테스트해 보세요.
button-strategies = 전략 목록
button-strategy-backtest = 백테스트
button-strategy-share = 공유
button-strategy-unshare = 공유 중지
button-strategy-delete = 삭제…
button-strategy-see = 공유 화면 보기
button-strategy-take = 내 전략으로 저장

## Rules in plain words
rule-buy = 매수 ({ $size }): { $condition }.
rule-sell = 매도 ({ $size }): { $condition }.
rule-stop = 진입가보다 { $share } 내리면 손절합니다.
rule-target = 진입가보다 { $share } 오르면 익절합니다.
rule-trail = 진입 후 최고가보다 { $share } 내리면 매도합니다.
rule-never-sells = 스스로 매도하지 않습니다.
rule-decided = { $interval } 봉이 마감될 때 판단하고 다음 시가에 거래합니다.
rule-size-share-buy = 계좌의 { $share }
rule-size-share-sell = 보유 수량의 { $share }
rule-size-max-buy = 현금 전부
rule-size-max-sell = 전량
rule-size-coins = 코인 { $amount }개
rule-is-below = { $left } 값이 { $right } 미만
rule-is-at-most = { $left } 값이 { $right } 이하
rule-is-above = { $left } 값이 { $right } 초과
rule-is-at-least = { $left } 값이 { $right } 이상
rule-crosses-above = { $left } 값이 { $right } 상향 돌파
rule-crosses-below = { $left } 값이 { $right } 하향 돌파
rule-not = ({ $condition })이 아닐 때
rule-within = 최근 { $bars }봉 안에 { $condition }
rule-and = { $one } 그리고 { $other }
rule-or = { $one } 또는 { $other }
rule-price-open = 시가
rule-price-high = 고가
rule-price-low = 저가
rule-price-close = 종가
rule-price-volume = 거래량
rule-figure-interval = { $interval } 봉 { $figure }
rule-figure-lag = { $bars }봉 전 { $figure }

## Errors
error-rule-syntax-error = { $problem ->
    [missing] 규칙이 중간에 끝났습니다. 이어서 쓸 수 있는 것: { $allowed }.
    [unknown] “{ $word }”: 여기서 알 수 없는 이름입니다. 가능한 것: { $allowed }.
    [bounds] “{ $word }”: 범위를 벗어났습니다. 최솟값과 최댓값: { $allowed }.
    [number] “{ $word }”{ JOSA($word, "은/는") } 여러 수로 읽을 수 있거나 숫자로만 쓰여 있지 않습니다. 다음 중에서 선택해 주세요: { $allowed }
    [whole] “{ $word }”: 정수여야 합니다.
    [repeated] “{ $word }”: 두 번 나왔습니다. 하나를 빼 주세요.
    [percent] “{ $word }%”: 무엇의 퍼센트인지 알 수 없습니다. sma(200) + 2%처럼 지표 뒤에 쓰거나 % 없이 숫자로 써 주세요.
    [constant] 숫자끼리 비교했습니다. 한쪽에는 close나 rsi(14) 같은 값이 있어야 합니다.
    [range] 숫자 범위는 여러 규칙을 뜻합니다. 여기에는 숫자 하나만 써 주세요. 범위는 여러 규칙을 테스트할 때 씁니다.
    [length] 규칙이 너무 깁니다. 풀어 쓴 규칙은 { $allowed }자까지 가능합니다.
    [depth] 괄호가 너무 많이 겹쳤습니다. { $allowed }겹까지 가능합니다.
    [nodes] 규칙의 구성 요소가 너무 많습니다. 지표와 연산자는 { $allowed }개까지 가능합니다.
    [rules] 범위로 만들어지는 규칙이 너무 많습니다. { $allowed }개까지 가능합니다. 간격을 늘려 주세요.
   *[other] { $allowed ->
        [none] “{ $word }”: 규칙에 쓸 수 없습니다.
       *[other] “{ $word }”: 여기에 올 수 없습니다. 가능한 것: { $allowed }.
    }
}
rule-allowed-figure = 가격이나 지표(close, rsi(14) 등)
rule-allowed-number = 숫자
rule-allowed-interval = 봉(4h 등)
rule-allowed-operator = 연산자
error-rule-needs-wider-interval = { $wanted } 봉 규칙에는 { $interval } 봉의 값을 쓸 수 없습니다. { $wanted } 이상의 봉을 써 주세요.
error-rule-reaches-too-far = 첫 신호까지 마감된 봉 { $candles }개가 필요합니다. { $limit }개까지 읽을 수 있습니다. 지표 기간을 줄이거나 더 넓은 봉을 써 주세요.
error-rule-too-costly = 이 규칙의 계산량은 로봇이나 알림 하나에 허용된 한도의 { $percent }%입니다. 지표 수나 지표 기간을 줄여 주세요.
error-unknown-strategy = { $nearest ->
    [none] “{ $name }” 전략이 없습니다. /strategy로 목록을 볼 수 있습니다.
   *[other] “{ $name }” 전략이 없습니다. 혹시 { $nearest }인가요?
}
error-too-many-strategies = 전략은 { $limit }개까지 저장할 수 있습니다. 먼저 하나를 삭제해 주세요. /strategy로 목록을 볼 수 있습니다.
error-strategy-not-shared = “{ $shared }” 코드로 공유된 전략이 없습니다. 변경되거나 삭제되었거나, 공유가 중지되었을 수 있습니다.
error-strategy-name-refused = “{ $text }”: 이름으로 쓸 수 없습니다. 문자로 시작하는 20자 이내의 문자와 숫자를 쓰고, 규칙에 쓰는 낱말은 피해 주세요.
error-strategy-without-coin = 어느 코인에 쓸지 끝에 붙여 주세요: on { COIN() } 1h
