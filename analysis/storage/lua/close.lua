-- Close a day: a new revision if its content is new. What changed after it was read keeps the closing due.
-- KEYS: digest, closings, days, repositories, unfinished
-- ARGV: revision that was read, version that was read, content, now (ms), closing, day, a day (ms),
--       repository, highlights as JSON or empty, instant to close it again (ms) or empty
-- Returns the revision that stands, or -1 when another has closed the day meanwhile.
local revision = tonumber(redis.call('HGET', KEYS[1], 'revision') or '0')
local same = redis.call('HGET', KEYS[1], 'content') == ARGV[3]
if revision ~= tonumber(ARGV[1]) and not same then return -1 end
if not same then
  revision = revision + 1
  redis.call('HSET', KEYS[1], 'revision', revision, 'content', ARGV[3])
end
redis.call('HSET', KEYS[1], 'closed_at', ARGV[4])
if ARGV[9] ~= '' then redis.call('HSET', KEYS[1], 'highlights', ARGV[9]) end
redis.call('ZADD', KEYS[3], 0, ARGV[6])
redis.call('SADD', KEYS[4], ARGV[8])
if (redis.call('HGET', KEYS[1], 'version') or '0') == ARGV[2] then
  redis.call('ZREM', KEYS[2], ARGV[5])
  if ARGV[10] ~= '' then redis.call('ZADD', KEYS[2], ARGV[10], ARGV[5]) end
else
  local pause = redis.call('SCARD', KEYS[5]) == 0 and 0 or ARGV[7]
  redis.call('ZADD', KEYS[2], ARGV[4] + pause, ARGV[5])
end
return revision
