-- The root waits until an Application has applied what others need of it, never for its servers or dashboards: one
-- system that does not become healthy must not keep the objects of another from being created.
local needed = {ServiceAccount = true, Role = true, RoleBinding = true, ConfigMap = true, ExternalSecret = true,
  SecretStore = true, WorkflowTemplate = true}
local hs = {status = "Progressing", message = "not compared yet"}
if obj.status == nil then
  return hs
end
for _, condition in ipairs(obj.status.conditions or {}) do
  if condition.type == "ComparisonError" or condition.type == "InvalidSpecError" then
    hs.status = "Suspended"
    hs.message = condition.message or condition.type
    return hs
  end
end
if obj.status.resources == nil or #obj.status.resources == 0 then
  return hs
end
hs.status = "Healthy"
hs.message = ""
for _, resource in ipairs(obj.status.resources) do
  if needed[resource.kind] and resource.status == "OutOfSync" then
    hs.status = "Progressing"
    hs.message = resource.kind .. " " .. resource.name .. " is not applied yet"
    return hs
  end
end
return hs
