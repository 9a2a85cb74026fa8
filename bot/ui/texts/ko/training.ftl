### 학습 문구와 오류.

driver-usual = 전반적인 가격 흐름

error-training-busy = 다른 학습이 진행 중입니다. 끝날 때까지 기다려 주세요. 중단해도 안전합니다.
error-training-too-big = 학습에 메모리 { NUMBER($memory_mib) } MiB가 부족합니다. PAPERDESK_ML__MEMORY_MIB를 늘리거나, 종목이나 기간을 줄이거나, PAPERDESK_ML__EXTERNAL_MEMORY를 true로 설정해 주세요. 이전 모델은 계속 사용합니다.
error-training-disk-full = 학습용 피처를 저장하는 { $folder } 폴더에 { NUMBER($needed_mib) } MiB의 공간이 없습니다. 공간을 확보하거나 종목이나 기간을 줄여 주세요. 이전 모델은 계속 사용합니다.
error-training-ended = 학습 프로세스가 완료 전에 종료되었습니다({ $how }). 이전 모델은 계속 사용하며, 다음 야간 학습이나 “paperdesk train”으로 다시 학습합니다.
error-no-archived-candles = { $market ->
    [none] 저장된 캔들이 없어 학습할 수 없습니다. 먼저 Paperdesk를 몇 시간 실행해 주세요.
   *[other] { $market } 시장의 캔들이 저장되어 있지 않아 학습할 수 없습니다. “paperdesk quality”로 데이터를 확인해 주세요.
}
