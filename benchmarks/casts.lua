-- Presses the box or the issuer: each request the next line of a file, none twice. words: path, file of bodies, threads
local thread_number = 0
function setup(thread)
  thread:set("number", thread_number)
  thread_number = thread_number + 1
end

local bodies, path, count = {}, "", 0
wrongs, again = 0, 0
function init(args)
  path = args[1]
  local place = 0
  for line in io.lines(args[2]) do
    if place % tonumber(args[3]) == number then bodies[#bodies + 1] = line end
    place = place + 1
  end
end

function request()
  if count >= #bodies then again = again + 1 end
  count = count + 1
  return wrk.format("POST", path, { ["Content-Type"] = "application/json" }, bodies[(count - 1) % #bodies + 1])
end

function response(status) if status ~= 200 then wrongs = wrongs + 1 end end

local threads = {}
local first_setup = setup
function setup(thread)
  first_setup(thread)
  table.insert(threads, thread)
end

function done()
  local wrong, repeated = 0, 0
  for _, thread in ipairs(threads) do
    wrong = wrong + thread:get("wrongs")
    repeated = repeated + thread:get("again")
  end
  print("wrong: " .. wrong + repeated)
end
