-- Put a settled commit back to pending. Returns 1 when it was in that state, 0 otherwise.
-- KEYS: commit, ready, parked, unfinished, digest, pending
-- ARGV: member, sha, the state it must be in, landed_at (ms)
if redis.call('HGET', KEYS[1], 'state') ~= ARGV[3] then return 0 end
if ARGV[3] == 'analysed' and redis.call('HEXISTS', KEYS[1], 'model') == 1 then return 0 end
redis.call('HSET', KEYS[1], 'state', 'pending')
redis.call('HDEL', KEYS[1], 'obstacle')
redis.call('ZREM', KEYS[3], ARGV[1])
redis.call('SADD', KEYS[4], ARGV[2])
redis.call('ZADD', KEYS[2], redis.call('HGET', KEYS[1], 'rank'), ARGV[1])
redis.call('ZADD', KEYS[6], ARGV[4], ARGV[1])
redis.call('HINCRBY', KEYS[5], 'version', 1)
return 1
