-- Take what is due from an agenda: it comes up again at the given instant unless it is finished before.
-- KEYS: agenda
-- ARGV: member, now (ms), instant (ms)
-- Returns 1 when taken, 0 when it is not due.
local due = redis.call('ZSCORE', KEYS[1], ARGV[1])
if not due or tonumber(due) > tonumber(ARGV[2]) then return 0 end
redis.call('ZADD', KEYS[1], ARGV[3], ARGV[1])
return 1
