-- Keep a lock that is ours for some time more; for no time at all gives it up. Returns 0 when it is not ours.
-- KEYS: lock
-- ARGV: token, ms
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return 1
