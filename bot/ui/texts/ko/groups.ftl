### 그룹과 서버: 설정, 사용 권한, 시세 게시, 대기 시간.

command-group = 이 그룹이나 서버를 설정합니다
    .about = 그룹이나 서버 관리자를 위한 명령입니다. 언어와 시간대, 답변할 채널, 명령별 사용 권한, 명령 사이의 대기 시간, 메시지 하나를 계속 갱신하는 시세 게시를 설정합니다. 인자 없이 입력하면 현재 설정을 보여 줍니다.
    .topic = 설정할 항목: language, timezone, channel, allow, cooldown, feed
    .values = 새 값. 예: ko, add, “trading off”, 10, “{ COIN() } { COIN(2) }”
    .examples =
        /group
        /group language ko
        /group channel add
        /group allow trading off
        /group cooldown 10
        /group feed { COIN() } { COIN(2) }

parameter-topic = 항목
parameter-values = 값
discord-command-group = 그룹

## 현재 설정
group-title = 이 채팅방의 설정
group-private = /group 명령은 그룹과 서버에서 사용합니다. 그곳에서 언어, 답변할 채널, 명령별 사용 권한, 시세 게시를 설정할 수 있습니다. 이 1:1 채팅에서는 설정할 항목이 없으며, 내 설정은 /settings 에 있습니다.
group-saved = 저장했습니다.
group-open = 모든 채널
group-everyone = 누구나 모두 사용 가능
group-no-cooldown = 없음
group-own-language = 각자의 언어
group-no-feed = 이곳에는 없음
group-elsewhere = 다른 곳 { $count }개
group-feed-off = 꺼짐: { $reason }
group-rule = { $name }: { $who ->
    [everyone] 누구나
    [managers] 관리자만
   *[off] 사용 안 함
}
group-cooldown = 사용자별 명령 간격 { $seconds }초
group-this-chat = 이 채팅방
group-ask-language = 새 사용자와 시세 게시에 어떤 언어를 사용할까요? 예: /group language ko
group-ask-timezone = 이 채팅방의 시간대는 어디인가요? 예: /group timezone Asia/Seoul
group-ask-channel = 여기에서 답변할까요? add는 이 채널이나 토픽을 목록에 추가하고, remove는 제거하고, everywhere는 목록을 비웁니다. 이름을 덧붙일 수 있습니다. 예: /group channel add 거래방
group-ask-allow = 누가 무엇을 사용할 수 있나요? 명령 이름이나 trading, account, alerts, prices 중 하나를 입력하고 everyone, managers, off 를 붙이세요. 예: /group allow trading off
group-ask-cooldown = 같은 채팅방에서 사용자별 명령 간격을 몇 초로 할까요? 0은 제한 없음입니다. 예: /group cooldown 10
group-ask-feed = 여기에 어떤 시세를 계속 표시할까요? /group feed { COIN() } { COIN(2) } 로 시작하고 /group feed off 로 종료합니다.
group-feed-started = 곧 여기에 시세가 표시되며, 한 메시지에서 계속 갱신됩니다.
group-feed-stopped = 이 채팅방의 시세 게시를 종료했습니다.
group-feed-none = 이 채팅방에는 시세 게시가 없습니다.

## 시세 게시
feed-title = 시세
feed-time = { $time } 기준({ $zone }), 변동률은 24시간 기준입니다. 가격이 움직이면 이 메시지가 갱신됩니다.
feed-ended = 이 시세 게시는 종료되었습니다.

## 선택, 버튼, 이름
choice-channel = 채널
choice-allow = 사용 권한
choice-cooldown = 대기 시간
choice-feed = 시세 게시
choice-public = 그룹에서 내 자산 공개
choice-managers = 관리자만
choice-everyone = 누구나
choice-add = 이 채널에서 답변
choice-remove = 이 채널에서 답변하지 않기
choice-everywhere = 모든 채널에서 답변
choice-trading = 거래
choice-account = 계좌
choice-alerts = 알림
choice-prices = 시세
button-group = 그룹 설정
button-feed-off = 시세 게시 종료
button-feed-start = 시세 게시: { $symbols }
button-trading-off = 거래 끄기
button-trading-on = 거래 켜기
button-cooldown = 대기 { $seconds }초
button-no-cooldown = 대기 없음
settings-ask-public = 그룹에서 내 자산에 관한 답변을 다른 사람에게도 보여 줄까요? 현재: { $current }

## 첫인사
welcome-settings = 언어: { $language }, 시간대: { $zone }. 다르면 아래에서 변경해 주세요.
button-other-zone = 다른 시간대

## 거절
error-rate-limited = 요청이 너무 빠릅니다. { $seconds }초 뒤에 다시 시도해 주세요.
error-admins-only = 여기에서 /{ $command } 명령은 관리자만 사용할 수 있습니다.
error-command-disabled = 여기에서는 /{ $command } 명령이 꺼져 있습니다. 1:1 채팅에서는 사용할 수 있습니다.
error-channel-not-allowed = 여기에서는 { $channel }에서만 답변합니다.
error-too-many-channels = 채널은 최대 { $limit }개까지 설정할 수 있습니다. 하나를 제거하거나 모든 채널에서 답변하도록 설정해 주세요.
error-too-many-rules = 사용 권한 규칙은 최대 { $limit }개까지 설정할 수 있습니다.
error-cooldown-too-long = 대기 시간은 최대 { $limit }초까지 설정할 수 있습니다.
error-too-many-feeds = 시세 게시는 최대 { $limit }개까지 설정할 수 있습니다. 해당 채널에서 /group feed off 로 하나를 먼저 종료해 주세요.
error-feed-too-long = 시세 게시에는 종목을 최대 { $limit }개까지 담을 수 있습니다. 더 적게 선택해 주세요.
