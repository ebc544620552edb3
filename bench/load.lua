-- Requests for wrk: each is the next target of a file, with a number in the place of @N@.
-- Arguments: the file, the first number.

function init(arguments)
    targets = {}
    for line in io.lines(arguments[1]) do
        targets[#targets + 1] = line
    end
    number = tonumber(arguments[2])
    headers = {["Accept"] = "application/sparql-results+json, text/turtle"}
end

function request()
    number = number + 1
    local target = targets[number % #targets + 1]:gsub("@N@", number)
    return wrk.format("GET", target, headers)
end

function done(summary, latency, requests)
    local errors = summary.errors
    local failed = errors.connect + errors.read + errors.write + errors.timeout + errors.status
    print(string.format(
        'RESULT {"requests": %d, "seconds": %f, "failed": %d, "bytes": %d, "p50": %f, "p99": %f}',
        summary.requests, summary.duration / 1e6, failed, summary.bytes,
        latency:percentile(50) / 1e6, latency:percentile(99) / 1e6))
end
