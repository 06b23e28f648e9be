use super::*;

const ACCOUNT: &str = "111122223333";

fn request(principal: &str, resource: &str) -> Request {
    Request {
        principal: crate::principal::read(principal).unwrap(),
        action: "sqs:SendMessage".to_owned(),
        resource: resource.to_owned(),
        resource_account: None,
        context: Context::new(),
    }
}

/// Account, ARN, whether it is a service, the service's name, type, account of the resource, id and name: as the global
/// keys page and the table of principals have them.
#[test]
fn what_policies_ask_for_is_filled_in() {
    let all = KEYS.map(|(key, _)| key).join(" ");
    let asked = [
        "aws:PrincipalAccount",
        "aws:PrincipalArn",
        "aws:PrincipalIsAWSService",
        "aws:PrincipalServiceName",
        "aws:PrincipalType",
        "aws:ResourceAccount",
        "aws:userid",
        "aws:username",
    ];
    let owner = "444455556666";
    for (principal, expected) in [
        ("anonymous", ["anonymous", "", "", "", "Anonymous", owner, "anonymous", ""]),
        (ACCOUNT, [ACCOUNT, "arn:aws:iam::111122223333:root", "false", "", "Account", owner, ACCOUNT, ""]),
        (
            "arn:aws:iam::111122223333:user/a/ann",
            [ACCOUNT, "arn:aws:iam::111122223333:user/a/ann", "false", "", "User", owner, "", "ann"],
        ),
        (
            "arn:aws:sts::111122223333:assumed-role/r/s",
            [ACCOUNT, "arn:aws:iam::111122223333:role/r", "false", "", "AssumedRole", owner, "", ""],
        ),
        (
            "arn:aws:sts::111122223333:federated-user/bob",
            [
                ACCOUNT,
                "arn:aws:sts::111122223333:federated-user/bob",
                "false",
                "",
                "FederatedUser",
                owner,
                "111122223333:bob",
                "",
            ],
        ),
        ("sns.amazonaws.com", ["", "", "true", "sns.amazonaws.com", "AWSService", owner, "", ""]),
        ("accounts.google.com", ["", "", "", "", "", owner, "", ""]),
    ] {
        let mut request = request(principal, "arn:aws:sqs:us-east-1:444455556666:q");
        MentionedKeys::by(&all).fill(&mut request, |_, _| true);
        let found = asked.map(|key| match request.context.get(key) {
            Some(ContextValue::One(value)) => value.clone(),
            _ => String::new(),
        });
        assert_eq!(found, expected, "{principal}");
    }
}

#[test]
fn nothing_else_is_and_nothing_is_replaced() {
    let mut request = request("arn:aws:iam::111122223333:user/ann", "*");
    request.context.set("AWS:UserName", "bob");
    let before = request.clone();
    MentionedKeys::by("aws:PrincipalTag/team ${aws:USERNAME}").fill(&mut request, |_, _| true);
    assert_eq!(request, before);
    MentionedKeys::by("aws:PrincipalType").fill(&mut request, |_, _| false);
    assert_eq!(request, before);
    assert_eq!(MentionedKeys::by(r"\u0061ws:username"), MentionedKeys(u32::MAX));
}

#[test]
fn only_some_principals_have_a_key() {
    const USER: &str = "arn:aws:iam::111122223333:user/ann";
    const ROLE: &str = "arn:aws:sts::111122223333:assumed-role/r/s";
    for (key, principal, expected) in [
        ("aws:PrincipalTag/${TagKey}", "anonymous", NotFrom),
        ("aws:PrincipalTag/${TagKey}", USER, Nothing),
        ("aws:PrincipalOrgID", "anonymous", NotFrom),
        ("aws:PrincipalOrgID", ROLE, Nothing),
        ("aws:PrincipalArn", "anonymous", NotFrom),
        ("aws:username", ROLE, NotFrom),
        ("aws:username", ACCOUNT, NotFrom),
        ("aws:username", "sns.amazonaws.com", Nothing),
        ("aws:SourceArn", USER, NotFrom),
        ("aws:SourceArn", "sns.amazonaws.com", Nothing),
        ("aws:PrincipalServiceName", USER, NotFrom),
        ("aws:PrincipalIsAWSService", "accounts.google.com", NotFrom),
        ("aws:userid", ROLE, Nothing),
    ] {
        assert_eq!(says(place(key).unwrap(), &request(principal, "*")), expected, "{key} {principal}");
    }
}

/// docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-calledvia has the chain.
#[test]
fn how_a_call_came_follows_from_the_services_in_between() {
    const USER: &str = "arn:aws:iam::111122223333:user/ann";
    let chain: &[&str] = &["cloudformation.amazonaws.com", "dynamodb.amazonaws.com"];
    let keys = ["aws:CalledViaFirst", "aws:CalledViaLast", "aws:ViaAWSService"];
    for (principal, called_via, expected) in [
        (USER, chain, [chain[0], chain[1], "true"]),
        (USER, &chain[1..], [chain[1], chain[1], "true"]),
        (USER, &[], ["", "", "false"]),
        ("arn:aws:sts::111122223333:assumed-role/r/s", &[], ["", "", "false"]),
        // The pages do not say.
        ("sns.amazonaws.com", &[], ["", "", ""]),
        ("anonymous", &[], ["", "", ""]),
    ] {
        let mut request = request(principal, "*");
        if !called_via.is_empty() {
            request.context.set_many("aws:CalledVia", called_via.iter().copied());
        }
        MentionedKeys::by(&keys.join(" ")).fill(&mut request, |_, _| true);
        let found = keys.map(|key| match request.context.get(key) {
            Some(ContextValue::One(value)) => value.clone(),
            _ => String::new(),
        });
        assert_eq!(found, expected, "{principal} {called_via:?}");
    }
}

#[test]
fn the_region_is_that_of_the_resource() {
    for (resource, expected) in [
        ("arn:aws:sqs:eu-west-1:444455556666:q", Probably("eu-west-1".to_owned())),
        ("arn:aws:s3:::b", Nothing),
        ("arn:aws:ec2:*:111122223333:instance/*", Nothing),
        ("*", Nothing),
    ] {
        let request = request("arn:aws:iam::111122223333:user/ann", resource);
        assert_eq!(requested_region(&request), expected, "{resource}");
    }
}

#[test]
fn the_account_of_the_resource_is_known_from_its_arn() {
    let user = "arn:aws:iam::111122223333:user/ann";
    let is = |account: &str| Is(account.to_owned());
    let probably = |account: &str| Probably(account.to_owned());
    for (resource, given, expected) in [
        ("arn:aws:sqs:us-east-1:444455556666:q", None, is("444455556666")),
        ("arn:aws:sqs:us-east-1:444455556666:q", Some("777788889999"), is("777788889999")),
        ("arn:aws:s3:::b", None, probably(ACCOUNT)),
        ("arn:aws:s3:::b", Some("777788889999"), is("777788889999")),
        ("arn:aws:s3:us-east-1:444455556666:accesspoint/ap", None, probably("444455556666")),
        ("arn:aws:iam::aws:policy/ReadOnlyAccess", None, probably("aws")),
        ("*", None, probably(ACCOUNT)),
    ] {
        let mut request = request(user, resource);
        request.resource_account = given.map(str::to_owned);
        assert_eq!(resource_account(&request), expected, "{resource} {given:?}");
    }
    assert_eq!(resource_account(&request("sns.amazonaws.com", "*")), Nothing);
}

#[test]
fn a_role_may_have_a_path_that_its_session_does_not_show() {
    let arn = place("aws:PrincipalArn").unwrap();
    let session = "arn:aws:sts::111122223333:assumed-role/app/s";
    let full = |name: &str| format!("arn:aws:iam::111122223333:{name}");
    for (given, principal, expected) in [
        ("role/app", session, true),
        ("role/team/app", session, true),
        ("role/team/other", session, false),
        ("user/team/app", session, false),
        ("role/team/app", &full("role/team/app"), true),
        ("role/app", &full("role/team/app"), false),
        ("role/b/app", &full("role/team/app"), false),
        // Given itself, without a path: that is its ARN.
        ("role/team/app", &full("role/app"), false),
    ] {
        let request = request(principal, "*");
        let Is(own) = says(arn, &request) else { panic!("{principal}") };
        assert_eq!(agrees(arn, &request, &ContextValue::One(full(given)), &own), expected, "{given} {principal}");
    }
    let service = place("aws:PrincipalIsAWSService").unwrap();
    let request = request(session, "*");
    assert!(agrees(service, &request, &ContextValue::One("False".to_owned()), "false"));
    assert!(!agrees(service, &request, &ContextValue::Many(Vec::new()), "false"));
}
