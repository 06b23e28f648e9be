//! Every finding there can be about a policy: one table.

use source::Severity;

/// A kind of finding.
#[derive(Debug, PartialEq, Eq)]
pub struct Code {
    /// Its name. Where IAM Access Analyzer's ValidatePolicy has the check, its issue code.
    pub name: &'static str,
    /// How bad it is; where ValidatePolicy has the check, as bad as there.
    pub severity: Severity,
    /// AWS's page about it.
    pub page: &'static str,
    /// What it means, in a line.
    pub about: &'static str,
    /// Whether ValidatePolicy has it.
    pub of_aws: bool,
}

macro_rules! page {
    (aws $anchor:literal) => {
        concat!(
            "https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html",
            "#access-analyzer-reference-policy-checks-",
            $anchor
        )
    };
    (own $page:literal) => {
        concat!("https://docs.aws.amazon.com/", $page)
    };
}

macro_rules! of_aws {
    (aws) => {
        true
    };
    (own) => {
        false
    };
}

/// Writes the table and the names by which the checks use its rows, so that neither can lack one.
macro_rules! codes {
    ($($name:ident: $severity:ident, $whose:ident $page:literal, $about:literal;)*) => {
        $(pub(crate) static $name: Code = Code {
            name: stringify!($name),
            severity: Severity::$severity,
            page: page!($whose $page),
            about: $about,
            of_aws: of_aws!($whose),
        };)*

        /// The table.
        pub static CODES: &[&Code] = &[$(&$name),*];
    };
}

// The checks of ValidatePolicy: docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html
codes! {
    JSON_SYNTAX_ERROR: Error, aws "error-json-syntax-error", "the text is not JSON";
    DUPLICATE_KEY: Error, own "IAM/latest/UserGuide/reference_policies_grammar.html", "an element stands twice in one mapping";
    DATA_TYPE_MISMATCH: Error, aws "error-data-type-mismatch", "an element is not text, a list or a mapping as it should be";
    INVALID_POLICY_ELEMENT: Error, aws "error-invalid-policy-element", "an element that policies do not have";
    INVALID_VERSION: Error, aws "error-invalid-version", "a Version that does not exist";
    MISSING_STATEMENT: Error, aws "error-missing-statement", "a policy without statements";
    MISSING_EFFECT: Error, aws "error-missing-effect", "a statement without Effect";
    MISSING_ACTION: Error, aws "error-missing-action", "a statement without Action or NotAction";
    MISSING_RESOURCE: Error, aws "error-missing-resource", "a statement without Resource or NotResource";
    MISSING_PRINCIPAL: Error, aws "error-missing-principal", "a statement of a resource's policy without Principal";
    UNSUPPORTED_PRINCIPAL: Error, aws "error-unsupported-principal", "Principal in a kind of policy that has none";
    UNSUPPORTED_ELEMENT_COMBINATION: Error, aws "error-unsupported-element-combination", "an element together with its opposite, or one that the kind of policy does not take";
    SCP_SYNTAX_ERROR_PRINCIPAL: Error, aws "error-scp-syntax-error-principal", "Principal in a service control policy";
    ROLE_TRUST_POLICY_SYNTAX_ERROR_RESOURCE: Error, aws "error-role-trust-policy-syntax-error-resource", "Resource in a trust policy, which is about its role";
    ROLE_TRUST_POLICY_SYNTAX_ERROR_NOTPRINCIPAL: Error, aws "error-role-trust-policy-syntax-error-notprincipal", "NotPrincipal in a trust policy";
    INVALID_EFFECT: Error, aws "error-invalid-effect", "an Effect other than Allow and Deny";
    UNSUPPORTED_SID: Error, aws "error-unsupported-sid", "a Sid with other characters than letters and digits";
    UNIQUE_SIDS_REQUIRED: Error, aws "error-unique-sids-required", "a Sid that stands twice in an IAM policy";
    UNIQUE_SIDS_RECOMMENDED: Warning, aws "general-warning-unique-sids-recommended", "a Sid that stands twice in a resource's policy";
    EMPTY_SID_VALUE: Suggestion, aws "suggestion-empty-sid-value", "a Sid without text";
    INVALID_PRINCIPAL_FORMAT: Error, aws "error-invalid-principal-format", "a principal that names nobody";
    INVALID_PRINCIPAL_KEY: Error, aws "error-invalid-principal-key", "a sort of principal that does not exist";
    UNSUPPORTED_WILDCARD_IN_PRINCIPAL: Error, aws "error-unsupported-wildcard-in-principal", "a wildcard in a part of a principal";
    ALLOW_WITH_NOT_PRINCIPAL: SecurityWarning, aws "security-warning-allow-with-not-principal", "an Allow for everyone but a few";
    EMPTY_ARRAY_ACTION: Error, aws "suggestion-empty-array-action", "an empty list of actions, which IAM refuses";
    EMPTY_ARRAY_RESOURCE: Error, aws "suggestion-empty-array-resource", "an empty list of resources, which IAM refuses";
    EMPTY_ARRAY_PRINCIPAL: Error, aws "suggestion-empty-array-principal", "an empty list of principals, which IAM refuses";
    EMPTY_ARRAY_CONDITION: Suggestion, aws "suggestion-empty-array-condition", "a condition key without values";
    EMPTY_ARRAY_CONDITION_FORALLVALUES: Suggestion, aws "suggestion-empty-array-condition-forallvalues", "ForAllValues without values: holds only where the key is missing";
    EMPTY_ARRAY_CONDITION_FORANYVALUE: Suggestion, aws "suggestion-empty-array-condition-foranyvalue", "ForAnyValue without values: never holds";
    EMPTY_ARRAY_CONDITION_IFEXISTS: Suggestion, aws "suggestion-empty-array-condition-ifexists", "IfExists without values: holds only where the key is missing";
    EMPTY_OBJECT_CONDITION: Suggestion, aws "suggestion-empty-object-condition", "a Condition without conditions";

    INVALID_ACTION: Error, aws "error-invalid-action", "an action that does not exist, or a pattern that matches none";
    INVALID_SERVICE_IN_ACTION: Error, aws "error-invalid-service-in-action", "an action of a service that does not exist";
    UNSUPPORTED_ACTION_IN_POLICY: Error, aws "error-unsupported-action-in-policy", "an action that this kind of policy does not take";
    WILDCARD_IN_SERVICE_NAME: Suggestion, aws "suggestion-wildcard-in-service-name", "a wildcard in the name of a service";
    INVALID_ARN_PREFIX: Error, aws "error-invalid-arn-prefix", "a resource that is neither an ARN nor `*`";
    MISSING_ARN_FIELD: Error, aws "error-missing-arn-field", "a resource ARN with too few parts";
    INVALID_ARN_SERVICE_CASE: Error, aws "error-invalid-arn-service-case", "a resource ARN whose service is not in lower case";
    ACTION_AND_RESOURCE_NEVER_MEET: Warning, own "IAM/latest/UserGuide/reference_policies_actions-resources-contextkeys.html", "an action whose requests are never about any of the statement's resources";

    ACTION_WITHOUT_RESOURCES: Suggestion, own "IAM/latest/UserGuide/reference_policies_actions-resources-contextkeys.html", "an action that cannot be limited to resources, limited to some";

    INVALID_CONDITION_OPERATOR: Error, aws "error-invalid-condition-operator", "a condition operator that does not exist";
    NULL_WITH_IF_EXISTS: Error, aws "error-null-with-if-exists", "Null with IfExists";
    NULL_WITH_QUALIFIER: Error, aws "suggestion-null-with-qualifier", "Null with ForAllValues or ForAnyValue, which IAM refuses";
    INVALID_CONDITION_KEY_FORMAT: Error, aws "error-invalid-condition-key-format", "a condition key without a service prefix";
    INVALID_GLOBAL_CONDITION_KEY: Error, aws "error-invalid-global-condition-key", "an `aws:` condition key that does not exist";
    INVALID_SERVICE_CONDITION_KEY: Error, aws "error-invalid-service-condition-key", "a service's condition key that does not exist";
    MISSING_TAG_KEY_IN_CONDITION: Error, aws "error-missing-tag-key-in-condition", "a tag condition key without the tag's key";
    DUPLICATE_KEYS_WITH_DIFFERENT_CASE: Error, aws "error-duplicate-keys-with-different-case", "a condition key twice under one operator, in different letter case";
    KEYS_DIFFER_ONLY_IN_CASE: Warning, own "IAM/latest/UserGuide/reference_policies_elements_condition.html", "condition keys meant to differ that AWS takes for the same, or tag keys it takes for different ones";
    UNSUPPORTED_ACTION_FOR_CONDITION_KEY: Error, aws "error-unsupported-action-for-condition-key", "a condition key that requests for the action never carry";
    DENY_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE: SecurityWarning, aws "security-warning-deny-with-unsupported-tag-condition-key-for-service", "a Deny by resource tag of actions whose requests never carry it";
    ALLOW_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE: Suggestion, aws "suggestion-allow-with-unsupported-tag-condition-key-for-service", "an Allow by resource tag of several actions, some of whose requests never carry it";
    MISSING_QUALIFIER: Error, aws "error-missing-qualifier", "a multivalued key without ForAllValues or ForAnyValue";
    FORALLVALUES_WITH_SINGLE_VALUED_KEY: SecurityWarning, aws "security-warning-forallvalues-with-single-valued-key", "ForAllValues on a single-valued key: holds where the key is missing";
    FORANYVALUE_WITH_SINGLE_VALUED_KEY: Warning, own "IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html", "ForAnyValue on a single-valued key";
    TYPE_MISMATCH: Warning, aws "general-warning-type-mismatch", "an operator that does not go with the key's type";
    TYPE_MISMATCH_BOOLEAN: Warning, aws "general-warning-type-mismatch-boolean", "a value that is neither true nor false";
    TYPE_MISMATCH_DATE: Warning, aws "general-warning-type-mismatch-date", "a value that is no date";
    TYPE_MISMATCH_IP_RANGE: Warning, aws "general-warning-type-mismatch-ip-range", "a value that is no address or range";
    TYPE_MISMATCH_NUMBER: Warning, aws "general-warning-type-mismatch-number", "a value that is no number";
    TYPE_MISMATCH_STRING: Warning, aws "general-warning-type-mismatch-string", "a value that is not base64";
    INVALID_CONDITION_MULTIPLE_BOOLEAN: Error, aws "error-invalid-condition-multiple-boolean", "several values under Bool";
    WILDCARD_WITHOUT_LIKE_OPERATOR: Warning, aws "general-warning-wildcard-without-like-operator", "a wildcard under an operator that takes it literally";
    IFEXISTS_WITH_NEGATED_OPERATOR: Suggestion, own "IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_IfExists", "IfExists on a negated operator, which holds for a missing key anyway";

    FORALLVALUES_ALLOW_WITHOUT_NULL_CHECK: SecurityWarning, own "IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html", "an Allow under ForAllValues, which holds for a request without the key";
    FORALLVALUES_DENY_WITHOUT_NULL_CHECK: Warning, own "IAM/latest/UserGuide/reference_policies_condition_examples-multi-valued-context-keys.html", "a Deny under ForAllValues, which also denies a request without the key";
    ALLOW_WITHOUT_KEY: SecurityWarning, own "IAM/latest/UserGuide/reference_policies_elements_condition_operators.html", "an Allow under a negated or IfExists operator, which holds for a request without the key";
    ALLOW_ANY_VALUE: Suggestion, own "IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_Null", "an Allow that asks for a tag and takes any value of it";
    DENY_MISSES_UNTAGGED: Suggestion, own "IAM/latest/UserGuide/reference_policies_elements_condition_operators.html", "a Deny by the tags of a request that a request without tags escapes";
    DENY_WITHOUT_KEY: Warning, own "IAM/latest/UserGuide/reference_policies_elements_condition_operators.html", "a Deny under a negated operator that reaches actions whose requests never carry the key";

    VARIABLE_UNSUPPORTED_IN_VERSION: Error, aws "error-variable-unsupported-in-version", "a variable in a policy whose Version takes it literally";
    VARIABLE_UNSUPPORTED_IN_ELEMENT: Error, aws "error-variable-unsupported-in-element", "a variable elsewhere than in Resource and Condition";
    INVALID_VARIABLE_FOR_OPERATOR: Error, aws "error-invalid-variable-for-operator", "a variable under an operator that takes none";
    MISSING_BRACE_IN_VARIABLE: Error, aws "error-missing-brace-in-variable", "a variable that does not end";
    MISSING_QUOTE_IN_VARIABLE: Error, aws "error-missing-quote-in-variable", "a variable's default without quotes";
    UNSUPPORTED_SPACE_IN_VARIABLE: Error, aws "error-unsupported-space-in-variable", "a space in a variable's key";
    EMPTY_VARIABLE: Error, aws "error-empty-variable", "a variable without a key";
    INVALID_VARIABLE_KEY: Error, own "IAM/latest/UserGuide/reference_policies_variables.html", "a variable of a key that does not exist";
    MULTIVALUED_VARIABLE: Error, own "IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html", "a variable of a multivalued key, which cannot be one";
    MISSING_VERSION: Warning, aws "general-warning-missing-version", "a policy without Version, which counts as of 2008-10-17";

    PASS_ROLE_WITH_STAR_IN_RESOURCE: SecurityWarning, aws "security-warning-pass-role-with-star-in-resource", "iam:PassRole of roles by wildcard to any service";
    PASS_ROLE_WITH_STAR_IN_ACTION_AND_RESOURCE: SecurityWarning, aws "security-warning-pass-role-with-star-in-action-and-resource", "iam:PassRole by wildcard, of roles by wildcard";
    PASS_ROLE_WITH_STAR_IN_RESOURCE_AND_NOT_ACTION: SecurityWarning, aws "security-warning-pass-role-with-star-in-resource-and-not-action", "iam:PassRole not left out by NotAction, of roles by wildcard";
    PASS_ROLE_WITH_NOT_RESOURCE: SecurityWarning, aws "security-warning-pass-role-with-not-resource", "iam:PassRole of every role but a few";
    PASS_ROLE_WITH_STAR_IN_ACTION_AND_NOT_RESOURCE: SecurityWarning, aws "security-warning-pass-role-with-star-in-action-and-not-resource", "iam:PassRole by wildcard, of every role but a few";
    PASS_ROLE_WITH_NOT_ACTION_AND_NOT_RESOURCE: SecurityWarning, aws "security-warning-pass-role-with-not-action-and-not-resource", "iam:PassRole not left out by NotAction, of every role but a few";
    PASS_ROLE_BY_TAG: Warning, own "IAM/latest/UserGuide/id_roles_use_passrole.html", "iam:PassRole limited by the role's tags, which has no reliable results";

    SOURCE_KEY_IN_IDENTITY_POLICY: Warning, own "IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-sourcearn", "aws:SourceArn or aws:SourceAccount in a caller's own policy, whose requests do not carry it";
    PRINCIPAL_ARN_OF_SESSION: Error, own "IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalarn", "aws:PrincipalArn compared with a session's ARN; it is the role's";
    ECS_SOURCE_ARN_OF_CLUSTER: Error, own "AmazonECS/latest/developerguide/task-iam-roles.html", "a trust policy for ECS tasks that names a cluster in aws:SourceArn; ECS does not support it";
    EXISTING_OBJECT_TAG_ON_WRITE: SecurityWarning, own "AmazonS3/latest/userguide/tagging-and-policies.html", "a Deny by an object's tags of writes and deletions, whose requests do not carry them";
    S3_RESOURCE_TAG_NEEDS_ABAC: Suggestion, own "AmazonS3/latest/userguide/buckets-tagging-enable-abac.html", "a bucket's tags in a condition, which count only once the bucket has ABAC switched on";
    RUN_TASK_BY_RESOURCE_TAG: Suggestion, own "AmazonECS/latest/developerguide/control-access-with-tags.html", "ecs:RunTask by resource tag, which is the task definition's";
    TAG_ON_CREATE_NOT_FORCED: Warning, own "AmazonECS/latest/developerguide/supported-iam-actions-tagging.html", "a tag asked for in ecs:TagResource only, which a launch without tags does not need";
    RETAGGING_ALLOWED: Warning, own "AmazonECS/latest/developerguide/supported-iam-actions-tagging.html", "ecs:TagResource without ecs:CreateAction beside a condition on the tags it can change";
    SESSION_TAGS_UNRESTRICTED: Warning, own "IAM/latest/UserGuide/id_session-tags.html", "a trust policy that lets the caller choose any session tags, which beat the role's own";

    POLICY_SIZE_EXCEEDS_IDENTITY_POLICY_QUOTA: Warning, aws "general-warning-policy-size-exceeds-identity-policy-quota", "a policy too long for a user, group or role";
    POLICY_SIZE_EXCEEDS_ROLE_TRUST_POLICY_QUOTA: Warning, aws "general-warning-policy-size-exceeds-role-trust-policy-quota", "a trust policy too long for a role";
    POLICY_SIZE_EXCEEDS_RESOURCE_POLICY_QUOTA: Warning, aws "general-warning-policy-size-exceeds-resource-policy-quota", "a policy too long for a bucket or a VPC endpoint";
    POLICY_SIZE_EXCEEDS_SCP_QUOTA: Error, aws "error-policy-size-exceeds-scp-quota", "a service control policy that is too long";
    POLICY_SIZE_EXCEEDS_RCP_QUOTA: Error, own "organizations/latest/userguide/orgs_reference_limits.html", "a resource control policy that is too long";
    POLICY_SIZE_EXCEEDS_SESSION_POLICY_QUOTA: Error, own "STS/latest/APIReference/API_AssumeRole.html", "a session policy that is too long";
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::CODES;

    #[test]
    fn names_are_unique_and_lines_are_lines() {
        let names: HashSet<_> = CODES.iter().map(|code| code.name).collect();
        assert_eq!(names.len(), CODES.len());
        for code in CODES {
            assert!(code.name.bytes().all(|byte| matches!(byte, b'A'..=b'Z' | b'0'..=b'9' | b'_')), "{}", code.name);
            assert!(!code.about.ends_with('.') && code.about.len() < 120, "{}", code.name);
        }
    }

    /// AWS's page has an anchor for each check, which is the sort of finding and the code.
    #[test]
    fn names_of_aws_are_those_of_its_page() {
        for code in CODES.iter().filter(|code| code.of_aws) {
            let (_, anchor) = code.page.split_once("#access-analyzer-reference-policy-checks-").unwrap();
            let sorts = ["error-", "security-warning-", "general-warning-", "suggestion-"];
            let name = sorts.iter().find_map(|sort| anchor.strip_prefix(sort)).unwrap();
            assert_eq!(code.name, name.replace('-', "_").to_uppercase());
        }
    }
}
