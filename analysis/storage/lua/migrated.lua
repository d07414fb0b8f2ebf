-- The ledger has been brought one step forward, if nobody else has said so.
-- KEYS: schema
-- ARGV: form it had, form it has
if tonumber(redis.call('GET', KEYS[1]) or '1') ~= tonumber(ARGV[1]) then return 0 end
redis.call('SET', KEYS[1], ARGV[2])
return 1
