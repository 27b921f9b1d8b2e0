-- A SeldonDeployment of Seldon 1 tells by one word, and why in the description.
local hs = {status = "Progressing", message = "not looked at yet"}
if obj.metadata.deletionTimestamp ~= nil or obj.status == nil or obj.status.state == nil then
  return hs
end
hs.message = obj.status.description or obj.status.state
if obj.status.state == "Available" then
  hs.status = "Healthy"
elseif obj.status.state == "Failed" then
  hs.status = "Degraded"
end
return hs
