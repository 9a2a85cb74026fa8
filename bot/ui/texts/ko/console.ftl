# 콘솔에서만 사용하는 문구. 명령의 답변은 다른 파일에 있습니다.

console-greeting = Paperdesk: 가상 자금과 현실적인 거래 비용으로 하는 모의 거래
console-hint = /help 를 입력하면 명령 목록을 볼 수 있습니다.
console-help = 버튼은 [1] 확인 처럼 표시됩니다. 번호(1)나 버튼 이름(확인)을 입력하고 Enter 키를 누르세요. “open”은 마지막 그림을 열고, “exit”는 종료합니다.

console-no-such-button = { $count ->
    [0] 현재 누를 수 있는 버튼이 없습니다. 번호는 답변에 표시된 버튼을 누를 때 사용합니다. 명령은 /help 에서 볼 수 있습니다.
    [1] { $number }번 버튼이 없습니다. 마지막 답변의 버튼은 [1] 하나뿐입니다.
   *[other] { $number }번 버튼이 없습니다. 마지막 답변의 버튼은 [1]부터 [{ $count }]까지입니다.
}

console-line-too-long = 한 줄이 10,000자를 넘어 무시했습니다. 명령은 /help 에서 볼 수 있습니다.
console-line-holds-nul = NUL 바이트가 들어 있어 무시했습니다.
console-line-not-utf8 = 올바른 UTF-8 텍스트가 아니어서 무시했습니다.

console-picture = 그림이 저장된 위치입니다(“open”을 입력하면 열립니다):
console-picture-not-kept = 그림을 데이터 폴더에 저장하지 못했습니다. 디스크가 가득 찼거나 폴더에 쓰기 권한이 없는지 확인해 주세요.
console-document = 파일이 저장된 위치입니다(“open”을 입력하면 열립니다). 본인만 읽을 수 있습니다:
console-document-not-kept = 파일을 데이터 폴더에 저장하지 못했습니다. 디스크가 가득 찼거나 폴더에 쓰기 권한이 없는지 확인해 주세요.
console-no-picture = 아직 그림이 없습니다. 먼저 /chart { COIN() } 를 입력해 보세요.
console-opened = { $path } 파일을 엽니다
console-no-viewer = 이 컴퓨터에서 이미지 뷰어를 찾지 못했습니다. 그림은 { $path } 에 있습니다.

console-progress-setup = 데이터베이스와 시세 저장소를 준비하는 중(처음 한 번만)
console-progress-engines = 데이터베이스와 시세 저장소를 시작하는 중
console-progress-market = 시장을 여는 중
console-question = 답이나 버튼 번호를 입력하세요. 그만두려면 /cancel 을 입력하세요.
