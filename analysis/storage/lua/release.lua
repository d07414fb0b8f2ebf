-- Make due what waits for a model or for the budget, in order of rank. What is leased stays on the list: its
-- holder looks once more. What is missed comes at its own time.
-- KEYS: waitlist, waiting, ready
-- ARGV: prefix of a commit's key, commits at most
-- Returns how many became due.
local released = 0
local first = redis.call('ZRANGE', KEYS[1], 0, ARGV[2] - 1, 'WITHSCORES')
for i = 1, #first, 2 do
  if redis.call('HEXISTS', ARGV[1] .. first[i], 'token') == 0 then
    redis.call('ZREM', KEYS[1], first[i])
    if redis.call('ZREM', KEYS[2], first[i]) == 1 then
      redis.call('ZADD', KEYS[3], first[i + 1], first[i])
      released = released + 1
    end
  end
end
return released
