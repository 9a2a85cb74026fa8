-- Writes ticks.
-- ARGV[1]: lines "symbol time price bid ... volume\n" (see layout.encode_ticks), each symbol once;
-- ARGV[2]: points a ring holds;
-- ARGV[3]: lines "symbol count\n" of symbols with points before that tick, and ARGV[4]: these (see layout.POINT), their
-- times rising and their prices sound.
-- A tick that is not newer than the stored one changes nothing, so a frame may be written twice and in any order.
-- Returns the symbols that had no history before.
local call, tonumber, pack, capacity = redis.call, tonumber, struct.pack, tonumber(ARGV[2])

-- A hash of up to 512 short values is a list inside, searched from its beginning for each field: three times slower in
-- all. One long value turns it into a table for good.
local function put(key, values)
  call('HSET', key, unpack(values))
  if call('OBJECT', 'ENCODING', key) ~= 'hashtable' then
    call('HSET', key, '', string.rep(' ', 1024))
    call('HDEL', key, '')
  end
end

local earlier, at = {}, 1
for symbol, count in string.gmatch(ARGV[3], '([^ \n]+) (%d+)\n') do
  earlier[symbol] = string.sub(ARGV[4], at, at + count * 16 - 1)
  at = at + count * 16
end

-- Adds points to a ring that has taken `count` before.
local function add(key, count, points)
  local place, from = count % capacity, 1
  while from <= #points do
    call('SETRANGE', key, place * 16, string.sub(points, from, from + (capacity - place) * 16 - 1))
    from, place = from + (capacity - place) * 16, 0
  end
end

local symbols, quotes, times, prices, n = {}, {}, {}, {}, 0
for symbol, quote, time, price in string.gmatch(ARGV[1], '([^ \n]+) ((%d+) ([^ \n]+)[^\n]*)\n') do
  n = n + 1
  symbols[n], quotes[n], times[n], prices[n] = symbol, quote, time, price
end
if n == 0 then return {} end

local last = call('HMGET', 'last_update', unpack(symbols))
local counts = call('HMGET', 'history_counts', unpack(symbols))
local set_prices, set_times, set_quotes, set_counts, fresh, k = {}, {}, {}, {}, {}, 0
for i = 1, n do
  local symbol, time, price = symbols[i], tonumber(times[i]), tonumber(prices[i])
  local stored = tonumber(last[i]) or 0
  if price and price > 0 and price < math.huge and time > stored then
    local key, count = 'price_history:' .. symbol, tonumber(counts[i]) or 0
    if count == 0 then
      call('SETRANGE', key, capacity * 16 - 1, '\0')
      fresh[#fresh + 1] = symbol
    end
    local points, older = pack('<i8d', time, price), earlier[symbol]
    if older then
      local new = 1
      while new <= #older and struct.unpack('<i8', older, new) <= stored do new = new + 16 end
      points = string.sub(older, new) .. points
    end
    add(key, count, points)
    set_prices[k + 1], set_prices[k + 2] = symbol, prices[i]
    set_times[k + 1], set_times[k + 2] = symbol, times[i]
    set_quotes[k + 1], set_quotes[k + 2] = symbol, quotes[i]
    set_counts[k + 1], set_counts[k + 2] = symbol, count + #points / 16
    k = k + 2
  end
end
if k > 0 then
  put('current_prices', set_prices)
  put('last_update', set_times)
  put('quotes', set_quotes)
  put('history_counts', set_counts)
end
return fresh
