-- Take a commit over from an export. A new one is kept as it was there; of one that is known the day stays, what is
-- analysed goes before what is not and a model before the rules, and whatever else is missing is added. A day of which
-- nothing is pending any more by that is to be closed.
-- KEYS: commit, commits, days, repositories, ready, waiting, parked, pending, closings, day, unfinished, digest,
--       gone
-- ARGV: member, sha, day that the keys are made for, repository, landed_at (ms), parked_at (ms), closing, now (ms),
--       a day (ms), prefix of a relation's field, instant at which the day is over (ms), then field and value in turn
-- Returns {what came of it, whether it now says anything else than the export}: -1 when the commit stands on another
-- day, 0 nothing was to be done, 1 it was completed, 2 it is new.
local given, known, size = {}, {}, 0
for i = 12, #ARGV, 2 do given[ARGV[i]] = ARGV[i + 1] end
local stored = redis.call('HGETALL', KEYS[1])
for i = 1, #stored, 2 do known[stored[i]] = stored[i + 1] end
if known.day and known.day ~= ARGV[3] then return {-1, 1} end

local changes = {}
local function take(name)
  if given[name] and given[name] ~= known[name] then changes[name] = given[name] end
end
local function weight(entry)
  if entry.state ~= 'analysed' then return 0 end
  return entry.model and 2 or 1
end
local function newer(correction, other)
  return cjson.decode(correction).corrected_at > cjson.decode(other).corrected_at
end

local function begin()
  changes = given
  redis.call('ZADD', KEYS[2], 0, ARGV[2])
  redis.call('ZADD', KEYS[3], 0, ARGV[3])
  redis.call('SADD', KEYS[4], ARGV[4])
  redis.call('SADD', KEYS[10], ARGV[2])
  redis.call('SREM', KEYS[13], ARGV[2])
  if given.state == 'pending' then
    redis.call('ZADD', KEYS[5], given.rank, ARGV[1])
    redis.call('ZADD', KEYS[8], ARGV[5], ARGV[1])
    redis.call('SADD', KEYS[11], ARGV[2])
  elseif given.state == 'parked' then
    redis.call('ZADD', KEYS[7], ARGV[6], ARGV[1])
  end
end

local function complete()
  if weight(given) > weight(known) then
    for _, name in ipairs({'state', 'attempts', 'landed', 'facts', 'rules', 'model', 'pull_request'}) do take(name) end
    redis.call('HDEL', KEYS[1], 'token', 'pause', 'deaths', 'obstacle')
    known.obstacle = nil
    for _, list in ipairs({5, 6, 7, 8}) do redis.call('ZREM', KEYS[list], ARGV[1]) end
    redis.call('SREM', KEYS[11], ARGV[2])
  elseif not known.facts and given.facts then
    for _, name in ipairs({'landed', 'facts', 'rules', 'pull_request'}) do take(name) end
  end
  for name, value in pairs(given) do
    if string.sub(name, 1, #ARGV[10]) == ARGV[10] then
      local old = known[name]
      if not old or tonumber(string.match(value, '^%d+')) < tonumber(string.match(old, '^%d+')) then take(name) end
    end
  end
  if given.correction and (not known.correction or newer(given.correction, known.correction)) then
    take('correction')
  end
end

if known.day then complete() else begin() end
local fields = {}
for name, value in pairs(changes) do
  fields[#fields + 1] = name
  fields[#fields + 1] = value
end
local outcome = #fields == 0 and 0 or known.day and 1 or 2
if outcome > 0 then
  redis.call('HSET', KEYS[1], unpack(fields))
  redis.call('HINCRBY', KEYS[12], 'version', 1)
  local closed = redis.call('HGET', KEYS[12], 'closed_at')
  if closed then
    local waits = redis.call('SCARD', KEYS[11]) > 0
    redis.call('ZADD', KEYS[9], 'LT', waits and math.max(ARGV[8], closed + ARGV[9]) or ARGV[8], ARGV[7])
  elseif known.state == 'pending' and changes.state and redis.call('SCARD', KEYS[11]) == 0 then
    redis.call('ZADD', KEYS[9], 'LT', math.max(tonumber(ARGV[8]), tonumber(ARGV[11])), ARGV[7])
  end
end
for name, value in pairs(changes) do known[name] = value end
for _, name in ipairs({'token', 'pause', 'deaths', 'attempts'}) do known[name], given[name] = nil, nil end
local differs = 0
for name, value in pairs(given) do if known[name] ~= value then differs = 1 end end
for name in pairs(known) do if not given[name] then differs = 1 end end
return {outcome, differs}
