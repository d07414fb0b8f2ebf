-- What it takes to count and to weigh commits: one line of JSON for each, out of what is stored as JSON. Nothing is
-- parsed here, where everybody else waits; and one text is read much faster than the dozen fields of a hash.
-- KEYS: commits
-- ARGV: prefix of the fields that hold a relation, then a sha for each key
-- Returns a line for each commit that was recorded.
local rows = {}
for i, key in ipairs(KEYS) do
  local stored = redis.call('HMGET', key, 'state', 'landed_at', 'facts', 'rules', 'model', 'correction')
  if stored[1] then
    local relations = {}
    for _, field in ipairs(redis.call('HKEYS', key)) do
      if string.sub(field, 1, #ARGV[1]) == ARGV[1] then
        relations[#relations + 1] = string.match(redis.call('HGET', key, field), '^%S+ %S+ (.*)')
      end
    end
    rows[#rows + 1] = string.format('{"sha":"%s","state":"%s","landed_at":"%s","facts":', ARGV[i + 1], stored[1], stored[2])
      .. (stored[3] or 'null') .. ',"analysis":' .. (stored[5] or stored[4] or 'null')
      .. ',"correction":' .. (stored[6] or 'null') .. ',"relations":[' .. table.concat(relations, ',') .. ']}'
  end
end
return rows
