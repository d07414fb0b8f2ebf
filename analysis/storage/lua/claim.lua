-- Lease one pending, due commit. A lease is the instant at which the commit becomes due again, so nobody
-- has to notice that its holder died; each death in a row doubles the pause before the next try.
-- KEYS: commit, ready, waiting
-- ARGV: member, token, now (ms), lease end (ms), pause after a death (ms), longest pause (ms)
-- Returns 1 when leased, 0 otherwise.
if redis.call('HGET', KEYS[1], 'token') == ARGV[2] then return 1 end
if redis.call('HGET', KEYS[1], 'state') ~= 'pending' then return 0 end
local due = redis.call('ZSCORE', KEYS[3], ARGV[1])
if due and tonumber(due) > tonumber(ARGV[3]) then return 0 end
local deaths = tonumber(redis.call('HGET', KEYS[1], 'deaths') or '0')
local pause = 0
if deaths > 0 then pause = math.min(ARGV[5] * 2 ^ math.min(deaths - 1, 30), tonumber(ARGV[6])) end
redis.call('HSET', KEYS[1], 'token', ARGV[2], 'pause', pause, 'deaths', deaths + 1)
redis.call('ZREM', KEYS[2], ARGV[1])
redis.call('ZADD', KEYS[3], ARGV[4] + pause, ARGV[1])
return 1
