-- End a lease with an outcome: analysed, parked, or pending again until an instant. The first final result
-- wins: an analysis counts even when its lease has passed to another; a failure only from the holder. A day is
-- closed when nothing in it is pending any more; one that was closed before that is closed again a day later.
-- KEYS: commit, ready, waiting, parked, unfinished, digest, closings, pending
-- ARGV: member, sha, token, new state, instant (due again, or now; ms), closing, now (ms), a day (ms),
--       instant at which the day is over (ms), then field and value in turn
-- Returns 1 when it counted, 0 otherwise.
local held = redis.call('HGET', KEYS[1], 'token') == ARGV[3]
if redis.call('HGET', KEYS[1], 'state') ~= 'pending' then return 0 end
if ARGV[4] ~= 'analysed' and not held then return 0 end
redis.call('HDEL', KEYS[1], 'token', 'pause', 'deaths', 'obstacle')
redis.call('HSET', KEYS[1], 'state', ARGV[4])
if #ARGV > 9 then redis.call('HSET', KEYS[1], unpack(ARGV, 10)) end
redis.call('HINCRBY', KEYS[1], 'attempts', 1)
redis.call('HINCRBY', KEYS[6], 'version', 1)
redis.call('ZREM', KEYS[2], ARGV[1])
if ARGV[4] == 'pending' then
  redis.call('ZADD', KEYS[3], ARGV[5], ARGV[1])
else
  redis.call('ZREM', KEYS[3], ARGV[1])
  redis.call('ZREM', KEYS[8], ARGV[1])
  redis.call('SREM', KEYS[5], ARGV[2])
  if ARGV[4] == 'parked' then redis.call('ZADD', KEYS[4], ARGV[5], ARGV[1]) end
end
if redis.call('SCARD', KEYS[5]) == 0 then
  redis.call('ZADD', KEYS[7], 'LT', math.max(tonumber(ARGV[7]), tonumber(ARGV[9])), ARGV[6])
elseif redis.call('HEXISTS', KEYS[6], 'closed_at') == 1 then
  redis.call('ZADD', KEYS[7], 'LT', ARGV[7] + ARGV[8], ARGV[6])
end
return 1
