# 사용 중인 시장과 그 이유.

market-is-binance = 시장: 바이낸스 실시간 시세 ({ $quote })
market-is-replay = 시장: { $label }, 실제 시세 기록을 재생합니다 ({ $quote })
market-is-simulator = 시장: 설정에 따라 모의 시세(SIMULATION)를 사용합니다 ({ $quote }). 가격은 실제가 아닙니다.
market-is-simulator-instead = 시장: 모의 시세(SIMULATION, { $quote }). 바이낸스에 연결할 수 없어({ $reason }) 모의 시세를 사용합니다.

# 기록에서 재생하지 않는 부분.
recording-left-out = 기록을 { $quote } 마켓으로 재생합니다(종목 { $offered }개). 다른 자산으로 거래되는 종목 { $count }개는 제외했습니다: { $names }. PAPERDESK_REPLAY__QUOTE_ASSET 설정으로 다른 마켓을 선택할 수 있습니다.
recording-bad-candles = 기록에서 올바르지 않은 값이 있는 캔들 { $count }개는 재생하지 않습니다: { $examples }.
recording-duplicates = 기록에서 중복된 행 { $count }개를 무시합니다.
recording-malformed = 기록에서 읽을 수 없는 줄 { $count }개는 재생하지 않습니다.
