-- Go on with a branch where an export stood: the walk from there finds whatever landed since, and what is known of
-- that keeps its day.
-- KEYS: branch
-- ARGV: cursor, start, newest push's after, its pushed_at (ms); empty where there is none
if ARGV[1] ~= '' then redis.call('HSET', KEYS[1], 'cursor', ARGV[1]) end
if ARGV[2] ~= '' then redis.call('HSETNX', KEYS[1], 'start', ARGV[2]) end
if ARGV[4] ~= '' and tonumber(redis.call('HGET', KEYS[1], 'pushed_at') or '0') < tonumber(ARGV[4]) then
  redis.call('HSET', KEYS[1], 'after', ARGV[3], 'pushed_at', ARGV[4])
end
return 1
