//! Whole calls: what AWS asks about them, and what becomes of them. Expectations by hand, from the pages as they are named,
//! before anything ran.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on fails")]

use std::borrow::Cow;

use policy::{ContextValue, Kind};
use serde_json::{Value, json};
use simulate::{Attached, Compiled, Question, Simulator};

mod rows;
mod s3;
mod sts;

const ANN: &str = "arn:aws:iam::111122223333:user/ann";
const EC2: &str = "arn:aws:ec2:us-east-1:111122223333";
const IMAGE: &str = "arn:aws:ec2:us-east-1::image/ami-1";

fn answer(line: &Value, traced: bool) -> Value {
    let mut out = Vec::new();
    Simulator::new(None).answer(line.to_string().as_bytes(), 1, traced, &mut out);
    serde_json::from_slice(&out).unwrap()
}

/// A call by ann with one identity-based policy.
fn call(operation: &str, statements: &Value, resources: &[Value], context: &Value) -> Value {
    json!({"id": 1, "principal": ANN, "operation": operation, "resources": resources, "context": context,
        "policies": {"identity": [{"Version": "2012-10-17", "Statement": statements}]}})
}

/// `Allowed`, or the verdict with the action and the resource that is refused.
fn told(answer: &Value) -> String {
    let refusal = &answer["refusal"];
    match refusal["action"].as_str() {
        None => answer["decision"].as_str().map_or_else(|| answer.to_string(), str::to_owned),
        Some(action) => {
            let resource = refusal["resource"].as_str().unwrap();
            let end = resource.rsplit(':').next().unwrap();
            format!("{}: {action} on {end}", answer["decision"].as_str().unwrap())
        }
    }
}

/// Everything that is asked: `ec2:RunInstances on instance/*`.
fn asked(line: &Value) -> Vec<String> {
    let traced = answer(line, true);
    let all = traced["asked"].as_array().unwrap_or_else(|| panic!("{traced}")).iter();
    all.map(|one| {
        let end = one["resource"].as_str().unwrap().rsplit(':').next().unwrap();
        format!("{} on {end}", one["action"].as_str().unwrap())
    })
    .collect()
}

fn notes(answer: &Value) -> Vec<&str> {
    answer["notes"].as_array().unwrap_or_else(|| panic!("{answer}")).iter().filter_map(Value::as_str).collect()
}

fn error(answer: &Value) -> String {
    let (message, help) = (&answer["error"]["message"], &answer["error"]["help"]);
    format!("{}; {}", message.as_str().unwrap_or_else(|| panic!("{answer}")), help.as_str().unwrap_or_default())
}

fn tags(tags: &[(&str, &str)]) -> Value {
    let mut context: serde_json::Map<_, _> =
        tags.iter().map(|(key, value)| (format!("aws:RequestTag/{key}"), json!(value))).collect();
    context.insert("aws:TagKeys".to_owned(), tags.iter().map(|(key, _)| json!(key)).collect());
    Value::Object(context)
}

/// RunInstances with the tags of the instance and of the volume.
fn run(statements: &Value, instance: &[(&str, &str)], volume: &[(&str, &str)]) -> String {
    let of = |kind: &str, given: &[(&str, &str)]| {
        let context = if given.is_empty() { json!({}) } else { tags(given) };
        json!({"resource": format!("{EC2}:{kind}"), "context": context})
    };
    let resources = [
        json!({"resource": IMAGE}),
        json!({"resource": format!("{EC2}:subnet/subnet-1")}),
        json!({"resource": format!("{EC2}:security-group/sg-1")}),
        of("instance/*", instance),
        of("volume/*", volume),
    ];
    told(&answer(&call("ec2:RunInstances", statements, &resources, &json!({})), false))
}

const NONE: &[(&str, &str)] = &[];

/// docs.aws.amazon.com/AWSEC2/latest/UserGuide/ExamplePolicies_EC2.html#iam-example-runinstances-tags
#[test]
fn run_instances_as_the_example_policies_say() {
    // "Users cannot tag existing resources, and users cannot tag volumes using the RunInstances request."
    let tag_instances = json!([
        {"Effect": "Allow", "Action": ["ec2:RunInstances"], "Resource": "*"},
        {"Effect": "Allow", "Action": ["ec2:CreateTags"], "Resource": format!("{EC2}:instance/*"),
         "Condition": {"StringEquals": {"ec2:CreateAction": "RunInstances"}}}]);
    let rest = json!([
        IMAGE.replace("ami-1", "*"),
        format!("{EC2}:subnet/*"),
        format!("{EC2}:network-interface/*"),
        format!("{EC2}:security-group/*"),
        format!("{EC2}:key-pair/*")
    ]);
    let create_tags = json!({"Effect": "Allow", "Action": ["ec2:CreateTags"], "Resource": format!("{EC2}:*/*"),
        "Condition": {"StringEquals": {"ec2:CreateAction": "RunInstances"}}});
    let tagged = |condition: Value| {
        json!([
            {"Effect": "Allow", "Action": ["ec2:RunInstances"], "Resource": rest},
            {"Effect": "Allow", "Action": ["ec2:RunInstances"],
             "Resource": [format!("{EC2}:volume/*"), format!("{EC2}:instance/*")], "Condition": condition},
            create_tags])
    };
    // "If users don't pass these specific tags, or if they don't specify tags at all, the request fails."
    let specific = tagged(
        json!({"StringEquals": {"aws:RequestTag/environment": "production", "aws:RequestTag/purpose": "webserver"}}),
    );
    // "The tag must be applied to both instances and volumes."
    let at_least_one = tagged(json!({"ForAnyValue:StringEquals": {"aws:TagKeys": ["environment", "webserver"]}}));
    // "Users do not have to specify tags in the request, but if they do, the tag must be purpose=test."
    let only_test = json!([
        {"Effect": "Allow", "Action": ["ec2:RunInstances"], "Resource": "*"},
        {"Effect": "Allow", "Action": ["ec2:CreateTags"], "Resource": format!("{EC2}:*/*"),
         "Condition": {"StringEquals": {"aws:RequestTag/purpose": "test", "ec2:CreateAction": "RunInstances"},
                       "ForAllValues:StringEquals": {"aws:TagKeys": "purpose"}}}]);
    // "To disallow anyone called tag on create for RunInstances"
    let no_tags = json!([
        {"Effect": "Allow", "Action": ["ec2:RunInstances"], "Resource": "*"},
        {"Effect": "Deny", "Action": "ec2:CreateTags", "Resource": "*"}]);
    let (both, some) = ([("environment", "production"), ("purpose", "webserver")], [("environment", "production")]);
    for (statements, instance, volume, expected) in [
        (&tag_instances, NONE, NONE, "Allowed"),
        (&tag_instances, &[("any", "tag")], NONE, "Allowed"),
        (&tag_instances, &[("any", "tag")], &[("any", "tag")], "ImplicitlyDenied: ec2:CreateTags on volume/*"),
        (&specific, &both, &both, "Allowed"),
        (&specific, &both, NONE, "ImplicitlyDenied: ec2:RunInstances on volume/*"),
        (&specific, &some, &both, "ImplicitlyDenied: ec2:RunInstances on instance/*"),
        (&specific, NONE, NONE, "ImplicitlyDenied: ec2:RunInstances on instance/*"),
        (&at_least_one, &[("webserver", "x")], &[("environment", "y"), ("z", "z")], "Allowed"),
        (&at_least_one, &[("webserver", "x")], &[("z", "z")], "ImplicitlyDenied: ec2:RunInstances on volume/*"),
        (&only_test, NONE, NONE, "Allowed"),
        (&only_test, &[("purpose", "test")], NONE, "Allowed"),
        (&only_test, &[("purpose", "prod")], NONE, "ImplicitlyDenied: ec2:CreateTags on instance/*"),
        (&only_test, &[("purpose", "test"), ("a", "b")], NONE, "ImplicitlyDenied: ec2:CreateTags on instance/*"),
        (&no_tags, NONE, NONE, "Allowed"),
        (&no_tags, NONE, &[("a", "b")], "ExplicitlyDenied: ec2:CreateTags on volume/*"),
    ] {
        assert_eq!(run(statements, instance, volume), expected, "{statements} {instance:?} {volume:?}");
    }
}

/// What the call makes is asked without being given, and the keys of the call go where its requests carry them.
#[test]
fn run_instances_asks_on_what_it_makes() {
    let anything = json!([{"Effect": "Allow", "Action": "*", "Resource": "*"}]);
    let resources = [
        json!({"resource": IMAGE}),
        json!({"resource": format!("{EC2}:subnet/subnet-1")}),
        json!({"resource": format!("{EC2}:security-group/sg-1")}),
        json!({"resource": "arn:aws:iam::111122223333:role/web"}),
    ];
    let line = call("ec2:RunInstances", &anything, &resources, &tags(&[("team", "x")]));
    assert_eq!(
        asked(&line),
        [
            "ec2:RunInstances on image/ami-1",
            "ec2:RunInstances on subnet/subnet-1",
            "ec2:RunInstances on security-group/sg-1",
            "ec2:RunInstances on instance/*",
            "ec2:RunInstances on network-interface/*",
            "ec2:RunInstances on volume/*",
            "iam:PassRole on role/web",
            "ec2:CreateTags on instance/*",
            "ec2:CreateTags on network-interface/*",
            "ec2:CreateTags on volume/*",
        ]
    );
    // The image and the subnet have no aws:RequestTag, so that this refuses every call.
    let by_tag = json!([{"Effect": "Allow", "Action": "*", "Resource": "*",
        "Condition": {"StringEquals": {"aws:RequestTag/team": "x"}}}]);
    let answer = answer(&call("ec2:RunInstances", &by_tag, &resources, &tags(&[("team", "x")])), false);
    assert_eq!(told(&answer), "ImplicitlyDenied: ec2:RunInstances on image/ami-1");
}

/// An image has no aws:RequestTag in the reference's row, an instance has.
#[test]
fn a_reason_says_on_what_a_key_is_never_carried() {
    let text = r#"{"Version": "2012-10-17", "Statement": {"Sid": "Tag", "Effect": "Allow", "Action": "*", "Resource": "*",
        "Condition": {"StringEquals": {"aws:RequestTag/team": "x"}}}}"#;
    for (action, resource, expected) in [
        ("ec2:RunInstances", IMAGE, "(a request for ec2:RunInstances on a resource of type image never carries it)"),
        ("s3:GetObject", "arn:aws:s3:::b/k", "(s3:GetObject never carries it)"),
        ("ec2:RunInstances", "arn:aws:ec2:us-east-1:111122223333:instance/*", "the request has no aws:RequestTag/team"),
    ] {
        let mut attached = Attached::default();
        attached.add(Compiled::read("p", Kind::Identity, text).unwrap(), 0).unwrap();
        let context: Vec<(Cow<'_, str>, ContextValue)> = Vec::new();
        let (principal, action, resource) = (Cow::Borrowed(ANN), Cow::Borrowed(action), Cow::Borrowed(resource));
        let question = Question { principal, action, resource, resource_account: None, context, attached };
        let answer = Simulator::new(None).ask(question, true).unwrap();
        let reason = answer.decision.reason(&answer.request);
        assert!(reason.ends_with(expected), "{reason}");
    }
}

/// docs.aws.amazon.com/AWSEC2/latest/UserGuide/supported-iam-actions-tagging.html: "allows users to create volumes and
/// apply any tags to the volumes during volume creation. Users are not permitted to tag any existing resources".
#[test]
fn volumes_are_tagged_at_creation_only() {
    let statements = json!([
        {"Effect": "Allow", "Action": ["ec2:CreateVolume"], "Resource": "*"},
        {"Effect": "Allow", "Action": ["ec2:CreateTags"], "Resource": format!("{EC2}:*/*"),
         "Condition": {"StringEquals": {"ec2:CreateAction": "CreateVolume"}}}]);
    let mut context = tags(&[("a", "b")]);
    context["aws:RequestedRegion"] = json!("us-east-1");
    let line = call("ec2:CreateVolume", &statements, &[], &context);
    assert_eq!(asked(&line), ["ec2:CreateVolume on volume/*", "ec2:CreateTags on volume/*"]);
    assert_eq!(told(&answer(&line, false)), "Allowed");
    let later = [json!({"resource": format!("{EC2}:volume/vol-1")})];
    let line = call("ec2:CreateTags", &statements, &later, &tags(&[("a", "b")]));
    assert_eq!(told(&answer(&line, false)), "ImplicitlyDenied: ec2:CreateTags on volume/vol-1");
    let nowhere = answer(&call("ec2:CreateVolume", &statements, &[], &json!({})), false);
    assert!(error(&nowhere).contains("aws:RequestedRegion"), "{nowhere}");
}

/// docs.aws.amazon.com/AmazonECS/latest/developerguide/supported-iam-actions-tagging.html, task-iam-roles.html
#[test]
fn run_task_passes_its_roles_and_tags_the_task() {
    let definition = json!({"resource": "arn:aws:ecs:us-east-1:111122223333:task-definition/web:1"});
    let role = json!({"resource": "arn:aws:iam::111122223333:role/task-ok"});
    let statements = |create_action: &str, service: &str| {
        json!([
            {"Effect": "Allow", "Action": "ecs:RunTask", "Resource": "*"},
            {"Effect": "Allow", "Action": "ecs:TagResource", "Resource": "*",
             "Condition": {"StringEquals": {"ecs:CreateAction": [create_action], "aws:ResourceTag/Status": "OK"}}},
            {"Effect": "Allow", "Action": "iam:PassRole", "Resource": "*",
             "Condition": {"StringEquals": {"iam:PassedToService": service}}}])
    };
    let both = [definition.clone(), role];
    let one = [definition];
    let tagged = tags(&[("Status", "OK")]);
    for (resources, context, statements, expected) in [
        (&both[..], &tagged, statements("RunTask", "ecs-tasks.amazonaws.com"), "Allowed"),
        (
            &both,
            &tagged,
            statements("StartTask", "ecs-tasks.amazonaws.com"),
            "ImplicitlyDenied: ecs:TagResource on task/*/*",
        ),
        (&both, &tagged, statements("RunTask", "ecs.amazonaws.com"), "ImplicitlyDenied: iam:PassRole on role/task-ok"),
        // "The ecs:TagResource action is only evaluated if tags are applied."
        (&one, &json!({}), statements("StartTask", "ecs.amazonaws.com"), "Allowed"),
    ] {
        let answer = answer(&call("ecs:RunTask", &statements, resources, context), false);
        assert_eq!(told(&answer), expected, "{statements}");
    }
    let alone = answer(&call("ecs:RunTask", &statements("RunTask", "x"), &one, &json!({})), false);
    assert!(notes(&alone).iter().any(|note| note.contains("iam:PassRole")), "{alone}");
}

#[test]
fn whole_calls_of_other_kinds() {
    let allow = |actions: &[&str]| json!([{"Effect": "Allow", "Action": actions, "Resource": "*"}]);
    let queue = json!({"resource": "arn:aws:sqs:us-east-1:111122223333:q"});
    let table = |action: &str| json!({"action": action, "resource": "arn:aws:dynamodb:us-east-1:111122223333:table/t"});
    let group = json!({"resource": "arn:aws:logs:us-east-1:111122223333:log-group:g"});
    let stream = json!({"resource": "arn:aws:kinesis:us-east-1:111122223333:stream/s"});
    let function = json!({"resource": "arn:aws:lambda:us-east-1:111122223333:function:f"});
    let rule = json!({"resource": "arn:aws:elasticloadbalancing:us-east-1:111122223333:listener-rule/net/a/b/c/d"});
    let tagged = tags(&[("a", "b")]);
    for (operation, actions, resources, context, expected) in [
        ("sqs:SendMessageBatch", &["sqs:SendMessage"][..], vec![queue.clone()], &json!({}), "Allowed"),
        ("sqs:CreateQueue", &["sqs:CreateQueue"], vec![queue], &tagged, "ImplicitlyDenied: sqs:TagQueue on q"),
        (
            "dynamodb:TransactWriteItems",
            &["dynamodb:PutItem"],
            vec![table("dynamodb:PutItem"), table("dynamodb:DeleteItem")],
            &json!({}),
            "ImplicitlyDenied: dynamodb:DeleteItem on table/t",
        ),
        (
            "lambda:PutResourcePolicy",
            &["lambda:PutResourcePolicy", "lambda:AddPermission"],
            vec![function.clone()],
            &json!({}),
            "ImplicitlyDenied: lambda:RemovePermission on f",
        ),
        (
            "lambda:GetResourcePolicy",
            &["lambda:GetResourcePolicy"],
            vec![function],
            &json!({}),
            "ImplicitlyDenied: lambda:GetPolicy on f",
        ),
        // Either of two actions is enough.
        ("logs:CreateLogGroup", &["logs:CreateLogGroup", "logs:TagLogGroup"], vec![group.clone()], &tagged, "Allowed"),
        ("logs:CreateLogGroup", &["logs:CreateLogGroup", "logs:TagResource"], vec![group.clone()], &tagged, "Allowed"),
        (
            "logs:CreateLogGroup",
            &["logs:CreateLogGroup"],
            vec![group],
            &tagged,
            "ImplicitlyDenied: logs:TagResource on g",
        ),
        (
            "kinesis:CreateStream",
            &["kinesis:CreateStream", "kinesis:TagResource"],
            vec![stream],
            &tagged,
            "ImplicitlyDenied: kinesis:AddTagsToStream on stream/s",
        ),
        // The reference requires a rule of an application load balancer and one of a network load balancer.
        ("elbv2:ModifyRule", &["elasticloadbalancing:ModifyRule"], vec![rule], &json!({}), "Allowed"),
    ] {
        let answer = answer(&call(operation, &allow(actions), &resources, context), false);
        assert_eq!(told(&answer), expected, "{operation} {actions:?}: {answer}");
    }
}

#[test]
fn what_is_wrong_with_a_call_is_told() {
    let anything = json!([{"Effect": "Allow", "Action": "*", "Resource": "*"}]);
    let bucket = json!({"resource": "arn:aws:s3:::b"});
    let image = json!({"resource": IMAGE});
    let other = json!({"action": "s3:ListBucket", "resource": "arn:aws:s3:::b/k"});
    for (operation, resources, expected) in [
        ("ec2:RunInstance", vec![], "no operation `ec2:RunInstance` is known; did you mean `ec2:RunInstances`?"),
        ("RunInstances", vec![], "no operation `RunInstances` is known; write it as in `ec2:RunInstances`"),
        ("apigateway:CreateRestApi", vec![], "API Gateway's actions are HTTP methods"),
        (
            "ec2:RunInstances",
            vec![image.clone()],
            "on a resource of type security-group too, and none is given; its ARN is \
            arn:${Partition}:ec2:${Region}:${Account}:security-group/${SecurityGroupId}",
        ),
        (
            "ec2:RunInstances",
            vec![image, bucket.clone()],
            "ec2:RunInstances is not asked on such a resource as `arn:aws:s3:::b`; \
            it is asked on capacity-reservation, ",
        ),
        ("s3:PutObject", vec![other], "s3:PutObject does not ask `s3:ListBucket`; it asks s3:PutObject, "),
        (
            "s3:PutObject",
            vec![],
            "s3:PutObject has no resource for s3:PutObject; give one of accesspointobject, object, or `*`",
        ),
        ("dynamodb:TransactWriteItems", vec![], "dynamodb:TransactWriteItems has no resource"),
        ("s3:PutObject", vec![json!({"resource": "b/k"})], "the resource `b/k` is neither an ARN nor `*`"),
    ] {
        let answer = answer(&call(operation, &anything, &resources, &json!({})), false);
        assert!(error(&answer).contains(expected), "{operation}: {answer}");
    }
    let line = json!({"principal": ANN, "action": "s3:GetObject", "operation": "s3:GetObject", "resource": "*",
        "policies": {"resource": {"Version": "2012-10-17", "Statement": [
            {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}]}}});
    let told = answer(&line, false).to_string();
    for expected in
        ["both `action` and `operation`", "`resource` stands beside `operation`", "a resource's policy stands in"]
    {
        assert!(told.contains(expected), "{expected}: {told}");
    }
    let line = json!({"principal": ANN, "action": "s3:GetObject", "resource": "*", "resources": [bucket]});
    assert!(answer(&line, false).to_string().contains("`resources` is for an `operation`"));
}

#[test]
fn a_single_question_says_what_its_call_asks_besides() {
    for (action, resource, context, expected) in [
        (
            "ec2:RunInstances",
            format!("{EC2}:instance/*"),
            tags(&[("a", "b")]),
            Some(
                "in a call of ec2:RunInstances AWS also asks ec2:RunInstances on its other resources (image, \
                 network-interface, security-group, subnet, volume), iam:PassRole on a role that is passed and ec2:CreateTags; \
                 `--operation ec2:RunInstances` asks all of it",
            ),
        ),
        (
            "ecs:RunTask",
            "arn:aws:ecs:us-east-1:111122223333:task-definition/web:1".to_owned(),
            json!({}),
            Some(
                "in a call of ecs:RunTask AWS also asks iam:PassRole on a role that is passed; `--operation ecs:RunTask` \
                 asks all of it",
            ),
        ),
        ("s3:GetObject", "arn:aws:s3:::b/k".to_owned(), json!({}), None),
        ("sqs:CreateQueue", "arn:aws:sqs:us-east-1:111122223333:q".to_owned(), json!({}), None),
        ("iam:PassRole", "arn:aws:iam::111122223333:role/r".to_owned(), json!({}), None),
    ] {
        let line = json!({"principal": ANN, "action": action, "resource": resource, "context": context});
        let answer = answer(&line, false);
        let besides = notes(&answer).into_iter().find(|note| note.starts_with("in a call"));
        assert_eq!(besides, expected, "{action}");
    }
}

/// docs.aws.amazon.com/service-authorization/latest/reference/list_awselasticloadbalancingv2.html: a listener's ARN has the
/// kind and the name of its load balancer.
#[test]
fn a_listener_is_tagged_as_its_load_balancers_kind() {
    let anything = json!([{"Effect": "Allow", "Action": "*", "Resource": "*"}]);
    let balancer = json!({"resource": "arn:aws:elasticloadbalancing:us-east-1:111122223333:loadbalancer/net/n/1"});
    let line = call("elbv2:CreateListener", &anything, &[balancer], &tags(&[("a", "b")]));
    assert_eq!(
        asked(&line),
        [
            "elasticloadbalancing:CreateListener on loadbalancer/net/n/1",
            "elasticloadbalancing:AddTags on listener/net/*/*/*"
        ]
    );
}

/// docs.aws.amazon.com/kms/latest/APIReference/API_CreateKey.html: "kms:CreateKey (IAM policy). To use the Tags parameter,
/// kms:TagResource (IAM policy)." The key has no policy yet.
#[test]
fn a_key_is_made_with_tags_by_policies_of_the_caller() {
    for (actions, expected) in [
        (&["kms:CreateKey"][..], "ImplicitlyDenied: kms:TagResource on key/*"),
        (&["kms:CreateKey", "kms:TagResource"], "Allowed"),
    ] {
        let statements = json!([{"Effect": "Allow", "Action": actions, "Resource": "*"}]);
        let mut context = tags(&[("a", "b")]);
        context["aws:RequestedRegion"] = json!("us-east-1");
        assert_eq!(told(&answer(&call("kms:CreateKey", &statements, &[], &context), false)), expected);
    }
}

/// Keys of a call are told where they stand, be they the call's or a resource's.
#[test]
fn a_contradiction_in_a_call_is_told_with_its_column() {
    let start = format!(r#"{{"principal":"{ANN}","operation":"s3:CopyObject","#);
    let resource = |action: &str, context: &str| {
        format!(r#"{{"action":"s3:{action}","resource":"arn:aws:s3:::b/{action}","context":{{{context}}}}}"#)
    };
    let wrong = r#""aws:username":"bob""#;
    for (own, of_get, of_put) in [(wrong, "", ""), ("", wrong, ""), (r#""aws:SourceIp":"10.0.0.1""#, "", wrong)] {
        let resources = [resource("GetObject", of_get), resource("PutObject", of_put)].join(",");
        let line = format!(r#"{start}"context":{{{own}}},"resources":[{resources}]}}"#);
        let mut out = Vec::new();
        Simulator::new(None).answer(line.as_bytes(), 1, false, &mut out);
        let answer: Value = serde_json::from_slice(&out).unwrap();
        let message = answer["error"]["message"].as_str().unwrap_or_else(|| panic!("{answer}"));
        assert!(message.starts_with("aws:username is `bob`, but "), "{message}");
        assert_eq!(answer["error"]["column"].as_u64(), line.find(wrong).map(|at| at as u64 + 1), "{line}");
        assert_eq!(answer["error"]["also"], Value::Null, "{answer}");
    }
}
