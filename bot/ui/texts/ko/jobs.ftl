# 예약 작업.

## 운영자 알림
drift-title = 시장과 맞지 않는 모델이 있습니다
drift-features = { NUMBER($version, useGrouping: 0) }번 모델({ NUMBER($horizon) }분 예측)의 입력이 학습 데이터와 다릅니다. { $what }: { $amount }(보통 { $bound } 이하).
drift-errors = { NUMBER($version, useGrouping: 0) }번 모델({ NUMBER($horizon) }분 예측)의 오차가 학습 때보다 커졌습니다. { $what }: { $amount }(보통 { $bound } 이하).

## /jobs
command-jobs = 예약 작업과 실행 시각을 봅니다
    .about = 작업마다 다음 실행, 마지막 실행, 마지막 오류를 보여 줍니다. 이름을 붙이면 최근 실행 기록과 지금 실행하는 버튼이 나옵니다.
    .examples =
        /jobs
        /jobs training
    .name = 작업 이름. 예: training
parameter-name = 이름
discord-command-jobs = 작업
jobs-title = 예약 작업
jobs-none = 아직 스케줄러가 시작되지 않았습니다.
jobs-history-title = { $name }: 최근 실행
jobs-history-none = { $name } 작업은 아직 실행된 적이 없습니다.
jobs-next = 다음 실행: { $time } ({ $cadence }).
jobs-unattended = 현재 실행 중인 스케줄러가 없습니다.
jobs-failed = 마지막 오류 ({ $time }): { $error }
jobs-asked = { $name } 작업이 몇 초 안에 실행됩니다.
jobs-asked-later = 현재 실행 중인 스케줄러가 없습니다. 스케줄러가 시작되면 { $name } 작업이 실행됩니다.
jobs-state-running = 실행 중
jobs-state-done = 완료
jobs-state-failed = 실패
jobs-state-abandoned = 중단됨
jobs-state-none = 없음
label-job = 작업
label-next = 다음
label-last = 마지막
label-state = 상태
label-slot = 예정
label-took = 소요
label-told = 결과
button-job-run = { $name } 지금 실행
button-jobs = 모든 작업
error-unknown-job = { $name } 작업이 없습니다. 사용할 수 있는 작업: { $known }.
