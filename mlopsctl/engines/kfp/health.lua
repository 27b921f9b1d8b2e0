-- A PipelineVersion is checked when it is admitted, and has a condition only where something went wrong later.
local hs = {status = "Healthy", message = "admitted"}
if obj.status ~= nil and obj.status.conditions ~= nil then
  for _, condition in ipairs(obj.status.conditions) do
    if condition.status == "False" then
      hs.status = "Degraded"
      hs.message = condition.message or condition.reason or condition.type
    end
  end
end
return hs
