# 터미널의 파이프라인 모니터와 감시 메시지.

monitor-title = Paperdesk 모니터
monitor-market = 시장
monitor-stream = 스트림
monitor-quality = 품질
monitor-desk = 서비스

monitor-source = 출처
monitor-source-binance = 바이낸스 실시간
monitor-source-replay = REPLAY, 기록 재생
monitor-source-simulator = SIMULATION, 가상 시세
monitor-no-market = 아직 시장 정보가 없습니다
monitor-symbols = 종목
monitor-fresh = 최신
monitor-stale = 지연
monitor-silent = 시세 없음
monitor-halted = 거래 중지
monitor-rate = 틱
monitor-per-second = 초당 { $count }
monitor-quotes = 호가
monitor-ages = 최근 { $newest } 전, 가장 오래된 것 { $oldest } 전
monitor-seconds = { $seconds }초

monitor-lag = 밀린 메시지
monitor-in-memory = 프로세스 내부에서 처리
monitor-no-topic = 아직 토픽이 없습니다
monitor-refused = 거부
monitor-none = 없음

monitor-today = 오늘
monitor-unread = 읽지 못함
monitor-now = 현재
monitor-frozen = 멈춤
monitor-disagreeing = 불일치
monitor-waiting = 보류

monitor-memory = 메모리
monitor-keys = 키

monitor-last-candle = 마지막 캔들
monitor-gaps = 오늘 누락
monitor-minutes-missing = { $count ->
    [0] 없음
   *[other] { $symbols }개 종목에서 { $count }분 누락
}
monitor-candles = 캔들
monitor-months = { $count }개월
monitor-database = 데이터베이스

monitor-outbox = 보낼 알림
monitor-inbox = 받은 요청
monitor-leaders = 담당
monitor-leads-produce = 수집
monitor-leads-jobs = 작업
monitor-leads-telegram = 텔레그램

monitor-down = 응답 없음 ({ $since })
monitor-refuses = 로그인 거부
monitor-unprepared = “paperdesk migrate”를 실행하세요

error-consumer-stuck = { $group }{ JOSA($group, "이/가") } { $seconds }초 동안 멈춰 있고 메시지 { $frames }개가 대기 중이라 이 프로세스를 종료합니다. 다시 시작하면 멈춘 곳부터 이어서 처리합니다.
