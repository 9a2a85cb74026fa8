# Discord에서만 사용하는 문구와 한국어 명령 및 옵션 이름.

discord-not-yours = 이 버튼은 명령을 입력한 사용자만 누를 수 있습니다. { $command } 명령을 직접 입력해 보세요.
discord-not-yours-plain = 이 버튼은 명령을 입력한 사용자만 누를 수 있습니다.
discord-button-old = 이전 버전의 버튼입니다. 명령을 다시 입력해 주세요.
discord-command-gone = 명령이 바뀌었습니다. 잠시 기다리거나 Discord를 다시 시작한 뒤 명령을 다시 선택해 주세요.
discord-busy = 처리 중인 명령이 여러 개 있어 이 명령은 실행하지 않았습니다. 답변을 받은 뒤 다시 시도해 주세요.
discord-late = { $command } 명령의 답변이 늦어 Discord가 받지 않았으므로 여기에 표시합니다:
discord-write = ✏️ 직접 입력
discord-interrupted = 이 답변의 전송이 중단되어 메시지가 빠졌을 수 있습니다. 같은 명령이 두 번 처리되지는 않았습니다.
discord-no-files = 파일을 첨부하지 못했습니다. 봇에 “파일 첨부” 권한이 없습니다.

alert-elsewhere = 봇이 이 채널에 먼저 글을 쓸 수 없어 다이렉트 메시지(DM)로 알려 드립니다.

error-discord-token-refused = Discord가 봇 토큰을 거부했습니다. 개발자 포털(애플리케이션의 “Bot”, “Reset Token”)에서 토큰을 다시 복사해 PAPERDESK_DISCORD__TOKEN에 넣고 다시 시작해 주세요.
error-discord-refused = Discord가 연결을 완전히 끊었습니다(코드 { NUMBER($close_code, useGrouping: 0) }). 개발자 포털에서 봇을 확인한 뒤 다시 시작해 주세요.

### Names of the slash commands

discord-command-start = 시작
discord-command-help = 도움말
discord-command-price = 시세
discord-command-chart = 차트
discord-command-market = 시장
discord-command-buy = 매수
discord-command-sell = 매도
discord-command-limit = 지정가
discord-command-stop = 스탑
discord-command-tp = 익절
discord-command-trail = 추적손절
discord-command-oco = oco주문
discord-command-bracket = 브래킷
discord-command-orders = 미체결
discord-command-order = 주문
discord-command-amend = 정정
discord-command-dust = 소액매도
discord-command-portfolio = 포트폴리오
discord-command-balance = 잔고
discord-command-history = 내역
discord-command-statement = 명세
discord-command-risk = 위험
discord-command-stress = 스트레스
discord-command-reset = 초기화
discord-command-settings = 설정
discord-command-alert = 알림
discord-command-alerts = 알림목록
discord-command-compare = 비교
discord-command-heatmap = 히트맵
discord-command-watch = 관심
discord-command-unwatch = 관심해제
discord-command-link = 연결
discord-command-unlink = 연결해제
discord-command-privacy = 개인정보
discord-command-notifications = 알림설정
discord-command-cancel = 취소

### Names of options, where the word in a usage line cannot be one

discord-option-view = 보기
discord-option-times = 횟수
discord-option-extras = 추가
discord-option-options = 옵션
discord-option-price = 가격
discord-option-limit = 지정가
discord-option-activation = 추적시작가
discord-option-take_profit = 익절
discord-option-stop_loss = 손절
discord-option-entry = 진입가
discord-option-quantity = 수량변경
discord-option-subject = 대상
discord-option-life = 옵션
discord-option-moment = 날짜
