### 알림 설정과 계좌 알림.

command-notifications = 어떤 알림을 언제 어디로 받을지 설정합니다
    .about = 인자 없이 입력하면 현재 설정을 보여 줍니다. 알림 종류(alerts, ranges, conditions, forecasts, fills, expiries, limits, drift, digest, scan, headlines)마다 켜기, 무음, 끄기를 선택할 수 있고, scan을 켜면 매일 아침 /scan의 신호를 보냅니다. 방해 금지 시간에는 모두 무음으로 옵니다. here를 입력하면 계좌 알림을 이 채팅방으로 보냅니다.
    .notice = alerts, fills, limits, drift, digest, scan, headlines 같은 알림 종류, 또는 news, quiet, here
    .choice = on, silent, off. quiet에는 22:00 07:00 같은 두 시각, digest에는 daily 또는 weekly와 시각
    .examples =
        /notifications
        /notifications alerts 무음
        /notifications quiet 22:00 07:00
        /notifications quiet 끄기
        /notifications digest 매일 9
        /notifications here

parameter-notice = 종류
parameter-choice = 선택
parameter-platform = 플랫폼
parameter-chat = 채팅방

## 보기와 선택
notify-title = 알림 설정
notify-about = 가격·예측 알림은 설정한 채팅방으로 옵니다. 그 밖의 알림은 계좌에 관한 것으로, 다른 곳에서 낸 주문의 결과까지 선택한 채팅방으로 보냅니다.
notify-ask-kind = { $topic }: { $value }. 어떻게 설정할까요?
notify-ask-quiet = 방해 금지 시간: { $value }. 언제부터 언제까지 무음으로 보낼까요? 버튼을 누르거나 22:00 07:00처럼 두 시각을 입력해 주세요.
notify-ask-digest = 요약: { $value }. 계좌 요약을 얼마나 자주 받으시겠습니까? “매일 20”처럼 시각을 입력할 수도 있습니다.
notify-ask-here = { $topic }: { $value }
notify-done-kind = { $topic }: { $value }
notify-ended-quiet = 방해 금지 시간: { $value }. 이제 모든 시간에 소리가 납니다.
notify-done-quiet = 방해 금지 시간: { $value }. 이 시간에도 알림은 오지만 소리는 나지 않습니다.
notify-done-digest = 요약: { $value }
notify-done-here = 이제 체결, 만료, 요약 알림을 선택한 채팅방으로 보내지 않습니다. 주문 결과는 답변으로만 알려 드리고, 요약은 마지막으로 사용한 1:1 채팅으로 보냅니다.
notify-zone = 시각은 { $timezone } 시간대 기준입니다. /settings timezone 에서 바꿀 수 있습니다.
notify-daily = 매일 { $time }
notify-weekly = 매주 월요일 { $time }
notify-home-none = 선택하지 않음
notify-home-here = 이 채팅방
notify-home-elsewhere = { $place ->
    [public] { $platform ->
        [telegram] Telegram 그룹
        [discord] Discord 채널
       *[other] 단체 채팅방
    }
   *[private] { $platform ->
        [telegram] Telegram 1:1 채팅
        [discord] Discord 1:1 채팅
        [console] 콘솔
       *[other] 1:1 채팅
    }
}
notify-here-done = 이제 체결, 조건 주문 발동, 주문 종료·만료, 정기 매수 실패, 로봇, 리밸런싱, 액면 변경·상장폐지, 한도에 따른 매수 중지, 운영자의 계좌 정정, 시장 스캔, 뉴스, 요약 알림을 이 채팅방으로 보냅니다. 이 채팅방에서 낸 주문은 답변으로만 알려 드립니다.
notify-here-public = 다른 사람도 볼 수 있는 채팅방입니다. 무엇을 얼마에 매수·매도하고 무엇을 보유하는지 모두에게 보입니다. 체결, 조건 주문 발동, 주문 종료·만료, 정기 매수 실패, 로봇의 손익, 리밸런싱·일괄 주문 결과, 보유 코인의 액면 변경·상장폐지, 한도에 따른 매수 중지와 계좌 평가액, 운영자의 계좌 정정, 시장 스캔, 보유·관심 코인의 뉴스, 요약이 여기에 해당합니다. 여기에서 설정한 가격 알림은 그대로 여기로 옵니다. 이 알림을 모두 여기에 표시할까요?

## 알림
push-fill-buy = { $quantity }{ JOSA($quantity, "을/를") } { $price }에 매수했습니다
push-fill-sell = { $quantity }{ JOSA($quantity, "을/를") } { $price }에 매도했습니다
push-fills-title = 주문 { $count }건이 체결되었습니다
push-expiry-title = { $count ->
    [one] 주문 일부가 체결되지 않았습니다
   *[other] 주문 { $count }건의 일부가 체결되지 않았습니다
}
push-expiry-buy = { $order_id }번 주문: { $filled } 매수 체결. 호가 잔량이 부족해 { $unfilled } 물량은 취소되었습니다.
push-expiry-sell = { $order_id }번 주문: { $filled } 매도 체결. 호가 잔량이 부족해 { $unfilled } 물량은 취소되었습니다.
push-digest-title = { $every ->
    [weekly] 주간 요약, { $date }
   *[daily] 일일 요약, { $date }
}

## 선택, 버튼, 이름
notice-alerts = 가격 알림
notice-fills = 체결
notice-expiries = 만료된 주문
notice-digest = 요약
notice-news = 공지
notice-quiet = 방해 금지 시간
notice-here = 계좌 알림을 받을 채팅방
choice-silent = 무음
choice-daily = 매일
choice-weekly = 매주
button-notify = 알림 설정
button-digest = 요약 설정
button-here-public = 네, 여기로 보내기
button-here-off = 여기로 보내지 않기
label-positions = 보유 종목 수
label-best = 수익이 가장 큰 종목
label-worst = 손실이 가장 큰 종목
label-alerts-waiting = 설정된 알림
label-change-since = { $since } 이후 변동

## 오류
error-not-a-time = “{ $text }”{ JOSA($text, "은/는") } 올바른 시각이 아닙니다. 22:00 또는 7처럼 입력해 주세요.
error-zoned-time = “{ $text }”에 시간대가 들어 있습니다. 시각은 항상 내 시간대 기준이므로 { $plain }{ JOSA($plain, "으로/로") } 입력하거나 /settings timezone 에서 시간대를 바꿔 주세요.
error-quiet-hours-empty = { $time }부터 { $time }까지는 하루 종일인지 없음인지 알 수 없습니다. 서로 다른 두 시각을 입력하거나, 사용하지 않으려면 “끄기”를 입력해 주세요.
error-quiet-hours-unfinished = 방해 금지 시간이 { $time }부터라면 언제까지인가요? /notifications quiet 22:00 07:00처럼 두 시각을 모두 입력해 주세요.
error-not-a-full-hour = 요약은 정각에만 보낼 수 있어 { $text }에는 보낼 수 없습니다. /notifications digest 매일 8처럼 입력해 주세요.
error-unknown-chat = 알 수 없거나 더 이상 메시지를 보낼 수 없는 채팅방입니다. 원하는 채팅방에서 /notifications here 를 입력해 주세요.
