//! Who can do what, by hand from AWS's pages.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod common;

use access::{Access, Answer, Condition, Index, Inventory, Way, WhoCan};
use prove::Options;

use common::of_template;

/// A line for each who can, and for each whose answer is not known; `+ …` for what there would be with other tags.
#[track_caller]
fn check(inventory: &Inventory, action: &str, resource: &str, expected: &[&str]) {
    let found: Vec<String> = answers(inventory, action, resource, 1).iter().flat_map(told).collect();
    assert_eq!(found, expected);
}

#[track_caller]
fn answers(inventory: &Inventory, action: &str, resource: &str, workers: usize) -> Vec<Answer> {
    let question = WhoCan { action: action.to_owned(), resource: resource.to_owned(), account: None };
    Index::new(inventory).who_can(&question, &Options::default(), workers).unwrap()
}

fn told(answer: &Answer) -> Vec<String> {
    let mut lines = match &answer.access {
        Access::Never => Vec::new(),
        Access::Undecided { reason } => vec![format!("{}: undecided: {reason}", answer.who)],
        Access::Can { ways, more } => {
            let more = if *more { " …" } else { "" };
            ways.iter().map(|way| format!("{}: {}{more}", answer.who, told_way(way))).collect()
        }
    };
    lines.extend(answer.with_tags.iter().map(|way| format!("+ {}: {}", answer.who, told_way(way))));
    lines
}

fn told_way(way: &Way) -> String {
    let all = |conditions: &[Condition]| conditions.iter().map(ToString::to_string).collect::<Vec<_>>().join(" and ");
    let mut parts = Vec::new();
    if way.is_always() {
        parts.push("always".to_owned());
    }
    if !way.when.is_empty() {
        parts.push(format!("if {}", all(&way.when)));
    }
    parts.extend(way.on.iter().map(|on| format!("on {on}")));
    parts.extend(way.unless.iter().map(|denial| format!("unless {}", all(&denial.when))));
    if let Some(tags) = &way.session_tags {
        let by: Vec<_> = tags.by.iter().map(ToString::to_string).collect();
        parts.push(format!("session tags {:?} by {}", tags.tags, by.join(", ")));
    }
    parts.join(", ")
}

const READ: &str = "arn:aws:s3:::reports/q3";

/// Roles that differ in their tags and in who may give their sessions tags.
const TAGS: &str = r#"
Resources:
  Tagged:
    Type: AWS::IAM::Role
    Properties:
      RoleName: tagged
      Tags: [{Key: Team, Value: finance}]
      AssumeRolePolicyDocument: &trust
        Version: 2012-10-17
        Statement: {Effect: Allow, Principal: {Service: ecs-tasks.amazonaws.com}, Action: sts:AssumeRole}
      Policies: &read
      - PolicyName: Read
        PolicyDocument:
          Version: 2012-10-17
          Statement:
            Effect: Allow
            Action: s3:GetObject
            Resource: arn:aws:s3:::reports/*
            Condition: {StringEquals: {aws:PrincipalTag/Team: finance}}
  Untagged:
    Type: AWS::IAM::Role
    Properties: {RoleName: untagged, AssumeRolePolicyDocument: *trust, Policies: *read}
  Handed:
    Type: AWS::IAM::Role
    Properties:
      RoleName: handed
      Policies: *read
      AssumeRolePolicyDocument:
        Version: 2012-10-17
        Statement:
        - {Effect: Allow, Principal: {AWS: !GetAtt Broker.Arn}, Action: sts:AssumeRole}
        - Effect: Allow
          Principal: {AWS: !GetAtt Broker.Arn}
          Action: sts:TagSession
          Condition: {StringEquals: {aws:RequestTag/Team: finance}}
  Withheld:
    Type: AWS::IAM::Role
    Properties:
      RoleName: withheld
      Policies: *read
      AssumeRolePolicyDocument:
        Version: 2012-10-17
        Statement:
        - Effect: Allow
          Principal: {AWS: !GetAtt Broker.Arn}
          Action: [sts:AssumeRole, sts:TagSession]
          Condition: {StringEqualsIfExists: {aws:RequestTag/Team: hr}}
  Broker:
    Type: AWS::IAM::User
    Properties: {UserName: broker}
"#;

/// docs.aws.amazon.com/IAM/latest/UserGuide/access_tags.html: the tag of the role counts, or the session's.
/// docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html: session tags take sts:TagSession in the trust policy.
#[test]
fn tags_are_the_roles_own_or_given_to_its_sessions() {
    let condition = "if StringEquals aws:PrincipalTag/Team: finance";
    check(
        &of_template(TAGS).unwrap(),
        "s3:GetObject",
        READ,
        &[
            "Tagged (arn:aws:iam::111122223333:role/tagged): always",
            &format!("+ Untagged (arn:aws:iam::111122223333:role/untagged): {condition}"),
            &format!(
                "Handed (arn:aws:iam::111122223333:role/handed): {condition}, session tags [(\"Team\", \"finance\")] by \
                 Broker (arn:aws:iam::111122223333:user/broker)"
            ),
            &format!("+ Withheld (arn:aws:iam::111122223333:role/withheld): {condition}"),
            "the root user of account 111122223333: always",
        ],
    );
}

/// "New session tags override existing assumed role […] session tags with the same tag key", and others stay.
/// docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html
#[test]
fn a_tag_of_the_role_stays_with_its_sessions() {
    let text = TAGS.replace(
        "Condition: {StringEquals: {aws:PrincipalTag/Team: finance}}",
        "Condition: {StringEquals: {aws:PrincipalTag/Team: finance}, 'Null': {aws:PrincipalTag/Old: true}}",
    );
    let text = text.replace("RoleName: handed", "RoleName: handed\n      Tags: [{Key: Old, Value: x}]");
    let condition = "if Null aws:PrincipalTag/Old: true and StringEquals aws:PrincipalTag/Team: finance";
    let inventory = of_template(&text).unwrap();
    let found: Vec<String> = answers(&inventory, "s3:GetObject", READ, 1).iter().flat_map(told).collect();
    assert!(found.contains(&format!("+ Handed (arn:aws:iam::111122223333:role/handed): {condition}")), "{found:#?}");
}

/// The trust policy of that page: three tags have to be passed, with values of a list for one of them.
#[test]
fn more_tags_than_count_may_have_to_be_given() {
    let trust = r#"
        - Effect: Allow
          Principal: {AWS: !GetAtt Broker.Arn}
          Action: sts:AssumeRole
          Condition:
            StringLike: {aws:RequestTag/Team: '*', aws:RequestTag/CostCenter: '*'}
            StringEquals: {sts:ExternalId: Example987}
        - Effect: Allow
          Principal: {AWS: !GetAtt Broker.Arn}
          Action: sts:TagSession
          Condition:
            StringLike: {aws:RequestTag/CostCenter: '*'}
            StringEquals: {aws:RequestTag/Team: [TEAM, hr]}
            ForAllValues:StringEquals: {aws:TagKeys: [Team, CostCenter]}
"#;
    let start = TAGS.find("        - {Effect: Allow, Principal: {AWS: !GetAtt Broker.Arn}").unwrap();
    let end = TAGS.find("  Withheld:").unwrap();
    for (team, is_given) in [("finance", true), ("legal", false)] {
        let text = format!("{}{}{}", &TAGS[..start], &trust.replace("TEAM", team)[1..], &TAGS[end..]);
        let found: Vec<String> =
            answers(&of_template(&text).unwrap(), "s3:GetObject", READ, 1).iter().flat_map(told).collect();
        let is_found = found.iter().any(|line| line.starts_with("Handed") && line.contains("by Broker"));
        assert_eq!(is_found, is_given, "{found:#?}");
    }
}

fn roles(policies: &str, bucket: &str) -> Inventory {
    let text = format!(
        r#"
Resources:
  App:
    Type: AWS::IAM::Role
    Properties:
      RoleName: app
      AssumeRolePolicyDocument:
        Statement: {{Effect: Allow, Principal: {{Service: ecs-tasks.amazonaws.com}}, Action: sts:AssumeRole}}
{policies}
  Bucket:
    Type: AWS::S3::Bucket
    Properties: {{BucketName: reports}}
{bucket}
"#
    );
    of_template(&text).unwrap()
}

fn identity(statements: &str) -> String {
    format!("      Policies: [{{PolicyName: P, PolicyDocument: {{Version: 2012-10-17, Statement: [{statements}]}}}}]")
}

fn bucket(statements: &str) -> String {
    format!(
        "  Policy:\n    Type: AWS::S3::BucketPolicy\n    Properties:\n      Bucket: reports\n      \
         PolicyDocument: {{Version: 2012-10-17, Statement: [{statements}]}}"
    )
}

const APP: &str = "App (arn:aws:iam::111122223333:role/app)";
const ALLOW: &str = "{Effect: Allow, Action: s3:GetObject, Resource: '*'}";

#[test]
fn conditions_are_those_of_the_statements() {
    let ip = "{Effect: Allow, Action: 's3:Get*', Resource: '*', Condition: {IpAddress: {aws:SourceIp: 10.0.0.0/8}}}";
    let mfa = "{Effect: Allow, Action: 's3:*', Resource: 'arn:aws:s3:::reports/*', Condition: {Bool: {aws:MultiFactorAuthPresent: true}}}";
    // The service authorization reference lists aws:RequestTag for no read of an object.
    let request_tag =
        "{Effect: Allow, Action: 's3:*', Resource: '*', Condition: {StringEquals: {aws:RequestTag/Team: finance}}}";
    let other = "{Effect: Allow, Action: 's3:*', Resource: 'arn:aws:s3:::other/*'}";
    let tls = "{Effect: Deny, Action: 's3:*', Resource: '*', Condition: {Bool: {aws:SecureTransport: false}}}";
    for (statements, expected) in [
        (ALLOW.to_owned(), vec!["always"]),
        (ip.to_owned(), vec!["if IpAddress aws:SourceIp: 10.0.0.0/8"]),
        (
            format!("{ip}, {mfa}"),
            vec!["if IpAddress aws:SourceIp: 10.0.0.0/8", "if Bool aws:MultiFactorAuthPresent: true"],
        ),
        (format!("{ALLOW}, {tls}"), vec!["unless Bool aws:SecureTransport: false"]),
        (format!("{request_tag}, {other}"), vec![]),
    ] {
        let lines: Vec<String> = expected.iter().map(|line| format!("{APP}: {line}")).collect();
        let mut lines: Vec<&str> = lines.iter().map(String::as_str).collect();
        lines.push("the root user of account 111122223333: always");
        check(&roles(&identity(&statements), ""), "s3:GetObject", READ, &lines);
    }
}

/// docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html
#[test]
fn others_are_those_whom_the_resource_names() {
    let root = "the root user of account 111122223333: always";
    let of = |principal: &str, rest: &str| {
        bucket(&format!(
            "{{Effect: Allow, Principal: {principal}, Action: s3:GetObject, Resource: 'arn:aws:s3:::reports/*'{rest}}}"
        ))
    };
    for (policy, expected) in [
        (of("{AWS: '444455556666'}", ""), vec![root, "users and roles of account 444455556666: always"]),
        (
            of("{AWS: 'arn:aws:iam::444455556666:user/bob'}", ""),
            vec![root, "arn:aws:iam::444455556666:user/bob: always"],
        ),
        (of("{Service: cloudfront.amazonaws.com}", ""), vec![root, "the service cloudfront.amazonaws.com: always"]),
        (
            of("'*'", ", Condition: {StringEquals: {aws:PrincipalOrgID: o-1}}"),
            vec![
                &*format!("{APP}: if StringEquals aws:PrincipalOrgID: o-1"),
                root,
                // Anonymous requests do not include this key.
                "users and roles of any account: if StringEquals aws:PrincipalOrgID: o-1",
            ],
        ),
        (
            of("'*'", ""),
            vec![
                &format!("{APP}: always"),
                root,
                "anybody, without signing the request: always",
                "users and roles of any account: always",
            ],
        ),
    ] {
        check(&roles("", &policy), "s3:GetObject", READ, &expected);
    }
}

/// docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
#[test]
fn conditions_of_both_sides_count_together() {
    let boundary = r#"
      PermissionsBoundary: !Ref Limit
  Limit:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      ManagedPolicyName: limit
      PolicyDocument:
        Version: 2012-10-17
        Statement: {Effect: Allow, Action: 's3:*', Resource: '*', Condition: {IpAddress: {aws:SourceIp: 10.0.0.0/8}}}"#;
    let tag = "{Effect: Allow, Action: s3:GetObject, Resource: '*', Condition: {StringLike: {aws:userid: '*:build'}}}";
    let inventory = roles(&format!("{}{boundary}", identity(tag)), "");
    check(
        &inventory,
        "s3:GetObject",
        READ,
        &[
            &format!("{APP}: if IpAddress aws:SourceIp: 10.0.0.0/8 and StringLike aws:userid: *:build"),
            "the root user of account 111122223333: always",
        ],
    );
}

#[test]
fn of_many_resources_some_may_be_meant() {
    let some = "{Effect: Allow, Action: s3:GetObject, Resource: 'arn:aws:s3:::reports/finance/*'}";
    check(
        &roles(&identity(some), ""),
        "s3:GetObject",
        "arn:aws:s3:::reports/*",
        &[
            &format!("{APP}: on Resource: arn:aws:s3:::reports/finance/*"),
            "the root user of account 111122223333: always",
        ],
    );
}

#[test]
fn the_answer_is_the_same_on_several_cores() {
    let inventory = of_template(TAGS).unwrap();
    let [one, two] = [1, 2]
        .map(|workers| answers(&inventory, "s3:GetObject", READ, workers).iter().flat_map(told).collect::<Vec<_>>());
    assert_eq!(one, two);
}
