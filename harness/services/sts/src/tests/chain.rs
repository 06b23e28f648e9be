//! Role chaining: what one session hands to the next.
//! docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html#id_session-tags_role-chaining

use super::*;

const ALL: &[&str] = &["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"];
const CONFLICT: &str = "One of the specified transitive tag keys can't be set because it conflicts with a transitive \
                        tag key from the calling session.";

/// A user, and roles that trust the whole account and may assume each other.
fn chain(roles: &[(&str, Value)]) -> (Kit, Arc<Identity>, Vec<String>) {
    let mut kit = Kit::new(crate::SERVICES);
    let ann = kit.user("ann", json!([allow(ALL)]));
    let arns = roles.iter().map(|(name, trust)| kit.role(name, trust.clone(), json!([allow(ALL)]))).collect();
    (kit, ann, arns)
}

fn open() -> Value {
    json!([trusts(ALL, ACCOUNT)])
}

/// The example of the page, role by role.
#[test]
fn the_documented_chain_of_three_roles() {
    let (mut kit, ann, arns) = chain(&[("Role1", open()), ("Role2", open()), ("Role3", open())]);
    kit.tag_role("Role1", &[("Heart", "1")]);
    kit.tag_role("Role2", &[("Sun", "2")]);
    kit.tag_role("Role3", &[("Star", "3"), ("Lightning", "3")]);
    let passed = with_tags(&[("Star", "1"), ("Heart", "1")]);
    let first = json!({ "Tags": passed, "TransitiveTagKeys": ["Star", "Heart"] });
    let first = session(&mut kit, &ann, &arns[0], first);
    let second = session(&mut kit, &first, &arns[1], json!({}));
    let tags = |kit: &Kit, who: &Arc<Identity>| {
        kit.principal_tags(who).iter().map(|(key, value)| format!("{key}={value}")).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(tags(&kit, &second), "Heart=1 Star=1 Sun=2");
    let again = json!({ "Tags": with_tags(&[("Heart", "3")]) });
    check_fault(assume_with(&mut kit, &second, &arns[2], again), 400, "InvalidParameterValue", CONFLICT);
    let third = session(&mut kit, &second, &arns[2], json!({}));
    assert_eq!(tags(&kit, &third), "Heart=1 Lightning=3 Star=1");
}

#[test]
fn what_is_not_transitive_ends_with_its_session() {
    let (mut kit, ann, arns) = chain(&[("a", open()), ("b", open())]);
    kit.tag_role("a", &[("Role", "a")]);
    let first = session(&mut kit, &ann, &arns[0], json!({ "Tags": with_tags(&[("Status", "OK")]) }));
    assert_eq!(kit.principal_tags(&first).len(), 2);
    let second = session(&mut kit, &first, &arns[1], json!({}));
    assert_eq!(kit.principal_tags(&second), []);
}

#[test]
fn a_handed_on_key_cannot_be_passed_again_in_any_letter_case() {
    let (mut kit, ann, arns) = chain(&[("a", open()), ("b", open())]);
    let first = json!({ "Tags": with_tags(&[("Status", "NG")]), "TransitiveTagKeys": ["Status"] });
    let first = session(&mut kit, &ann, &arns[0], first);
    for key in ["Status", "status", "STATUS"] {
        for transitive in [json!([key]), json!([])] {
            let input = json!({ "Tags": with_tags(&[(key, "OK")]), "TransitiveTagKeys": transitive });
            check_fault(assume_with(&mut kit, &first, &arns[1], input), 400, "InvalidParameterValue", CONFLICT);
        }
    }
}

/// Seen with EKS Pod Identity, whose session tags are transitive: the next role must let them in.
#[test]
fn handing_tags_on_needs_tag_session_too() {
    let only_assume = json!([trusts(&["sts:AssumeRole"], ACCOUNT)]);
    let (mut kit, ann, arns) = chain(&[("a", open()), ("b", only_assume)]);
    let first = json!({ "Tags": with_tags(&[("Status", "OK")]), "TransitiveTagKeys": ["Status"] });
    let tagged = session(&mut kit, &ann, &arns[0], first);
    check_denied(
        assume(&mut kit, &tagged, &arns[1]),
        &format!(
            "User: arn:aws:sts::{ACCOUNT}:assumed-role/a/sn is not authorized to perform: sts:TagSession on resource: {}",
            arns[1]
        ),
    );
    let plain = session(&mut kit, &ann, &arns[0], json!({}));
    assert!(assume(&mut kit, &plain, &arns[1]).is_ok());
}

/// An inherited transitive value stands in for the role's own tag while the trust policy is read.
#[test]
fn an_inherited_tag_replaces_the_resource_tag_of_the_next_role() {
    let trust = json!([
        trusts_if(&["sts:AssumeRole"], ACCOUNT, json!({ "StringEquals": { "aws:ResourceTag/Status": "OK" } })),
        trusts(&["sts:TagSession"], ACCOUNT),
    ]);
    let (mut kit, ann, arns) = chain(&[("a", open()), ("b", trust)]);
    kit.tag_role("b", &[("Status", "NG")]);
    let plain = session(&mut kit, &ann, &arns[0], json!({}));
    check_denied(assume(&mut kit, &plain, &arns[1]), "User: ");
    let ok = json!({ "Tags": with_tags(&[("status", "OK")]), "TransitiveTagKeys": ["status"] });
    let ok = session(&mut kit, &ann, &arns[0], ok);
    assert!(assume(&mut kit, &ok, &arns[1]).is_ok());
}

#[test]
fn a_chained_session_ends_within_an_hour() {
    let (mut kit, ann, arns) = chain(&[("a", open()), ("b", open())]);
    kit.setup("iam:UpdateRole", json!({ "RoleName": "a", "MaxSessionDuration": 43200 }));
    kit.setup("iam:UpdateRole", json!({ "RoleName": "b", "MaxSessionDuration": 43200 }));
    let first = session(&mut kit, &ann, &arns[0], json!({ "DurationSeconds": 43200 }));
    let text = "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.";
    let long = json!({ "DurationSeconds": 3601 });
    check_fault(assume_with(&mut kit, &first, &arns[1], long.clone()), 400, "ValidationError", text);
    assert!(assume_with(&mut kit, &first, &arns[1], json!({ "DurationSeconds": 3600 })).is_ok());
    // Observed: a user's own temporary credentials count as a link as well.
    let answer = kit.call(&ann, "sts:GetSessionToken", json!({})).expect("a session");
    let temporary = kit.identity(&answer);
    check_fault(assume_with(&mut kit, &temporary, &arns[1], long), 400, "ValidationError", text);
}

/// docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_control-access_monitor.html
#[test]
fn a_source_identity_stays_and_must_be_let_in_everywhere() {
    let only_assume = json!([trusts(&["sts:AssumeRole"], ACCOUNT)]);
    let (mut kit, ann, arns) = chain(&[("a", open()), ("b", open()), ("c", only_assume)]);
    let answer = assume_with(&mut kit, &ann, &arns[0], json!({ "SourceIdentity": "DevUser" })).expect("a session");
    assert_eq!(answer["SourceIdentity"], "DevUser");
    let first = kit.identity(&answer);
    let answer = assume(&mut kit, &first, &arns[1]).expect("a session");
    assert_eq!(answer["SourceIdentity"], "DevUser");
    assert!(assume_with(&mut kit, &first, &arns[1], json!({ "SourceIdentity": "DevUser" })).is_ok());
    check_denied(assume_with(&mut kit, &first, &arns[1], json!({ "SourceIdentity": "Other" })), "User: ");
    let denied = format!(
        "User: arn:aws:sts::{ACCOUNT}:assumed-role/a/sn is not authorized to perform: sts:SetSourceIdentity on \
         resource: {}",
        arns[2]
    );
    check_denied(assume(&mut kit, &first, &arns[2]), &denied);
}

#[test]
fn the_documented_trust_policy_for_a_source_identity() {
    let condition = json!({ "StringEquals": { "sts:SourceIdentity": "DevUser" } });
    let trust = json!([trusts_if(&["sts:AssumeRole", "sts:SetSourceIdentity"], &user_arn("DevUser"), condition)]);
    let mut kit = Kit::new(crate::SERVICES);
    let user = kit.user("DevUser", json!([]));
    let role = kit.role("Developer_Role", trust, json!([]));
    assert!(assume_with(&mut kit, &user, &role, json!({ "SourceIdentity": "DevUser" })).is_ok());
    check_denied(assume_with(&mut kit, &user, &role, json!({ "SourceIdentity": "Admin" })), "User: ");
    check_denied(assume(&mut kit, &user, &role), "User: ");
}

/// "When the calling principal assumes the role, the source identity in the request persists from the first assumed role
/// session. Therefore, both the aws:SourceIdentity and sts:SourceIdentity keys are present in the request context."
/// docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_control-access_monitor.html
#[test]
fn a_source_identity_is_under_both_names_where_roles_are_chained() {
    for key in ["aws:SourceIdentity", "sts:SourceIdentity"] {
        let mut kit = Kit::new(crate::SERVICES);
        let ann = kit.user("ann", json!([]));
        let first = kit.role("first", json!([trusts(ALL, &user_arn("ann"))]), json!([allow(ALL)]));
        let condition = json!({ "StringEquals": { key: "DevUser" } });
        let second = kit.role("second", json!([trusts_if(ALL, &first, condition)]), json!([]));
        let with = session(&mut kit, &ann, &first, json!({ "SourceIdentity": "DevUser" }));
        let without = session(&mut kit, &ann, &first, json!({}));
        assert!(assume(&mut kit, &with, &second).is_ok(), "{key}");
        check_denied(assume(&mut kit, &without, &second), "User: ");
    }
}

#[test]
fn aws_source_identity_is_there_in_later_calls() {
    let mut kit = Kit::new(crate::SERVICES);
    let ann = kit.user("ann", json!([]));
    let mut statement = allow(&["sts:GetAccessKeyInfo"]);
    statement["Condition"] = json!({ "StringEquals": { "aws:SourceIdentity": "DevUser" } });
    let role = kit.role("r", json!([trusts(ALL, &user_arn("ann"))]), json!([statement]));
    let with = session(&mut kit, &ann, &role, json!({ "SourceIdentity": "DevUser" }));
    let without = session(&mut kit, &ann, &role, json!({}));
    assert!(sees(&mut kit, &with));
    assert!(!sees(&mut kit, &without));
}
