### 명령 설명. 메뉴와 /help, 설명서에 쓰이며 설명은 100자를 넘지 않습니다.

command-start = 계좌를 개설하고 시작 방법을 안내합니다
    .about = 가상 자금이 든 계좌를 개설하고 첫 단계를 보여 줍니다. 언제든 다시 사용할 수 있으며 바뀌는 것은 없습니다.
    .examples = /start

command-help = 주제별 명령 목록을 보거나 명령 하나를 자세히 봅니다
    .about = 이름 없이 입력하면 명령을 주제별로 보여 줍니다. 주제를 입력하면 그 주제의 명령을 한 줄씩 설명하고, 명령을 입력하면 그 명령을 자세히 설명합니다.
    .command = 설명을 볼 주제 또는 명령
    .examples =
        /help
        /help 매매
        /help buy

command-price = 종목의 현재가를 봅니다
    .about = 종목이 하나면 현재가, 24시간 변동률, 매수·매도 호가, 시세 경과 시간을 하루 차트와 함께 보여 주고, 여러 개면 표로 보여 줍니다.
    .symbols = 하나 또는 여러 종목. 예: { COIN() } { COIN(2) }
    .examples =
        /price { COIN() }
        /price { COIN() } { COIN(2) } { COIN(3) }

command-chart = 캔들 차트를 그립니다
    .about = 마감된 최근 캔들 120개를 거래량과 함께 그리고, 1:1 채팅에서는 내 거래와 매수평균가도 표시합니다. 간격은 캔들 하나의 길이이며 기본값은 1시간입니다. 옵션으로 지표를 추가할 수 있습니다.
    .symbol = 차트를 볼 종목. 예: { COIN() }
    .interval = 캔들 간격: 1m, 5m, 15m, 1h, 4h, 1d
    .options = 지표 ma, ema, bb, rsi, macd(여러 개 가능) 또는 캔들만 보려면 clean
    .examples =
        /chart { COIN() }
        /chart { COIN(2) } 15m
        /chart { COIN() } 1h ma rsi

command-market = 거래대금 상위 종목과 등락률 상위를 보거나 종목을 검색합니다
    .about = 인자 없이 입력하면 거래대금 상위 10종목과 시장 국면을 보여 줍니다. movers는 24시간 등락률 상위 종목을, correlations는 함께 움직이는 종목을 보여 주고, search는 이름의 일부로 종목을 찾습니다.
    .view = 등락률 상위는 movers, 상관관계는 correlations, 종목 검색은 search
    .text = 종목 이름의 일부
    .examples =
        /market
        /market movers
        /market 상관관계
        /market search { COIN(2) }

command-buy = 가상 자금으로 현재가에 매수합니다
    .about = 예상 금액과 수수료, 슬리피지를 먼저 보여 주고 확인을 받습니다. 확인하는 순간의 시세로 체결하며, 시세가 크게 불리해졌으면 주문하지 않습니다.
    .symbol = 매수할 종목. 예: { COIN() }
    .size = 0.01, 100{ $unit }, $100, 25%, max(최대) 중 하나
    .examples =
        /buy { COIN() } 100{ $unit }
        /buy { COIN(2) } 0.01
        /buy { COIN(3) } 25%

command-sell = 보유 자산을 현재가에 매도합니다
    .about = 예상 매도 금액과 수수료, 슬리피지를 먼저 보여 주고 확인을 받습니다. max 또는 전부를 입력하면 보유 수량을 모두 매도합니다.
    .symbol = 매도할 종목. 예: { COIN() }
    .size = 0.01, 100{ $unit }, $100, 25%, max(최대) 중 하나
    .examples =
        /sell { COIN() } 50%
        /sell { COIN(2) } 전부
        /sell { COIN() } 100{ $unit }

command-portfolio = 보유 자산과 총자산, 손익을 봅니다
    .about = 보유 자산을 최근 시세로 평가하고, 자산 구성과 마지막 초기화 이후의 총자산 추이를 차트로 보여 줍니다.
    .examples = /portfolio

command-balance = 자산별 잔고를 봅니다
    .about = 잔고를 소수점 마지막 자리까지 정확히 보여 줍니다.
    .examples = /balance

command-history = 주문 내역과 체결 내역을 봅니다
    .about = 최근 주문부터 보여 줍니다. 버튼을 누르면 체결가, 수수료, 슬리피지, 시세 경과 시간을 볼 수 있습니다.
    .examples = /history

command-reset = 초기 자금으로 다시 시작합니다(확인 후 실행)
    .about = 현재 자산을 모두 반납하고 초기 자금을 다시 받습니다. 무엇을 잃게 되는지 알려 주고 확인을 받은 뒤에만 실행합니다. 거래 내역은 남습니다.
    .examples = /reset

command-settings = 언어, 시간대, 주문 확인, 차트 테마를 설정합니다
    .about = 인자 없이 입력하면 현재 설정을, 항목만 입력하면 선택할 수 있는 값을 보여 줍니다. 값까지 입력하면 바로 저장합니다.
    .setting = language(언어), timezone(시간대), confirm(확인), theme(테마), public(공개)
    .value = 새 값. 예: ko, Asia/Seoul, off, light
    .examples =
        /settings
        /settings language ko
        /settings timezone Asia/Seoul
        /settings confirm off
        /settings theme light

### 사용법에 표시되는 항목 이름.

parameter-command = 명령
parameter-symbols = 종목
parameter-symbol = 종목
parameter-interval = 간격
parameter-view = movers|correlations|search
parameter-text = 검색어
parameter-size = 수량
parameter-setting = 항목
parameter-value = 값
parameter-side = 방향
parameter-token = 토큰
parameter-former_id = 번호
parameter-order_id = 주문번호
parameter-cursor = 페이지
parameter-account_id = 계좌
parameter-round_number = 회차

### 도움말

words-marked = »{ $text }«
line-as-it-should-be = 이렇게 입력해 주세요: { $line }
usage-hint =
    사용법: { $usage }
    예: { $example }
help-title = 도움말
help-choose = 주제를 선택하거나 /help buy 처럼 /help 뒤에 명령을 입력해 주세요.
help-all = 전체 주제
help-topic-prices = 시세
help-topic-forecasts = 예측
help-topic-trading = 매매
help-topic-account = 계좌
help-topic-alerting = 알림
help-topic-preferences = 설정
help-topic-operators = 운영자 명령
help-sizes = 수량은 개수(0.01), { $quote } 금액(100{ $unit }, $100, 5만{ $unit }), 비율(25%, 절반), 최대(max)로 입력할 수 있습니다. 종목은 짧은 이름으로 충분합니다. { COIN() }{ JOSA(COIN(), "은/는") } { COIN() }/{ $quote } 종목입니다.
help-examples = 예:

### 설명서

reference-title = 명령
reference-intro = 명령 선언에서 `python -m bot.commands.reference`로 만든 문서입니다. 직접 수정하지 마세요.
reference-optional = 대괄호 안은 생략할 수 있고, 말줄임표(...)가 있는 항목은 여러 번 입력할 수 있습니다.
reference-parameter = 항목
reference-meaning = 설명
reference-private = 답변은 본인에게만 보입니다.

command-cancel = 미체결 주문이나 진행 중인 질문을 취소합니다
    .about = 주문번호를 입력하면 그 주문과 같은 묶음의 주문을 취소합니다. 전체(all)나 종목을 입력하면 미체결 주문 전체 또는 그 종목의 주문을 취소합니다. 그냥 입력하면 “얼마나 매수할까요?”처럼 답을 기다리는 질문을 취소합니다. 다른 명령을 입력해도 질문은 취소됩니다.
    .subject = 주문번호, 전체(all), 또는 종목
    .examples =
        /cancel
        /cancel 12
        /cancel { COIN() }
        /cancel 전체
