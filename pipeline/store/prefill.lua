-- Puts older points before the ones a symbol's ring holds.
-- ARGV[1]: symbol; ARGV[2]: points, oldest first (see layout.encode_points); ARGV[3]: points a ring holds.
-- Only points older than the oldest in the ring are taken, and as many as there is room for: done twice, the second
-- time changes nothing. A history that has not begun takes none: the tick that begins it may be older than they are.
-- Returns how many were taken.
local symbol, older, capacity = ARGV[1], ARGV[2], tonumber(ARGV[3])
local key = 'price_history:' .. symbol
local count = tonumber(redis.call('HGET', 'history_counts', symbol) or 0)
if count == 0 or count >= capacity then return 0 end

local held = redis.call('GETRANGE', key, 0, count * 16 - 1)
count = math.floor(#held / 16)
held = string.sub(held, 1, count * 16)
local oldest = math.huge
if count > 0 then oldest = struct.unpack('<i8', held) end
local take = math.floor(#older / 16)
while take > 0 and struct.unpack('<i8', older, take * 16 - 15) >= oldest do take = take - 1 end
local skip = math.max(0, take + count - capacity)
if take - skip <= 0 then return 0 end

local kept = string.sub(older, skip * 16 + 1, take * 16) .. held
redis.call('SET', key, kept .. string.rep('\0', capacity * 16 - #kept))
redis.call('HSET', 'history_counts', symbol, #kept / 16)
return take - skip
