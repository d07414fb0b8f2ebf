-- Of some commits those whose stored texts may hold what is sought: one line of JSON for each, out of what is stored
-- as JSON. Nothing is parsed here, where everybody else waits. A text that is no more than the name of a member
-- holds nothing. To make letters small takes half the time, so it is done only for needles that have any; an escape
-- of JSON (\u) is written small already.
-- KEYS: commits
-- ARGV: prefix of the fields that hold a relation, how many groups of needles, the groups with a line for each needle, then a sha for each key
-- Returns a line for each commit that holds one needle of every group, small letters and capitals of ASCII alike.
local function holds(text, needle)
  local first, last = string.find(text, needle, 1, true)
  while first and string.find(text, '^[%l_]*":', last + 1) do
    first, last = string.find(text, needle, last + 1, true)
  end
  return first
end

local groups, letters = {}, false
for n = 1, tonumber(ARGV[2]) do
  groups[n] = {}
  for needle in string.gmatch(ARGV[2 + n], '[^\n]+') do
    table.insert(groups[n], needle)
    letters = letters or string.find(needle, needle == '\\u' and '%u' or '%l')
  end
end

local function fits(text)
  for _, group in ipairs(groups) do
    local held = false
    for _, needle in ipairs(group) do
      held = held or holds(text, needle)
    end
    if not held then return false end
  end
  return true
end

-- What is not searched: it is left out of the text until that has been looked through.
local function beside(key, state)
  local relations = {}
  for _, field in ipairs(redis.call('HKEYS', key)) do
    if string.sub(field, 1, #ARGV[1]) == ARGV[1] then
      relations[#relations + 1] = string.match(redis.call('HGET', key, field), '^%S+ %S+ (.*)')
    end
  end
  return ',"state":"' .. state .. '","relations":[' .. table.concat(relations, ',') .. ']}'
end

local rows = {}
for i, key in ipairs(KEYS) do
  local stored = redis.call('HMGET', key, 'landed_at', 'landed', 'facts', 'model', 'correction', 'state')
  if stored[1] then
    local analysis = stored[4] or redis.call('HGET', key, 'rules') or 'null'
    local row = '{"sha":"' .. ARGV[2 + #groups + i] .. '","landed_at":"' .. stored[1] .. '","landed":' .. stored[2]
      .. ',"facts":' .. (stored[3] or 'null') .. ',"analysis":' .. analysis
      .. ',"correction":' .. (stored[5] or 'null')
    if #groups == 0 or fits(letters and string.lower(row) or row) then rows[#rows + 1] = row .. beside(key, stored[6]) end
  end
end
return rows
