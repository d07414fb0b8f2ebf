-- Take what is due from an agenda: it comes up again at the given instant unless it is finished before.
-- KEYS: agenda, taken
-- ARGV: member, token, now (ms), instant (ms), ms to remember the token
-- Returns 1 when taken, also to whoever asks again with the same token; 0 when it is not due.
if redis.call('GET', KEYS[2]) == ARGV[2] then return 1 end
local due = redis.call('ZSCORE', KEYS[1], ARGV[1])
if not due or tonumber(due) > tonumber(ARGV[3]) then return 0 end
redis.call('ZADD', KEYS[1], ARGV[4], ARGV[1])
redis.call('SET', KEYS[2], ARGV[2], 'PX', ARGV[5])
return 1
