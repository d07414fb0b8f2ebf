-- Tell two states of a day apart without reading its entries: as long as the answer is the same, so is all that
-- readers get of that day. The order of the calls may change without one; then it only looks like a change.
-- KEYS: digest, calls of the digest
-- Returns its version, revision and instant of closing (ms), and a hash of its calls.
local known = redis.call('HMGET', KEYS[1], 'version', 'revision', 'closed_at')
local calls = redis.call('HVALS', KEYS[2])
return table.concat({known[1] or '0', known[2] or '0', known[3] or '0', redis.sha1hex(table.concat(calls, '\n'))}, ' ')
