-- Record commits that landed; those already known keep their day, also under the name that their repository had
-- before, and those that were dropped come back by a backfill only. A day that a backfill begins is closed when
-- nothing in it is pending any more; one that was lost is marked as rebuilt. Returns the shas that were new.
-- KEYS: commits, days, repositories, ready, pending, closings, lost, rebuilt, gone
-- ARGV: repository, source, branch, commits as JSON
--       [{sha, key, member, day, day_key, unfinished_key, digest_key, closing, closes_at, landed_at, landed_ms,
--       rank, landed, refines, former (key under the former name, if there is one)}], a day (ms)
local new = {}
local lost = ARGV[2] == 'backfill' and redis.call('HGET', KEYS[7], ARGV[1])
local first, began = string.match(lost or '', '^(%S+) (%d+)$')
for _, commit in ipairs(cjson.decode(ARGV[4])) do
  local moved = commit.former and redis.call('EXISTS', commit.former) == 1
  local dropped = redis.call('SISMEMBER', KEYS[9], commit.sha) == 1 and ARGV[2] ~= 'backfill'
  if not moved and not dropped and redis.call('HSETNX', commit.key, 'day', commit.day) == 1 then
    redis.call('SREM', KEYS[9], commit.sha)
    redis.call('HSET', commit.key, 'state', 'pending', 'source', ARGV[2], 'branch', ARGV[3], 'rank', commit.rank,
      'landed_at', commit.landed_at, 'landed', commit.landed)
    redis.call('ZADD', KEYS[1], 0, commit.sha)
    redis.call('ZADD', KEYS[2], 0, commit.day)
    redis.call('SADD', KEYS[3], ARGV[1])
    redis.call('ZADD', KEYS[4], commit.rank, commit.member)
    redis.call('SADD', commit.day_key, commit.sha)
    redis.call('SADD', commit.unfinished_key, commit.sha)
    redis.call('HINCRBY', commit.digest_key, 'version', 1)
    redis.call('ZADD', KEYS[5], commit.landed_ms, commit.member)
    local closed = redis.call('HGET', commit.digest_key, 'closed_at')
    if closed then
      redis.call('ZADD', KEYS[6], 'NX', closed + ARGV[5], commit.closing)
    elseif ARGV[2] ~= 'backfill' then
      redis.call('ZADD', KEYS[6], 'NX', commit.closes_at, commit.closing)
    end
    if first and commit.day >= first and commit.landed_ms < tonumber(began) then
      redis.call('HSET', commit.digest_key, 'rebuilt', 1)
      redis.call('SADD', KEYS[8], ARGV[1])
    end
    new[#new + 1] = commit.sha
  elseif not moved and not dropped and commit.refines and redis.call('HEXISTS', commit.key, 'facts') == 0
    and redis.call('HGET', commit.key, 'landed') ~= commit.landed then
    redis.call('HSET', commit.key, 'landed', commit.landed)
    redis.call('HINCRBY', commit.digest_key, 'version', 1)
  end
end
return new
