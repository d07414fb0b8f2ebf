-- Ask to call a model now. Its breaker must be closed, or its time be up: then one call is let through. And it
-- must have room: among the calls under way, and among the requests of the last minute. Room is held by a lease,
-- so that of a caller who died becomes free by itself.
-- KEYS: breaker, running, asked
-- ARGV: token, now (ms), end of the lease (ms), most at once, most in a window (0: no limit), window (ms)
-- Returns {1, 0} when it may be called, {0, ms to wait} when there is no room, and {-1, instant (ms) at which to
-- ask again} while the model is left alone.
local now = tonumber(ARGV[2])
if redis.call('ZSCORE', KEYS[2], ARGV[1]) then return {1, 0} end
local till = tonumber(redis.call('HGET', KEYS[1], 'open_until') or '0')
if till > now then return {-1, till} end
redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', now)
if redis.call('ZCARD', KEYS[2]) >= tonumber(ARGV[4]) then
  return {0, redis.call('ZRANGE', KEYS[2], 0, 0, 'WITHSCORES')[2] - now}
end
local most = tonumber(ARGV[5])
if most > 0 then
  redis.call('ZREMRANGEBYSCORE', KEYS[3], '-inf', now - ARGV[6])
  local over = redis.call('ZCARD', KEYS[3]) - most
  if over >= 0 then return {0, redis.call('ZRANGE', KEYS[3], over, over, 'WITHSCORES')[2] + ARGV[6] - now} end
  redis.call('ZADD', KEYS[3], now, ARGV[1])
  redis.call('PEXPIRE', KEYS[3], ARGV[6])
end
redis.call('ZADD', KEYS[2], ARGV[3], ARGV[1])
if till > 0 then redis.call('HSET', KEYS[1], 'open_until', ARGV[3], 'probing', 1) end
return {1, 0}
