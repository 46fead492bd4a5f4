package org.joveproxy.store.shared;

/**
 * What the store does in one step. Nobody sees the middle of it.
 *
 * <p>Immutable.
 */
final class Scripts {
    /** How many changes can be made up for without reading the whole table again. */
    static final int CHANGES_KEPT = 10_000;

    /** A replica that was not heard of for so long is taken for dead. */
    static final int LIVE_MILLIS = 4000;

    private static final int REPLICA_FORGOTTEN_MILLIS = 60_000;
    private static final int NEWS_KEPT = 1000;

    private static final String NOW = """
            local time = redis.call('TIME')
            local now = time[1] * 1000 + math.floor(time[2] / 1000)
            """;

    // How a change is made: numbered, done, and told.
    private static final String CHANGE = """
            local function change(op, path, value, at, by, token)
              local seq = redis.call('HINCRBY', KEYS[1], '#seq', 1)
              redis.call('HSET', KEYS[1], '#token', token)
              if op == 'put' then
                redis.call('HSET', KEYS[1], path, value)
                redis.call('ZADD', KEYS[2], 'GT', at, path)
                if path == '/' then redis.call('HDEL', KEYS[1], '#norootroute') end
              elseif op == 'remove' then
                redis.call('HDEL', KEYS[1], path)
                redis.call('ZREM', KEYS[2], path)
                if path == '/' then redis.call('HSET', KEYS[1], '#norootroute', '1') end
              else
                redis.call('HDEL', KEYS[1], '#norootroute')
              end
              redis.call('XADD', KEYS[3], 'MAXLEN', '~', KEPT, string.format('%.0f-0', seq),
                'op', op, 'path', path, 'value', value, 'at', at, 'by', by, 'token', token)
              return seq
            end
            """.replace("KEPT", Integer.toString(CHANGES_KEPT));

    private static final String LIVE = NOW + """
            local function live()
              return redis.call('ZRANGEBYSCORE', KEYS[4], now - LIVE_MILLIS, '+inf')
            end
            """.replace("LIVE_MILLIS", Integer.toString(LIVE_MILLIS));

    /**
     * Adds a route. Keys: routes, activity, changes, seen. Arguments: epoch, path, value, time, replica, token, until when by
     * the store's time. Answers the change's number and the live replicas, -1 when the epoch is another, -2 when it is too
     * late: whoever asked has given up by then, and may have had another change made.
     */
    static final String PUT = CHANGE + LIVE + """
            if redis.call('HGET', KEYS[1], '#epoch') ~= ARGV[1] then return {-1} end
            if now > tonumber(ARGV[7]) then return {-2} end
            return {change('put', ARGV[2], ARGV[3], ARGV[4], ARGV[5], ARGV[6]), live()}
            """;

    /**
     * Removes a route. Keys as for {@link #PUT}. Arguments: epoch, path, replica, token, whether the replica has a default
     * route, until when. Answers as {@link #PUT}, and 0 when there was no route.
     */
    static final String REMOVE = CHANGE + LIVE + """
            if redis.call('HGET', KEYS[1], '#epoch') ~= ARGV[1] then return {-1} end
            if now > tonumber(ARGV[6]) then return {-2} end
            local exists = redis.call('HEXISTS', KEYS[1], ARGV[2]) == 1
            if ARGV[2] == '/' and ARGV[5] == '1' and redis.call('HEXISTS', KEYS[1], '#norootroute') == 0 then
              exists = true
            end
            if not exists then return {0} end
            return {change('remove', ARGV[2], '', '0', ARGV[3], ARGV[4]), live()}
            """;

    /**
     * Makes several changes, if no other has come between. Keys: routes, activity, changes. Arguments: epoch, the number of
     * the last change, replica; then for each change what, path, value, time, token. Answers the last change's number or -1.
     */
    static final String REPAIR = CHANGE + """
            local found = redis.call('HMGET', KEYS[1], '#epoch', '#seq')
            if found[1] ~= ARGV[1] or found[2] ~= ARGV[2] then return -1 end
            local seq = tonumber(ARGV[2])
            for i = 4, #ARGV, 5 do
              seq = change(ARGV[i], ARGV[i + 1], ARGV[i + 2], ARGV[i + 3], ARGV[3], ARGV[i + 4])
            end
            return seq
            """;

    /**
     * Tells how the store stands to what a replica knows. Keys: routes, changes, news. Arguments: the epoch and number that
     * the replica knows. Answers format, epoch, number, whether the known epoch has gone into the present one, the token of
     * the change with the known number, whether the changes since are all there, and the last entry of the news.
     */
    static final String LOOK = """
            local found = redis.call('HMGET', KEYS[1], '#format', '#epoch', '#seq', '#token', '#before:' .. ARGV[1])
            local seq = found[3] or '0'
            local token = ''
            if seq == ARGV[2] then
              token = found[4] or ''
            else
              local entry = redis.call('XRANGE', KEYS[2], ARGV[2] .. '-0', ARGV[2] .. '-0')
              if entry[1] then
                for i = 1, #entry[1][2], 2 do
                  if entry[1][2][i] == 'token' then token = entry[1][2][i + 1] end
                end
              end
            end
            local next = string.format('%.0f-0', tonumber(ARGV[2]) + 1)
            local isContinued = seq == ARGV[2] or #redis.call('XRANGE', KEYS[2], next, next) > 0
            local last = redis.call('XREVRANGE', KEYS[3], '+', '-', 'COUNT', 1)
            return {found[1] or '', found[2] or '', seq, found[5] and 1 or 0, token, isContinued and 1 or 0,
              last[1] and last[1][1] or '0-0'}
            """;

    /**
     * Begins an epoch with what a replica has collected, unless one has begun. Keys: routes, activity, changes, collected
     * routes, collected activity. Arguments: the new epoch, the number and the token of its last change, the epoch before
     * or nothing, whether the root has no route. Answers whether it did.
     */
    static final String BEGIN = """
            if redis.call('HEXISTS', KEYS[1], '#epoch') == 1 then
              redis.call('DEL', KEYS[4], KEYS[5])
              return 0
            end
            redis.call('DEL', KEYS[1], KEYS[2], KEYS[3])
            if redis.call('EXISTS', KEYS[4]) == 1 then
              redis.call('RENAME', KEYS[4], KEYS[1])
              redis.call('PERSIST', KEYS[1])
            end
            if redis.call('EXISTS', KEYS[5]) == 1 then
              redis.call('RENAME', KEYS[5], KEYS[2])
              redis.call('PERSIST', KEYS[2])
            end
            redis.call('HSET', KEYS[1], '#format', '1', '#epoch', ARGV[1], '#seq', ARGV[2], '#token', ARGV[3])
            if ARGV[4] ~= '' then redis.call('HSET', KEYS[1], '#before:' .. ARGV[4], '1') end
            if ARGV[5] == '1' then redis.call('HSET', KEYS[1], '#norootroute', '1') end
            return 1
            """;

    /**
     * Gives a sign of life. Keys: routes, seen, applied, replicas. Arguments: replica, the number it has applied, who it is;
     * then for each replica that is to be waited for as if it had just given one too, which, and how many milliseconds ago.
     * Answers epoch, number, the time, then all replicas: when seen, what applied, who.
     */
    static final String HEARTBEAT = NOW + """
            redis.call('ZADD', KEYS[2], now, ARGV[1])
            redis.call('HSET', KEYS[3], ARGV[1], ARGV[2])
            redis.call('HSET', KEYS[4], ARGV[1], ARGV[3])
            for i = 4, #ARGV, 2 do
              redis.call('ZADD', KEYS[2], 'GT', now - tonumber(ARGV[i + 1]), ARGV[i])
            end
            for _, old in ipairs(redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', now - FORGOTTEN)) do
              redis.call('ZREM', KEYS[2], old)
              redis.call('HDEL', KEYS[3], old)
              redis.call('HDEL', KEYS[4], old)
            end
            local found = redis.call('HMGET', KEYS[1], '#epoch', '#seq')
            local answer = {found[1] or '', found[2] or '0', string.format('%.0f', now)}
            local seen = redis.call('ZRANGE', KEYS[2], 0, -1, 'WITHSCORES')
            for i = 1, #seen, 2 do
              answer[#answer + 1] = seen[i]
              answer[#answer + 1] = seen[i + 1]
              answer[#answer + 1] = redis.call('HGET', KEYS[3], seen[i]) or '0'
              answer[#answer + 1] = redis.call('HGET', KEYS[4], seen[i]) or '{}'
            end
            return answer
            """.replace("FORGOTTEN", Integer.toString(REPLICA_FORGOTTEN_MILLIS));

    /**
     * Finds a route. Keys: routes, activity. Arguments: the paths it may have, the one that counts first. Answers epoch, number
     * and, if there is one, the path, the data and the time of its last use.
     */
    static final String FIND = """
            local head = redis.call('HMGET', KEYS[1], '#epoch', '#seq')
            local answer = {head[1] or '', head[2] or '0'}
            for _, path in ipairs(ARGV) do
              local value = redis.call('HGET', KEYS[1], path)
              if value then
                answer[3] = path
                answer[4] = value
                answer[5] = redis.call('ZSCORE', KEYS[2], path) or '0'
                return answer
              end
            end
            return answer
            """;

    /**
     * Puts the default routes of the command line in force again if they were removed, as a start does. Keys: routes,
     * activity, changes. Arguments: epoch, replica, token.
     */
    static final String DEFAULT_AGAIN = CHANGE + """
            if redis.call('HGET', KEYS[1], '#epoch') == ARGV[1]
                and redis.call('HEXISTS', KEYS[1], '#norootroute') == 1 then
              return change('default', '/', '', '0', ARGV[2], ARGV[3])
            end
            return 0
            """;

    /** Takes a replica off the list. Keys: seen, applied, replicas. Argument: replica. */
    static final String LEAVE = """
            redis.call('ZREM', KEYS[1], ARGV[1])
            redis.call('HDEL', KEYS[2], ARGV[1])
            redis.call('HDEL', KEYS[3], ARGV[1])
            return 1
            """;

    /** Tells that a replica has applied a change and all before it. Key: news. Arguments: replica, number. */
    static final String APPLIED = """
            redis.call('XADD', KEYS[1], 'MAXLEN', '~', KEPT, '*', 'by', ARGV[1], 'applied', ARGV[2])
            return 1
            """.replace("KEPT", Integer.toString(NEWS_KEPT));

    /**
     * Notes when routes were used, where that is later than what is known, and tells the others from when on to look. Keys:
     * routes, activity, news. Arguments: replica, the earliest time; then for each route path and time. Answers how many
     * were later.
     */
    static final String ACTIVITY = """
            local later = 0
            for i = 3, #ARGV, 2 do
              if redis.call('HEXISTS', KEYS[1], ARGV[i]) == 1 then
                later = later + redis.call('ZADD', KEYS[2], 'GT', 'CH', ARGV[i + 1], ARGV[i])
              end
            end
            if later > 0 then
              redis.call('XADD', KEYS[3], 'MAXLEN', '~', KEPT, '*', 'by', ARGV[1], 'used', ARGV[2])
            end
            return later
            """.replace("KEPT", Integer.toString(NEWS_KEPT));

    private Scripts() {}
}
