-- Models, Pipelines and Experiments of Seldon 2 tell by the condition Ready. The scheduler's word for the state is in
-- the message, why it is so in the reason. A state that fails for good is told apart from one that is only not there
-- yet: Argo CD gives a sync up at the first object that is degraded.
local failed = {ModelFailed = true, ModelTerminateFailed = true, PipelineFailed = true, ScheduleFailed = true}
local hs = {status = "Progressing", message = "not looked at yet"}
if obj.metadata.deletionTimestamp ~= nil or obj.status == nil or obj.status.conditions == nil then
  return hs
end
for _, condition in ipairs(obj.status.conditions) do
  if condition.type == "Ready" then
    local state = condition.message or ""
    hs.message = state
    if condition.reason ~= nil and condition.reason ~= state then
      hs.message = state .. " " .. condition.reason
    end
    if condition.status == "True" or state == "ModelScaledDown" then
      hs.status = "Healthy"
    elseif condition.status == "False" and failed[state] then
      hs.status = "Degraded"
    end
  end
end
return hs
