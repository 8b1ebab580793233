# METADATA
# title: The owner of an application agrees to what changes under it
# description: |
#   Each exposure that a change reaches must be approved by its owner, who is somebody on GitHub,
#   and by the new one when it changes hands. The owners under `governance:` must approve changes
#   of the files that rule the project. All of them are the base's.
#   Without a base to compare with nothing is asked.
# related_resources:
#   - docs/policies.md#exposure-approval
# custom:
#   id: exposure_approval
#   severity: error
#   category: review
#   remediation: ask the owner for an approval of the pull request
#   params:
#     categories: [breaking, risky, safe] # changes of these categories need the owner's word
#     governed: true # files that rule the project need the word of `governance: owners:`
package stream.rules.exposure_approval

import data.stream.lib

require_approval contains finding if {
	some impact in input.impact
	asks(impact)
	answers(impact.owner)
	finding := {
		"node": impact.exposure,
		"approvers": [impact.owner],
		"msg": sprintf(
			"owner '%s' of '%s' must approve a %s change of %s",
			[impact.owner, impact.exposure, impact.severity, lib.quoted(impact.changes)],
		),
	}
}

deny contains finding if {
	some impact in input.impact
	asks(impact)
	owner := object.get(impact, "owner", "")
	not answers(owner)
	finding := {
		"node": impact.exposure,
		"msg": sprintf(
			"a %s change of %s reaches '%s', and %s",
			[impact.severity, lib.quoted(impact.changes), impact.exposure, nobody(owner)],
		),
		"remediation": "give the exposure an `owner:` that `owners:` of stream_project.yml ties to GitHub names",
	}
}

# A category that is not known asks as well.
asks(impact) if impact.severity in data.params.exposure_approval.categories

asks(impact) if not impact.severity in {"breaking", "risky", "safe"}

# The base says who an owner is; the head may only add owners.
answers(owner) if count(input.base.owners[owner].github) > 0

answers(owner) if {
	not of_base(owner)
	count(input.project.owners[owner].github) > 0
}

of_base(owner) if input.base.owners[owner]

nobody("") := "nobody owns it"

nobody(owner) := sprintf("its owner '%s' is nobody on GitHub", [owner]) if owner != ""

require_approval contains finding if {
	some impact in input.impact
	owner := impact.new_owner
	answers(owner)
	finding := {
		"node": impact.exposure,
		"approvers": [owner],
		"msg": sprintf("owner '%s' must agree to own '%s'", [owner, impact.exposure]),
	}
}

deny contains finding if {
	some impact in input.impact
	owner := impact.new_owner
	not answers(owner)
	finding := {
		"node": impact.exposure,
		"msg": sprintf("'%s' changes hands, and %s", [impact.exposure, nobody(owner)]),
		"remediation": "name an owner that `owners:` of stream_project.yml ties to GitHub names",
	}
}

require_approval contains finding if {
	data.params.exposure_approval.governed
	owners := input.governed.owners
	some owner in owners
	answers(owner)
	finding := {
		"approvers": owners,
		"msg": sprintf("%s must approve a change of %s", [lib.nouns("owner", owners), lib.quoted(input.governed.files)]),
		"remediation": "ask the owners under `governance:` for an approval of the pull request",
	}
}

deny contains finding if {
	data.params.exposure_approval.governed
	owners := input.governed.owners
	count(owners) > 0
	count([owner | some owner in owners; answers(owner)]) == 0
	finding := {
		"msg": sprintf("%s must approve a change of %s, and nobody of them is on GitHub", [
			lib.nouns("owner", owners),
			lib.quoted(input.governed.files),
		]),
		"remediation": "give them GitHub names under `owners:` of stream_project.yml",
	}
}
