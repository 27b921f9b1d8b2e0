-- An Application is as healthy as what it delivers: the root then waits for what systems share.
local hs = {status = "Progressing", message = "not looked at yet"}
if obj.status ~= nil and obj.status.health ~= nil and obj.status.health.status ~= nil then
  hs.status = obj.status.health.status
  hs.message = obj.status.health.message or ""
end
return hs
