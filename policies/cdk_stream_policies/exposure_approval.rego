# METADATA
# title: The owner of an application agrees to what changes under it
# description: |
#   Each exposure that a change reaches must be approved by its owner, who is somebody on GitHub.
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

answers(owner) if count(input.project.owners[owner].github) > 0

nobody("") := "nobody owns it"

nobody(owner) := sprintf("its owner '%s' is nobody on GitHub", [owner]) if owner != ""
