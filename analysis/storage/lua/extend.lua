-- Move the end of a lease, also one that has run out and that nobody else has claimed. Returns 0 when it is
-- no longer ours.
-- KEYS: commit, ready, waiting
-- ARGV: member, token, lease end (ms)
if redis.call('HGET', KEYS[1], 'token') ~= ARGV[2] then return 0 end
redis.call('ZREM', KEYS[2], ARGV[1])
redis.call('ZADD', KEYS[3], ARGV[3] + redis.call('HGET', KEYS[1], 'pause'), ARGV[1])
return 1
