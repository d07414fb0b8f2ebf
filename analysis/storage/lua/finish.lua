-- Set the next instant of what was taken from an agenda, unless it has been called for again meanwhile.
-- KEYS: agenda
-- ARGV: member, instant it was taken until (ms), next instant (ms)
if tonumber(redis.call('ZSCORE', KEYS[1], ARGV[1]) or '-1') ~= tonumber(ARGV[2]) then return 0 end
redis.call('ZADD', KEYS[1], ARGV[3], ARGV[1])
return 1
