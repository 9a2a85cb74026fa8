### 뉴스: 제목, 논조, 적중 기록.

discord-command-news = 뉴스
command-news = 전체 또는 한 코인의 뉴스 제목과 논조를 보여 줍니다
    .about = 운영자가 고른 피드의 뉴스 제목을 최신순으로 논조, 출처, 경과 시간과 함께 보여 줍니다. 논조는 영어와 한국어 가상자산 뉴스용 어휘집으로 제목의 낱말을 평가한 값이며 예측이 아닙니다. “record”는 이후 가격이 논조대로 움직인 비율을 기준 비율과 함께 보여 줍니다.
    .symbol = { COIN() } 같은 코인 또는 record
    .examples =
        /news
        /news { COIN() }
        /news record
choice-news-record = 적중 기록
news-title = 뉴스
news-title-coin = { $symbol } 뉴스
news-none = 최근 { $days }일 동안 나온 뉴스가 없습니다.
news-none-coin = 최근 { $days }일 동안 이 코인을 다룬 뉴스가 없습니다.
news-tone = 최근 24시간 논조: { $score }, { $word } (뉴스 { $count }건)
news-tone-none = 최근 24시간 동안 나온 뉴스가 없습니다.
news-tone-word = { $size ->
    [neutral] 중립
    [strong] { $sign ->
        [good] 매우 긍정
       *[bad] 매우 부정
    }
   *[plain] { $sign ->
        [good] 긍정
       *[bad] 부정
    }
}
news-note = { $word } · { $source } · { $age } 전
news-model = 과거 뉴스로 학습한 모델이 보는, 가장 최근 뉴스 이후 { $hours }시간 뒤 가격이 오를 확률: { $chance }
news-about = 논조는 제목의 낱말을 -1에서 +1 사이로 평가한 값입니다. 예측이나 투자 조언이 아니며, 얼마나 맞았는지는 /news record 에서 볼 수 있습니다.
news-record-title = 논조 적중 기록
news-column-model = 방법
news-column-hits = 적중률
news-column-base = 기준 비율
news-column-gain = 차이(%p)
news-column-events = 사례 / 일수
news-name-rules = 규칙
news-name-model = 모델
news-few-rules = 규칙: 지금까지 독립 사례 { $events }건, { $days }일입니다. 사례 { $least }건과 { $least_days }일이 모이면 여기에 기록을 보여 줍니다.
news-few-model = 모델: 지금까지 { $events }건, { $days }일을 검증했습니다. { $least }건과 { $least_days }일이 모이면 여기에 기록을 보여 줍니다.
news-verdict-rules = { $better ->
    [yes] 규칙: 긍정 뉴스 뒤 상승과 부정 뉴스 뒤 하락이 기준 비율보다 자주 나타났습니다.
   *[no] 규칙: 우위를 찾지 못했습니다. 가격이 기준 비율보다 자주 논조를 따르지는 않았습니다.
}
news-verdict-model = { $better ->
    [yes] 모델: 학습하지 않은 뉴스에서 기준 비율보다 잘 맞아 확률을 보여 줍니다.
   *[no] 모델: 학습하지 않은 뉴스에서 기준 비율보다 잘 맞지 않아 확률을 보여 주지 않습니다.
}
news-record-about = 적중률: 뉴스를 읽은 뒤 다음 시가부터 { $hours }시간 동안 가격이 논조 방향으로 움직인 비율입니다. 기준 비율: 더 잦은 방향만 계속 고를 때의 비율입니다. 같은 코인의 뉴스는 { $hours }시간 안에서 첫 건만 셉니다. 차이는 하루를 한 관측으로 묶은 신뢰구간입니다(규칙 95%, 매일 밤 검증하는 모델 99.8%).
push-headlines = 내 코인 뉴스 { $count }건
button-news-all = 전체 뉴스
button-news-record = 적중 기록
button-news-push-on = 뉴스 알림 받기
button-news-push-off = 뉴스 알림 끄기
notice-headlines = 내 코인 뉴스
label-feeds = 뉴스 피드
status-feeds = { $all }개 중 { $works }개 정상
status-feed-fault = { $reason }, 연속 { $count }회, 마지막 정상: { $since }
feed-fault = { $fault ->
    [local] 내부 주소로 연결됨
    [scheme] https가 아닌 주소로 연결됨
    [redirects] 리디렉션이 너무 많음
    [unreachable] 연결할 수 없음
    [status] 오류로 응답함
    [slow] 응답이 너무 느림
    [body] 응답이 너무 길거나 알 수 없는 방식으로 압축됨
    [type] 응답 형식이 피드가 아님
    [encoding] 알 수 없는 인코딩
    [dtd] 엔티티를 선언함
   *[unreadable] 읽을 수 있는 피드가 아님
}
error-no-news = 뉴스 피드가 등록되지 않아 뉴스를 볼 수 없습니다. 다른 기능은 모두 사용할 수 있습니다.
