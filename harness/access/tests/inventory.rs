//! What inventories are made of.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod common;

use access::Inventory;
use source::FileId;

use common::{of_template, sources};

/// Each policy: `owner kind name place`.
#[track_caller]
fn check(inventory: &Inventory, expected: &[&str]) {
    let found: Vec<_> = inventory
        .policies()
        .map(|one| {
            let policy = &one.attached.policy;
            format!("{} {} {} {}", one.owner, policy.kind().name(), policy.name(), one.attached.place)
        })
        .collect();
    assert_eq!(found, expected);
}

#[test]
fn a_stack_has_its_principals_and_resources() {
    let text = r#"
Resources:
  Reader:
    Type: AWS::IAM::Role
    Properties:
      RoleName: reader
      Tags: [{Key: Team, Value: finance}]
      AssumeRolePolicyDocument:
        Statement: {Effect: Allow, Principal: {Service: ecs-tasks.amazonaws.com}, Action: sts:AssumeRole}
      PermissionsBoundary: arn:aws:iam::111122223333:policy/elsewhere
      ManagedPolicyArns: [arn:aws:iam::aws:policy/ReadOnlyAccess]
      Policies:
      - PolicyName: Read
        PolicyDocument:
          Statement: {Effect: Allow, Action: s3:GetObject, Resource: '*'}
  Bucket:
    Type: AWS::S3::Bucket
    Properties: {BucketName: reports}
  Policy:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: !Ref Bucket
      PolicyDocument:
        Statement: {Effect: Allow, Principal: '*', Action: s3:GetObject, Resource: arn:aws:s3:::reports/*}
"#;
    let inventory = of_template(text).unwrap();
    check(
        &inventory,
        &[
            "Reader identity Reader/Read stack.yaml:15:11",
            "Reader identity arn:aws:iam::aws:policy/ReadOnlyAccess arn:aws:iam::aws:policy/ReadOnlyAccess",
            "Reader trust Reader/trust stack.yaml:9:9",
            "Bucket resource Bucket stack.yaml:24:9",
        ],
    );
    let reader = inventory.principal("Reader").unwrap();
    assert_eq!(reader.arn, "arn:aws:iam::111122223333:role/reader");
    assert_eq!(reader.tags, [("Team".to_owned(), "finance".to_owned())]);
    assert_eq!(reader.missing, ["the permissions boundary `arn:aws:iam::111122223333:policy/elsewhere`"]);
    let bucket = inventory.resource("arn:aws:s3:::reports/q3").unwrap();
    assert_eq!((bucket.name.as_str(), bucket.account.as_deref()), ("Bucket", Some("111122223333")));
}

const DETAILS: &str = r#"{
  "UserDetailList": [{"UserName": "ann", "UserId": "AIDA1", "Arn": "arn:aws:iam::111122223333:user/ann", "GroupList": ["readers", "gone"],
    "Tags": [{"Key": "Team", "Value": "finance"}]}],
  "GroupDetailList": [{"GroupName": "readers", "AttachedManagedPolicies": [{"PolicyArn": "arn:aws:iam::111122223333:policy/Read"}]}],
  "RoleDetailList": [{"RoleName": "app", "RoleId": "AROA1", "Arn": "arn:aws:iam::111122223333:role/team/app",
    "AssumeRolePolicyDocument": {"Statement": {"Effect": "Allow", "Principal": {"AWS": "111122223333"}, "Action": "sts:AssumeRole"}},
    "RolePolicyList": [{"PolicyName": "All", "PolicyDocument": "%7B%22Statement%22%3A%7B%22Effect%22%3A%22Allow%22%2C%22Action%22%3A%22s3%3A%2A%22%2C%22Resource%22%3A%22%2A%22%7D%7D"}]}],
  "Policies": [{"PolicyName": "Read", "Arn": "arn:aws:iam::111122223333:policy/Read", "PolicyVersionList": [{"IsDefaultVersion": true,
    "Document": {"Statement": {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}}}]}]
}"#;

#[test]
fn account_details_have_users_with_their_groups() {
    let inventory = Inventory::of_details(FileId(0), &sources(&[("details.json", DETAILS)])).unwrap();
    check(
        &inventory,
        &[
            "arn:aws:iam::111122223333:role/team/app identity role/app/All details.json:7:64",
            "arn:aws:iam::111122223333:role/team/app trust role/team/app/trust details.json:6:33",
            "arn:aws:iam::111122223333:user/ann identity arn:aws:iam::111122223333:policy/Read details.json:9:17",
        ],
    );
    let ann = inventory.principal("arn:aws:iam::111122223333:user/ann").unwrap();
    assert_eq!((ann.unique_id.as_deref(), &ann.missing[..]), (Some("AIDA1"), &["the group `gone`".to_owned()][..]));
}

const ALLOW: &str =
    r#"{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}}"#;
const TRUST: &str =
    r#"{"Statement": {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}}"#;

/// A folder as iam-collect writes it.
const COLLECTED: &[(&str, &str)] = &[
    ("data/aws/aws/accounts/111122223333/organization.json", r#"{"organizationId": "o-1"}"#),
    (
        "data/aws/aws/accounts/111122223333/iam/role/team%2fapp/metadata.json",
        r#"{"arn": "arn:aws:iam::111122223333:role/team/App", "id": "AROA1", "permissionBoundary": "arn:aws:iam::111122223333:policy/Limit"}"#,
    ),
    ("data/aws/aws/accounts/111122223333/iam/role/team%2fapp/tags.json", r#"{"Team": "finance"}"#),
    ("data/aws/aws/accounts/111122223333/iam/role/team%2fapp/trust-policy.json", TRUST),
    (
        "data/aws/aws/accounts/111122223333/iam/role/team%2fapp/managed-policies.json",
        r#"["arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess", "arn:aws:iam::111122223333:policy/gone"]"#,
    ),
    (
        "data/aws/aws/accounts/111122223333/iam/policy/limit/metadata.json",
        r#"{"arn": "arn:aws:iam::111122223333:policy/Limit"}"#,
    ),
    ("data/aws/aws/accounts/111122223333/iam/policy/limit/current-policy.json", ALLOW),
    ("data/aws/aws/accounts/111122223333/s3/reports/metadata.json", r#"{"arn": "arn:aws:s3:::reports"}"#),
    ("data/aws/aws/accounts/111122223333/s3/reports/tags.json", r#"{"Team": "finance"}"#),
    ("data/aws/aws/accounts/111122223333/s3/reports/bpa.json", r#"{"RestrictPublicBuckets": true}"#),
    (
        "data/aws/aws/accounts/111122223333/s3/reports/policy.json",
        r#"{"Statement": {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::reports/*"}}"#,
    ),
    ("data/aws/aws/accounts/444455556666/organization.json", r#"{"organizationId": "o-2"}"#),
    (
        "data/aws/aws/organizations/o-1/metadata.json",
        r#"{"rootAccountId": "999999999999", "features": {"SERVICE_CONTROL_POLICY": true, "RESOURCE_CONTROL_POLICY": false}}"#,
    ),
    (
        "data/aws/aws/organizations/o-1/accounts.json",
        r#"{"111122223333": {"ou": "ou-1", "scps": [], "rcps": []}, "999999999999": {"ou": "r-1", "scps": ["arn:aws:organizations::aws:policy/service_control_policy/p-FullAWSAccess"]}}"#,
    ),
    (
        "data/aws/aws/organizations/o-1/ous.json",
        r#"{"r-1": {"scps": ["arn:aws:organizations::aws:policy/service_control_policy/p-FullAWSAccess"]},
            "ou-1": {"parent": "r-1", "scps": ["arn:aws:organizations::999999999999:policy/o-1/service_control_policy/p-Only"]}}"#,
    ),
    ("data/aws/aws/organizations/o-1/scps/p-only/policy.json", ALLOW),
];

#[test]
fn a_folder_of_iam_collect_has_accounts_and_their_organisation() {
    let inventory = Inventory::of_iam_collect(&sources(COLLECTED)).unwrap();
    let at = |rest: &str| format!("data/aws/aws/accounts/111122223333/{rest}:1:1");
    check(
        &inventory,
        &[
            "arn:aws:iam::111122223333:role/team/App identity arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess \
             arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess",
            &format!(
                "arn:aws:iam::111122223333:role/team/App boundary arn:aws:iam::111122223333:policy/Limit {}",
                at("iam/policy/limit/current-policy.json")
            ),
            &format!(
                "arn:aws:iam::111122223333:role/team/App trust role/team/App/trust {}",
                at("iam/role/team%2fapp/trust-policy.json")
            ),
            &format!("arn:aws:s3:::reports resource arn:aws:s3:::reports {}", at("s3/reports/policy.json")),
            "111122223333 scp arn:aws:organizations::aws:policy/service_control_policy/p-FullAWSAccess ",
            "111122223333 scp arn:aws:organizations::999999999999:policy/o-1/service_control_policy/p-Only \
             data/aws/aws/organizations/o-1/scps/p-only/policy.json:1:1",
        ],
    );
    let app = &inventory.principals[0];
    assert_eq!(app.missing, ["the policy `arn:aws:iam::111122223333:policy/gone`"]);
    assert_eq!(app.tags, [("Team".to_owned(), "finance".to_owned())]);
    // No tag counts on a bucket without attribute-based access control.
    let reports = inventory.resource("arn:aws:s3:::reports").unwrap();
    assert!(reports.restricts_public && reports.tags.as_deref() == Some(&[]));
    let account = &inventory.accounts["111122223333"];
    assert_eq!(account.organization.as_ref().unwrap().path, "o-1/r-1/ou-1/");
    assert_eq!(account.service_control.len(), 3, "the root, the unit, the account");
    assert!(account.resource_control.is_empty(), "these policies are not enabled");
    assert_eq!(inventory.accounts["444455556666"].missing, ["the organization `o-2`"]);
}

#[test]
fn what_cannot_be_read_is_told_with_its_place() {
    let broken = |from: &str, to: &str| {
        let replaced = COLLECTED.iter().map(|&(name, text)| (name, if name.ends_with(from) { to } else { text }));
        Inventory::of_iam_collect(&sources(&replaced.collect::<Vec<_>>())).expect_err("it has errors")
    };
    for (file, text, code) in [
        ("trust-policy.json", r#"{"Statement": {"Effect": "Allow", "Action": "sts:AssumeRole"}}"#, "MISSING_ELEMENT"),
        ("s3/reports/policy.json", "{", "JSON_SYNTAX"),
        ("role/team%2fapp/metadata.json", "{}", "MISSING_ELEMENT"),
        ("o-1/ous.json", "{}", "MISSING_ELEMENT"),
        ("scps/p-only/policy.json", "null", "MISSING_POLICY"),
    ] {
        let findings = broken(file, text);
        assert!(findings.iter().any(|finding| finding.code == code), "{file}: {findings:?}");
    }
    let none = Inventory::of_iam_collect(&sources(&[("other/x.json", "{}")])).unwrap_err();
    assert_eq!(none[0].code, "NO_IAM_COLLECT");
    let details = DETAILS.replace("s3:GetObject\"", "nothing\"");
    let findings = Inventory::of_details(FileId(0), &sources(&[("details.json", &details)])).unwrap_err();
    let place = sources(&[("details.json", &details)]).locate(findings[0].span);
    assert_eq!(place, "details.json:9:61", "{findings:?}");
}
