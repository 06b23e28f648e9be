//! Questions about actions that nothing here carries out.

use std::sync::Arc;

use account::{Call, Check, Identity, RecordedDecision, Tags, Tracing};
use policy::Verdict;
use serde_json::{Value, json};
use testkit::{Kit, allow};

fn ask(kit: &mut Kit, who: &Arc<Identity>, check: Check) -> RecordedDecision {
    let call = Call {
        identity: Arc::clone(who),
        now: kit.now,
        ids: &mut kit.ids,
        surroundings: &kit.surroundings,
        tracing: Tracing::All,
        decisions: &mut Vec::new(),
    };
    let recorded = kit.world.ask(&call, check).unwrap();
    assert!(call.decisions.is_empty());
    recorded
}

fn by_tag(action: &str) -> Value {
    let condition = json!({"StringEquals": {"aws:ResourceTag/team": "${aws:PrincipalTag/team}"}});
    json!([{"Effect": "Allow", "Action": action, "Resource": "*", "Condition": condition}])
}

#[test]
fn any_action_is_decided_by_the_tags_of_the_session_and_those_that_are_told() {
    let mut kit = Kit::new(services::ALL);
    let trust = json!([{"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": ["sts:AssumeRole", "sts:TagSession"]}]);
    let arn = kit.role("reader", trust, by_tag("sqs:ReceiveMessage"));
    let user = kit.user("ann", json!([allow(&["sts:*"])]));
    let tags = json!([{"Key": "team", "Value": "blue"}]);
    let assumed = json!({"RoleArn": arn, "RoleSessionName": "session", "Tags": tags});
    let answer = kit.call(&user, "sts:AssumeRole", assumed).unwrap();
    let session = kit.identity(&answer);
    for (action, team, expected) in [
        ("sqs:ReceiveMessage", "blue", Verdict::Allowed),
        ("sqs:ReceiveMessage", "red", Verdict::ImplicitlyDenied),
        ("sqs:DeleteMessage", "blue", Verdict::ImplicitlyDenied),
    ] {
        let tags: Tags = [("team", team)].into_iter().collect();
        let check = Check::new(action, "arn:aws:sqs:us-east-1:123456789012:jobs").tagged(&tags);
        assert_eq!(ask(&mut kit, &session, check).decision.verdict, expected, "{action} {team}");
    }
}

#[test]
fn what_the_world_holds_of_a_resource_counts_as_it_is_now() {
    let mut kit = Kit::new(services::ALL);
    let user = kit.user("ann", by_tag("*"));
    kit.setup("iam:TagUser", json!({"UserName": "ann", "Tags": [{"Key": "team", "Value": "blue"}]}));
    let trust = json!([{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::123456789012:user/ann"}, "Action": "sts:AssumeRole"}]);
    let role = kit.role("other", trust, json!([]));
    kit.setup("ecs:CreateCluster", json!({"clusterName": "c", "tags": [{"key": "team", "value": "blue"}]}));
    kit.setup("logs:CreateLogGroup", json!({"logGroupName": "/l", "tags": {"team": "red"}}));
    let cluster = "arn:aws:ecs:us-east-1:123456789012:cluster/c";
    let group = "arn:aws:logs:us-east-1:123456789012:log-group:/l";
    for (action, resource, expected) in [
        // The role has no tags, and its trust policy names the user.
        ("iam:DeleteRole", role.as_str(), Verdict::ImplicitlyDenied),
        ("sts:AssumeRole", role.as_str(), Verdict::Allowed),
        ("ecs:UpdateCluster", cluster, Verdict::Allowed),
        ("logs:PutRetentionPolicy", group, Verdict::ImplicitlyDenied),
    ] {
        assert_eq!(ask(&mut kit, &user, Check::new(action, resource)).decision.verdict, expected, "{action}");
    }
    kit.tag_role("other", &[("team", "blue")]);
    let recorded = ask(&mut kit, &user, Check::new("iam:DeleteRole", role));
    assert_eq!(recorded.decision.verdict, Verdict::Allowed);
}
