-- Move the end of a lease. Returns 0 when it is no longer ours.
-- KEYS: commit, waiting
-- ARGV: member, token, lease end (ms)
if redis.call('HGET', KEYS[1], 'token') ~= ARGV[2] then return 0 end
redis.call('ZADD', KEYS[2], ARGV[3] + redis.call('HGET', KEYS[1], 'pause'), ARGV[1])
return 1
