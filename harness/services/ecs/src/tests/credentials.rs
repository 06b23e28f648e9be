//! A task's role and its credentials endpoint.
//! docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html

use testkit::allow;

use super::*;
use crate::{ContainerCredentials, TaskEndpoint};

fn endpoint(kit: &Kit, task: &Value) -> Option<TaskEndpoint> {
    crate::task_endpoint(&kit.world, task["taskArn"].as_str().expect("an ARN"))
}

fn fetch(kit: &mut Kit, endpoint: &TaskEndpoint) -> Option<ContainerCredentials> {
    crate::task_credentials(&mut kit.world, &endpoint.task_id, &endpoint.token, kit.now, &mut kit.ids)
}

fn who(kit: &Kit, credentials: &ContainerCredentials) -> Arc<Identity> {
    Arc::clone(&kit.world.credentials().get(&credentials.access_key_id).expect("known credentials").identity)
}

#[test]
fn a_task_is_a_session_of_its_role_named_by_its_id() {
    let mut kit = kit();
    let task = started(&mut kit, json!({ "tags": tags(&[("Status", "OK")]) }));
    let endpoint = endpoint(&kit, &task).expect("an endpoint");
    let credentials = fetch(&mut kit, &endpoint).expect("credentials");
    assert_eq!(credentials.role_arn, role_arn("task"));
    assert_eq!(credentials.expiration, "2026-11-24T14:00:00Z");
    let session = who(&kit, &credentials);
    let me = kit.call(&session, "sts:GetCallerIdentity", json!({})).expect("an answer");
    let id = &endpoint.task_id;
    assert_eq!(me["Arn"], format!("arn:aws:sts::{ACCOUNT}:assumed-role/task/{id}"));
    assert!(me["UserId"].as_str().is_some_and(|user| user.starts_with("AROA") && user.ends_with(&format!(":{id}"))));
    // The task's tags are not the session's.
    assert_eq!(kit.principal_tags(&session), []);
    let json = serde_json::to_value(&credentials).expect("JSON");
    let members: Vec<_> = json.as_object().expect("an object").keys().collect();
    assert_eq!(members, ["AccessKeyId", "SecretAccessKey", "Token", "Expiration", "RoleArn"]);
}

#[test]
fn the_roles_own_tags_are_the_sessions() {
    let mut kit = kit();
    kit.tag_role("task", &[("Status", "OK")]);
    let task = started(&mut kit, json!({ "tags": tags(&[("Status", "NG")]) }));
    let endpoint = endpoint(&kit, &task).expect("an endpoint");
    let credentials = fetch(&mut kit, &endpoint).expect("credentials");
    let session = who(&kit, &credentials);
    assert_eq!(kit.principal_tags(&session), [("Status".to_owned(), "OK".to_owned())]);
}

#[test]
fn only_the_tasks_own_token_opens_its_endpoint() {
    let mut kit = kit();
    let first = started(&mut kit, json!({}));
    let second = started(&mut kit, json!({}));
    let (first, second) = (endpoint(&kit, &first).expect("one"), endpoint(&kit, &second).expect("one"));
    assert_ne!(first.token, second.token);
    assert!(first.token.len() >= 32);
    let tokens = ["", &second.token, &first.token[1..], &format!("{}x", first.token)];
    for token in tokens {
        let wrong = TaskEndpoint { task_id: first.task_id.clone(), token: token.to_owned() };
        assert!(fetch(&mut kit, &wrong).is_none(), "{token}");
    }
    let elsewhere = TaskEndpoint { task_id: "0".repeat(32), token: first.token.clone() };
    assert!(fetch(&mut kit, &elsewhere).is_none());
    assert!(fetch(&mut kit, &first).is_some());
    assert!(!format!("{first:?}").contains(&first.token), "no token in a log");
}

#[test]
fn it_goes_when_the_task_stops() {
    let mut kit = kit();
    let task = started(&mut kit, json!({}));
    let known = endpoint(&kit, &task).expect("an endpoint");
    kit.setup("ecs:StopTask", json!({ "task": task["taskArn"] }));
    assert_eq!(endpoint(&kit, &task), None);
    assert!(fetch(&mut kit, &known).is_none());
}

#[test]
fn a_task_without_a_role_has_no_endpoint() {
    let mut kit = kit();
    register(&mut kit, "bare", json!({}));
    let task = kit.setup("ecs:RunTask", json!({ "taskDefinition": "bare" }))["tasks"][0].clone();
    assert_eq!(endpoint(&kit, &task), None);
}

#[test]
fn an_override_replaces_the_role() {
    let mut kit = kit();
    for role in [role_arn("plain"), "plain".to_owned()] {
        let task = started(&mut kit, json!({ "overrides": { "taskRoleArn": role } }));
        let endpoint = endpoint(&kit, &task).expect("an endpoint");
        assert_eq!(fetch(&mut kit, &endpoint).expect("credentials").role_arn, role_arn("plain"));
        assert_eq!(task["overrides"]["taskRoleArn"], role);
    }
}

#[test]
fn credentials_are_renewed_in_their_last_quarter_of_an_hour() {
    let mut kit = kit();
    let task = started(&mut kit, json!({}));
    let endpoint = endpoint(&kit, &task).expect("an endpoint");
    let first = fetch(&mut kit, &endpoint).expect("credentials");
    kit.wait(6 * 3600 - 15 * 60 - 1);
    assert_eq!(fetch(&mut kit, &endpoint).expect("credentials").access_key_id, first.access_key_id);
    kit.wait(1);
    let second = fetch(&mut kit, &endpoint).expect("credentials");
    assert_ne!(second.access_key_id, first.access_key_id);
    assert_eq!(second.expiration, "2026-11-24T19:45:00Z");
    // The older ones are good until they end, and both are the same session by name.
    let (first, second) = (who(&kit, &first), who(&kit, &second));
    let me = |kit: &mut Kit, who| kit.call(who, "sts:GetCallerIdentity", json!({})).expect("an answer");
    assert_eq!(me(&mut kit, &first), me(&mut kit, &second));
}

#[test]
fn a_role_that_no_longer_trusts_is_not_assumed_again() {
    let mut kit = kit();
    let task = started(&mut kit, json!({}));
    let endpoint = endpoint(&kit, &task).expect("an endpoint");
    let closed = json!([{ "Effect": "Deny", "Principal": "*", "Action": "sts:AssumeRole" }]);
    let closed = json!({ "RoleName": "task", "PolicyDocument": testkit::document(closed) });
    kit.setup("iam:UpdateAssumeRolePolicy", closed);
    kit.wait(6 * 3600 - 60);
    assert!(fetch(&mut kit, &endpoint).is_some(), "what it has lasts another minute");
    kit.wait(60);
    assert!(fetch(&mut kit, &endpoint).is_none());
}

/// Trust policies that let tasks in, and those that do not.
#[test]
fn the_trust_policy_decides() {
    let tasks = |condition: Value| {
        let mut trust = trusts_tasks();
        trust[0]["Condition"] = condition;
        trust
    };
    let like = |pattern: &str| tasks(json!({ "ArnLike": { "aws:SourceArn": pattern } }));
    let account = |id: &str| tasks(json!({ "StringEquals": { "aws:SourceAccount": id } }));
    let service =
        json!([{ "Effect": "Allow", "Principal": { "Service": "ecs.amazonaws.com" }, "Action": "sts:AssumeRole" }]);
    let users = json!([{ "Effect": "Allow", "Principal": { "AWS": ACCOUNT }, "Action": "sts:AssumeRole" }]);
    let cases = [
        ("the tasks' service", trusts_tasks(), true),
        ("the documented sample", like(&format!("arn:aws:ecs:{REGION}:{ACCOUNT}:*")), true),
        ("any task of the account", like(&format!("arn:aws:ecs:*:{ACCOUNT}:task/*")), true),
        ("another account", like("arn:aws:ecs:*:111122223333:*"), false),
        ("another region", like(&format!("arn:aws:ecs:eu-west-1:{ACCOUNT}:*")), false),
        ("a cluster cannot be pinned", like(&arn("cluster/default")), false),
        ("nor the tasks of one", like(&arn("task/default/*")), false),
        ("the source account", account(ACCOUNT), true),
        ("another source account", account("111122223333"), false),
        ("the scheduler's service", service, false),
        ("the account", users, false),
        ("a task's tag", tasks(json!({ "StringEquals": { "aws:RequestTag/Status": "OK" } })), false),
        ("its session name", tasks(json!({ "StringLike": { "sts:RoleSessionName": "*" } })), true),
    ];
    for (name, trust, starts) in cases {
        let mut kit = kit();
        kit.role("guarded", trust, json!([]));
        let more = json!({ "overrides": { "taskRoleArn": role_arn("guarded") }, "tags": tags(&[("Status", "OK")]) });
        let answer = run(&mut kit, &testkit::root(ACCOUNT), more);
        if starts {
            answer.unwrap_or_else(|fault| panic!("{name}: {fault}"));
            continue;
        }
        let words = format!(
            "ECS was unable to assume the role '{}' that was provided for this task. Please verify that the role being \
             passed has the proper trust relationship and permissions and that your IAM user has permissions to pass \
             this role.",
            role_arn("guarded")
        );
        check_fault(answer, "ClientException", &words);
        assert_eq!(kit.setup("ecs:ListTasks", json!({}))["taskArns"], json!([]), "{name}: nothing has started");
    }
}

/// ECS assumes the execution role too, for itself: no session of it is left over.
#[test]
fn the_execution_role_has_to_trust_tasks_as_well() {
    let mut kit = kit();
    kit.role("execution", trusts_tasks(), json!([]));
    kit.role("closed", json!([{ "Effect": "Deny", "Principal": "*", "Action": "sts:AssumeRole" }]), json!([]));
    let with = |role: &str| json!({ "overrides": { "executionRoleArn": role_arn(role) } });
    let before = kit.world.credentials().iter().count();
    started(&mut kit, with("execution"));
    assert_eq!(kit.world.credentials().iter().count(), before + 1);
    let fault = run(&mut kit, &testkit::root(ACCOUNT), with("closed")).expect_err("an error");
    assert!(fault.message.starts_with(&format!("ECS was unable to assume the role '{}'", role_arn("closed"))));
    assert_eq!(kit.world.credentials().iter().count(), before + 1, "nothing of a failed launch is left");
}

#[test]
fn roles_of_other_accounts_cannot_be_passed() {
    let mut kit = Kit::with_other(crate::SERVICES);
    kit.setup("ecs:CreateCluster", json!({}));
    register(&mut kit, "web", json!({}));
    let theirs = kit.role_in(testkit::OTHER, "theirs", trusts_tasks(), json!([]));
    let more = json!({ "overrides": { "taskRoleArn": theirs } });
    assert!(run(&mut kit, &testkit::root(ACCOUNT), more).is_err());
    let new = definition("web", json!({ "taskRoleArn": theirs }));
    assert!(kit.as_root("ecs:RegisterTaskDefinition", new).is_err());
}

/// `aws:PrincipalArn` of a task is its role; the task itself is in `aws:userid` alone; and `aws:SourceArn` is not in
/// what the container does.
#[test]
fn what_a_tasks_own_calls_carry() {
    let on = |condition: Value| {
        let mut statement = allow(&["ecs:ListClusters"]);
        statement["Condition"] = condition;
        json!([statement])
    };
    let session = format!("arn:aws:sts::{ACCOUNT}:assumed-role/mine/*");
    let cases = [
        ("PrincipalArn is the role", json!({ "ArnEquals": { "aws:PrincipalArn": role_arn("mine") } }), true),
        ("not the session", json!({ "ArnLike": { "aws:PrincipalArn": session } }), false),
        (
            "userid has the task",
            json!({ "StringLike": { "aws:userid": "AROA*:????????????????????????????????" } }),
            true,
        ),
        ("SourceArn is not there", json!({ "ArnLike": { "aws:SourceArn": "arn:aws:ecs:*" } }), false),
        ("nor the task's tags", json!({ "StringEquals": { "aws:PrincipalTag/Status": "OK" } }), false),
        ("nor RunTask's request tags", json!({ "StringEquals": { "aws:RequestTag/Status": "OK" } }), false),
    ];
    for (name, condition, allowed) in cases {
        let mut kit = kit();
        kit.role("mine", trusts_tasks(), on(condition));
        let more = json!({ "overrides": { "taskRoleArn": role_arn("mine") }, "tags": tags(&[("Status", "OK")]) });
        let task = started(&mut kit, more);
        let endpoint = endpoint(&kit, &task).expect("an endpoint");
        let credentials = fetch(&mut kit, &endpoint).expect("credentials");
        let session = who(&kit, &credentials);
        assert_eq!(kit.call(&session, "ecs:ListClusters", json!({})).is_ok(), allowed, "{name}");
    }
}

/// Short sessions, to see them renewed: the task stays the same session by name, and others stay out.
#[test]
fn sessions_can_be_short() {
    let mut kit = kit();
    crate::set_task_session_seconds(&mut kit.world, Some(8));
    let task = started(&mut kit, json!({}));
    let endpoint = endpoint(&kit, &task).expect("an endpoint");
    let mut last = fetch(&mut kit, &endpoint).expect("credentials");
    assert_eq!(last.expiration, "2026-11-24T08:00:08Z");
    kit.wait(5);
    assert_eq!(fetch(&mut kit, &endpoint).expect("credentials").access_key_id, last.access_key_id);
    for expires in ["08:00:14", "08:00:28"] {
        kit.wait(if expires == "08:00:14" { 1 } else { 14 });
        let next = fetch(&mut kit, &endpoint).expect("credentials");
        assert_ne!(next.access_key_id, last.access_key_id);
        assert_eq!(next.expiration, format!("2026-11-24T{expires}Z"));
        let session = who(&kit, &next);
        let me = kit.call(&session, "sts:GetCallerIdentity", json!({})).expect("an answer");
        assert!(me["Arn"].as_str().is_some_and(|arn| arn.ends_with(&endpoint.task_id)));
        last = next;
    }
}
