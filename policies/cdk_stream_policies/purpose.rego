# METADATA
# title: Data is read for what it may be read for
# description: |
#   An application reads for a purpose that each of its roles has. A column that a role may read in
#   clear for one purpose is not read in clear for another.
# related_resources:
#   - docs/policies.md#purpose
# custom:
#   id: purpose
#   severity: error
#   category: privacy
#   remediation: "correct `access: purpose:` of the exposure, or ask the data's owner to allow it"
#   params:
#     required: false # every application that reads says what for
#     known: [] # the purposes there are; empty: any
package stream.rules.purpose

import data.stream.lib

params := data.params.purpose

consumers := {id: node | some id, node in lib.exposures; count(node.consumes) > 0}

# Node id -> the roles it reads with: those it names, and those its accounts have.
roles := {id: own |
	some id, node in consumers
	own := {role | some role in node.access.roles} | {role |
		some account in node.service_accounts
		some role in roles_of[account]
	}
}

roles_of[account] contains role if some account in input.project.roles[role].service_accounts

aim(node) := object.get(node.access, "purpose", "")

deny contains finding if {
	some id, node in consumers
	given := aim(node)
	refusing := {role |
		some role in roles[id]
		purposes := input.project.roles[role].purposes
		count(purposes) > 0
		not given in purposes
	}
	count(refusing) > 0
	finding := {
		"node": id,
		"pointer": "/access/purpose",
		"msg": sprintf("'%s' reads %s, and %s may not", [id, reason(given), lib.nouns("role", refusing)]),
		"remediation": sprintf("read for one of %s, or with another role", [lib.quoted(purposes_of(refusing))]),
	}
}

purposes_of(names) := {given | some name in names; some given in input.project.roles[name].purposes}

reason("") := "for no purpose"

reason(given) := sprintf("for '%s'", [given]) if given != ""

# A rule `allow: {roles, purpose}` opens a protected column for that purpose only.
deny contains finding if {
	some id, node in consumers
	given := aim(node)
	some read in node.consumes
	some allowed, names in opened(id, read)
	allowed != given
	finding := {
		"node": id,
		"pointer": "/access/purpose",
		"msg": sprintf(
			"'%s' reads %s of '%s' in clear %s, which is allowed for '%s'",
			[id, lib.columns(names), read, reason(given), allowed],
		),
	}
}

# Purpose -> the protected columns of a stream that an exposure reads in clear for it.
opened(id, read) := {allowed: names |
	some allowed in {rule.purpose | some rule in input.nodes[read].columns[_].protections; rule.purpose}
	names := {name |
		some name, column in input.nodes[read].columns
		some rule in column.protections
		rule.purpose == allowed
		some role in rule.allowed
		role in roles[id]
		lib.reads(input.nodes[id], name)
	}
	count(names) > 0
}

deny contains finding if {
	params.required
	some id, node in consumers
	aim(node) == ""
	finding := {
		"node": id,
		"msg": sprintf("'%s' does not say what it reads for", [id]),
		"remediation": "write `purpose:` under `access:`",
	}
}

deny contains finding if {
	count(params.known) > 0
	some id, node in lib.exposures
	given := aim(node)
	given != ""
	not given in params.known
	finding := {
		"node": id,
		"pointer": "/access/purpose",
		"msg": sprintf("'%s' is no purpose that is known: %s", [given, lib.quoted(params.known)]),
	}
}

deny contains finding if {
	count(params.known) > 0
	some name, role in input.project.roles
	some given in role.purposes
	not given in params.known
	finding := {"msg": sprintf("purpose '%s' of role '%s' is not known: %s", [given, name, lib.quoted(params.known)])}
}
