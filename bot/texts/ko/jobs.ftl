# What the desk does by itself.

## What operators hear
drift-title = 시장과 맞지 않게 된 모델이 있습니다
drift-features = { NUMBER($horizon) }분 뒤를 내다보는 모델 { NUMBER($version, useGrouping: 0) }이(가) 배우지 않은 것을 보고 있습니다. { $what }이(가) { $amount }만큼 벗어났습니다(보통 { $bound } 이하).
drift-errors = { NUMBER($horizon) }분 뒤를 내다보는 모델 { NUMBER($version, useGrouping: 0) }이(가) 만들어졌을 때보다 더 틀리고 있습니다. { $what }이(가) { $amount }입니다(보통 { $bound } 이하).

## /jobs
command-jobs = 데스크가 스스로 하는 일과 그 시각을 봅니다
    .about = 작업마다 다음 실행, 마지막 실행, 마지막 오류를 보여 줍니다. 이름을 붙이면 최근 실행 기록과 지금 실행하는 버튼이 나옵니다.
    .examples =
        /jobs
        /jobs training
    .name = 작업 이름. 예: training
parameter-name = 이름
discord-command-jobs = 작업
jobs-title = 작업
jobs-none = 아직 스케줄러가 시작되지 않았습니다.
jobs-history-title = { $name }: 최근 실행
jobs-history-none = { $name } 작업은 아직 실행된 적이 없습니다.
jobs-next = 다음 실행: { $time } ({ $cadence }).
jobs-unattended = 지금은 이 작업을 실행할 스케줄러가 없습니다.
jobs-failed = 마지막 오류 ({ $time }): { $error }
jobs-asked = { $name } 작업이 몇 초 안에 실행됩니다.
jobs-asked-later = 지금은 스케줄러가 없습니다. 스케줄러가 시작되면 { $name } 작업이 실행됩니다.
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
error-unknown-job = { $name } 작업은 없습니다. 있는 작업: { $known }.
