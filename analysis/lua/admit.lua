-- Ask whether a model may be called. An open breaker lets one call through when its time is up.
-- KEYS: breaker
-- ARGV: now (ms), instant until which the probe has time (ms)
-- Returns 0 when it may, else the instant (ms) at which to ask again.
local till = tonumber(redis.call('HGET', KEYS[1], 'open_until') or '0')
if till == 0 then return 0 end
if till > tonumber(ARGV[1]) then return till end
redis.call('HSET', KEYS[1], 'open_until', ARGV[2], 'probing', 1)
return 0
