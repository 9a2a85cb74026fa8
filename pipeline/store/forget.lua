-- Forgets the prices of a symbol, unless it has spoken again.
-- ARGV[1]: symbol; ARGV[2]: its last update when it was looked at.
-- The last update stays: what is delivered again, or written again from somebody's memory, is not newer and so brings
-- nothing back; a symbol that is listed again begins anew. Returns 1 when it is forgotten, 0 when it has spoken.
local symbol = ARGV[1]
if redis.call('HGET', 'last_update', symbol) ~= ARGV[2] then return 0 end
redis.call('UNLINK', 'price_history:' .. symbol)
redis.call('HDEL', 'history_counts', symbol)
redis.call('HDEL', 'quotes', symbol)
redis.call('HDEL', 'current_prices', symbol)
return 1
