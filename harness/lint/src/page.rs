//! The page about all codes: `docs/lint.md`.

use std::fmt::Write as _;

use source::Severity;

use crate::{CODES, Code, OF_YAML, PARTLY, UNCOVERED};

const HEAD: &str = "\
# What `tagproof lint` says

Made from the code by `cargo run -p tagproof-lint --example page > docs/lint.md`; a test compares. Codes and severities
are those of [IAM Access Analyzer's policy checks](https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html)
where it has the check. `--fix` writes the rewrites that findings propose.

## Leave a finding out

`--ignore CODE` leaves out all findings of a code, `--select CODE` all others. Both take several codes with commas and can
be repeated; `--ignore` wins. What keeps a text from being read is always printed.

In YAML, in a template as in a scenario, a comment leaves out the findings of its own line, or, on a line of its own, those
of the next line. It needs a reason:

```yaml
            # tagproof: ignore PASS_ROLE_BY_TAG because the roles are tagged by a pipeline of ours
            Condition: {StringEquals: {iam:ResourceTag/team: payments}}
            Action: ['app:New', 's3:GetObject']  # tagproof: ignore INVALID_SERVICE_IN_ACTION because it is in preview
```

JSON has no comments, nor has a policy that is written as JSON text in a template: use `--ignore`.

## What to call, and what it says first

| Command | What happens |
|---|---|
| `tagproof lint` | says what to name; `tagproof lint .` looks through this folder |
| `tagproof lint NAME` of a scenario | takes `scenarios/NAME` |
| `tagproof lint missing.json` | says that it is not there, and names a file that is nearly called so |
| `tagproof lint policy.txt` | reads a file that is named, whatever its name ends in |
| `tagproof lint --fix -` | prints the text as it is mended to stdout, and everything else to stderr |
";

/// The page.
#[must_use]
pub fn page() -> String {
    let mut page = HEAD.to_owned();
    let (of_aws, own): (Vec<&Code>, Vec<&Code>) = CODES.iter().partition(|code| code.of_aws);
    section(&mut page, "Checks of IAM Access Analyzer's", &of_aws);
    section(&mut page, "Checks of our own", &own);
    reasons(&mut page, "Of YAML", "Means", OF_YAML);
    reasons(&mut page, "Covered in part", "Said in", PARTLY);
    reasons(&mut page, "Not covered", "Why", UNCOVERED);
    page
}

fn section(page: &mut String, title: &str, codes: &[&Code]) {
    // Writing to a text cannot fail.
    let _ = write!(page, "\n## {title} ({})\n\n| Code | Severity | Means |\n|---|---|---|\n", codes.len());
    for code in codes {
        let _ = writeln!(page, "| [{}]({}) | {} | {} |", code.name, code.page, severity(code.severity), code.about);
    }
}

fn reasons(page: &mut String, title: &str, column: &str, rows: &[(&str, &str)]) {
    let _ = write!(page, "\n## {title} ({})\n\n| Code | {column} |\n|---|---|\n", rows.len());
    for (name, why) in rows {
        let _ = writeln!(page, "| {name} | {why} |");
    }
}

const fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::SecurityWarning => "security warning",
        Severity::Warning => "warning",
        Severity::Suggestion => "suggestion",
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn the_page_is_up_to_date() {
        let written = include_str!("../../../docs/lint.md");
        assert_eq!(written, page(), "make it anew: cargo run -p tagproof-lint --example page > docs/lint.md");
    }

    /// Read from AWS's page on 2026-11-30.
    #[test]
    fn every_check_of_aws_is_covered_or_it_says_why_not() {
        let all: BTreeSet<_> = AWS.split_whitespace().collect();
        let covered = CODES.iter().filter(|code| code.of_aws).map(|code| code.name);
        let listed: Vec<_> = covered.chain(UNCOVERED.iter().map(|(name, _)| *name)).collect();
        assert_eq!(listed.iter().copied().collect::<BTreeSet<_>>(), all);
        assert_eq!(listed.len(), all.len(), "a code is covered and not covered");
        assert!(PARTLY.iter().all(|(name, _)| CODES.iter().any(|code| code.name == *name)));
    }

    const AWS: &str = "
        ARN_ACCOUNT_NOT_ALLOWED ARN_REGION_NOT_ALLOWED DATA_TYPE_MISMATCH DUPLICATE_KEYS_WITH_DIFFERENT_CASE INVALID_ACTION
        INVALID_ARN_ACCOUNT INVALID_ARN_PREFIX INVALID_ARN_REGION INVALID_ARN_RESOURCE INVALID_ARN_SERVICE_CASE
        INVALID_CONDITION_DATA_TYPE INVALID_CONDITION_KEY_FORMAT INVALID_CONDITION_MULTIPLE_BOOLEAN INVALID_CONDITION_OPERATOR
        INVALID_EFFECT INVALID_GLOBAL_CONDITION_KEY INVALID_PARTITION INVALID_POLICY_ELEMENT INVALID_PRINCIPAL_FORMAT
        INVALID_PRINCIPAL_KEY INVALID_REGION INVALID_SERVICE INVALID_SERVICE_CONDITION_KEY INVALID_SERVICE_IN_ACTION
        INVALID_VARIABLE_FOR_OPERATOR INVALID_VERSION JSON_SYNTAX_ERROR MISSING_ACTION MISSING_ARN_FIELD MISSING_ARN_REGION
        MISSING_EFFECT MISSING_PRINCIPAL MISSING_QUALIFIER MISSING_RESOURCE MISSING_STATEMENT NULL_WITH_IF_EXISTS
        SCP_SYNTAX_ERROR_ACTION_WILDCARD SCP_SYNTAX_ERROR_PRINCIPAL UNIQUE_SIDS_REQUIRED UNSUPPORTED_ACTION_IN_POLICY
        UNSUPPORTED_ELEMENT_COMBINATION UNSUPPORTED_GLOBAL_CONDITION_KEY UNSUPPORTED_PRINCIPAL UNSUPPORTED_RESOURCE_ARN_IN_POLICY
        UNSUPPORTED_SID UNSUPPORTED_WILDCARD_IN_PRINCIPAL MISSING_BRACE_IN_VARIABLE MISSING_QUOTE_IN_VARIABLE
        UNSUPPORTED_SPACE_IN_VARIABLE EMPTY_VARIABLE VARIABLE_UNSUPPORTED_IN_ELEMENT VARIABLE_UNSUPPORTED_IN_VERSION
        PRIVATE_IP_ADDRESS PRIVATE_NOT_IP_ADDRESS POLICY_SIZE_EXCEEDS_SCP_QUOTA INVALID_SERVICE_PRINCIPAL_FORMAT
        MISSING_TAG_KEY_IN_CONDITION INVALID_VPC_FORMAT INVALID_VPCE_FORMAT FEDERATED_PRINCIPAL_NOT_SUPPORTED
        UNSUPPORTED_ACTION_FOR_CONDITION_KEY UNSUPPORTED_CONDITION_KEY_FOR_SERVICE_PRINCIPAL
        ROLE_TRUST_POLICY_SYNTAX_ERROR_NOTPRINCIPAL ROLE_TRUST_POLICY_UNSUPPORTED_WILDCARD_IN_PRINCIPAL
        ROLE_TRUST_POLICY_SYNTAX_ERROR_RESOURCE TYPE_MISMATCH_IP_RANGE MISSING_ACTION_FOR_CONDITION_KEY
        INVALID_FEDERATED_PRINCIPAL_SYNTAX_IN_ROLE_TRUST_POLICY MISMATCHED_ACTION_FOR_PRINCIPAL
        MISSING_ACTION_FOR_ROLES_ANYWHERE_TRUST_POLICY POLICY_SIZE_EXCEEDS_RCP_QUOTA RCP_SYNTAX_ERROR_PRINCIPAL
        RCP_SYNTAX_ERROR_ALLOW RCP_SYNTAX_ERROR_NOTACTION RCP_SYNTAX_ERROR_ACTION MISSING_ARN_ACCOUNT INVALID_KMS_KEY_VALUE
        VARIABLE_USAGE_TOO_PERMISSIVE WILDCARD_USAGE_TOO_PERMISSIVE

        CREATE_SLR_WITH_NOT_RESOURCE CREATE_SLR_WITH_STAR_IN_ACTION_AND_NOT_RESOURCE CREATE_SLR_WITH_NOT_ACTION_AND_NOT_RESOURCE
        CREATE_SLR_WITH_STAR_IN_RESOURCE CREATE_SLR_WITH_STAR_IN_ACTION_AND_RESOURCE
        CREATE_SLR_WITH_STAR_IN_RESOURCE_AND_NOT_ACTION DEPRECATED_GLOBAL_CONDITION_KEY INVALID_DATE_VALUE INVALID_ROLE_REFERENCE
        INVALID_USER_REFERENCE MISSING_VERSION UNIQUE_SIDS_RECOMMENDED WILDCARD_WITHOUT_LIKE_OPERATOR
        POLICY_SIZE_EXCEEDS_IDENTITY_POLICY_QUOTA POLICY_SIZE_EXCEEDS_RESOURCE_POLICY_QUOTA TYPE_MISMATCH TYPE_MISMATCH_BOOLEAN
        TYPE_MISMATCH_DATE TYPE_MISMATCH_NUMBER TYPE_MISMATCH_STRING SPECIFIC_GITHUB_REPO_AND_BRANCH_RECOMMENDED
        POLICY_SIZE_EXCEEDS_ROLE_TRUST_POLICY_QUOTA RCP_MISSING_RELATED_PRINCIPAL_CONDITION_KEY
        RCP_MISSING_RELATED_SERVICE_PRINCIPAL_CONDITION_KEY RCP_MISSING_SERVICE_CONDITION_KEY_NULL_CHECK
        USE_CONDITION_KEY_ONLY_WITH_SUPPORTED_SERVICES

        UNTRUSTWORTHY_CONDITION_KEY ALLOW_WITH_NOT_PRINCIPAL FORALLVALUES_WITH_SINGLE_VALUED_KEY PASS_ROLE_WITH_NOT_RESOURCE
        PASS_ROLE_WITH_STAR_IN_ACTION_AND_NOT_RESOURCE PASS_ROLE_WITH_NOT_ACTION_AND_NOT_RESOURCE PASS_ROLE_WITH_STAR_IN_RESOURCE
        PASS_ROLE_WITH_STAR_IN_ACTION_AND_RESOURCE PASS_ROLE_WITH_STAR_IN_RESOURCE_AND_NOT_ACTION MISSING_PAIRED_CONDITION_KEYS
        DENY_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE DENY_NOTACTION_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE
        RESTRICT_ACCESS_TO_SERVICE_PRINCIPAL MISSING_CONDITION_KEY_FOR_OIDC_PRINCIPAL MISSING_GITHUB_REPO_CONDITION_KEY
        STRING_LIKE_OPERATOR_WITH_ARN_CONDITION_KEYS DYNAMODB_ATTRIBUTES_WITHOUT_SELECT FORANYVALUE_WITH_AUDIENCE_CLAIM_TYPE

        EMPTY_ARRAY_ACTION EMPTY_ARRAY_CONDITION EMPTY_ARRAY_CONDITION_FORALLVALUES EMPTY_ARRAY_CONDITION_FORANYVALUE
        EMPTY_ARRAY_CONDITION_IFEXISTS EMPTY_ARRAY_PRINCIPAL EMPTY_ARRAY_RESOURCE EMPTY_OBJECT_CONDITION EMPTY_OBJECT_PRINCIPAL
        EMPTY_SID_VALUE EQUIVALENT_TO_NULL_FALSE EQUIVALENT_TO_NULL_TRUE IMPROVE_IP_RANGE NULL_WITH_QUALIFIER
        PRIVATE_IP_ADDRESS_SUBSET PRIVATE_NOT_IP_ADDRESS_SUBSET REDUNDANT_ACTION REDUNDANT_CONDITION_VALUE_NUM REDUNDANT_RESOURCE
        REDUNDANT_STATEMENT WILDCARD_IN_SERVICE_NAME ALLOW_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE
        ALLOW_NOTACTION_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE RECOMMENDED_CONDITION_KEY_FOR_SERVICE_PRINCIPAL
        IRRELEVANT_CONDITION_KEY_IN_POLICY REDUNDANT_KEY_DUE_TO_WILDCARD_IN_CONDITION REDUNDANT_PRINCIPAL_IN_ROLE_TRUST_POLICY
        REDUNDANT_STATEMENT_DUE_TO_WILDCARD_IN_CONDITION CONFIRM_AUDIENCE_CLAIM_TYPE";
}
