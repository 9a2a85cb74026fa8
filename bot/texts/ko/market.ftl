# 어떤 시장이 왜 열려 있는지 한 줄로 알립니다.

market-is-binance = 시장: 바이낸스 실시간 시세 ({ $quote })
market-is-replay = 시장: { $label }, 실제 시세 기록을 재생합니다 ({ $quote })
market-is-simulator = 시장: 설정에 따라 모의 시세(SIMULATION)를 씁니다 ({ $quote }). 가격은 실제가 아닙니다.
market-is-simulator-instead = 시장: 모의 시세(SIMULATION, { $quote }). 지금 바이낸스에 연결할 수 없어({ $reason }) 만들어 낸 가격을 씁니다.
