-- Keep a delivery and have its repository walked now; one that is known changes nothing but the walk, and one that
-- is older than what is known moves nothing back but where a branch that was never walked begins.
-- KEYS: delivery, branch, walks, visibility
-- ARGV: delivery as JSON, seconds to keep it, repository, before, after, pushed_at (ms), private or public
redis.call('ZADD', KEYS[3], 0, ARGV[3])
if not redis.call('SET', KEYS[1], ARGV[1], 'NX', 'EX', ARGV[2]) then
  return 0
end
local pushed_at = tonumber(ARGV[6])
local first = redis.call('HGET', KEYS[2], 'start_at')
if not first or pushed_at < tonumber(first) then
  redis.call('HSET', KEYS[2], 'start', ARGV[4], 'start_at', ARGV[6])
end
if tonumber(redis.call('HGET', KEYS[2], 'pushed_at') or '0') <= pushed_at then
  redis.call('HSET', KEYS[2], 'before', ARGV[4], 'after', ARGV[5], 'pushed_at', ARGV[6])
end
local told = redis.call('HGET', KEYS[4], ARGV[3])
if not told or tonumber(told:match('^%S+')) <= pushed_at then
  redis.call('HSET', KEYS[4], ARGV[3], ARGV[6] .. ' ' .. ARGV[7])
end
return 1
