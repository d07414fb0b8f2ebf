-- Take commits of one day out of the ledger. Whoever holds a lease of one finds that it is no longer its own.
-- KEYS: commits, ready, waiting, parked, pending, day, unfinished, gone
-- ARGV: repository, whether their shas are to be remembered, prefix of a commit's key, of its pull request's, shas
for i = 5, #ARGV do
  local member = ARGV[1] .. ' ' .. ARGV[i]
  redis.call('DEL', ARGV[3] .. member, ARGV[4] .. member)
  redis.call('ZREM', KEYS[1], ARGV[i])
  for list = 2, 5 do redis.call('ZREM', KEYS[list], member) end
  for list = 6, 7 do redis.call('SREM', KEYS[list], ARGV[i]) end
  if ARGV[2] == '1' then redis.call('SADD', KEYS[8], ARGV[i]) end
end
return 1
