-- Give the ledger an id, unless it has one. If it began after another ledger was last seen, that one was lost.
-- KEYS: ledger, lost
-- ARGV: an id, now (ms), the id of the ledger that was known or "", instant it was last seen (ms),
--       repository and its oldest day in turn
-- Returns the id that stands.
if redis.call('HSETNX', KEYS[1], 'id', ARGV[1]) == 1 then redis.call('HSET', KEYS[1], 'began', ARGV[2]) end
local id, began = unpack(redis.call('HMGET', KEYS[1], 'id', 'began'))
if ARGV[3] ~= '' and ARGV[3] ~= id and tonumber(began) > tonumber(ARGV[4]) then
  for i = 5, #ARGV, 2 do redis.call('HSETNX', KEYS[2], ARGV[i], ARGV[i + 1] .. ' ' .. began) end
end
return id
