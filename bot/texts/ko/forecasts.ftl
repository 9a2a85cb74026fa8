# 학습과 예측이 거절하는 경우. 한 문장씩, 할 일과 함께 알려요.

error-unreadable-candles = { $path } 파일은 { $columns } 열이 있는 parquet 파일이 아니에요. 경로와 열을 확인해 주세요.
error-scattered-candles = 캔들 { NUMBER($found) }개가 { NUMBER($places) }칸에 흩어져 있어요. 시각이 잘못된 캔들이 있으니 open_time 열이 밀리초인지 확인해 주세요.
error-unknown-recipe = “{ $name }” 방식은 없어요. 사용할 수 있는 방식: { $known }.
error-bad-horizon = 캔들 { NUMBER($candles) }개로는 { NUMBER($horizon) }개 뒤의 예측이 얼마나 좋은지 알 수 없어요. 1부터 { NUMBER($most) } 사이의 기간을 골라 주세요.
error-no-training-data = 결과를 아는 캔들이 { NUMBER($found) }개뿐이라 학습할 수 없어요. 적어도 { NUMBER($needed) }개가 필요하니 종목을 늘리거나 기간을 더 길게 잡아 주세요.
error-report-unwritable = { $folder } 폴더에 보고서를 쓸 수 없어요 ({ $why }). --out으로 다른 폴더를 지정해 주세요.
