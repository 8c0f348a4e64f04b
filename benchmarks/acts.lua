-- Presses acts: each request a different person and thing, so that nothing is refused as done already.
-- words: kind (support · opinion · vote · bare), file with lines "session csrf" (people), file with ids (things), first number
local thread_number = 0
function setup(thread)
  thread:set("number", thread_number)
  thread_number = thread_number + 1
end

local people, things, kind, count, wrong = {}, {}, "", 0, 0
wrongs = 0
function init(args)
  kind = args[1]
  for line in io.lines(args[2]) do
    local person, session, csrf = line:match("(%S+) (%S+) (%S+)")
    people[#people + 1] = { person = person, cookie = "madang=" .. session .. "; csrftoken=" .. csrf, csrf = csrf }
  end
  for line in io.lines(args[3]) do things[#things + 1] = line end
  count = tonumber(args[4]) + number
  math.randomseed(os.time() + number)
end

local letters = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
function receipt()
  local made = {}
  for place = 1, 12 do
    local one = math.random(#letters)
    made[#made + 1] = letters:sub(one, one) .. ((place == 4 or place == 8) and "-" or "")
  end
  return table.concat(made)
end

function request()
  local who, what = people[count % #people + 1], things[count % #things + 1]
  count = count + 2
  if kind == "bare" then
    return wrk.format("GET", "/act?m=" .. what .. "&p=" .. count)
  end
  local headers = { ["Cookie"] = who.cookie, ["Content-Type"] = "application/x-www-form-urlencoded" }
  if kind == "support" then
    return wrk.format("POST", "/do/proposals.support/" .. what .. "/", headers, "csrfmiddlewaretoken=" .. who.csrf .. "&next=%2Fm%2F1%2F")
  end
  if kind == "vote" then
    local body = "csrfmiddlewaretoken=" .. who.csrf .. "&next=%2Fhelp%2F&marks=1+3&receipt=" .. receipt()
    return wrk.format("POST", "/do/decisions.cast/" .. what .. "/", headers, body)
  end
  local body = "csrfmiddlewaretoken=" .. who.csrf .. "&side=for&text=The+lamp+helps+whoever+comes+home+late+number+" .. count
  return wrk.format("POST", "/do/deliberation.state/" .. what .. "/", headers, body)
end

function response(status) if status ~= 302 then wrongs = wrongs + 1 end end

local threads = {}
local plain_setup = setup
function setup(thread)
  plain_setup(thread)
  threads[#threads + 1] = thread
end

function done(summary)
  local total = 0
  for _, thread in ipairs(threads) do total = total + thread:get("wrongs") end
  print("wrong: " .. total)
end
