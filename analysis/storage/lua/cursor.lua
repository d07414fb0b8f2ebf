-- Advance a branch's cursor if nobody else has; the first one stays as its floor. Returns 1 when it stands at
-- the new sha.
-- KEYS: branch
-- ARGV: cursor that was read ("" for none), new cursor
local cursor = redis.call('HGET', KEYS[1], 'cursor') or ''
if cursor ~= ARGV[1] and cursor ~= ARGV[2] then return 0 end
redis.call('HSET', KEYS[1], 'cursor', ARGV[2])
redis.call('HSETNX', KEYS[1], 'floor', ARGV[2])
return 1
