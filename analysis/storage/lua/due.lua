-- Make ready what has become due, and return the first commits in order of rank.
-- KEYS: waiting, ready
-- ARGV: now (ms), limit, prefix of a commit's key
for _, member in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', ARGV[1], 'LIMIT', 0, 1000)) do
  redis.call('ZADD', KEYS[2], redis.call('HGET', ARGV[3] .. member, 'rank'), member)
  redis.call('ZREM', KEYS[1], member)
end
return redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', '+inf', 'LIMIT', 0, ARGV[2])
