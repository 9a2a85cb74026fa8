# Telegram's own sentences; what the commands answer stands in the other files.

telegram-not-yours = 이 버튼은 명령을 보낸 분의 것입니다. 직접 명령을 보내면 새 버튼을 받을 수 있습니다.
telegram-answered-privately = 개인 채팅으로 답해 드렸습니다. 돈에 관한 내용은 둘이서만 나눕니다.
telegram-open-private = 돈에 관한 내용이라 개인 채팅으로 답해 드립니다. 먼저 개인 채팅을 열어 시작을 누른 뒤 다시 보내 주세요.
telegram-open-button = 채팅 열기
telegram-only-text = 글만 읽을 수 있습니다. /help 를 보내면 할 수 있는 일을 알려 드립니다.
telegram-faceless = 채팅방 이름으로 쓰셔서 누구의 계정인지 알 수 없습니다. 본인 이름으로 써 주세요.
telegram-late = 이 명령은 { $age } 뒤에야 도착해서 실행하지 않았습니다. 그사이 가격이 움직였습니다. 그래도 원하시면 다시 보내 주세요.
telegram-late-button = 지금 실행
telegram-interrupted = 이 요청에 답하는 중에 재시작되었습니다. 답변이 없거나 일부만 보이면 /history 에서 주문을 확인해 주세요. 주문은 한 번만 처리됩니다. 다른 명령은 다시 보내 주세요.
telegram-given-up = 이 요청을 처리하던 중 여러 번 중단되어 더는 시도하지 않습니다. 주문이었다면 다시 보내기 전에 /history 를 확인해 주세요.
telegram-button-gone = 너무 오래된 버튼이라 무엇이었는지 알 수 없습니다. 명령을 새로 보내 주세요.
telegram-joined = 안녕하세요! 실제 시세와 가상의 돈으로 연습하는 모의 거래 데스크입니다. 여기서든 개인 채팅에서든 /price BTC, /chart BTC 4h 를 보내 보세요. 돈에 관한 내용은 개인 채팅으로 답해 드립니다. 그룹 설정은 관리자가 /group 으로 바꿀 수 있습니다.
telegram-no-pictures = 이 그룹에서는 그림이나 파일을 보낼 권한이 없어 글로만 답합니다.
telegram-cannot-post = 물어보신 그룹에는 글을 쓸 권한이 없어 여기로 답해 드립니다.
telegram-card-button = 실시간 시세
telegram-chart-button = 차트

error-telegram-token-refused = Telegram이 봇 토큰을 받아들이지 않습니다. @BotFather에서 토큰을 확인해(/mybots, “API Token”) PAPERDESK_TELEGRAM__TOKEN에 넣고 다시 시작해 주세요.
