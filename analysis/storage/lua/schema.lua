-- The form that the ledger is in. One that was never used is begun in ours; one that does not say is the first.
-- KEYS: schema, then what every used ledger has some of
-- ARGV: our form
local found = redis.call('GET', KEYS[1])
if found then return tonumber(found) end
if redis.call('EXISTS', unpack(KEYS, 2)) > 0 then return 1 end
redis.call('SET', KEYS[1], ARGV[1])
return tonumber(ARGV[1])
