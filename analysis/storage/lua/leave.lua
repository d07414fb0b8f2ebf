-- A call has ended, or waits no longer: make room, and wake those whose turn it is now.
-- KEYS: running, turns, asking
-- ARGV: token, most at once, prefix of the list that wakes one who waits, ms to keep it
redis.call('ZREM', KEYS[2], ARGV[1])
redis.call('ZREM', KEYS[3], ARGV[1])
if redis.call('ZREM', KEYS[1], ARGV[1]) == 0 then return 0 end
local room = ARGV[2] - redis.call('ZCARD', KEYS[1])
if room <= 0 then return 1 end
for _, token in ipairs(redis.call('ZRANGE', KEYS[2], 0, room - 1)) do
  redis.call('RPUSH', ARGV[3] .. token, 1)
  redis.call('PEXPIRE', ARGV[3] .. token, ARGV[4])
end
return 1
