-- The first GoShare's operations for wrk: MODE=put|get|nsput|tsput|tsget wrk -t1 -c16 -d4s -s classic.lua http://127.0.0.1:9999
local i = 0
local mode = os.getenv("MODE")

local paths = {
  put = function() return string.format("/put?key=key%d&val=value-%06d", i % 10000, i) end,
  get = function() return string.format("/get?key=key%d", i % 10000) end,
  nsput = function() return string.format("/put?type=ns&key=a:b%d:c%d&val=value-%06d", i % 100, i % 10000, i) end,
  tsput = function()
    local t = math.floor(i / 100)
    return string.format("/put?type=tsds&key=node:n%d:load&val=%d.%d&year=2014&month=7&day=%d&hour=%d&min=%d&sec=%d",
      i % 100, i % 97, i % 10, 1 + math.floor(t / 86400), math.floor(t / 3600) % 24, math.floor(t / 60) % 60, t % 60)
  end,
  tsget = function()
    local t = math.floor((i % 10000) / 100)
    return string.format("/get?type=tsds&key=node:n%d:load:2014:7:1:0:%d:%d", i % 100, math.floor(t / 60) % 60, t % 60)
  end,
}

request = function()
  i = i + 1
  return wrk.format("GET", paths[mode]())
end
