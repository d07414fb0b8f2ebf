-- Keep what a commit did to a file, and give what all commits of that time did to it.
-- KEYS: lines of the file in the commit's month, in the one before, in the one after
-- ARGV: sha, trace, seconds to keep it, commits at most
-- Returns a list for each month: sha and trace in turn.
if redis.call('HEXISTS', KEYS[1], ARGV[1]) == 1 or redis.call('HLEN', KEYS[1]) < tonumber(ARGV[4]) then
  redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
  redis.call('EXPIRE', KEYS[1], ARGV[3])
end
return {redis.call('HGETALL', KEYS[1]), redis.call('HGETALL', KEYS[2]), redis.call('HGETALL', KEYS[3])}
