//! Which keys a request carries, by who asks, from where, and for what. Expectations are the pages' own words under
//! "Availability". docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html

use std::collections::HashMap;
use std::sync::Arc;

use policy::{Context, ContextValue, Kind};
use serde_json::json;

use crate::testkit::{ACCOUNT, Kit, OTHER, allow, root};
use crate::{Check, Endpoint, Identity, Levels, Organization, Tracing, iam};

/// Who asks, in the order of the tables' columns.
struct Callers {
    kit: Kit,
    all: [Arc<Identity>; 8],
    user_id: String,
    role_id: String,
}

fn callers() -> Callers {
    let mut kit = Kit::with_other();
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
    let service = Arc::new(Identity::Service {
        name: "ecs-tasks.amazonaws.com".to_owned(),
        source_arn: Some("arn:aws:ecs:us-east-1:123456789012:task/1".to_owned()),
        source_account: Some(ACCOUNT.to_owned()),
    });
    let id = |answer: serde_json::Value, what: &str| answer[what][format!("{what}Id")].as_str().unwrap().to_owned();
    let user_id = id(kit.setup("iam:GetUser", json!({ "UserName": "ann" })), "User");
    let role_id = id(kit.setup("iam:GetRole", json!({ "RoleName": "app" })), "Role");
    let all = [Arc::new(Identity::Anonymous), root(ACCOUNT), user, of_user, of_root, of_role, federated, service];
    Callers { kit, all, user_id, role_id }
}

/// The context that a request has for a check.
fn context(kit: &mut Kit, who: &Arc<Identity>, check: Check) -> Context {
    let mut decisions = Vec::new();
    let mut call = crate::Call {
        identity: Arc::clone(who),
        now: kit.now,
        ids: &mut kit.ids,
        surroundings: &kit.surroundings,
        tracing: Tracing::Denials,
        decisions: &mut decisions,
    };
    // Whatever is decided, the request has the context.
    let _ = kit.world.authorize(&mut call, check);
    call.decisions.pop().expect("a decision").request.context
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
    const TASK: &str = "arn:aws:ecs:us-east-1:123456789012:task/1";
    const PATH: &str = "[o-1/r-ab12/ou-ab12-11111111/]";
    const NOW: &str = "2026-11-24T08:00:00Z";
    const ECS: &str = "ecs-tasks.amazonaws.com";
    let Callers { mut kit, all, user_id, role_id } = callers();
    let (user, role, bob) = (user_id.as_str(), &*format!("{role_id}:one"), &*format!("{ACCOUNT}:bob"));
    #[rustfmt::skip]
    let table: [(&str, [&str; 8]); 21] = [
        // key                       anonymous    root     user     user's   root's    role          federated        service
        ("aws:PrincipalType",        ["Anonymous", "Account", "User", "User", "Account", "AssumedRole", "FederatedUser", "AWSService"]),
        ("aws:userid",               ["anonymous", ACCOUNT, user,    user,    ACCOUNT,  role,         bob,             "-"]),
        ("aws:username",             ["-",         "-",     "ann",   "ann",   "-",      "-",          "-",             "-"]),
        ("aws:PrincipalArn",         ["-",         ROOT,    ANN,     ANN,     ROOT,     APP,          BOB,             "-"]),
        ("aws:PrincipalAccount",     ["anonymous", ACCOUNT, ACCOUNT, ACCOUNT, ACCOUNT,  ACCOUNT,      ACCOUNT,         "-"]),
        ("aws:PrincipalOrgID",       ["-",         "o-1",   "o-1",   "o-1",   "o-1",    "o-1",        "o-1",           "-"]),
        ("aws:PrincipalOrgPaths",    ["-",         PATH,    PATH,    PATH,    PATH,     PATH,         PATH,            "-"]),
        ("aws:PrincipalTag/team",    ["-",         "-",     "blue",  "blue",  "-",      "blue",       "blue",          "-"]),
        ("aws:PrincipalIsAWSService", ["-",        "false", "false", "false", "false",  "false",      "false",         "true"]),
        ("aws:PrincipalServiceName", ["-",         "-",     "-",     "-",     "-",      "-",          "-",             ECS]),
        ("aws:PrincipalServiceNamesList", ["-",    "-",     "-",     "-",     "-",      "-",          "-",             "[ecs-tasks.amazonaws.com]"]),
        ("aws:SourceArn",            ["-",         "-",     "-",     "-",     "-",      "-",          "-",             TASK]),
        ("aws:SourceAccount",        ["-",         "-",     "-",     "-",     "-",      "-",          "-",             ACCOUNT]),
        ("aws:SourceOrgID",          ["-",         "-",     "-",     "-",     "-",      "-",          "-",             "o-1"]),
        ("aws:SourceOrgPaths",       ["-",         "-",     "-",     "-",     "-",      "-",          "-",             PATH]),
        ("aws:TokenIssueTime",       ["-",         "-",     "-",     NOW,     NOW,      NOW,          NOW,             "-"]),
        ("aws:MultiFactorAuthPresent", ["-",       "-",     "-",     "false", "false",  "false",      "-",             "-"]),
        ("aws:MultiFactorAuthAge",   ["-",         "-",     "-",     "-",     "-",      "-",          "-",             "-"]),
        ("aws:SourceIdentity",       ["-",         "-",     "-",     "-",     "-",      "ann",        "-",             "-"]),
        ("aws:ViaAWSService",        ["false",     "false", "false", "false", "false",  "false",      "false",         "false"]),
        ("aws:CalledVia",            ["-",         "-",     "-",     "-",     "-",      "-",          "-",             "-"]),
    ];
    let contexts = all.each_ref().map(|who| context(&mut kit, who, object()));
    for (key, expected) in table {
        let found = contexts.each_ref().map(|context| value(context, key));
        assert_eq!(found, expected, "{key}");
    }
    // Keys of sessions that nobody here can have.
    for key in ["aws:AssumedRoot", "aws:FederatedProvider", "aws:ViaAWSMCPService", "aws:Ec2InstanceSourceVpc"] {
        assert!(contexts.iter().all(|context| context.get(key).is_none()), "{key}");
    }
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

/// The keys of the network, with an endpoint for every service.
#[test]
fn where_a_request_comes_through() {
    const VPC: &str = "arn:aws:ec2:eu-west-1:123456789012:vpc/vpc-1";
    let Callers { mut kit, all, .. } = callers();
    kit.surroundings.region = "eu-west-1".to_owned();
    let [_, root, user, .., service] = all;
    let open = format!(
        r#"{{"Version":"2012-10-17","Statement":{}}}"#,
        json!([{ "Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*" }])
    );
    let document = iam::read_policy(&open, Kind::Endpoint).expect("a policy");
    let policy = Arc::new(policy::Policy::new("vpce-1", Kind::Endpoint, &document));
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
    let none = ["192.0.2.1", "-", "-", "-", "-", "-", "-", "-"];
    assert_eq!(keys.map(|key| value(&context(&mut kit, &user, object()), key)), none);
    for service in ["s3", "ecs", "iam", "sts", "logs"] {
        let (id, vpc) = ("vpce-1".to_owned(), "vpc-1".to_owned());
        kit.world.set_endpoint(service, Endpoint { id, vpc, account: ACCOUNT.to_owned(), policy: policy.clone() });
    }
    let all = ["-", "192.0.2.1", "vpce-1", "vpc-1", VPC, ACCOUNT, "o-1", "[o-1/r-ab12/ou-ab12-11111111/]"];
    let some = ["-", "192.0.2.1", "vpce-1", "vpc-1", "-", "-", "-", "-"];
    let table = [
        (&user, "s3:GetObject", all),
        (&user, "ecs:ListClusters", all),
        (&user, "iam:GetRole", all),
        (&user, "iam:PassRole", some),
        (&user, "sts:AssumeRole", some),
        (&user, "logs:DescribeLogGroups", some),
        // Set up from outside the network.
        (&root, "s3:GetObject", none),
        (&service, "s3:GetObject", none),
    ];
    for (who, action, expected) in table {
        let found = context(&mut kit, who, Check::new(action, "*").owned_by(ACCOUNT));
        assert_eq!(keys.map(|key| value(&found, key)), expected, "{action} {who:?}");
    }
}

/// `aws:RequestedRegion`: IAM has one region, whatever the client's is.
#[test]
fn which_region_is_asked() {
    let Callers { mut kit, all, .. } = callers();
    kit.surroundings.region = "eu-west-1".to_owned();
    let cases = [
        ("s3:GetObject", "eu-west-1"),
        ("ecs:RunTask", "eu-west-1"),
        ("sts:AssumeRole", "eu-west-1"),
        ("iam:GetRole", "us-east-1"),
        ("iam:PassRole", "eu-west-1"),
    ];
    for (action, expected) in cases {
        let found = context(&mut kit, &all[2], Check::new(action, "*"));
        assert_eq!(value(&found, "aws:RequestedRegion"), expected, "{action}");
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
            Some(crate::Signing { auth_type, version: "AWS4-HMAC-SHA256", age_ms, content_sha256 });
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
        ("iam:GetRole", ["v", "v", "-", "-"]),
        ("sts:AssumeRole", ["v", "v", "-", "-"]),
        ("iam:GetPolicy", ["v", "-", "-", "-"]),
        ("ecs:StopTask", ["v", "-", "v", "-"]),
        ("s3:GetObject", ["v", "-", "-", "v"]),
        ("logs:CreateLogGroup", ["v", "-", "-", "-"]),
        // No resource type: nothing whose tags could count.
        ("ecs:ListClusters", ["-", "-", "-", "-"]),
    ];
    for (action, expected) in cases {
        let found = context(&mut kit, &all[2], Check::new(action, "*").tagged(&tags));
        assert_eq!(keys.map(|key| value(&found, key)), expected, "{action}");
    }
}
