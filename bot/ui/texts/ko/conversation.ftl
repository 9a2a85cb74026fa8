### 슬래시(/) 없이 입력하는 말. 명령마다 쉼표로 구분하며, 명령의 현재 이름과 이전 이름은 항상 사용할 수 있습니다.

words-start = 시작하기
words-help = 도움, 명령어, 사용법, 헬프
words-price = 가격, 현재가, 시가, 얼마
words-chart = 그래프, 캔들
words-compare = 비교하기
words-heatmap = 지도
words-market = 마켓, 시황
words-news = 헤드라인, 뉴스기사
words-forecast = 예측, 전망
words-model = 모델
words-watch = 관심종목, 관심종목에, 관심목록
words-unwatch = 관심삭제
words-buy = 매수, 구매, 사기, 사줘, 사주세요, 매수하기, 매수해줘, 매수해주세요
words-sell = 매도, 판매, 팔기, 팔아, 팔아줘, 팔아주세요, 매도하기, 매도해줘, 매도해주세요
words-dca = 반복, 반복매수, 정기매수, 적립
words-limits = 거래한도, 내한도, 한도설정
words-alert = 가격알림
words-alerts = 알림내역
words-forecastalert = 예측알림
words-notifications = 알림종류
words-portfolio = 보유, 보유자산, 내자산, 수익률
words-balance = 잔액, 지갑, 현금
words-history = 거래내역, 주문내역
words-fills = 체결
words-receipt = 영수증, 체결영수증
words-performance = 성과, 투자성과, 리포트
words-export = 다운로드, 내려받기
words-reset = 리셋
words-settings = 환경설정
words-privacy = 개인정보보호
words-limit = 지정가주문
words-stop = 스탑주문, 손절
words-tp = 익절주문
words-trail = 추적손절주문, 트레일링
words-bracket = 브라켓
words-orders = 미체결주문, 예약주문
words-amend = 정정주문, 주문정정
words-cancel = 취소, 주문취소, 취소해줘, 취소해주세요, 주문취소해줘, 그만, 중지

### 줄 전체로 뜻이 정해지는 말. 쉼표로 구분하며, 어디에나 코인 이름이 들어갈 수 있습니다.

phrases-start = 안녕, 안녕하세요, 안녕하십니까, 반갑습니다, 반가워요
phrases-help = 어떻게 써, 어떻게 써요, 어떻게 쓰나요, 어떻게 쓰는 거야, 어떻게 사용해요, 어떻게 사용하나요, 사용 방법, 뭐 할 수 있어, 뭘 할 수 있어
phrases-balance = 얼마나 있어, 얼마나 있어요, 얼마 있어, 얼마 있어요, 얼마나 있나요, 얼마나 가지고 있어, 몇 개 있어, 몇 개 있어요, 보유 수량
phrases-portfolio = 보유 자산, 보유 종목, 내 자산
phrases-performance = 내 성과, 내 투자 성과
phrases-news = 최신 뉴스, 코인 뉴스
phrases-risk = 내 위험, 얼마나 잃을 수 있어, 얼마나 잃을 수 있나요
phrases-stress = 스트레스 테스트
phrases-limits = 내 한도
phrases-orders = 미체결 주문, 미체결 내역, 예약 주문, 내 주문
phrases-fills = 체결 내역, 체결 목록, 내 체결
phrases-receipt = 체결 상세
phrases-history = 거래 내역, 주문 내역, 매매 내역
phrases-alerts = 알림 목록, 알림 내역, 내 알림, 내 알림 보여줘, 가격 알림 목록
phrases-cancel = 아니, 아니요, 아니오, 아뇨, 됐어, 됐어요, 됐습니다, 안 할래, 안 할래요, 안 해, 그만할래, 필요 없어

### 목록의 버튼을 뜻하는 말. 번호 앞이나 뒤에 입력하며 쉼표로 구분합니다: /dca 정지 1.

verbs-dca_pause = 일시정지, 정지, 중지, 멈춤
verbs-dca_resume = 재개, 다시시작
verbs-dca_remove = 삭제, 취소, 제거, 해지, 해제
verbs-alert_cancel = 취소, 삭제, 제거, 해제
verbs-alert_edit = 변경, 수정
verbs-alert_mute = 음소거, 무음
verbs-forecastalert_cancel = 취소, 삭제, 제거, 해제
verbs-cancel_order = 취소, 삭제
verbs-amend = 정정, 변경, 수정
verbs-unwatch = 삭제, 제거, 빼기

cancel-question = 취소했습니다. /{ $line } 명령의 나머지 입력을 더 기다리지 않습니다.
cancel-which = 어느 주문을 취소할까요?
button-cancel-order = { $order_id }번 취소
words-agreeing = 네, 넵, 예, 응, ㅇㅇ, 확인, 좋아, 좋아요, 그래
confirm-by-button = 주문은 미리보기 아래의 확인 버튼을 누르면 접수됩니다. 만료된 미리보기는 다시 만들어 주세요.
button-at-limit = { $price } 지정가 주문
cancel-nothing = 답변을 기다리는 질문이나 확인을 기다리는 미리보기가 없습니다. /cancel 뒤에 주문번호를 입력하면 주문을 취소합니다. 취소할 수 있는 주문, 알림, 정기 매수는 /orders, /alerts, /dca 에서 볼 수 있습니다.

question-size-buy = { $asset }, 얼마나 매수할까요?
question-size-sell = { $asset }, 얼마나 매도할까요?
question-size-repeat = { $asset }, 한 번에 얼마씩 매수할까요?
question-level = { $asset } 가격이 얼마일 때 알려 드릴까요?
question-held = 보유
