-- Keep what git and the rules said while the commit is still being analysed.
-- KEYS: commit, digest
-- ARGV: token, then field and value in turn
if redis.call('HGET', KEYS[1], 'token') ~= ARGV[1] then return 0 end
redis.call('HSET', KEYS[1], unpack(ARGV, 2))
redis.call('HINCRBY', KEYS[2], 'version', 1)
return 1
