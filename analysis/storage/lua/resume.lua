-- Go on with a branch where an export stood: the walk from there finds whatever landed since, and what is known of
-- that keeps its day.
-- KEYS: branch
-- ARGV: cursor, first cursor, earliest push's before and its pushed_at (ms), newest push's before, after and
--       pushed_at (ms); empty where there is none
if ARGV[1] ~= '' then redis.call('HSET', KEYS[1], 'cursor', ARGV[1]) end
if ARGV[2] ~= '' then redis.call('HSETNX', KEYS[1], 'floor', ARGV[2]) end
local first = tonumber(redis.call('HGET', KEYS[1], 'start_at') or math.huge)
if ARGV[3] ~= '' and tonumber(ARGV[4] ~= '' and ARGV[4] or math.huge) < first then
  redis.call('HSET', KEYS[1], 'start', ARGV[3], 'start_at', ARGV[4])
end
if ARGV[7] ~= '' and tonumber(redis.call('HGET', KEYS[1], 'pushed_at') or '0') < tonumber(ARGV[7]) then
  redis.call('HSET', KEYS[1], 'after', ARGV[6], 'pushed_at', ARGV[7])
  if ARGV[5] ~= '' then redis.call('HSET', KEYS[1], 'before', ARGV[5]) end
end
return 1
