# 학습과 예측 오류: 문제와 해결 방법.

error-unreadable-candles = { $path } 파일은 { $columns } 열이 있는 parquet 파일이 아닙니다. 경로와 열을 확인해 주세요.
error-irregular-candles = 캔들 { NUMBER($found) }개가 { NUMBER($places) }칸에 흩어져 있습니다. 시각이 잘못된 캔들이 있으니 open_time 열이 밀리초인지 확인해 주세요.
error-unknown-recipe = “{ $name }” 방식은 없습니다. 사용할 수 있는 방식: { $known }.
error-extra-missing = “{ $name }” 방식에 필요한 “{ $extra }” 라이브러리가 설치되어 있지 않습니다. 다음 명령으로 설치해 주세요: make recipes
error-bad-horizon = 캔들 { NUMBER($candles) }개로는 { NUMBER($horizon) }개 뒤의 예측을 평가할 수 없습니다. 1부터 { NUMBER($most) } 사이의 기간을 선택해 주세요.
error-no-training-data = 결과를 아는 캔들이 { NUMBER($found) }개뿐이라 학습할 수 없습니다. 최소 { NUMBER($needed) }개가 필요하니 종목이나 기간을 늘려 주세요.
error-report-unwritable = { $folder }에 결과를 저장할 수 없습니다({ $why }). --out으로 다른 폴더를, --keep으로 다른 파일을 지정해 주세요.
error-no-model = { $horizon ->
    [60] 1시간
    [240] 4시간
    [1440] 1일
   *[other] { NUMBER($horizon) }분
  } 예측은 모델을 학습하지 않아 아직 없습니다. 처음 시작하고 몇 분 뒤, 그다음부터는 매일 밤 학습하니 나중에 다시 확인해 주세요.
error-model-expired = { $horizon ->
    [60] 1시간
    [240] 4시간
    [1440] 1일
   *[other] { NUMBER($horizon) }분
  } 예측 모델이 학습한 지 { NUMBER($age_hours) }시간이 지나 신뢰할 수 없습니다. 다시 학습하면 예측을 제공합니다.
error-stale-history = 예측에 필요한 { $symbol } 시세가 최신이 아닙니다({ NUMBER($age_seconds) }초 전이거나 일부가 비어 있습니다). 몇 분 뒤에 다시 시도해 주세요.
error-symbol-not-trained = 모델이 { $symbol } 종목을 학습하지 않아 예측이 없습니다. 매일 밤 거래가 많은 종목으로 다시 학습하며, 신뢰도 높은 예측은 /forecast 에서 볼 수 있습니다.
error-short-history = { $symbol } 종목은 아직 예측할 수 없습니다. 필요한 { NUMBER($needed) }분 중 { NUMBER($found) }분의 데이터만 있으니, 더 오래 거래된 종목을 선택해 주세요.
error-model-unusable = { $version }번 모델을 사용할 수 없습니다({ $why ->
    [damaged] 파일이 손상됨
    [features] 다른 피처로 학습됨
    [gone] 오래되어 설명만 남음
   *[foreign] 다른 곳에서 생성됨
  }). 이전 모델을 계속 사용하고, 다음 학습 때 새로 만듭니다.

# 모델 기록.

error-model-too-big = 새 모델이 { NUMBER($megabytes) }MB인데 { NUMBER($most) }MB까지만 보관할 수 있습니다. 종목 수를 줄여 학습해 주세요.
error-model-not-saved = { NUMBER($horizon) }분 새 모델을 저장하지 못했습니다. { $why ->
    [full] 데이터베이스에 남은 공간이 없으니 디스크를 비워 주세요
   *[away] 데이터베이스가 응답하지 않습니다
  }. 다음 학습 때 다시 시도하고, 그동안 이전 모델을 계속 사용합니다.
error-unknown-model = { NUMBER($version, useGrouping: 0) }번 모델이 없습니다. “paperdesk models list”에서 모델 목록을 확인해 주세요.
error-not-promotable = { NUMBER($version, useGrouping: 0) }번 모델은 챔피언이 될 수 없습니다. { $why ->
    [rolled-back] 이미 되돌린 모델입니다
    [failed] 사용할 수 없었던 모델입니다
    [gone] 오래되어 설명만 남아 있습니다
   *[outrun] 비교한 뒤에 모델이 바뀌었습니다
  }. 가능한 모델은 “paperdesk models list”로 확인해 주세요.
error-model-in-use = { NUMBER($version, useGrouping: 0) }번 모델이 지금 { NUMBER($horizon) }분 예측을 담당하고 있습니다. 되돌리려면 다음을 실행해 주세요: paperdesk models rollback { NUMBER($horizon, useGrouping: 0) }
error-no-model-before = { NUMBER($version, useGrouping: 0) }번보다 앞선 { NUMBER($horizon) }분 모델 중 사용할 수 있는 모델이 없어 현재 모델을 유지합니다.
error-ambiguous-market = { NUMBER($horizon) }분 모델이 있는 시장이 여러 개입니다: { $markets }. --market으로 선택해 주세요.
