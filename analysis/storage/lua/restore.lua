-- Take a day over from an export, once its entries are there. The higher revision stands. What says something else
-- than the export did is to be closed once more, and so is what was to be closed there.
-- KEYS: digest, closings, days, repositories, day, unfinished
-- ARGV: repository, day, closing, entries it had, whether any of them says something else now, now (ms), a day (ms),
--       instant at which the day is over (ms), planned closing (ms; empty: none), revision, then field and value in turn
-- Returns 1 when the day was taken over.
local closed = redis.call('HGET', KEYS[1], 'closed_at')
local mixed = ARGV[5] == '1' or redis.call('SCARD', KEYS[5]) ~= tonumber(ARGV[4])
local later = tonumber(ARGV[10]) > tonumber(redis.call('HGET', KEYS[1], 'revision') or '0')
if later then
  redis.call('ZADD', KEYS[3], 0, ARGV[2])
  redis.call('SADD', KEYS[4], ARGV[1])
  redis.call('HDEL', KEYS[1], 'highlights')
  redis.call('HSET', KEYS[1], 'revision', ARGV[10], unpack(ARGV, 11))
  redis.call('HINCRBY', KEYS[1], 'version', 1)
end
local waits = redis.call('SCARD', KEYS[6]) > 0
if later and mixed then
  redis.call('ZADD', KEYS[2], 'LT', waits and ARGV[6] + ARGV[7] or ARGV[6], ARGV[3])
elseif ARGV[9] ~= '' and (later or not closed) then
  redis.call('ZADD', KEYS[2], 'LT', ARGV[9], ARGV[3])
elseif not closed and not later and not waits and redis.call('SCARD', KEYS[5]) > 0 then
  redis.call('ZADD', KEYS[2], 'LT', math.max(ARGV[6], ARGV[8]), ARGV[3])
end
return later and 1 or 0
