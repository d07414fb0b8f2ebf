-- Give a lease back without an attempt: nothing was asked, because the model or the budget did not allow it.
-- KEYS: commit, ready, waiting, digest
-- ARGV: member, token, instant at which it is due again (ms), obstacle as JSON
if redis.call('HGET', KEYS[1], 'token') ~= ARGV[2] then return 0 end
redis.call('HDEL', KEYS[1], 'token', 'pause', 'deaths')
if redis.call('HGET', KEYS[1], 'obstacle') ~= ARGV[4] then
  redis.call('HSET', KEYS[1], 'obstacle', ARGV[4])
  redis.call('HINCRBY', KEYS[4], 'version', 1)
end
redis.call('ZREM', KEYS[2], ARGV[1])
redis.call('ZADD', KEYS[3], ARGV[3], ARGV[1])
return 1
