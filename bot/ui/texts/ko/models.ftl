# `paperdesk models`: 명령줄의 학습 모델 정보.

models-none = 아직 학습한 모델이 없습니다. 시세가 충분히 쌓이면 매일 밤 학습합니다.
models-market = { $market } 모델
models-about = { NUMBER($version, useGrouping: 0) }번 모델
models-history = 변경 기록
models-version = 모델
models-horizon = 분
models-state = 상태
models-recipe = 방식
models-trained = 학습 시각 (UTC)
models-learnt = 학습 기간 (UTC)
models-symbols = 종목
models-rows = 행
models-skill = 예측력
models-coverage = 범위 적중률
models-where = 시장
models-size = 크기
models-kept = 보관
models-features = 피처
models-parameters = 매개변수
models-code = 코드 버전
models-digest = SHA-256
models-metrics = 측정값
models-at = 시각 (UTC)
models-change = 변경
models-who = 변경 주체
models-reason = 이유
models-span = { $start } ~ { $end }
models-bytes = { $kilobytes }KB
models-gone = 설명만 보관
models-is = { $state ->
    [champion] 챔피언
    [challenger] 도전자
    [rolled-back] 되돌림
    [failed] 사용 불가
   *[retired] 사용 종료
}
models-became = { $change ->
    [added] 추가
    [promoted] 승격
    [replaced] 교체
    [rolled-back] 되돌림
    [returned] 복귀
    [failed] 사용 불가
   *[retired] 사용 종료
}
models-promoted = 이제 { NUMBER($version, useGrouping: 0) }번 모델이 { $market }의 { NUMBER($horizon) }분 예측을 담당합니다. 되돌리려면 다음을 실행해 주세요: paperdesk models rollback { NUMBER($horizon, useGrouping: 0) }
models-serves = { NUMBER($version, useGrouping: 0) }번 모델이 이미 { $market }의 { NUMBER($horizon) }분 예측을 담당하고 있어 변경하지 않았습니다.
models-rolled-back = 다시 { NUMBER($version, useGrouping: 0) }번 모델이 { $market }의 { NUMBER($horizon) }분 예측을 담당합니다. { NUMBER($before, useGrouping: 0) }번 모델은 되돌렸으며 다시 사용하지 않습니다.
