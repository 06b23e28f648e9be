//! AWS's own managed policies: what is said about them, counted, so that a check that cries wolf shows.
//!
//! What is left is right by AWS's pages: actions and services that the service authorisation reference does not have (any
//! more), lists of actions and resources that go with each other only in part, `iam:PassRole` of any role, policies
//! longer than a customer's may be; resources and actions beside patterns that cover them; tags asked for by a pattern of
//! `*`. AWS's page names the policies that StringLike on ARNs is found in, and those that create roles for any service. Of
//! the ARNs that are of no resource each has been read: `statemachine` for `stateMachine`, a stack without its id … Those
//! that allow an action by a key that one of its required resources lacks were read one by one: three add to what another
//! policy allows, and the reference has the row as the finding says of each. Four let their caller make things with tags
//! only, and leave the permission to tag to another policy.

use std::collections::BTreeMap;

use policy::Kind;
use source::FileId;

use crate::text;

#[test]
fn no_check_cries_wolf() {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for managed in catalog::managed::all() {
        for finding in text(FileId(0), managed.document, Some(Kind::Identity)) {
            *counts.entry(finding.code).or_default() += 1;
        }
    }
    let counts: Vec<_> = counts.into_iter().map(|(code, count)| format!("{count} {code}")).collect();
    assert_eq!(counts, COUNTS);
}

#[rustfmt::skip]
const COUNTS: &[&str] = &[
    "382 ACTION_AND_RESOURCE_NEVER_MEET",
    "617 ACTION_WITHOUT_RESOURCES",
    "109 ALLOW_ANY_VALUE",
    "15 ALLOW_UNMET_ON_REQUIRED_RESOURCE",
    "8 ALLOW_WITHOUT_KEY",
    "44 ALLOW_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE",
    "3 CREATE_SLR_WITH_STAR_IN_ACTION_AND_RESOURCE",
    "3 CREATE_SLR_WITH_STAR_IN_RESOURCE",
    "1 DENY_FORANYVALUE_NEGATED",
    "2 DENY_MISSES_UNTAGGED",
    "8 DENY_WITHOUT_KEY",
    "118 EQUIVALENT_TO_NULL_FALSE",
    "39 FORALLVALUES_ALLOW_WITHOUT_NULL_CHECK",
    "2 FORALLVALUES_WITH_SINGLE_VALUED_KEY",
    "2 FORANYVALUE_WITH_SINGLE_VALUED_KEY",
    "3 IFEXISTS_WITH_NEGATED_OPERATOR",
    "57 INVALID_ACTION",
    "12 INVALID_ARN_RESOURCE",
    "2 INVALID_GLOBAL_CONDITION_KEY",
    "4 INVALID_SERVICE_CONDITION_KEY",
    "83 INVALID_SERVICE_IN_ACTION",
    "2 MISSING_ARN_ACCOUNT",
    "3 MISSING_QUALIFIER",
    "6 PASS_ROLE_BY_TAG",
    "3 PASS_ROLE_WITH_STAR_IN_ACTION_AND_RESOURCE",
    "7 PASS_ROLE_WITH_STAR_IN_RESOURCE",
    "84 POLICY_SIZE_EXCEEDS_IDENTITY_POLICY_QUOTA",
    "56 REDUNDANT_ACTION",
    "178 REDUNDANT_RESOURCE",
    "7 RETAGGING_ALLOWED",
    "1 RUN_TASK_BY_RESOURCE_TAG",
    "3 S3_RESOURCE_TAG_NEEDS_ABAC",
    "13 STRING_LIKE_OPERATOR_WITH_ARN_CONDITION_KEYS",
    "17 TAG_ON_CREATE_NOT_ALLOWED",
    "1 TAG_ON_CREATE_NOT_FORCED",
    "8 TYPE_MISMATCH",
    "59 UNSUPPORTED_ACTION_FOR_CONDITION_KEY",
];
