-- Make due what waits for a model or for the budget, unless it is leased. What is missed comes at its own time.
-- KEYS: awaiting, waiting
-- ARGV: prefix of a commit's key, now (ms), commits at most
-- Returns how many became due.
local released = 0
for _, member in ipairs(redis.call('SPOP', KEYS[1], ARGV[3])) do
  if redis.call('HEXISTS', ARGV[1] .. member, 'token') == 0 then
    released = released + redis.call('ZADD', KEYS[2], 'XX', 'LT', 'CH', ARGV[2], member)
  end
end
return released
