-- Link two commits, each in the other's entry, unless that is known already or something that says more. A day
-- that was closed is closed once more, but not sooner than a day after the last time.
-- KEYS: commit, digest, the other's commit, the other's digest, closings
-- ARGV: strength (1 is the strongest), commits an entry may name before this one (0: any number), prefix of such
--       a field, a day (ms), field, value, closing, the other's field, value, closing
-- Returns how many of the two entries have changed.
local known, changed = {}, 0
for side = 0, 1 do
  local commit = KEYS[1 + 2 * side]
  if redis.call('HEXISTS', commit, 'day') == 0 then return 0 end
  known[side] = redis.call('HGET', commit, ARGV[5 + 3 * side])
  if not known[side] and ARGV[2] ~= '0' then
    local named = 0
    for _, field in ipairs(redis.call('HKEYS', commit)) do
      if string.sub(field, 1, #ARGV[3]) == ARGV[3] then named = named + 1 end
    end
    if named >= tonumber(ARGV[2]) then return 0 end
  end
end
for side = 0, 1 do
  if not known[side] or tonumber(ARGV[1]) < tonumber(string.match(known[side], '^%d+')) then
    local digest = KEYS[2 + 2 * side]
    redis.call('HSET', KEYS[1 + 2 * side], ARGV[5 + 3 * side], ARGV[6 + 3 * side])
    redis.call('HINCRBY', digest, 'version', 1)
    local closed = redis.call('HGET', digest, 'closed_at')
    if closed then redis.call('ZADD', KEYS[5], 'LT', closed + ARGV[4], ARGV[7 + 3 * side]) end
    changed = changed + 1
  end
end
return changed
