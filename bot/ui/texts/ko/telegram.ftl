# Telegram에서만 사용하는 문구. 명령의 답변은 다른 파일에 있습니다.

telegram-not-yours = 이 버튼은 명령을 보낸 사용자만 누를 수 있습니다. 직접 명령을 보내면 새 버튼을 받을 수 있습니다.
telegram-answered-privately = 다른 사람이 볼 수 있는 채팅방이라 1:1 채팅으로 답변했습니다.
telegram-open-private = 계좌에 관한 내용이라 1:1 채팅으로 답변합니다. 먼저 1:1 채팅을 열어 시작을 누른 뒤 다시 보내 주세요.
telegram-open-button = 채팅 열기
telegram-forwarded = 전달된 메시지는 다른 사람이 작성한 것이므로 실행하지 않습니다. 명령을 직접 입력해 주세요.
telegram-only-text = 텍스트 메시지만 지원합니다. /help 에서 명령을 볼 수 있습니다.
telegram-faceless = 그룹이나 채널 이름으로 작성되어 계정을 확인할 수 없습니다. 본인 계정으로 보내 주세요.
telegram-late = 이 명령은 { $age } 늦게 도착해 실행하지 않았습니다. 그사이 가격이 변동했습니다. 그래도 원하시면 다시 보내 주세요.
telegram-late-button = 지금 실행
telegram-interrupted = 이 요청에 대한 답변의 전송이 중단되었습니다. 답변이 없거나 일부만 보이면 /history 에서 주문을 확인해 주세요. 주문은 한 번만 처리됩니다. 다른 명령은 다시 보내 주세요.
telegram-given-up = 이 요청은 처리 중 여러 번 중단되어 더 이상 시도하지 않습니다. 주문이었다면 다시 보내기 전에 /history 를 확인해 주세요.
telegram-crowded = 처리를 기다리는 메시지가 너무 많아 최근에 보낸 메시지는 실행하지 않았습니다. 답변을 받은 뒤 다시 보내 주세요.
telegram-button-gone = 만료된 버튼입니다. 명령을 다시 보내 주세요.
telegram-joined = 안녕하세요! 실제 시세와 가상 자금으로 연습하는 모의 거래 봇입니다. 여기 또는 1:1 채팅에서 /price { COIN() }, /chart { COIN() } 4h 를 보내 보세요. 계좌에 관한 내용은 1:1 채팅으로 답변합니다. 그룹 설정은 관리자가 /group 으로 변경할 수 있습니다.
telegram-no-pictures = 이 그룹에서는 사진이나 파일을 보낼 권한이 없어 텍스트로만 답변합니다.
telegram-cannot-post = 명령을 보내신 그룹에 글을 쓸 권한이 없어 여기로 답변합니다.
telegram-card-button = 실시간 시세
telegram-chart-button = 차트

error-telegram-socket-exposed = 다른 계정이 웹훅 소켓({ $path })을 바꿔치기하여 비밀값을 알아낼 수 있습니다. Paperdesk 사용자가 소유하고 다른 사용자는 쓸 수 없는 폴더에 소켓을 두고, 그 상위 폴더의 권한도 확인해 주세요.
error-telegram-secret-missing = 웹훅에는 비밀값이 필요합니다. PAPERDESK_TELEGRAM__WEBHOOK_SECRET 을 영문자, 숫자, _, - 1~256자로 설정하거나 PAPERDESK_TELEGRAM__WEBHOOK_URL 을 비워 두세요.
error-telegram-token-refused = Telegram이 봇 토큰을 거부했습니다. @BotFather에서 토큰을 확인해(/mybots, “API Token”) PAPERDESK_TELEGRAM__TOKEN에 넣고 다시 시작해 주세요.
