-- Keep a delivery and have its repository walked now; a redelivery changes nothing but the walk.
-- KEYS: delivery, branch, walks
-- ARGV: delivery as JSON, seconds to keep it, repository, before, after, pushed_at (ms)
redis.call('SET', KEYS[1], ARGV[1], 'NX', 'EX', ARGV[2])
local first = redis.call('HGET', KEYS[2], 'start_at')
if not first or tonumber(ARGV[6]) < tonumber(first) then
  redis.call('HSET', KEYS[2], 'start', ARGV[4], 'start_at', ARGV[6])
end
if tonumber(redis.call('HGET', KEYS[2], 'pushed_at') or '0') <= tonumber(ARGV[6]) then
  redis.call('HSET', KEYS[2], 'before', ARGV[4], 'after', ARGV[5], 'pushed_at', ARGV[6])
end
redis.call('ZADD', KEYS[3], 0, ARGV[3])
return 1
