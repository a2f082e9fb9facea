-- wrk sends the paths of a file in turn
local requests, sent = {}, 0

function init(arguments)
  for path in io.lines(arguments[1]) do requests[#requests + 1] = wrk.format("GET", path) end
end

function request()
  sent = sent % #requests + 1
  return requests[sent]
end
