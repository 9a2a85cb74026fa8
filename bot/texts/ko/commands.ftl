### 명령 설명. 메뉴와 /help, 설명서에 쓰이며 설명은 100자를 넘지 않습니다.

command-start = 계좌를 열고 첫걸음을 안내합니다
    .about = 가상 자금이 든 계좌를 열고 무엇부터 하면 좋을지 보여 줍니다. 언제든 다시 불러도 되며 바뀌는 것은 없습니다.
    .examples = /start

command-help = 명령 목록을 보거나 명령 하나를 자세히 봅니다
    .about = 이름 없이 쓰면 모든 명령과 수량 적는 법을, 이름을 붙이면 그 명령을 자세히 설명합니다.
    .command = 설명을 볼 명령
    .examples =
        /help
        /help buy

command-price = 종목의 현재가를 봅니다
    .about = 종목이 하나면 현재가, 24시간 변동률, 매수·매도 호가, 시세 경과 시간을 하루 흐름 그림과 함께 자세히 보여 주고, 여럿이면 표로 보여 줍니다.
    .symbols = 하나 또는 여러 종목. 예: BTC ETH
    .examples =
        /price BTC
        /price BTC ETH SOL

command-chart = 캔들 차트를 그립니다
    .about = 마감된 최근 캔들 120개를 거래량과 함께 그리고, 혼자 보는 곳에서는 내 거래와 평균 단가도 표시합니다. 간격은 캔들 하나의 길이이며, 적지 않으면 1시간입니다. 옵션으로 지표를 더할 수 있습니다.
    .symbol = 차트를 볼 종목. 예: BTC
    .interval = 캔들 간격: 1m, 5m, 15m, 1h, 4h, 1d
    .options = 지표 ma, ema, bb, rsi, macd를 여럿 적거나, 캔들만 보려면 clean
    .examples =
        /chart BTC
        /chart ETH 15m
        /chart BTC 1h ma rsi

command-market = 거래가 많은 종목과 등락 상위를 보거나 종목을 찾습니다
    .about = 그냥 쓰면 거래대금 상위 10종목을 보여 줍니다. movers는 24시간 등락률 상위 종목을 보여 주고, search는 이름의 일부로 종목을 찾습니다.
    .view = 등락 상위는 movers, 종목 찾기는 search
    .text = 종목 이름의 일부
    .examples =
        /market
        /market movers
        /market search ETH

command-buy = 가상 자금으로 지금 시세에 매수합니다
    .about = 예상 금액과 수수료, 슬리피지를 먼저 보여 주고 확인을 받습니다. 확인하면 그 순간의 시세로 체결하며, 시세가 눈에 띄게 불리해졌으면 주문하지 않습니다.
    .symbol = 매수할 종목. 예: BTC
    .size = 0.01, 100{ $unit }, $100, 25%, max(전부) 가운데 하나
    .examples =
        /buy BTC 100{ $unit }
        /buy ETH 0.01
        /buy SOL 25%

command-sell = 보유한 자산을 지금 시세에 매도합니다
    .about = 예상 매도 대금과 수수료, 슬리피지를 먼저 보여 주고 확인을 받습니다. max 또는 전부라고 쓰면 보유량을 모두 팝니다.
    .symbol = 매도할 종목. 예: BTC
    .size = 0.01, 100{ $unit }, $100, 25%, max(전부) 가운데 하나
    .examples =
        /sell BTC 50%
        /sell ETH 전부
        /sell BTC 100{ $unit }

command-portfolio = 보유 자산과 총자산, 손익을 봅니다
    .about = 보유 자산을 마지막 시세로 평가하고, 자산 구성과 마지막 초기화 이후의 총자산 흐름을 그림으로 보여 줍니다.
    .examples = /portfolio

command-balance = 자산별 잔고를 봅니다
    .about = 잔고를 마지막 자리까지 정확히 보여 줍니다.
    .examples = /balance

command-history = 주문 내역과 영수증을 봅니다
    .about = 최근 것부터 보여 줍니다. 버튼을 누르면 체결 내역, 수수료, 슬리피지, 시세 경과 시간이 담긴 영수증이 열립니다.
    .examples = /history

command-reset = 새 자금으로 처음부터 다시 시작합니다(먼저 확인합니다)
    .about = 가진 것을 모두 반납하고 처음 자금을 다시 받습니다. 무엇을 잃는지 알려 주고 확인을 받은 뒤에만 실행합니다. 거래 내역은 남습니다.
    .examples = /reset

command-settings = 언어, 시간대, 주문 확인, 차트 테마를 정합니다
    .about = 그냥 쓰면 현재 설정을, 항목만 쓰면 고를 수 있는 값을 보여 줍니다. 값까지 쓰면 바로 바뀝니다.
    .setting = language(언어), timezone(시간대), confirm(확인), theme(테마), public(공개)
    .value = 새 값. 예: ko, Asia/Seoul, off, light
    .examples =
        /settings
        /settings language ko
        /settings timezone Asia/Seoul
        /settings confirm off
        /settings theme light

### 사용법에 쓰이는 자리 이름.

parameter-command = 명령
parameter-symbols = 종목
parameter-symbol = 종목
parameter-interval = 간격
parameter-view = movers|search
parameter-text = 검색어
parameter-size = 수량
parameter-setting = 항목
parameter-value = 값
parameter-side = 방향
parameter-token = 토큰
parameter-order_id = 주문번호
parameter-cursor = 쪽
parameter-account_id = 계좌
parameter-round_number = 회차

### 도움말

usage-hint =
    사용법: { $usage }
    예: { $example }
help-title = 할 수 있는 일
help-sizes = 수량은 개수(0.01), { $quote } 금액(100{ $unit } 또는 $100), 비율(25%), 전부(max)로 적을 수 있습니다. 종목은 줄여 써도 됩니다. BTC는 BTC/{ $quote }입니다.
help-examples = 예:

### 설명서

reference-title = 명령
reference-intro = 명령 선언에서 `python -m bot.reference`로 만든 문서입니다. 직접 고치지 마세요.
reference-optional = 대괄호 안은 생략할 수 있고, 점 세 개는 여러 번 쓸 수 있다는 뜻입니다.
reference-parameter = 항목
reference-meaning = 뜻
reference-private = 답은 본인에게만 보입니다.

command-cancel = 진행 중인 질문을 취소합니다
    .about = “얼마나 매수할까요?”처럼 답을 기다리는 질문을 취소합니다. 주문은 실행되지 않습니다. 다른 명령을 입력해도 질문은 취소됩니다.
    .examples = /cancel
