-- Open a model's breaker, longer with each failure in a row; calls that were under way together count as one.
-- KEYS: breaker, breakers
-- ARGV: model, now (ms), first pause (ms), longest pause (ms), pause the server asked for (ms), detail
-- Returns the instant (ms) until which it stays open.
local failures = tonumber(redis.call('HGET', KEYS[1], 'failures') or '0')
local till = tonumber(redis.call('HGET', KEYS[1], 'open_until') or '0')
local probing = redis.call('HDEL', KEYS[1], 'probing') == 1
if probing or till <= tonumber(ARGV[2]) then failures = failures + 1 end
local pause = math.min(ARGV[3] * 2 ^ math.min(failures - 1, 30), tonumber(ARGV[4]))
till = math.max(probing and 0 or till, ARGV[2] + math.max(pause, tonumber(ARGV[5])))
redis.call('HSET', KEYS[1], 'failures', failures, 'open_until', till, 'detail', ARGV[6])
redis.call('SADD', KEYS[2], ARGV[1])
return till
