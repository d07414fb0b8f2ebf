-- A call has ended: make room, and wake one of those who wait for it.
-- KEYS: running, room
-- ARGV: token, signals kept at most, ms to keep them
if redis.call('ZREM', KEYS[1], ARGV[1]) == 0 then return 0 end
redis.call('RPUSH', KEYS[2], 1)
redis.call('LTRIM', KEYS[2], -ARGV[2], -1)
redis.call('PEXPIRE', KEYS[2], ARGV[3])
return 1
