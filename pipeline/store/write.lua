-- Writes one frame of ticks.
-- ARGV[1]: lines "symbol time price bid ... volume\n" (see layout.encode_ticks); ARGV[2]: points a ring holds.
-- A tick that is not newer than the stored one changes nothing, so a frame may be written twice and in any order.
-- Returns the symbols that had no history before.

-- A hash of up to 512 short values is a list inside, searched from its beginning for each field: three times slower in
-- all. One long value turns it into a table for good.
local function put(key, values)
  redis.call('HSET', key, unpack(values))
  if redis.call('OBJECT', 'ENCODING', key) ~= 'hashtable' then
    redis.call('HSET', key, '', string.rep(' ', 1024))
    redis.call('HDEL', key, '')
  end
end

local capacity = tonumber(ARGV[2])
local symbols, quotes, times, prices, n = {}, {}, {}, {}, 0
for symbol, quote, time, price in string.gmatch(ARGV[1], '([^ \n]+) ((%d+) ([^ \n]+)[^\n]*)\n') do
  n = n + 1
  symbols[n], quotes[n], times[n], prices[n] = symbol, quote, time, price
end
if n == 0 then return {} end

local last = redis.call('HMGET', 'last_update', unpack(symbols))
local counts = redis.call('HMGET', 'history_counts', unpack(symbols))
local set_prices, set_times, set_quotes, set_counts, fresh, k = {}, {}, {}, {}, {}, 0
local written = {} -- the place in the lists above of a symbol that the frame holds more than once
for i = 1, n do
  local symbol, time, price = symbols[i], tonumber(times[i]), tonumber(prices[i])
  local place = written[symbol]
  local before = place and tonumber(set_times[place]) or tonumber(last[i] or 0)
  if price and price > 0 and price < math.huge and time > before then
    local count = place and set_counts[place] or tonumber(counts[i] or 0)
    local key = 'price_history:' .. symbol
    if count == 0 then
      redis.call('SETRANGE', key, capacity * 16 - 1, '\0')
      fresh[#fresh + 1] = symbol
    end
    redis.call('SETRANGE', key, count % capacity * 16, struct.pack('<i8d', time, price))
    if not place then
      k = k + 2
      place = k
      written[symbol] = place
      set_prices[k - 1], set_times[k - 1], set_quotes[k - 1], set_counts[k - 1] = symbol, symbol, symbol, symbol
    end
    set_prices[place], set_times[place], set_quotes[place] = prices[i], times[i], quotes[i]
    set_counts[place] = count + 1
  end
end
if k > 0 then
  put('current_prices', set_prices)
  put('last_update', set_times)
  put('quotes', set_quotes)
  put('history_counts', set_counts)
end
return fresh
