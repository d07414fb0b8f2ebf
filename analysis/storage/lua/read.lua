-- Keep what git and the rules said while the commit is still pending. It is the same whoever reads it, so it
-- counts even when the lease has passed to another: no commit is analysed without it.
-- KEYS: commit, digest
-- ARGV: field and value in turn
if redis.call('HGET', KEYS[1], 'state') ~= 'pending' then return 0 end
local changed = false
for i = 1, #ARGV, 2 do
  if redis.call('HGET', KEYS[1], ARGV[i]) ~= ARGV[i + 1] then
    redis.call('HSET', KEYS[1], ARGV[i], ARGV[i + 1])
    changed = true
  end
end
if changed then redis.call('HINCRBY', KEYS[2], 'version', 1) end
return 1
