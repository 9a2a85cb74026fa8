### 학습이 말하고 거절하는 것.

driver-usual = 전반적인 가격 흐름

error-training-busy = 다른 학습이 진행 중입니다. 끝날 때까지 기다려 주세요. 중간에 끝내도 안전합니다.
error-training-too-big = 학습이 메모리 { NUMBER($memory_mib) } MiB에 들어가지 않았습니다. PAPERDESK_ML__MEMORY_MIB를 늘리거나, 종목이나 기간을 줄이거나, PAPERDESK_ML__EXTERNAL_MEMORY를 true로 설정해 주세요. 이전 모델은 그대로 씁니다.
error-training-disk-full = 학습용 특징을 두는 { $folder } 폴더에 { NUMBER($needed_mib) } MiB의 공간이 없습니다. 공간을 비우거나 종목이나 기간을 줄여 주세요. 이전 모델은 그대로 씁니다.
error-training-ended = 학습 프로세스가 다 마치기 전에 끝났습니다({ $how }). 이전 모델은 그대로 쓰고, 다음 밤이나 “paperdesk train”으로 다시 학습합니다.
error-nothing-to-learn = { $market ->
    [none] 아직 보관된 캔들이 없어서 학습할 수 없습니다. 먼저 데스크를 몇 시간 실행해 주세요.
   *[other] { $market } 시장의 캔들이 보관돼 있지 않아 학습할 수 없습니다. “paperdesk quality”로 무엇이 있는지 확인해 주세요.
}
