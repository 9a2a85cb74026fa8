### 관심 종목.

command-watch = 관심 종목을 보거나 추가합니다
    .about = 관심 종목의 가격과 24시간 변동을 보여 줍니다. 종목을 입력하면 먼저 추가합니다.
    .symbols = 추가할 종목. 예: { COIN() } { COIN(2) }. 입력하지 않으면 목록을 보여 줍니다
    .examples =
        /watch
        /watch { COIN() } { COIN(2) }

command-unwatch = 관심 종목에서 삭제합니다
    .about = 종목을 입력하지 않으면 관심 종목을 버튼으로 보여 줍니다.
    .symbols = 삭제할 종목. 예: { COIN() }
    .examples = /unwatch { COIN() }

watch-title = 내 관심 종목
watch-empty = 관심 종목이 없습니다. /watch { COIN() } { COIN(2) } 처럼 추가해 보세요.
watch-added = { $count ->
    [0] 이미 목록에 있습니다: { $symbols }
   *[other] 추가했습니다: { $symbols }
}
watch-removed = 삭제했습니다: { $symbols }
watch-remove-which = 어느 종목을 삭제할까요?
watch-absent = 이 시장에 없음
watch-not-here = 이 시장에서 거래되지 않는 종목이 있습니다. 목록에는 그대로 남습니다.
button-watchlist = 관심 종목
button-unwatch = 삭제…

error-watchlist-full = 관심 종목은 최대 { $limit }개까지 추가할 수 있습니다. 먼저 /unwatch 로 삭제해 주세요.
error-not-watched = “{ $text }”{ JOSA($text, "은/는") } 관심 종목에 없습니다. /watch 에서 확인해 주세요.
