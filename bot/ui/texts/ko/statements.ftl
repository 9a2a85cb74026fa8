### 계좌 명세.

## 잔고 명세
command-statement = 과거 시점의 계좌 현황을 봅니다
    .about = 그 시점의 잔고, 보유 종목과 평균 단가, 당시 시세로 평가한 총자산, 실현 손익, 미체결 주문을 보여 줍니다. 2026-11-01 12:00처럼 입력하며, 날짜만 입력하면 그날이 끝난 시점이고, 날짜가 없으면 현재입니다.
    .moment = 날짜, 필요하면 시각까지(내 시간대 기준)
    .examples =
        /statement
        /statement 어제
        /statement 어제 18:00
statement-title = { $at } 기준 계좌 현황
statement-no-positions = 당시 보유 종목이 없습니다.
statement-unpriced = { $symbols } 종목은 당시 시세를 알 수 없어 총자산에서 제외했습니다.
statement-orders = 미체결 주문 { $count }건
error-not-a-date = { $problem ->
    [calendar] { $text }{ JOSA($text, "은/는") } 달력에 없는 날짜입니다. 월과 일을 확인해 주세요.
    [early] { $text }{ JOSA($text, "은/는") } 너무 오래전입니다. 2009-01-01부터 입력할 수 있습니다.
    [future] { $text }{ JOSA($text, "은/는") } 아직 오지 않은 날짜입니다. 오늘까지의 날짜를 입력해 주세요.
   *[other] “{ $text }”{ JOSA($text, "은/는") } 날짜가 아닙니다. 2026-11-01 또는 2026-11-01 12:00 형식으로 입력해 주세요.
}
error-before-account = 계좌는 그 이후인 { $opened_at }에 개설되었습니다.
error-statement-too-long = 그때까지의 거래 내역이 { $limit }건을 넘어 메시지로 집계할 수 없습니다. 운영자가 `paperdesk statement`로 출력할 수 있습니다.
label-filled = 체결
parameter-moment = 날짜
