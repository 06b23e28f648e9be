//! The keys of a request: what AWS sends, what follows from what was given, and what contradicts it.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use serde_json::{Value, json};
use simulate::Simulator;

const USER: &str = "arn:aws:iam::111122223333:user/ann";
const SESSION: &str = "arn:aws:sts::111122223333:assumed-role/app/i-1";
const INSTANCE: &str = "arn:aws:ec2:eu-west-1:111122223333:instance/i-1";
const REPOSITORY: &str = "arn:aws:ecr:eu-west-1:111122223333:repository/web";

/// A line that asks for an action on a resource under a policy that allows everything on the condition.
fn line(principal: &str, action: &str, resource: &str, context: &Value, condition: &Value) -> String {
    let statement = json!({"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": condition});
    let policies = json!({"identity": [{"Version": "2012-10-17", "Statement": statement}]});
    // Written out: where a fault is told depends on the order of the members.
    format!(
        r#"{{"context":{context},"principal":"{principal}","action":"{action}","resource":"{resource}","policies":{policies}}}"#
    )
}

fn answer(line: &str) -> Value {
    let mut out = Vec::new();
    Simulator::new(None).answer(line.as_bytes(), 1, false, &mut out);
    serde_json::from_slice(&out).unwrap()
}

/// A request under an Allow by these keys and values.
#[track_caller]
fn check(
    principal: &str,
    action: &str,
    resource: &str,
    context: &Value,
    asked: &Value,
    expected: &str,
    notes: &[&str],
) {
    let many = |value: &Value| value.is_array();
    let plain: serde_json::Map<_, _> =
        asked.as_object().unwrap().clone().into_iter().filter(|(_, v)| !many(v)).collect();
    let sets: serde_json::Map<_, _> = asked.as_object().unwrap().clone().into_iter().filter(|(_, v)| many(v)).collect();
    let mut condition = json!({"StringEquals": plain});
    if !sets.is_empty() {
        condition["ForAllValues:StringEquals"] = sets.clone().into();
        condition["Null"] =
            sets.into_iter().map(|(key, _)| (key, json!("false"))).collect::<serde_json::Map<_, _>>().into();
    }
    let found = answer(&line(principal, action, resource, context, &condition));
    // What else AWS asks in such a call is not about keys.
    let about_keys = |note: &&str| !note.starts_with("in a call of ");
    let told = found["notes"].as_array().map(|all| all.iter().filter_map(Value::as_str).filter(about_keys).collect());
    let told: Vec<&str> = told.unwrap_or_default();
    assert_eq!((&found["decision"], told.as_slice()), (&json!(expected), notes), "{action} {context} {asked}");
}

/// docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html, and …/list_amazons3.html
#[test]
fn a_key_that_aws_never_sends_never_decides() {
    let tag = json!({"aws:RequestTag/Owner": "ann"});
    let tags = json!({"aws:ResourceTag/Owner": "ann"});
    for (action, resource, context, expected, notes) in [
        (
            "ec2:StopInstances",
            INSTANCE,
            &tag,
            "ImplicitlyDenied",
            &["aws:RequestTag/Owner is left out: no request for ec2:StopInstances carries it"][..],
        ),
        ("ec2:RunInstances", INSTANCE, &tag, "Allowed", &[]),
        (
            "ec2:RunInstances",
            "arn:aws:ec2:eu-west-1::image/ami-1",
            &tag,
            "ImplicitlyDenied",
            &[
                "aws:RequestTag/Owner is left out: no request for ec2:RunInstances on a resource of type image carries it",
            ],
        ),
        ("ec2:CreateSnapshot", "arn:aws:ec2:eu-west-1:111122223333:volume/vol-1", &tags, "Allowed", &[]),
        (
            "ec2:CreateSnapshot",
            "arn:aws:ec2:eu-west-1::snapshot/*",
            &tags,
            "ImplicitlyDenied",
            &[
                "aws:ResourceTag/Owner is left out: no request for ec2:CreateSnapshot on a resource of type snapshot carries it",
            ],
        ),
        (
            "ec2:CreateSnapshot",
            "*",
            &tags,
            "Allowed",
            &["aws:ResourceTag/Owner is kept, but not every request for ec2:CreateSnapshot carries it: the action is \
               authorised on snapshot and volume, and `*` is none of these"],
        ),
        // The catalogue may be behind AWS.
        (
            "ec2:NewThing",
            INSTANCE,
            &tag,
            "Allowed",
            &["the action `ec2:NewThing` is not in the catalogue of AWS's actions"],
        ),
    ] {
        check(USER, action, resource, context, context, expected, notes);
    }
}

/// docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html, Availability of each
#[test]
fn a_key_that_such_a_principal_never_sends_never_decides() {
    for (principal, key, value, who) in [
        (SESSION, "aws:username", "ann", Some("a role session")),
        ("111122223333", "aws:username", "ann", Some("a root user")),
        (USER, "aws:username", "ann", None),
        (USER, "aws:SourceArn", "arn:aws:s3:::b", Some("an IAM user")),
        (SESSION, "aws:PrincipalServiceName", "sns.amazonaws.com", Some("a role session")),
        (SESSION, "aws:PrincipalTag/a", "b", None),
        (SESSION, "aws:SourceVpce", "vpce-1", None),
        (SESSION, "saml:sub", "x", None),
    ] {
        let asked = json!({key: value});
        match who {
            Some(who) => {
                let note = format!("{key} is left out: no request by {who} carries it");
                let decided = if principal.contains(':') { "ImplicitlyDenied" } else { "Allowed" };
                check(principal, "s3:GetObject", "arn:aws:s3:::b/k", &asked, &asked, decided, &[&note]);
            }
            None => check(principal, "s3:GetObject", "arn:aws:s3:::b/k", &asked, &asked, "Allowed", &[]),
        }
    }
}

/// docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-tagkeys
#[test]
fn the_names_of_tags_follow_from_the_tags() {
    let tags = json!({"aws:RequestTag/team": "a", "aws:RequestTag/stage": "b"});
    let database = "arn:aws:rds:eu-west-1:111122223333:db:d";
    let object = json!({"s3:RequestObjectTag/team": "a"});
    for (action, resource, context, asked, expected) in [
        ("ecr:CreateRepository", REPOSITORY, &tags, json!({"aws:TagKeys": ["team"]}), "ImplicitlyDenied"),
        ("ecr:CreateRepository", REPOSITORY, &tags, json!({"aws:TagKeys": ["team", "stage"]}), "Allowed"),
        // Session tags are the tags of such a request.
        // docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html
        ("sts:TagSession", "*", &tags, json!({"aws:TagKeys": ["team", "stage"]}), "Allowed"),
        ("rds:CreateDBInstance", database, &tags, json!({"rds:req-tag/team": "a"}), "Allowed"),
        (
            "rds:CreateDBInstance",
            database,
            &json!({"rds:req-tag/team": "a"}),
            json!({"aws:RequestTag/team": "a", "aws:TagKeys": ["team"]}),
            "Allowed",
        ),
        ("s3:PutObject", "arn:aws:s3:::b/k", &object, json!({"s3:RequestObjectTagKeys": ["team"]}), "Allowed"),
        (
            "ecr:UntagResource",
            REPOSITORY,
            &json!({"aws:TagKeys": ["team"]}),
            json!({"aws:TagKeys": ["team"]}),
            "Allowed",
        ),
        ("ecs:TagResource", "*", &json!({"aws:TagKeys": ["team"]}), json!({"aws:TagKeys": ["team"]}), "Allowed"),
    ] {
        check(USER, action, resource, context, &asked, expected, &[]);
    }
}

#[test]
fn the_two_keys_of_a_resources_tags_follow_from_each_other() {
    let role = "arn:aws:iam::111122223333:role/r";
    for (action, resource, given, asked, expected) in [
        ("iam:TagRole", role, "aws:ResourceTag/guard", "iam:ResourceTag/guard", "Allowed"),
        ("iam:TagRole", role, "iam:ResourceTag/guard", "aws:ResourceTag/guard", "Allowed"),
        ("iam:TagRole", role, "aws:ResourceTag/guard", "iam:ResourceTag/other", "ImplicitlyDenied"),
        ("iam:TagRole", "*", "aws:ResourceTag/guard", "iam:ResourceTag/guard", "Allowed"),
        ("ec2:StopInstances", INSTANCE, "aws:ResourceTag/a", "ec2:ResourceTag/a", "Allowed"),
        ("s3:GetObject", "arn:aws:s3:::b/k", "s3:BucketTag/a", "aws:ResourceTag/a", "Allowed"),
        (
            "rds:DeleteDBInstance",
            "arn:aws:rds:eu-west-1:111122223333:db:d",
            "aws:ResourceTag/a",
            "rds:db-tag/a",
            "Allowed",
        ),
    ] {
        let found =
            answer(&line(USER, action, resource, &json!({given: "on"}), &json!({"StringEquals": {asked: "on"}})));
        assert_eq!(found["decision"], expected, "{action} {given} {asked} {found}");
    }
}

/// docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html
#[test]
fn the_account_of_the_resource_follows_from_whatever_names_it() {
    let (own, other) = ("111122223333", "444455556666");
    let bucket = "arn:aws:s3:::b/k";
    for (resource, context, asked, expected) in [
        (bucket, json!({}), json!({"aws:ResourceAccount": own}), "Allowed"),
        (bucket, json!({}), json!({"s3:ResourceAccount": own}), "Allowed"),
        (bucket, json!({"aws:ResourceAccount": own}), json!({"s3:ResourceAccount": own}), "Allowed"),
        // The bucket is another account's, whose policy would have to allow as well.
        (bucket, json!({"aws:ResourceAccount": other}), json!({"aws:ResourceAccount": other}), "ImplicitlyDenied"),
        (bucket, json!({"aws:ResourceAccount": other}), json!({"s3:ResourceAccount": own}), "ImplicitlyDenied"),
    ] {
        check(USER, "s3:GetObject", resource, &context, &asked, expected, &[]);
    }
}

/// docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html and the pages beside the rows.
#[test]
fn what_the_reference_leaves_open_is_named_where_it_counts() {
    let key = "arn:aws:kms:eu-west-1:111122223333:key/k";
    let reservation = "arn:aws:ec2:eu-west-1:111122223333:capacity-reservation/cr-1";
    let connection = "arn:aws:ec2:eu-west-1:111122223333:vpn-connection/vpn-1";
    let role = "arn:aws:iam::111122223333:role/r";
    for (action, resource, given, asked, expected, row) in [
        (
            "kms:ReplicateKey",
            key,
            "aws:RequestTag/a",
            "aws:RequestTag/a",
            "ImplicitlyDenied",
            "tags-passed-without-a-key",
        ),
        ("kms:ReplicateKey", key, "aws:RequestTag/a", "aws:SourceIp", "ImplicitlyDenied", ""),
        (
            "ec2:CancelCapacityReservation",
            reservation,
            "aws:ResourceTag/a",
            "ec2:ResourceTag/a",
            "ImplicitlyDenied",
            "one-of-two-keys-of-the-same-tags",
        ),
        ("ec2:CancelCapacityReservation", reservation, "aws:ResourceTag/a", "aws:ResourceTag/a", "Allowed", ""),
        ("ec2:GetActiveVpnTunnelStatus", connection, "aws:ResourceTag/a", "ec2:ResourceTag/a", "Allowed", ""),
        (
            "ec2:GetActiveVpnTunnelStatus",
            connection,
            "aws:ResourceTag/a",
            "aws:ResourceTag/a",
            "ImplicitlyDenied",
            "one-of-two-keys-of-the-same-tags",
        ),
        ("iam:PassRole", role, "aws:ResourceTag/a", "iam:ResourceTag/a", "Allowed", "role-tags-in-pass-role"),
        (
            "sts:TagSession",
            role,
            "aws:RequestTag/a",
            "sts:ExternalId",
            "ImplicitlyDenied",
            "external-id-of-tags-and-source-identity",
        ),
        (
            "sts:SetSourceIdentity",
            role,
            "sts:SourceIdentity",
            "sts:ExternalId",
            "ImplicitlyDenied",
            "external-id-of-tags-and-source-identity",
        ),
    ] {
        let found = answer(&line(USER, action, resource, &json!({given: "1"}), &json!({"StringEquals": {asked: "1"}})));
        let rows: Vec<_> = found["notes"].as_array().unwrap().iter().map(|note| note.as_str().unwrap()).collect();
        let rows: Vec<_> = rows.into_iter().filter(|note| !note.contains(' ')).collect();
        let expected_rows: Vec<_> = Some(row).filter(|row| !row.is_empty()).into_iter().collect();
        assert_eq!((&found["decision"], rows), (&json!(expected), expected_rows), "{action} {given} {asked}");
    }
}

/// `¦` stands before each key that a fault is told of.
#[test]
fn what_contradicts_itself_is_told_with_both_and_their_places() {
    for (principal, action, resource, context, messages) in [
        (
            USER,
            "ec2:StopInstances",
            INSTANCE,
            r#"{"aws:ResourceTag/x":"a",¦"ec2:ResourceTag/X":"b"}"#,
            &["ec2:ResourceTag/X is `b`, but aws:ResourceTag/x is `a`: they are the same tag of the resource"][..],
        ),
        (
            USER,
            "ecr:CreateRepository",
            REPOSITORY,
            r#"{¦"aws:TagKeys":["a","c"],"aws:RequestTag/a":"1",¦"aws:RequestTag/b":"2"}"#,
            &[
                "aws:TagKeys names `c`, but aws:RequestTag/c is not given",
                "aws:RequestTag/b is given, but aws:TagKeys does not name `b`",
            ],
        ),
        // The policy asks for aws:RequestTag, so that the names alone are not enough.
        (
            USER,
            "ecr:CreateRepository",
            REPOSITORY,
            r#"{¦"aws:TagKeys":["a"]}"#,
            &["aws:TagKeys names `a`, but aws:RequestTag/a is not given"],
        ),
        (
            USER,
            "s3:GetObject",
            "arn:aws:s3:::b/k",
            r#"{¦"aws:PrincipalAccount":"444455556666",¦"aws:username":"bob",¦"aws:PrincipalIsAWSService":"true"}"#,
            &[
                "aws:PrincipalAccount is `444455556666`, but the principal `arn:aws:iam::111122223333:user/ann` makes it `111122223333`",
                "aws:username is `bob`, but the principal `arn:aws:iam::111122223333:user/ann` makes it `ann`",
                "aws:PrincipalIsAWSService is `true`, but the principal `arn:aws:iam::111122223333:user/ann` makes it `false`",
            ],
        ),
        (
            SESSION,
            "s3:GetObject",
            "arn:aws:s3:::b/k",
            r#"{¦"aws:PrincipalArn":"arn:aws:iam::111122223333:role/other"}"#,
            &["aws:PrincipalArn is `arn:aws:iam::111122223333:role/other`, but the principal \
               `arn:aws:sts::111122223333:assumed-role/app/i-1` makes it `arn:aws:iam::111122223333:role/app`"],
        ),
        (
            USER,
            "ecr:CreateRepository",
            REPOSITORY,
            r#"{¦"aws:ResourceAccount":"444455556666"}"#,
            &[
                "aws:ResourceAccount is `444455556666`, but the resource `arn:aws:ecr:eu-west-1:111122223333:repository/web` makes it `111122223333`",
            ],
        ),
        (
            USER,
            "s3:GetObject",
            "arn:aws:s3:::b/k",
            r#"{"aws:ResourceAccount":"444455556666",¦"s3:ResourceAccount":"777788889999"}"#,
            &["s3:ResourceAccount is `777788889999`, but aws:ResourceAccount makes it `444455556666`"],
        ),
        (
            USER,
            "s3:GetObject",
            "arn:aws:s3:::b/k",
            r#"{"aws:SourceIp":"10.0.0.1",¦"aws:sourceIP":"10.0.0.2","é:B":"",¦"É:b":""}"#,
            &[
                "`aws:sourceIP` and `aws:SourceIp` are the same condition key: letter case does not count",
                "`É:b` and `é:B` are the same condition key: letter case does not count",
            ],
        ),
    ] {
        let condition = json!({"StringEquals": {"aws:RequestTag/x": "1"}});
        let marked = line(principal, action, resource, &json!({}), &condition).replacen("{}", context, 1);
        let columns = marked.chars().enumerate().filter(|&(_, c)| c == '¦').enumerate();
        let columns: Vec<_> = columns.map(|(before, (at, _))| at + 1 - before).collect();
        let found = answer(&marked.replace('¦', ""));
        let error = &found["error"];
        let told: Vec<_> = std::iter::once(error).chain(error["also"].as_array().into_iter().flatten()).collect();
        let told_messages: Vec<_> = told.iter().map(|one| one["message"].as_str().unwrap_or_default()).collect();
        let told_columns: Vec<_> = told.iter().map(|one| one["column"].as_u64().unwrap_or_default() as usize).collect();
        assert_eq!((told_messages, told_columns), (messages.to_vec(), columns), "{found}");
    }
}

/// docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-vpceaccount: "The
/// following services support this key".
#[test]
fn whose_endpoint_a_request_comes_through_some_services_tell() {
    const BUCKET: &str = "arn:aws:s3:::b/k";
    const TOPIC: &str = "arn:aws:sns:eu-west-1:111122223333:t";
    const ROLE: &str = "arn:aws:iam::111122223333:role/app";
    let account = json!({"aws:VpceAccount": "111122223333"});
    let organization = json!({"aws:VpceOrgID": "o-1"});
    let left_out = |key: &str, action: &str| format!("{key} is left out: no request for {action} carries it");
    check(USER, "s3:GetObject", BUCKET, &account, &account, "Allowed", &[]);
    check(USER, "s3:GetObject", BUCKET, &organization, &organization, "Allowed", &[]);
    let queue = "arn:aws:sqs:eu-west-1:111122223333:q";
    check(USER, "sqs:SendMessage", queue, &organization, &organization, "Allowed", &[]);
    for (action, resource, key, context) in [
        ("sns:Publish", TOPIC, "aws:VpceAccount", &account),
        ("sqs:SendMessage", queue, "aws:VpceAccount", &account),
        ("iam:PassRole", ROLE, "aws:VpceAccount", &account),
        ("iam:PassRole", ROLE, "aws:VpceOrgID", &organization),
    ] {
        check(USER, action, resource, context, context, "ImplicitlyDenied", &[&left_out(key, action)]);
    }
}

/// docs.aws.amazon.com/AmazonS3/latest/userguide/access-points-tagging.html: the example is about the access point's ARN.
#[test]
fn tags_of_an_access_point_are_left_out_on_its_bucket_and_left_open() {
    let tag = json!({"s3:AccessPointTag/a": "b"});
    let note = "s3:AccessPointTag/a is left out: no request for s3:GetObject on a resource of type object carries it";
    let row = "access-point-tag-on-its-bucket";
    check(USER, "s3:GetObject", "arn:aws:s3:::b/k", &tag, &tag, "ImplicitlyDenied", &[note, row]);
    let point = "arn:aws:s3:eu-west-1:111122223333:accesspoint/ap/object/k";
    check(USER, "s3:GetObject", point, &tag, &tag, "Allowed", &[]);
    // Without an access point there is nothing to leave open.
    let never = json!({});
    check(USER, "s3:GetObject", "arn:aws:s3:::b/k", &never, &tag, "ImplicitlyDenied", &[]);
}

/// docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-calledvia and …-viaawsservice:
/// the first is "not present when the principal makes the call directly", and the second is `false` then.
#[test]
fn keys_that_tell_how_a_call_came_agree_with_each_other() {
    let (queue, one, two) =
        ("arn:aws:sqs:eu-west-1:111122223333:q", "cloudformation.amazonaws.com", "athena.amazonaws.com");
    let direct = |by: &str| {
        Some(format!("aws:ViaAWSService is `false`, but {by} says that a service makes the call for the principal"))
    };
    for (context, expected) in [
        (json!({"aws:ViaAWSService": "false", "aws:CalledVia": [one]}), direct("aws:CalledVia")),
        (json!({"aws:CalledVia": [one], "aws:ViaAWSService": "false"}), direct("aws:CalledVia")),
        (json!({"AWS:CalledVia": one, "aws:viaawsservice": "false"}), direct("aws:CalledVia")),
        (json!({"aws:CalledViaFirst": one, "aws:ViaAWSService": "false"}), direct("aws:CalledViaFirst")),
        (json!({"aws:ViaAWSService": "false", "aws:CalledViaLast": one}), direct("aws:CalledViaLast")),
        (json!({"aws:ViaAWSService": "false", "aws:CalledVia": []}), None),
        (json!({"aws:ViaAWSService": "true", "aws:CalledVia": [one]}), None),
        // A service that makes calls so and is not in aws:CalledVia: "not all services".
        (json!({"aws:ViaAWSService": "true"}), None),
        (json!({"aws:CalledVia": [one, two], "aws:CalledViaFirst": one, "aws:CalledViaLast": two}), None),
        (
            json!({"aws:CalledViaFirst": two, "aws:CalledVia": [one, two]}),
            Some(format!("aws:CalledViaFirst is `{two}`, but the first service of aws:CalledVia is `{one}`")),
        ),
        (
            json!({"aws:CalledVia": [one, two], "aws:CalledViaLast": one}),
            Some(format!("aws:CalledViaLast is `{one}`, but the last service of aws:CalledVia is `{two}`")),
        ),
    ] {
        let found = answer(&line(SESSION, "sqs:SendMessage", queue, &context, &json!({})));
        assert_eq!(found["error"]["message"].as_str(), expected.as_deref(), "{context}: {found}");
    }
}
