# METADATA
# title: Models are described
# description: |
#   Say here what the policy asks for and why, for those whom it holds up.
# related_resources:
#   - docs/policies.md
# custom:
#   id: policy_name
#   severity: error # or warning
#   owner: platform
#   remediation: "write `description:` at the model"
#   params:
#     min_length: { type: integer, minimum: 1, default: 10, description: characters it needs }
package stream.rules.policy_name

import data.stream.lib

params := data.params.policy_name

deny contains finding if {
	some id, node in lib.models
	said := count(object.get(node, "description", ""))
	said < params.min_length
	finding := {
		"node": id,
		"msg": sprintf(
			"model '%s' is described in %d characters, not %d",
			[node.name, said, params.min_length],
		),
	}
}
