-- Ask to call a model now. Its breaker must be closed, or its time be up: then one call is let through. And it
-- must have room, among the calls under way and among the requests of the last minute, for this call and for
-- those of a lower rank that wait. Room is held by a lease, so that of a caller who died becomes free by itself;
-- one who waits and does not ask again is forgotten.
-- KEYS: breaker, running, asked, turns, asking
-- ARGV: token, now (ms), end of the lease (ms), most at once, most in a window (0: no limit), window (ms), rank,
--       ms after which one who waits is forgotten
-- Returns {1, 0} when it may be called, {0, ms to wait} when there is no room, and {-1, instant (ms) at which to
-- ask again} while the model is left alone.
local now = tonumber(ARGV[2])
if redis.call('ZSCORE', KEYS[2], ARGV[1]) then return {1, 0} end
local till = tonumber(redis.call('HGET', KEYS[1], 'open_until') or '0')
if till > now then return {-1, till} end
redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', now)
for _, gone in ipairs(redis.call('ZRANGEBYSCORE', KEYS[5], '-inf', now - ARGV[8])) do
  redis.call('ZREM', KEYS[4], gone)
  redis.call('ZREM', KEYS[5], gone)
end
redis.call('ZADD', KEYS[4], ARGV[7], ARGV[1])
redis.call('ZADD', KEYS[5], now, ARGV[1])
redis.call('PEXPIRE', KEYS[4], ARGV[8])
redis.call('PEXPIRE', KEYS[5], ARGV[8])
local before = redis.call('ZRANK', KEYS[4], ARGV[1])
local room = ARGV[4] - redis.call('ZCARD', KEYS[2])
if room <= 0 then return {0, redis.call('ZRANGE', KEYS[2], 0, 0, 'WITHSCORES')[2] - now} end
if before >= room then return {0, tonumber(ARGV[8])} end
local most = tonumber(ARGV[5])
if most > 0 then
  redis.call('ZREMRANGEBYSCORE', KEYS[3], '-inf', now - ARGV[6])
  local count = redis.call('ZCARD', KEYS[3])
  local over = count - most + before
  if over >= 0 then
    over = math.min(over, count - 1)
    return {0, (redis.call('ZRANGE', KEYS[3], over, over, 'WITHSCORES')[2] or now) + ARGV[6] - now}
  end
  redis.call('ZADD', KEYS[3], now, ARGV[1])
  redis.call('PEXPIRE', KEYS[3], ARGV[6])
end
redis.call('ZADD', KEYS[2], ARGV[3], ARGV[1])
redis.call('ZREM', KEYS[4], ARGV[1])
redis.call('ZREM', KEYS[5], ARGV[1])
if till > 0 then redis.call('HSET', KEYS[1], 'open_until', ARGV[3], 'probing', 1) end
return {1, 0}
