-- What it takes to count and to weigh commits, without the words of their analyses: reading a year of those takes
-- many times as long as all the rest.
-- KEYS: commits
-- ARGV: prefix of the fields that hold a relation, then a sha for each key
-- Returns a line of JSON for each commit that was recorded.
local function text(value) return cjson.encode(value or cjson.null) end
local rows = {}
for i, key in ipairs(KEYS) do
  local state, landed_at, facts, rules, model =
    unpack(redis.call('HMGET', key, 'state', 'landed_at', 'facts', 'rules', 'model'))
  if state then
    local files, rules_fired, relations = {}, {}, {}
    for _, file in ipairs(facts and cjson.decode(facts).files or {}) do
      local lines = (tonumber(file.additions) or 0) + (tonumber(file.deletions) or 0)
      files[#files + 1] = '[' .. text(file.path) .. ',' .. lines .. ',' .. text(file.marked) .. ']'
    end
    for _, field in ipairs(redis.call('HKEYS', key)) do
      if string.sub(field, 1, #ARGV[1]) == ARGV[1] then
        relations[#relations + 1] = string.match(redis.call('HGET', key, field), '^%S+ %S+ (.*)')
      end
    end
    local said = model or rules
    local analysis = said and cjson.decode(said) or {}
    for _, reason in ipairs(analysis.reasons or {}) do rules_fired[#rules_fired + 1] = text(reason.rule) end
    rows[#rows + 1] = '{"sha":' .. text(ARGV[i + 1]) .. ',"state":' .. text(state)
      .. ',"landed_at":' .. text(landed_at) .. ',"importance":' .. text(analysis.importance)
      .. ',"analysed_at":' .. text(analysis.analysed_at) .. ',"rules":[' .. table.concat(rules_fired, ',')
      .. '],"asks":' .. tostring(#(analysis.advice or {}) > 0) .. ',"files":[' .. table.concat(files, ',')
      .. '],"relations":[' .. table.concat(relations, ',') .. ']}'
  end
end
return rows
