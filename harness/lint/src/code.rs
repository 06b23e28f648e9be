//! Every finding there can be about a policy: one table.

use source::Severity;

/// A kind of finding.
#[derive(Debug, PartialEq, Eq)]
pub struct Code {
    /// Its name. Where IAM Access Analyzer's ValidatePolicy has the check, its issue code.
    pub name: &'static str,
    /// How bad it is; where ValidatePolicy has the check, as bad as there.
    pub severity: Severity,
    /// AWS's page about it; of what is said about comments to tagproof, the part of docs/lint.md.
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
    (here $part:literal) => {
        $part
    };
}

macro_rules! of_aws {
    (aws) => {
        true
    };
    (own) => {
        false
    };
    (here) => {
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
    UNSUPPORTED_ELEMENT_COMBINATION: Error, aws "error-unsupported-element-combination", "an element together with its opposite";
    SCP_SYNTAX_ERROR_PRINCIPAL: Error, aws "error-scp-syntax-error-principal", "Principal in a service control policy";
    RCP_SYNTAX_ERROR_ALLOW: Error, aws "error-rcp-syntax-error-allow", "an Allow in a resource control policy of your own";
    RCP_SYNTAX_ERROR_PRINCIPAL: Error, aws "error-rcp-syntax-error-principal", "NotPrincipal, or a Principal other than `*`, in a resource control policy";
    RCP_SYNTAX_ERROR_NOTACTION: Error, aws "error-rcp-syntax-error-notaction", "NotAction in a resource control policy";
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
    INVALID_PARTITION: Error, aws "error-invalid-partition", "a resource ARN of a partition that does not exist";
    INVALID_ARN_REGION: Error, aws "error-invalid-arn-region", "a resource ARN of a region that does not exist";
    INVALID_ARN_ACCOUNT: Error, aws "error-invalid-arn-account", "a resource ARN whose account is not twelve digits";
    INVALID_ARN_RESOURCE: Error, aws "error-invalid-arn-resource", "a resource ARN of no resource type that its service has";
    ARN_REGION_NOT_ALLOWED: Error, aws "error-arn-region-not-allowed", "a region in the ARN of a resource that has none";
    ARN_ACCOUNT_NOT_ALLOWED: Error, aws "error-arn-account-not-allowed", "an account in the ARN of a resource that has none";
    MISSING_ARN_REGION: Error, aws "error-missing-arn-region", "a resource ARN without the region that it must have";
    MISSING_ARN_ACCOUNT: Error, aws "error-missing-arn-account", "a resource ARN without the account that it must have";
    REDUNDANT_ACTION: Suggestion, aws "suggestion-redundant-action", "an action that another one of the statement covers";
    REDUNDANT_RESOURCE: Suggestion, aws "suggestion-redundant-resource", "a resource that another one of the statement covers";
    REDUNDANT_STATEMENT: Suggestion, aws "suggestion-redundant-statement", "a statement that stands twice";
    ACTION_AND_RESOURCE_NEVER_MEET: Warning, own "IAM/latest/UserGuide/reference_policies_actions-resources-contextkeys.html", "an action whose requests are never about any of the statement's resources";

    ACTION_WITHOUT_RESOURCES: Suggestion, own "IAM/latest/UserGuide/reference_policies_actions-resources-contextkeys.html", "an action that cannot be limited to resources, limited to some";

    ROLE_TRUST_POLICY_UNSUPPORTED_WILDCARD_IN_PRINCIPAL: Error, aws "error-role-trust-policy-unsupported-wildcard-in-principal", "everyone as Principal of a trust policy";
    FEDERATED_PRINCIPAL_NOT_SUPPORTED: Error, aws "error-federated-principal-not-supported", "an identity provider as Principal of a policy that is no trust policy";
    INVALID_FEDERATED_PRINCIPAL_SYNTAX_IN_ROLE_TRUST_POLICY: Error, aws "error-invalid-federated-principal-syntax-in-role-trust-policy", "a federated principal that is neither a domain nor the ARN of a provider";
    INVALID_SERVICE_PRINCIPAL_FORMAT: Error, aws "error-invalid-service-principal-format", "a service principal that is not of the form `service.amazonaws.com`";
    MISMATCHED_ACTION_FOR_PRINCIPAL: Error, aws "error-mismatched-action-for-principal", "an AssumeRole action that does not go with the principal";
    MISSING_ACTION_FOR_ROLES_ANYWHERE_TRUST_POLICY: Error, aws "error-missing-action-for-roles-anywhere-trust-policy", "a trust policy for IAM Roles Anywhere that lacks one of its three actions";
    UNSUPPORTED_CONDITION_KEY_FOR_SERVICE_PRINCIPAL: Error, aws "error-unsupported-condition-key-for-service-principal", "a condition key that requests of a service principal do not carry";
    INVALID_ROLE_REFERENCE: Warning, aws "general-warning-invalid-role-reference", "the id of a role as Principal, which stays behind when the role is made anew";
    INVALID_USER_REFERENCE: Warning, aws "general-warning-invalid-user-reference", "the id of a user as Principal, which stays behind when the user is made anew";
    SPECIFIC_GITHUB_REPO_AND_BRANCH_RECOMMENDED: Warning, aws "general-warning-specific-github-repo-and-branch-recommended", "a trust policy for GitHub that takes more than one repository";
    RESTRICT_ACCESS_TO_SERVICE_PRINCIPAL: SecurityWarning, aws "security-warning-restrict-access-to-service-principal", "a service as Principal without a condition on whom it acts for";
    EVERYBODY_WITHOUT_CONDITION: SecurityWarning, own "IAM/latest/UserGuide/reference_policies_elements_principal.html", "everyone as Principal of a function or an event bus, without a condition";
    MISSING_CONDITION_KEY_FOR_OIDC_PRINCIPAL: SecurityWarning, aws "security-warning-missing-condition-key-for-oidc-principal", "an OpenID Connect provider as Principal without a condition on its token";
    MISSING_GITHUB_REPO_CONDITION_KEY: SecurityWarning, aws "security-warning-missing-github-repo-condition-key", "GitHub as Principal without a condition on the repository";
    RECOMMENDED_CONDITION_KEY_FOR_SERVICE_PRINCIPAL: Suggestion, aws "suggestion-recommended-condition-key-for-service-principal", "a service as Principal, limited by a key that the caller can make up";
    EMPTY_OBJECT_PRINCIPAL: Suggestion, aws "suggestion-empty-object-principal", "a Principal without principals";
    REDUNDANT_PRINCIPAL_IN_ROLE_TRUST_POLICY: Suggestion, aws "suggestion-redundant-principal-in-role-trust-policy", "a session as Principal beside its own role";

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
    DENY_NOTACTION_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE: SecurityWarning, aws "security-warning-deny-notaction-with-unsupported-tag-condition-key-for-service", "a Deny of all actions but a few by resource tag, which many requests never carry";
    ALLOW_NOTACTION_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE: Suggestion, aws "suggestion-allow-notaction-with-unsupported-tag-condition-key-for-service", "an Allow of all actions but a few by resource tag, which many requests never carry";
    MISSING_QUALIFIER: Error, aws "error-missing-qualifier", "a multivalued key without ForAllValues or ForAnyValue";
    FORALLVALUES_WITH_SINGLE_VALUED_KEY: SecurityWarning, aws "security-warning-forallvalues-with-single-valued-key", "ForAllValues on a single-valued key: holds where the key is missing";
    FORANYVALUE_WITH_SINGLE_VALUED_KEY: Warning, own "IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html", "ForAnyValue on a single-valued key";
    TYPE_MISMATCH: Warning, aws "general-warning-type-mismatch", "an operator that does not go with the key's type";
    TYPE_MISMATCH_BOOLEAN: Warning, aws "general-warning-type-mismatch-boolean", "a value that is neither true nor false";
    TYPE_MISMATCH_DATE: Warning, aws "general-warning-type-mismatch-date", "a value that is no date";
    TYPE_MISMATCH_IP_RANGE: Error, aws "error-type-mismatch-ip-range", "a value that is no address or range";
    TYPE_MISMATCH_NUMBER: Warning, aws "general-warning-type-mismatch-number", "a value that is no number";
    TYPE_MISMATCH_STRING: Warning, aws "general-warning-type-mismatch-string", "a value that is not base64";
    INVALID_CONDITION_MULTIPLE_BOOLEAN: Error, aws "error-invalid-condition-multiple-boolean", "several values under Bool";
    WILDCARD_WITHOUT_LIKE_OPERATOR: Warning, aws "general-warning-wildcard-without-like-operator", "a wildcard under an operator that takes it literally";
    IFEXISTS_WITH_NEGATED_OPERATOR: Suggestion, own "IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_IfExists", "IfExists on a negated operator, which holds for a missing key anyway";

    INVALID_CONDITION_DATA_TYPE: Error, aws "error-invalid-condition-data-type", "values of one condition key that are of different JSON types";
    INVALID_REGION: Error, aws "error-invalid-region", "a region that does not exist as the value of a condition key";
    PRIVATE_IP_ADDRESS: Error, aws "error-private-ip-address", "aws:SourceIp compared with private addresses, which it never is";
    PRIVATE_NOT_IP_ADDRESS: Error, aws "error-private-not-ip-address", "aws:SourceIp kept from private addresses, which it never is";
    INVALID_VPC_FORMAT: Error, aws "error-invalid-vpc-format", "a value of aws:SourceVpc that is no id of a VPC";
    INVALID_VPCE_FORMAT: Error, aws "error-invalid-vpce-format", "a value of aws:SourceVpce that is no id of a VPC endpoint";
    UNSUPPORTED_GLOBAL_CONDITION_KEY: Error, aws "error-unsupported-global-condition-key", "aws:ARN, which AWS does not support";
    WILDCARD_USAGE_TOO_PERMISSIVE: Error, aws "error-wildcard-usage-too-permissive", "a wildcard in the value of a key that AWS holds to be sensitive";
    VARIABLE_USAGE_TOO_PERMISSIVE: Error, aws "error-variable-usage-too-permissive", "a variable in the value of a key that AWS holds to be sensitive";
    INVALID_DATE_VALUE: Warning, aws "general-warning-invalid-date-value", "a date in seconds since 1970, which may not mean what it seems to";
    UNTRUSTWORTHY_CONDITION_KEY: SecurityWarning, aws "security-warning-untrustworthy-condition-key", "a condition key whose value the caller chooses";
    MISSING_PAIRED_CONDITION_KEYS: SecurityWarning, aws "security-warning-missing-paired-condition-keys", "aws:VpcSourceIp without the VPC that its addresses are of";
    STRING_LIKE_OPERATOR_WITH_ARN_CONDITION_KEYS: SecurityWarning, aws "security-warning-string-like-operator-with-arn-condition-keys", "StringLike on ARNs, whose wildcards cross colons";
    DYNAMODB_ATTRIBUTES_WITHOUT_SELECT: SecurityWarning, aws "security-warning-dynamodb-attributes-without-select", "dynamodb:Attributes without dynamodb:Select, so that a read of whole items passes";
    FORANYVALUE_WITH_AUDIENCE_CLAIM_TYPE: SecurityWarning, aws "security-warning-foranyvalue-with-audience-claim-type", "ForAnyValue on the audience of a token, which has one value";
    CONFIRM_AUDIENCE_CLAIM_TYPE: Suggestion, aws "suggestion-confirm-audience-claim-type", "ForAllValues or ForAnyValue on the audience of a provider not known here";
    IMPROVE_IP_RANGE: Suggestion, aws "suggestion-improve-ip-range", "a range of addresses with bits set behind its mask";
    PRIVATE_IP_ADDRESS_SUBSET: Suggestion, aws "suggestion-private-ip-address-subset", "aws:SourceIp compared with private addresses among others";
    PRIVATE_NOT_IP_ADDRESS_SUBSET: Suggestion, aws "suggestion-private-not-ip-address-subset", "aws:SourceIp kept from private addresses among others";
    REDUNDANT_CONDITION_VALUE_NUM: Suggestion, aws "suggestion-redundant-condition-value-num", "several bounds for one number, of which one decides";
    EQUIVALENT_TO_NULL_FALSE: Suggestion, aws "suggestion-equivalent-to-null-false", "a pattern of `*`, which only asks that the key be there";
    EQUIVALENT_TO_NULL_TRUE: Suggestion, aws "suggestion-equivalent-to-null-true", "a negated pattern of `*`, which only asks that the key be missing";
    REDUNDANT_KEY_DUE_TO_WILDCARD_IN_CONDITION: Suggestion, aws "suggestion-redundant-key-due-to-wildcard-in-condition", "a pattern of `*` under an operator for which it always holds";
    REDUNDANT_STATEMENT_DUE_TO_WILDCARD_IN_CONDITION: Suggestion, aws "suggestion-redundant-statement-due-to-wildcard-in-condition", "a negated pattern of `*` under an operator for which it never holds";
    IRRELEVANT_CONDITION_KEY_IN_POLICY: Suggestion, aws "suggestion-irrelevant-condition-key-in-policy", "s3:ResourceAccount in the policy of the resource itself";

    FORALLVALUES_ALLOW_WITHOUT_NULL_CHECK: SecurityWarning, own "IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html", "an Allow under ForAllValues, which holds for a request without the key";
    FORALLVALUES_DENY_WITHOUT_NULL_CHECK: Warning, own "IAM/latest/UserGuide/reference_policies_condition_examples-multi-valued-context-keys.html", "a Deny under ForAllValues, which also denies a request without the key";
    ALLOW_WITHOUT_KEY: SecurityWarning, own "IAM/latest/UserGuide/reference_policies_elements_condition_operators.html", "an Allow under a negated or IfExists operator, which holds for a request without the key";
    ALLOW_ANY_VALUE: Suggestion, own "IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_Null", "an Allow that asks for a tag and takes any value of it";
    DENY_MISSES_UNTAGGED: Suggestion, own "IAM/latest/UserGuide/reference_policies_elements_condition_operators.html", "a Deny by the tags of a request that a request without tags escapes";
    DENY_MISSES_LONG_TERM_CREDENTIALS: SecurityWarning, own "IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-multifactorauthpresent", "a Deny by Bool of requests without multi-factor authentication, which requests with access keys escape";
    DENY_WITHOUT_KEY: Warning, own "IAM/latest/UserGuide/reference_policies_elements_condition_operators.html", "a Deny under a negated operator that reaches actions whose requests never carry the key";
    DENY_NEEDS_EACH_TAG_WRONG: Warning, own "IAM/latest/UserGuide/reference_policies_condition-logic-multiple-context-keys-or-values.html", "a Deny by several tags under one negated operator or Null, which fires only if each is wrong";
    DENY_FORANYVALUE_NEGATED: Suggestion, own "IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html", "a Deny by ForAnyValue with a negated operator, for which one other value is enough";
    PSEUDO_PARAMETER_WITHOUT_SUB: Error, own "AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-sub.html", "`${AWS::…}` where CloudFormation does not replace it";
    ALLOW_UNMET_ON_REQUIRED_RESOURCE: Warning, own "service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html", "an Allow by a key that its action carries on some of its resources, and not on one that every call needs";
    DENY_MET_ON_REQUIRED_RESOURCE: Warning, own "service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html", "a Deny for a missing key that its action never carries on a resource that every call needs";

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
    CREATE_SLR_WITH_STAR_IN_RESOURCE: Warning, aws "general-warning-create-slr-with-star-in-resource", "iam:CreateServiceLinkedRole for any service";
    CREATE_SLR_WITH_STAR_IN_ACTION_AND_RESOURCE: Warning, aws "general-warning-create-slr-with-star-in-action-and-resource", "iam:CreateServiceLinkedRole by wildcard, for any service";
    CREATE_SLR_WITH_STAR_IN_RESOURCE_AND_NOT_ACTION: Warning, aws "general-warning-create-slr-with-star-in-resource-and-not-action", "iam:CreateServiceLinkedRole not left out by NotAction, for any service";
    CREATE_SLR_WITH_NOT_RESOURCE: Warning, aws "general-warning-create-slr-with-not-resource", "iam:CreateServiceLinkedRole for all services but a few";
    CREATE_SLR_WITH_STAR_IN_ACTION_AND_NOT_RESOURCE: Warning, aws "general-warning-create-slr-with-star-in-action-and-not-resource", "iam:CreateServiceLinkedRole by wildcard, for all services but a few";
    CREATE_SLR_WITH_NOT_ACTION_AND_NOT_RESOURCE: Warning, aws "general-warning-create-slr-with-not-action-and-not-resource", "iam:CreateServiceLinkedRole not left out by NotAction, for all services but a few";
    PASS_ROLE_BY_TAG: Warning, own "IAM/latest/UserGuide/id_roles_use_passrole.html", "iam:PassRole limited by the role's tags, which has no reliable results";

    RCP_SYNTAX_ERROR_ACTION: Error, aws "error-rcp-syntax-error-action", "an action of a service that resource control policies do not cover, or of none";
    RCP_MISSING_RELATED_PRINCIPAL_CONDITION_KEY: Warning, aws "general-warning-rcp-missing-related-principal-condition-key", "an RCP by a key of principals that also denies AWS services";
    RCP_MISSING_RELATED_SERVICE_PRINCIPAL_CONDITION_KEY: Warning, aws "general-warning-rcp-missing-related-service-principal-condition-key", "an RCP by a key of services that also denies your own principals";
    RCP_MISSING_SERVICE_CONDITION_KEY_NULL_CHECK: Warning, aws "general-warning-rcp-missing-service-condition-key-null-check", "an RCP by a key of services that also denies services that do not send it";

    SOURCE_KEY_IN_IDENTITY_POLICY: Warning, own "IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-sourcearn", "aws:SourceArn or aws:SourceAccount in a caller's own policy, whose requests do not carry it";
    PRINCIPAL_ARN_OF_SESSION: Error, own "IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalarn", "aws:PrincipalArn compared with a session's ARN; it is the role's";
    ECS_SOURCE_ARN_OF_CLUSTER: Error, own "AmazonECS/latest/developerguide/task-iam-roles.html", "a trust policy for ECS tasks that names a cluster in aws:SourceArn; ECS does not support it";
    EXISTING_OBJECT_TAG_ON_WRITE: SecurityWarning, own "AmazonS3/latest/userguide/tagging-and-policies.html", "a Deny by an object's tags of writes and deletions, whose requests do not carry them";
    S3_RESOURCE_TAG_NEEDS_ABAC: Suggestion, own "AmazonS3/latest/userguide/buckets-tagging-enable-abac.html", "a bucket's tags in a condition, which count only once the bucket has ABAC switched on";
    RUN_TASK_BY_RESOURCE_TAG: Suggestion, own "AmazonECS/latest/developerguide/control-access-with-tags.html", "ecs:RunTask by resource tag, which is the task definition's";
    TAG_ON_CREATE_NOT_FORCED: Warning, own "AmazonECS/latest/developerguide/supported-iam-actions-tagging.html", "a tag asked for in ecs:TagResource only, which a launch without tags does not need";
    TAG_ON_CREATE_NOT_ALLOWED: Suggestion, own "AWSEC2/latest/UserGuide/supported-iam-actions-tagging.html", "tags that a call has to pass, by an Allow or a Deny, where no statement allows the tagging that AWS then also asks for";
    RETAGGING_ALLOWED: Warning, own "AmazonECS/latest/developerguide/supported-iam-actions-tagging.html", "ecs:TagResource without ecs:CreateAction beside a condition on the tags it can change";
    SESSION_TAGS_UNRESTRICTED: Warning, own "IAM/latest/UserGuide/id_session-tags.html", "a trust policy that lets the caller choose any session tags, which beat the role's own";

    POLICY_SIZE_EXCEEDS_IDENTITY_POLICY_QUOTA: Warning, aws "general-warning-policy-size-exceeds-identity-policy-quota", "a policy too long for a user, group or role";
    POLICY_SIZE_EXCEEDS_ROLE_TRUST_POLICY_QUOTA: Warning, aws "general-warning-policy-size-exceeds-role-trust-policy-quota", "a trust policy too long for a role";
    POLICY_SIZE_EXCEEDS_RESOURCE_POLICY_QUOTA: Warning, aws "general-warning-policy-size-exceeds-resource-policy-quota", "a policy too long for a bucket or a VPC endpoint";
    POLICY_SIZE_EXCEEDS_SCP_QUOTA: Error, aws "error-policy-size-exceeds-scp-quota", "a service control policy that is too long";
    POLICY_SIZE_EXCEEDS_RCP_QUOTA: Error, aws "error-policy-size-exceeds-rcp-quota", "a resource control policy that is too long";
    POLICY_SIZE_EXCEEDS_SESSION_POLICY_QUOTA: Error, own "STS/latest/APIReference/API_AssumeRole.html", "a session policy that is too long";

    STATEMENT_NEVER_DECIDES: Warning, own "IAM/latest/UserGuide/reference_policies_evaluation-logic.html", "with --deep: a statement that no request meets, or that others make unnecessary";
    CONDITION_NEVER_DECIDES: Warning, own "IAM/latest/UserGuide/reference_policies_elements_condition.html", "with --deep: a condition without which the policy says the same";
    VALUE_NEVER_DECIDES: Suggestion, own "IAM/latest/UserGuide/reference_policies_condition-logic-multiple-context-keys-or-values.html", "with --deep: a value of a condition without which the policy says the same";

    INVALID_SUPPRESSION: Warning, here "#leave-a-finding-out", "a comment to tagproof that takes nothing back: without a reason, of an unknown code, or misspelt";
    UNUSED_SUPPRESSION: Warning, here "#leave-a-finding-out", "a comment to tagproof for a finding that there is not";
}

/// What the reader of YAML says of a text that it can read: code and meaning.
pub const OF_YAML: &[(&str, &str)] = &[
    ("ALIAS", "an anchor's alias, which AWS's page says CloudFormation does not have"),
    ("MERGE_KEY", "`<<`, which AWS's page says CloudFormation does not have"),
    ("NOT_INDENTED", "a line inside brackets or quotes that YAML 1.2 wants indented, with spaces"),
    ("NO_SPACE_BEFORE_COMMENT", "a comment right behind a bracket, a comma or a quote; YAML 1.2 wants a space there"),
];

/// The names of all findings that can be left out.
pub(crate) fn names() -> impl Iterator<Item = &'static str> {
    CODES.iter().map(|code| code.name).chain(OF_YAML.iter().map(|(name, _)| *name))
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
