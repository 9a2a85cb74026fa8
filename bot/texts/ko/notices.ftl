### 알림 설정, 그리고 내 돈에 관한 알림.

command-notify = 어떤 알림을 언제 어디로 받을지 정합니다
    .about = 아무 말 없이 쓰면 지금 설정을 보여 줍니다. 알림 종류마다 켜기, 무음, 끄기를 고를 수 있고, 방해 금지 시간에는 모두 소리 없이 옵니다. here를 쓰면 내 돈에 관한 알림을 이 대화로 보내 드립니다.
    .notice = alerts, forecasts, fills, expiries, digest, news, quiet, here 가운데 하나
    .choice = on, silent, off. quiet에는 22:00 07:00 같은 두 시각, digest에는 daily나 weekly와 몇 시인지
    .examples =
        /notify
        /notify alerts 무음
        /notify quiet 22:00 07:00
        /notify quiet 끄기
        /notify digest 매일 9
        /notify here

parameter-notice = 종류
parameter-choice = 선택
parameter-platform = 플랫폼
parameter-chat = 대화

## 보기와 고르기
notify-title = 먼저 알려 드리는 것
notify-about = 가격·예측 알림은 설정한 대화로 옵니다. 나머지는 내 돈에 관한 것이라 고른 대화로만 오고, 주문은 다른 곳에서 거래했을 때 알려 드립니다.
notify-ask-kind = { $topic }: { $value }. 어떻게 할까요?
notify-ask-quiet = 방해 금지 시간: { $value }. 언제부터 언제까지 소리 없이 보낼까요? 버튼을 누르거나 22:00 07:00처럼 두 시각을 적어 주세요.
notify-ask-digest = 요약: { $value }. 계좌 요약을 얼마나 자주 보내 드릴까요? “매일 20”처럼 시각을 적으셔도 됩니다.
notify-ask-here = { $topic }: { $value }
notify-done-kind = { $topic }: { $value }
notify-ended-quiet = 방해 금지 시간: { $value }. 이제 소리를 끄는 시간이 없습니다.
notify-done-quiet = 방해 금지 시간: { $value }. 그동안에도 알림은 오지만 소리는 나지 않습니다.
notify-done-digest = 요약: { $value }
notify-done-here = 이제 체결, 만료, 요약을 정해 둔 대화로 보내지 않습니다. 주문은 답으로만 알려 드리고, 요약은 마지막으로 뵌 개인 대화로 보내 드립니다.
notify-zone = 시각은 { $timezone } 시간대 기준입니다. /settings timezone 에서 바꿀 수 있습니다.
notify-daily = 매일 { $time }
notify-weekly = 매주 월요일 { $time }
notify-home-none = 정하지 않음
notify-home-here = 이 대화
notify-home-elsewhere = { $place ->
    [public] { $platform ->
        [telegram] Telegram 그룹
        [discord] Discord 채널
       *[other] 여럿이 보는 대화
    }
   *[private] { $platform ->
        [telegram] Telegram 개인 대화
        [discord] Discord 개인 대화
        [console] 콘솔
       *[other] 개인 대화
    }
}
notify-here-done = 이제 체결, 만료, 요약을 그 대화로 보내 드립니다. 그 대화에서 직접 낸 주문은 답으로만 알려 드립니다.
notify-here-public = 여기는 다른 사람도 보는 곳입니다. 무엇을 얼마에 사고파는지, 무엇을 가지고 있는지 모두가 보게 됩니다. 여기서 설정한 가격 알림은 그대로 여기로 옵니다. 정말 체결, 만료, 요약을 여기에 보여 드릴까요?

## 알림
push-fill-buy = { $quantity }를 { $price }에 샀습니다
push-fill-sell = { $quantity }를 { $price }에 팔았습니다
push-fills-title = 주문 { $count }건이 체결되었습니다
push-expiry-title = { $count ->
    [one] 주문 일부가 체결되지 않았습니다
   *[other] 주문 { $count }건의 일부가 체결되지 않았습니다
}
push-expiry-buy = { $order_id }번 주문: { $filled }를 샀고, 더 살 물량이 없어 { $unfilled }는 만료되었습니다.
push-expiry-sell = { $order_id }번 주문: { $filled }를 팔았고, 더 살 사람이 없어 { $unfilled }는 만료되었습니다.
push-digest-title = { $every ->
    [weekly] 이번 주 요약, { $date }
   *[daily] 오늘의 요약, { $date }
}

## 선택, 버튼, 이름
notice-alerts = 가격 알림
notice-fills = 체결
notice-expiries = 만료된 주문
notice-digest = 요약
notice-news = 운영 소식
notice-quiet = 방해 금지 시간
notice-here = 내 돈 알림을 받을 대화
choice-silent = 무음
choice-daily = 매일
choice-weekly = 매주
button-notify = 알림 설정
button-digest = 요약 설정
button-here-public = 네, 여기로 보내 주세요
button-here-off = 그만 보내기
label-positions = 보유 종목 수
label-best = 가장 좋은 종목
label-worst = 가장 나쁜 종목
label-alerts-waiting = 기다리는 알림
label-change-since = { $since } 이후

## 오류
error-not-a-time = “{ $text }”은(는) 시각이 아닙니다. 22:00 또는 7처럼 적어 주세요.
error-quiet-hours-empty = { $time }부터 { $time }까지라면 항상인지 없음인지 알 수 없습니다. 서로 다른 두 시각을 적거나, 끝내려면 “끄기”라고 적어 주세요.
error-quiet-hours-unfinished = 방해 금지 시간이 { $time }부터라면 언제까지인가요? /notify quiet 22:00 07:00처럼 두 시각을 모두 적어 주세요.
error-not-a-full-hour = 요약은 정각에만 보내 드릴 수 있어 { $text }에는 보낼 수 없습니다. /notify digest 매일 8처럼 적어 주세요.
error-unknown-chat = 그 대화에서 뵌 적이 없거나 더는 글을 보낼 수 없습니다. 원하는 대화에서 /notify here 라고 적어 주세요.
