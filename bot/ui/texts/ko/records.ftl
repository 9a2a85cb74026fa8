### 거래 기록: 체결 내역, 체결 상세, 파일 내보내기.

discord-command-fills = 체결내역
discord-command-receipt = 체결상세
discord-command-export = 내보내기
discord-option-scope = 대상
discord-option-kind = 종류

command-fills = 체결 내역을 봅니다. 종목이나 주문별로도 볼 수 있습니다
    .about = 어떤 주문이 얼마에 체결되었는지 최근 체결부터 보여 줍니다. 종목이나 주문번호를 입력하면 그 체결만 보여 줍니다. 버튼으로 체결 상세를 열거나 페이지를 넘길 수 있습니다.
    .scope = 이 종목 또는 이 주문번호의 체결만
    .examples =
        /fills
        /fills 비트코인
        /fills 12

command-receipt = 체결 한 건의 상세 내역을 봅니다
    .about = 체결된 호가, 중간가, 슬리피지(bp), 메이커·테이커 구분과 체결 규칙, 수수료, 지연 시간, 기준 시세까지 모든 수치를 보여 줍니다. 주문번호를 입력하면 그 주문의 체결을 보여 줍니다. 번호를 생략하면 체결 내역을 보여 줍니다.
    .execution = /fills 에 나오는 체결번호 또는 주문번호
    .examples =
        /receipt 1
        /receipt

command-export = 주문, 체결, 원장을 CSV 파일로 내려받습니다
    .about = 스프레드시트에서 열 수 있는 파일을 보내 드립니다. 최근 기록부터 나오고 시각은 UTC입니다. 기간을 생략하면 처음부터 모두 담습니다. 그 밖의 보관 데이터는 /privacy 에서 내려받을 수 있습니다.
    .kind = 주문(orders), 체결(fills), 원장(ledger)
    .period = 기간: 7일, 30일, 1년 또는 전체
    .examples =
        /export 체결 30일
        /export 원장
        /export 주문 1년

parameter-scope = 주문번호|종목
parameter-execution = 번호
parameter-kind = 주문|체결|원장
parameter-period = 기간

fills-title = 체결 내역
fills-title-symbol = { $symbol } 체결 내역
fills-title-order = { $order_id }번 주문의 체결 내역
fills-none = 체결 내역이 없습니다. /buy { COIN() } 100{ $unit } 으로 첫 주문을 내 보세요.
fills-none-symbol = { $symbol } 체결 내역이 없습니다.
fills-none-order = { $order_id }번 주문은 아직 체결되지 않았습니다.

export-file = { $what }: { $rows }행, CSV { $kilobytes } kB. 시각은 UTC입니다.
export-none = { $what }: 이 기간에는 기록이 없습니다.
export-cut = 최근 { $rows }행만 담았습니다. 그보다 오래된 기록은 용량을 넘어 빠졌습니다. 기간을 줄이려면 /export { $kind } 30d 처럼 입력해 주세요.

choice-orders = 주문
choice-fills = 체결
choice-ledger = 원장
choice-period-7d = 7일
choice-period-30d = 30일
choice-period-90d = 90일
choice-period-1y = 1년
choice-period-all = 전체
button-fills = 체결 내역
button-export-all = 전체 기간 내보내기

## 체결 상세
label-latency = 지연 시간
label-simulated-latency = 모의 지연 시간
label-tick = 기준 시세
receipt-slippage = { $bps }bp ({ $percent })
