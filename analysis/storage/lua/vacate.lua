-- Take a day out of the ledger, with its revisions and what it cost, unless something has landed on it meanwhile.
-- KEYS: day, unfinished, digest, calls, days, closings
-- ARGV: day, closing
if redis.call('EXISTS', KEYS[1]) == 1 then return 0 end
redis.call('DEL', KEYS[2], KEYS[3], KEYS[4])
redis.call('ZREM', KEYS[5], ARGV[1])
redis.call('ZREM', KEYS[6], ARGV[2])
return 1
