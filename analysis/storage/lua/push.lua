-- Keep a delivery and have its repository walked now; a redelivery changes nothing but the walk.
-- KEYS: delivery, branch, walks
-- ARGV: delivery as JSON, seconds to keep it, repository, before, after, pushed_at (ms)
redis.call('SET', KEYS[1], ARGV[1], 'NX', 'EX', ARGV[2])
redis.call('HSETNX', KEYS[2], 'start', ARGV[4])
if tonumber(redis.call('HGET', KEYS[2], 'pushed_at') or '0') <= tonumber(ARGV[6]) then
  redis.call('HSET', KEYS[2], 'after', ARGV[5], 'pushed_at', ARGV[6])
end
redis.call('ZADD', KEYS[3], 0, ARGV[3])
return 1
