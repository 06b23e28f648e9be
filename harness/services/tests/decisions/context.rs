//! Which keys a request carries, by who asks, from where, and for what. Expectations are the pages' own words under
//! "Availability". docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html

use std::collections::HashMap;
use std::sync::Arc;

use account::{Check, Endpoint, Identity, Levels, Organization, RecordedDecision, Tracing};
use policy::{Context, ContextValue, Kind, Verdict};
use serde_json::json;
use testkit::{ACCOUNT, Kit, OTHER, allow, root};

/// Who asks, in the order of the tables' columns.
struct Callers {
    kit: Kit,
    all: [Arc<Identity>; 9],
    user_id: String,
    role_id: String,
}

fn callers() -> Callers {
    let mut kit = Kit::with_other(services::ALL);
    let member = Levels { path: Some("r-ab12/ou-ab12-11111111".to_owned()), ..Levels::default() };
    kit.world.set_organization(Organization {
        id: "o-1".to_owned(),
        management: None,
        members: HashMap::from([(ACCOUNT.to_owned(), member)]),
    });
    let user = kit.user("ann", json!([allow(&["*"])]));
    let tag = json!([{ "Key": "team", "Value": "blue" }]);
    kit.setup("iam:TagUser", json!({ "UserName": "ann", "Tags": tag }));
    let anyone = json!([{ "Effect": "Allow", "Principal": { "AWS": ACCOUNT }, "Action": "sts:*" }]);
    let role = kit.role("app", anyone, json!([allow(&["*"])]));
    let mut session = |who: &Arc<Identity>, operation: &str, input| {
        let answer = kit.call(who, operation, input).unwrap_or_else(|fault| panic!("{operation}: {fault}"));
        kit.identity(&answer)
    };
    let of_user = session(&user, "sts:GetSessionToken", json!({}));
    let of_root = session(&root(ACCOUNT), "sts:GetSessionToken", json!({}));
    let asked = json!({ "RoleArn": role, "RoleSessionName": "one", "Tags": tag, "SourceIdentity": "ann" });
    let of_role = session(&user, "sts:AssumeRole", asked);
    let federated = session(&user, "sts:GetFederationToken", json!({ "Name": "bob" }));
    let asked = json!({ "Name": "eve", "Tags": [{ "Key": "team", "Value": "red" }] });
    let of_nobody = session(&root(ACCOUNT), "sts:GetFederationToken", asked);
    let service = Arc::new(Identity::Service {
        name: "ecs-tasks.amazonaws.com".to_owned(),
        source_arn: Some("arn:aws:ecs:us-east-1:123456789012:task/1".to_owned()),
        source_account: Some(ACCOUNT.to_owned()),
    });
    let id = |answer: serde_json::Value, what: &str| answer[what][format!("{what}Id")].as_str().unwrap().to_owned();
    let user_id = id(kit.setup("iam:GetUser", json!({ "UserName": "ann" })), "User");
    let role_id = id(kit.setup("iam:GetRole", json!({ "RoleName": "app" })), "Role");
    let nobody = Arc::new(Identity::Anonymous);
    let all = [nobody, root(ACCOUNT), user, of_user, of_root, of_role, federated, of_nobody, service];
    Callers { kit, all, user_id, role_id }
}

/// What is decided about a check.
fn decided(kit: &mut Kit, who: &Arc<Identity>, check: Check) -> RecordedDecision {
    let mut decisions = Vec::new();
    let mut call = account::Call {
        identity: Arc::clone(who),
        now: kit.now,
        ids: &mut kit.ids,
        surroundings: &kit.surroundings,
        tracing: Tracing::Denials,
        decisions: &mut decisions,
    };
    // The verdict is in what is recorded as well.
    let _ = kit.world.authorize(&mut call, check);
    call.decisions.pop().expect("a decision")
}

/// The context that a request has for a check, whatever is decided.
fn context(kit: &mut Kit, who: &Arc<Identity>, check: Check) -> Context {
    decided(kit, who, check).request.context
}

fn verdict(kit: &mut Kit, who: &Arc<Identity>, check: Check) -> Verdict {
    decided(kit, who, check).decision.verdict
}

/// A value as the tables write it: `[…]` for a multivalued key, `-` for none.
fn value(context: &Context, key: &str) -> String {
    match context.get(key) {
        None => "-".to_owned(),
        Some(ContextValue::One(value)) => value.clone(),
        Some(ContextValue::Many(values)) => format!("[{}]", values.join(" ")),
    }
}

fn object() -> Check {
    Check::new("s3:GetObject", "arn:aws:s3:::b/k").owned_by(ACCOUNT)
}

/// docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#principaltable for the first three.
#[test]
fn who_asks() {
    const ANN: &str = "arn:aws:iam::123456789012:user/ann";
    const ROOT: &str = "arn:aws:iam::123456789012:root";
    const APP: &str = "arn:aws:iam::123456789012:role/app";
    const BOB: &str = "arn:aws:sts::123456789012:federated-user/bob";
    const EVE: &str = "arn:aws:sts::123456789012:federated-user/eve";
    const TASK: &str = "arn:aws:ecs:us-east-1:123456789012:task/1";
    const PATH: &str = "[o-1/r-ab12/ou-ab12-11111111/]";
    const NOW: &str = "2026-11-24T08:00:00Z";
    const ECS: &str = "ecs-tasks.amazonaws.com";
    let Callers { mut kit, all, user_id, role_id } = callers();
    let (user, role) = (user_id.as_str(), &*format!("{role_id}:one"));
    let (bob, eve) = (&*format!("{ACCOUNT}:bob"), &*format!("{ACCOUNT}:eve"));
    #[rustfmt::skip]
    let table: [(&str, [&str; 9]); 21] = [
        // key                             anonymous     root       user     user's   root's     role           federated        by root          service
        ("aws:PrincipalType",             ["Anonymous", "Account", "User",  "User",  "Account", "AssumedRole", "FederatedUser", "FederatedUser", "AWSService"]),
        ("aws:userid",                    ["anonymous", ACCOUNT,   user,    user,    ACCOUNT,   role,          bob,             eve,             "-"]),
        ("aws:username",                  ["-",         "-",       "ann",   "ann",   "-",       "-",           "-",             "-",             "-"]),
        ("aws:PrincipalArn",              ["-",         ROOT,      ANN,     ANN,     ROOT,      APP,           BOB,             EVE,             "-"]),
        ("aws:PrincipalAccount",          ["anonymous", ACCOUNT,   ACCOUNT, ACCOUNT, ACCOUNT,   ACCOUNT,       ACCOUNT,         ACCOUNT,         "-"]),
        ("aws:PrincipalOrgID",            ["-",         "o-1",     "o-1",   "o-1",   "o-1",     "o-1",         "o-1",           "o-1",           "-"]),
        ("aws:PrincipalOrgPaths",         ["-",         PATH,      PATH,    PATH,    PATH,      PATH,          PATH,            PATH,            "-"]),
        ("aws:PrincipalTag/team",         ["-",         "-",       "blue",  "blue",  "-",       "blue",        "blue",          "red",           "-"]),
        ("aws:PrincipalIsAWSService",     ["-",         "false",   "false", "false", "false",   "false",       "false",         "false",         "true"]),
        ("aws:PrincipalServiceName",      ["-",         "-",       "-",     "-",     "-",       "-",           "-",             "-",             ECS]),
        ("aws:PrincipalServiceNamesList", ["-",         "-",       "-",     "-",     "-",       "-",           "-",             "-",             "[ecs-tasks.amazonaws.com]"]),
        ("aws:SourceArn",                 ["-",         "-",       "-",     "-",     "-",       "-",           "-",             "-",             TASK]),
        ("aws:SourceAccount",             ["-",         "-",       "-",     "-",     "-",       "-",           "-",             "-",             ACCOUNT]),
        ("aws:SourceOrgID",               ["-",         "-",       "-",     "-",     "-",       "-",           "-",             "-",             "o-1"]),
        ("aws:SourceOrgPaths",            ["-",         "-",       "-",     "-",     "-",       "-",           "-",             "-",             PATH]),
        ("aws:TokenIssueTime",            ["-",         "-",       "-",     NOW,     NOW,       NOW,           NOW,             NOW,             "-"]),
        ("aws:MultiFactorAuthPresent",    ["-",         "-",       "-",     "false", "false",   "false",       "-",             "-",             "-"]),
        ("aws:MultiFactorAuthAge",        ["-",         "-",       "-",     "-",     "-",       "-",           "-",             "-",             "-"]),
        ("aws:SourceIdentity",            ["-",         "-",       "-",     "-",     "-",       "ann",         "-",             "-",             "-"]),
        ("aws:ViaAWSService",             ["false",     "false",   "false", "false", "false",   "false",       "false",         "false",         "false"]),
        ("aws:CalledVia",                 ["-",         "-",       "-",     "-",     "-",       "-",           "-",             "-",             "-"]),
    ];
    let contexts = all.each_ref().map(|who| context(&mut kit, who, object()));
    for (key, expected) in table {
        let found = contexts.each_ref().map(|context| value(context, key));
        assert_eq!(found, expected, "{key}");
    }
    // Keys of sessions and of calls that nobody here can have or make.
    let nowhere = [
        "aws:AssumedRoot",
        "aws:CalledViaAWSMCP",
        "aws:CalledViaFirst",
        "aws:CalledViaLast",
        "aws:ChatbotSourceArn",
        "aws:Ec2InstanceSourcePrivateIPv4",
        "aws:Ec2InstanceSourceVpc",
        "aws:FederatedProvider",
        "aws:IsMcpServiceAction",
        "aws:SignInSessionArn",
        "aws:ViaAWSMCPService",
        "aws:ViaCustomerDomain",
        "codebuild:BuildArn",
        "codebuild:ProjectArn",
        "ec2:RoleDelivery",
        "ec2:SourceInstanceArn",
        "glue:CredentialIssuingService",
        "glue:RoleAssumedBy",
        "identitystore:UserId",
        "lambda:SourceFunctionArn",
        "ssm:SourceInstanceArn",
        // Of the request that assumed the role, not of those of its session.
        "sts:ExternalId",
        "sts:RoleSessionName",
        "sts:SourceIdentity",
        "sts:TransitiveTagKeys",
    ];
    for key in nowhere {
        assert!(contexts.iter().all(|context| context.get(key).is_none()), "{key}");
    }
}

/// What is "always included in the request context", no matter who asks, and what depends on the request alone.
#[test]
fn what_every_request_has() {
    let Callers { mut kit, all, .. } = callers();
    let keys = [
        ("aws:CurrentTime", "2026-11-24T08:00:00Z"),
        ("aws:EpochTime", "1795507200"),
        ("aws:RequestedRegion", "us-east-1"),
        ("aws:ResourceAccount", OTHER),
        ("aws:SecureTransport", "true"),
        ("aws:SourceIp", "192.0.2.1"),
        ("aws:UserAgent", "test"),
        ("aws:referer", "-"),
    ];
    for who in &all {
        let found = context(&mut kit, who, object().owned_by(OTHER));
        assert_eq!(keys.map(|(key, _)| value(&found, key)), keys.map(|(_, expected)| expected), "{who:?}");
    }
    kit.surroundings.referer = Some("http://example.com/".to_owned());
    assert_eq!(value(&context(&mut kit, &all[0], object()), "aws:Referer"), "http://example.com/");
}

#[test]
fn an_account_outside_the_organisation_has_none_of_its_keys() {
    let Callers { mut kit, .. } = callers();
    let found = context(&mut kit, &root(OTHER), object());
    let keys = ["aws:PrincipalOrgID", "aws:PrincipalOrgPaths", "aws:ResourceOrgID", "aws:ResourceOrgPaths"];
    assert_eq!(keys.map(|key| value(&found, key)), ["-", "-", "o-1", "[o-1/r-ab12/ou-ab12-11111111/]"]);
    let found = context(&mut kit, &root(ACCOUNT), object().owned_by(OTHER));
    assert_eq!(keys.map(|key| value(&found, key)), ["o-1", "[o-1/r-ab12/ou-ab12-11111111/]", "-", "-"]);
}

/// docs.aws.amazon.com/IAM/latest/UserGuide/resource_examples_iam_policies_resource_account.html
#[test]
fn managed_policies_of_aws_are_in_nobodys_account() {
    let Callers { mut kit, all, .. } = callers();
    let aws = "arn:aws:iam::aws:policy/ReadOnlyAccess";
    let own = "arn:aws:iam::123456789012:policy/p";
    let role = "arn:aws:iam::123456789012:role/app";
    let keys = ["aws:ResourceAccount", "aws:ResourceOrgID", "aws:ResourceOrgPaths"];
    let ours = [ACCOUNT, "o-1", "[o-1/r-ab12/ou-ab12-11111111/]"];
    let cases = [
        ("iam:GetPolicy", aws, ["aws", "-", "-"]),
        ("iam:ListEntitiesForPolicy", aws, ["aws", "-", "-"]),
        ("iam:GetPolicy", own, ours),
        // Attaching one is an action on the role.
        ("iam:AttachRolePolicy", role, ours),
    ];
    for (action, resource, expected) in cases {
        let found = decided(&mut kit, &all[2], Check::new(action, resource).key("iam:PolicyARN", aws));
        assert_eq!(keys.map(|key| value(&found.request.context, key)), expected, "{action} {resource}");
        assert_eq!(found.decision.verdict, Verdict::Allowed, "{action} {resource}");
    }
}

#[test]
fn the_management_account_stands_under_the_root() {
    let of = |management: &str| Organization {
        id: "o-1".to_owned(),
        management: Some(management.to_owned()),
        ..Organization::default()
    };
    assert_eq!(of(ACCOUNT).path(ACCOUNT).as_deref(), Some("o-1/r-root/"));
    assert_eq!(of(ACCOUNT).path(OTHER), None);
}

/// An endpoint of a service in a VPC of its own, with a policy that allows these actions.
fn set_endpoint(kit: &mut Kit, service: &str, actions: &str) {
    let open = format!(
        r#"{{"Version":"2012-10-17","Statement":{}}}"#,
        json!([{ "Effect": "Allow", "Principal": "*", "Action": actions, "Resource": "*" }])
    );
    let document = iam::read_policy(&open, Kind::Endpoint).expect("a policy");
    let (id, vpc) = (format!("vpce-{service}"), format!("vpc-{service}"));
    let policy = Arc::new(policy::Policy::new(&id, Kind::Endpoint, &document));
    kit.world.set_endpoint(service, Endpoint { id, vpc, account: ACCOUNT.to_owned(), policy });
}

/// A role is passed in the course of a call to another service.
fn pass_role() -> Check {
    Check::new("iam:PassRole", "*").owned_by(ACCOUNT)
}

/// The keys of the network, with an endpoint for every service.
#[test]
fn where_a_request_comes_through() {
    let Callers { mut kit, all, .. } = callers();
    kit.surroundings.region = "eu-west-1".to_owned();
    let keys = [
        "aws:SourceIp",
        "aws:VpcSourceIp",
        "aws:SourceVpce",
        "aws:SourceVpc",
        "aws:SourceVpcArn",
        "aws:VpceAccount",
        "aws:VpceOrgID",
        "aws:VpceOrgPaths",
    ];
    let outside = "192.0.2.1 - - - - - - -".to_owned();
    // Of services that are on none of the page's lists.
    let through = |of: &str| format!("- 192.0.2.1 vpce-{of} vpc-{of} - - - -");
    let told = |of: &str, region: &str| {
        let vpc = format!("arn:aws:ec2:{region}:{ACCOUNT}:vpc/vpc-{of}");
        format!("- 192.0.2.1 vpce-{of} vpc-{of} {vpc} {ACCOUNT} o-1 [o-1/r-ab12/ou-ab12-11111111/]")
    };
    let found = |kit: &mut Kit, who, check: Check| {
        let found = context(kit, who, check.owned_by(ACCOUNT));
        keys.map(|key| value(&found, key)).join(" ")
    };
    let [nobody, root, user, .., service] = all;
    assert_eq!(found(&mut kit, &user, object()), outside);
    for service in ["s3", "ecs", "iam", "sts", "logs"] {
        set_endpoint(&mut kit, service, "*");
    }
    let of = |action| Check::new(action, "*");
    let table = [
        (&user, of("s3:GetObject"), told("s3", "eu-west-1")),
        (&user, of("ecs:ListClusters"), told("ecs", "eu-west-1")),
        // IAM's endpoints are where IAM is.
        (&user, of("iam:GetRole"), told("iam", "us-east-1")),
        // To EC2, which IAM itself asks for; and to ECS.
        (&user, pass_role(), through("iam")),
        (&user, pass_role().in_call_to("ecs"), through("ecs")),
        // On the list of one of the four keys.
        (&user, of("sts:AssumeRole"), "- 192.0.2.1 vpce-sts vpc-sts - - - [o-1/r-ab12/ou-ab12-11111111/]".to_owned()),
        (&user, of("logs:DescribeLogGroups"), through("logs")),
        (&nobody, of("s3:GetObject"), told("s3", "eu-west-1")),
        // Set up from outside the network.
        (&root, of("s3:GetObject"), outside.clone()),
        (&service, of("s3:GetObject"), outside),
    ];
    for (who, check, expected) in table {
        let action = check.action;
        assert_eq!(found(&mut kit, who, check), expected, "{action} {who:?}");
    }
}

/// An endpoint's policy is about calls to its own service, not about what that service asks for beside.
#[test]
fn whose_endpoint_has_a_say() {
    let Callers { mut kit, all, .. } = callers();
    set_endpoint(&mut kit, "ecs", "ecs:*");
    set_endpoint(&mut kit, "iam", "iam:Get*");
    let cases = [
        (Check::new("ecs:ListClusters", "*"), true),
        (pass_role().in_call_to("ecs"), true),
        (Check::new("iam:GetRole", "*"), true),
        (pass_role(), false),
    ];
    for (check, allowed) in cases {
        let what = format!("{} {:?}", check.action, check.called);
        assert_eq!(verdict(&mut kit, &all[2], check) == Verdict::Allowed, allowed, "{what}");
    }
}

/// `aws:RequestedRegion`: IAM has one region, whatever the client's is.
#[test]
fn which_region_is_asked() {
    let Callers { mut kit, all, .. } = callers();
    kit.surroundings.region = "eu-west-1".to_owned();
    let of = |action| Check::new(action, "*");
    let cases = [
        (of("s3:GetObject"), "eu-west-1"),
        (of("ecs:RunTask"), "eu-west-1"),
        (of("sts:AssumeRole"), "eu-west-1"),
        (of("iam:GetRole"), "us-east-1"),
        (pass_role(), "us-east-1"),
        (pass_role().in_call_to("ecs"), "eu-west-1"),
    ];
    for (check, expected) in cases {
        let what = format!("{} {:?}", check.action, check.called);
        assert_eq!(value(&context(&mut kit, &all[2], check), "aws:RequestedRegion"), expected, "{what}");
    }
}

/// docs.aws.amazon.com/AmazonS3/latest/API/bucket-policy-s3-sigv4-conditions.html
#[test]
fn what_s3_tells_of_a_request() {
    let Callers { mut kit, all, .. } = callers();
    let keys = [
        "s3:authType",
        "s3:signatureversion",
        "s3:signatureAge",
        "s3:x-amz-content-sha256",
        "s3:TlsVersion",
        "s3:ResourceAccount",
    ];
    let mut check = |who: usize, action, age_ms: Option<i64>, expected: [&str; 6]| {
        let auth_type = if age_ms.is_none() { "REST-HEADER" } else { "REST-QUERY-STRING" };
        let content_sha256 = age_ms.is_none().then(|| "UNSIGNED-PAYLOAD".to_owned());
        kit.surroundings.signing =
            Some(account::Signing { auth_type, version: "AWS4-HMAC-SHA256", age_ms, content_sha256 });
        let found = context(&mut kit, &all[who], Check::new(action, "*").owned_by(OTHER));
        assert_eq!(keys.map(|key| value(&found, key)), expected, "{action} {:?}", all[who]);
    };
    let v4 = "AWS4-HMAC-SHA256";
    check(2, "s3:GetObject", None, ["REST-HEADER", v4, "-", "UNSIGNED-PAYLOAD", "1.3", OTHER]);
    check(2, "s3:ListAllMyBuckets", None, ["REST-HEADER", v4, "-", "UNSIGNED-PAYLOAD", "1.3", OTHER]);
    check(5, "s3:PutObject", Some(700), ["REST-QUERY-STRING", v4, "700", "-", "1.3", OTHER]);
    check(0, "s3:GetObject", None, ["-", "-", "-", "-", "1.3", OTHER]);
    check(2, "ecs:ListClusters", None, ["-"; 6]);
}

/// `iam:ResourceTag` is IAM's and STS's second name for a role's tags, `ecs:ResourceTag` and `s3:BucketTag` are ECS's and
/// S3's; the reference lists them on the resource types.
#[test]
fn tags_of_the_resource_under_each_name() {
    let Callers { mut kit, all, .. } = callers();
    let tags = [("k", "v")].into_iter().collect();
    let keys = ["aws:ResourceTag/k", "iam:ResourceTag/k", "ecs:ResourceTag/k", "s3:BucketTag/k"];
    let cases = [
        ("iam:GetRole", "arn:aws:iam::111122223333:role/r", ["v", "v", "-", "-"]),
        ("sts:AssumeRole", "arn:aws:iam::111122223333:role/r", ["v", "v", "-", "-"]),
        ("iam:GetPolicy", "arn:aws:iam::111122223333:policy/p", ["v", "-", "-", "-"]),
        ("ecs:StopTask", "arn:aws:ecs:us-east-1:111122223333:task/c/t", ["v", "-", "v", "-"]),
        ("s3:GetObject", "arn:aws:s3:::b/k", ["v", "-", "-", "v"]),
        ("logs:CreateLogGroup", "arn:aws:logs:us-east-1:111122223333:log-group:g", ["v", "-", "-", "-"]),
        // No resource type: nothing whose tags could count.
        ("ecs:ListClusters", "*", ["-", "-", "-", "-"]),
    ];
    for (action, resource, expected) in cases {
        let found = context(&mut kit, &all[2], Check::new(action, resource).tagged(&tags));
        assert_eq!(keys.map(|key| value(&found, key)), expected, "{action}");
    }
}

/// The account, `simulate`, lint and explanations are held to the same questions: whether a request on one row carries one
/// tag key.
#[test]
fn a_tag_key_is_there_where_the_row_carries_it() {
    let Callers { mut kit, all, .. } = callers();
    let tags = [("team", "a")].into_iter().collect();
    let questions: Vec<_> = catalog::tag_questions().collect();
    let mut wrong = Vec::new();
    for of_row in questions.chunk_by(|one, next| one.row == next.row) {
        let (row, resource) = (of_row[0].row, &of_row[0].resource);
        let check = Check::new(row.action().name(), resource.as_str()).tagged(&tags).passing(&tags);
        let found = context(&mut kit, &all[1], check);
        let twins = [row.resource_tag_twin(), row.request_tag_twin()];
        for question in of_row {
            // A service's own name is there for the tags of the resource itself, and not for those of what it is in.
            let name = question.key.split('/').next().unwrap();
            let is_own = name.starts_with("aws:") || twins.contains(&Some(name));
            if found.get(&question.key).is_some() != (question.carries && is_own) {
                wrong.push(question);
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {}: {:#?}", wrong.len(), questions.len(), &wrong[..wrong.len().min(10)]);
}
