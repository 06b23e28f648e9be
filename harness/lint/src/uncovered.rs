//! Checks of IAM Access Analyzer's that there are not here, and why.
//! docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html

/// Issue codes of ValidatePolicy that are never said here, each with the reason.
pub const UNCOVERED: &[(&str, &str)] = &[
    (
        "INVALID_SERVICE",
        "a service that does not exist is said as INVALID_SERVICE_IN_ACTION or INVALID_SERVICE_CONDITION_KEY",
    ),
    (
        "SCP_SYNTAX_ERROR_ACTION_WILDCARD",
        "the page on the syntax of service control policies takes wildcards anywhere in an action",
    ),
    ("UNSUPPORTED_RESOURCE_ARN_IN_POLICY", "a policy alone does not say which resource it is attached to"),
    ("MISSING_ACTION_FOR_CONDITION_KEY", "the page does not say which keys need which actions"),
    ("INVALID_KMS_KEY_VALUE", "the page does not say which keys have the ARN of a KMS key as their value"),
    ("DEPRECATED_GLOBAL_CONDITION_KEY", "its only key, aws:ARN, is said as UNSUPPORTED_GLOBAL_CONDITION_KEY"),
    (
        "USE_CONDITION_KEY_ONLY_WITH_SUPPORTED_SERVICES",
        "a key that a service does not send is said as UNSUPPORTED_ACTION_FOR_CONDITION_KEY",
    ),
];

/// Issue codes that are said here in fewer cases than the page has, or in other ones.
pub const PARTLY: &[(&str, &str)] = &[
    ("INVALID_ARN_RESOURCE", "only for ARNs that are nearly of a form: the reference lacks resource types"),
    ("INVALID_ARN_REGION", "by the form of a region's code, not by a list of regions or of where a service is"),
    ("INVALID_REGION", "by the form of a region's code, for aws:RequestedRegion"),
    ("MISSING_ARN_ACCOUNT", "not for ssm and resource-explorer-2, where AWS's own resources have no account"),
    (
        "UNSUPPORTED_ACTION_IN_POLICY",
        "in trust policies only: a policy alone does not say which resource it is attached to",
    ),
    ("UNSUPPORTED_CONDITION_KEY_FOR_SERVICE_PRINCIPAL", "for the keys of the principal's organisation"),
    ("WILDCARD_USAGE_TOO_PERMISSIVE", "for the keys that AWS's page calls sensitive, and aws:userid"),
    ("VARIABLE_USAGE_TOO_PERMISSIVE", "for the keys that AWS's page calls sensitive, and aws:userid"),
    ("RESTRICT_ACCESS_TO_SERVICE_PRINCIPAL", "in policies of resources; in trust policies few services send a source"),
    ("IRRELEVANT_CONDITION_KEY_IN_POLICY", "for s3:ResourceAccount, the only key that the page names"),
    ("UNTRUSTWORTHY_CONDITION_KEY", "for aws:referer and aws:UserAgent"),
];
