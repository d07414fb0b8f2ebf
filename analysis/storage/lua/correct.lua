-- Keep what a reader says of a commit, or take it back. A day that was closed is closed once more: now, or a day
-- after the last time while something in it is pending.
-- KEYS: commit, digest, unfinished, closings
-- ARGV: correction as JSON (empty: none), closing, now (ms), a day (ms)
-- Returns 1 when that changed something.
if redis.call('HEXISTS', KEYS[1], 'day') == 0 then return 0 end
if (redis.call('HGET', KEYS[1], 'correction') or '') == ARGV[1] then return 0 end
if ARGV[1] == '' then
  redis.call('HDEL', KEYS[1], 'correction')
else
  redis.call('HSET', KEYS[1], 'correction', ARGV[1])
end
redis.call('HINCRBY', KEYS[2], 'version', 1)
local closed = tonumber(redis.call('HGET', KEYS[2], 'closed_at') or '0')
if closed > 0 then
  local pending = redis.call('SCARD', KEYS[3]) > 0
  redis.call('ZADD', KEYS[4], 'LT', pending and math.max(ARGV[3], closed + ARGV[4]) or ARGV[3], ARGV[2])
end
return 1
