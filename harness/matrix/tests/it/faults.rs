//! What is said about a scenario that does not fit its template: all of it, with places.

use std::path::Path;

use crate::kit::{changed, load_changed, said};
use crate::written::written;

const TEMPLATE: &str = "\
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement: {Effect: Allow, Principal: {Service: ecs-tasks.amazonaws.com}, Action: 'sts:AssumeRole'}
      Policies:
        - PolicyName: Read
          PolicyDocument:
            Statement:
              - {Sid: One, Effect: Allow, Action: 's3:GetObject', Resource: '*'}
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      TaskRoleArn: !GetAtt Role.Arn
      ContainerDefinitions: [{Name: Main, Image: busybox, Memory: 64}]
";

const SCENARIO: &str = "\
title: Faults
template: {file: template.yaml}
given: {users: {ann: {}}}
under-test: Role/Read/One
options:
  none: {}
callers:
  task: {task: Task}
  ann: {user: ann}
  reader: {assume: Role, by: ann}
requests:
  who: {call: sts:GetCallerIdentity}
expect:
  none: {allow: all}
";

fn faults(scenario: &str, template: &str) -> Vec<String> {
    written(scenario, template).map_or_else(|error| said(&error), |_| Vec::new())
}

/// The sound pair with one part of the scenario replaced has exactly these faults.
#[track_caller]
fn check(old: &str, new: &str, expected: &[&str]) {
    assert_eq!(SCENARIO.matches(old).count(), 1, "`{old}` must stand there once");
    assert_eq!(faults(&SCENARIO.replace(old, new), TEMPLATE), expected);
}

#[test]
fn a_sound_pair_has_no_faults() {
    assert_eq!(faults(SCENARIO, TEMPLATE), Vec::<String>::new());
}

#[test]
fn a_statement_that_is_not_there_is_named_with_the_nearest_one() {
    check(
        "Role/Read/One",
        "Rule/Read/One",
        &["scenario.yaml:4:13 NO_STATEMENT `Rule/Read/One` does not lead to a statement: \
         the template has no resource `Rule` (did you mean `Role`?)"],
    );
    check(
        "Role/Read/One",
        "Role/Raed/One",
        &["scenario.yaml:4:13 NO_STATEMENT `Role/Raed/One` does not lead to a statement: \
         the resource has no policy `Raed` (did you mean `Read`?)"],
    );
    check(
        "Role/Read/One",
        "Role/Read/2",
        &["scenario.yaml:4:13 NO_STATEMENT `Role/Read/2` does not lead to a statement: \
         the policy has 1 statements, and none is `2` (there is `One`)"],
    );
    check(
        "Role/Read/One",
        "Role/One",
        &["scenario.yaml:4:13 NO_STATEMENT `Role/One` does not lead to a statement: the resource is not a policy \
         (name one of its policies: `LogicalId/PolicyName/SidOrIndex`)"],
    );
}

#[test]
fn a_statement_is_found_by_name_and_by_number_and_in_the_trust_policy() {
    for path in ["Role/1/1", "Role/Read/1", "Role/1/One", "Role/AssumeRolePolicyDocument/1"] {
        assert_eq!(faults(&SCENARIO.replace("Role/Read/One", path), TEMPLATE), Vec::<String>::new(), "{path}");
    }
}

#[test]
fn unknown_users_roles_and_task_definitions_come_together() {
    let scenario = SCENARIO
        .replace("{user: ann}", "{user: anne}")
        .replace("{assume: Role,", "{assume: Roll,")
        .replace("{task: Task}", "{task: Tusk}");
    assert_eq!(
        faults(&scenario, TEMPLATE),
        [
            "scenario.yaml:8:16 UNKNOWN_TASK_DEFINITION there is no task definition `Tusk`, \
         in the template or under `given` (did you mean `Task`?)",
            "scenario.yaml:9:15 UNKNOWN_USER there is no user `anne`, \
         in the template or under `given` (did you mean `ann`?)",
            "scenario.yaml:10:20 UNKNOWN_ROLE there is no role `Roll`, \
         in the template or under `given` (did you mean `Role`?)",
        ]
    );
}

/// Every key that takes a name: what is not there is told before the run, with what is near or all there is.
#[test]
fn a_name_of_nothing_is_told_with_what_there_is() {
    let who = "who: {call: sts:GetCallerIdentity}";
    let rows: &[(&str, &str, &str)] = &[
        (who, "{call: s3:ListObjectsV2, bucket: boks}", "UNKNOWN_BUCKET there is no bucket `boks`"),
        (
            who,
            "{call: s3:CopyObject, bucket: box, key: a, copySource: boxx/b}",
            "UNKNOWN_BUCKET there is no bucket `boxx/b`",
        ),
        (who, "{call: s3:HeadBucket, bucket: !Ref Bok}", "UNKNOWN_BUCKET there is no bucket `!Ref Bok`"),
        (
            who,
            "{call: ecs:RunTask, taskDefinition: Tusk}",
            "UNKNOWN_TASK_DEFINITION there is no task definition `Tusk`",
        ),
        (
            who,
            "{call: ecs:RunTask, taskDefinition: Task, cluster: defualt}",
            "UNKNOWN_CLUSTER there is no cluster `defualt`",
        ),
        (who, "{call: ecs:StopTask, task: tsk}", "UNKNOWN_TASK there is no task caller `tsk`"),
        (who, "{call: ecs:StopTask, task: ann}", "UNKNOWN_TASK caller `ann` is not a task"),
        (who, "{call: iam:GetRole, roleName: Roll}", "UNKNOWN_ROLE there is no role `Roll`"),
        (who, "{call: iam:GetUser, userName: anne}", "UNKNOWN_USER there is no user `anne`"),
        (who, "{call: sts:AssumeRole, roleArn: Roll, roleSessionName: me}", "UNKNOWN_ROLE there is no role `Roll`"),
        (
            who,
            "{call: s3:ListBuckets, before: [{call: s3:HeadBucket, bucket: boks}]}",
            "UNKNOWN_BUCKET there is no bucket `boks`",
        ),
        (
            who,
            "{call: s3:ListBuckets, before: [{by: anne, call: s3:ListBuckets}]}",
            "UNKNOWN_CALLER there is no caller or user `anne`",
        ),
        ("task: {task: Task}", "{task: Task, cluster: defualt}", "UNKNOWN_CLUSTER there is no cluster `defualt`"),
        (
            "reader: {assume: Role, by: ann}",
            "{assume: Role, by: anne}",
            "UNKNOWN_CALLER there is no caller or user `anne`",
        ),
        (
            "reader: {assume: Role, by: ann}",
            "{assume: Role, by: Role}",
            "UNKNOWN_CALLER `Role` is a role, and a role has no long-term key",
        ),
        ("none: {}", "{launcher: {user: anne}}", "UNKNOWN_USER there is no user `anne`"),
        ("none: {}", "{broker: {user: anne, role: Roll}}", "UNKNOWN_USER there is no user `anne`"),
        ("none: {}", "{given: {users: {ann: {groups: [g]}}}}", "UNKNOWN_GROUP there is no group `g`"),
        (
            "none: {}",
            "{given: {users: {ann: {managed-policies: [Polisy]}}}}",
            "UNKNOWN_MANAGED_POLICY there is no managed policy `Polisy`",
        ),
        (
            "none: {}",
            "{given: {users: {ann: {boundary: Polisy}}}}",
            "UNKNOWN_MANAGED_POLICY there is no managed policy `Polisy`",
        ),
        (
            "none: {}",
            "{given: {buckets: {Bix: {}}}}",
            "BAD_BUCKET_NAME `Bix` is neither a bucket of the template nor a name that a bucket can have",
        ),
    ];
    for (old, new, expected) in rows {
        let (name, _) = old.split_once(": ").unwrap();
        let template = format!("{TEMPLATE}  Box: {{Type: AWS::S3::Bucket}}\n");
        let scenario = SCENARIO.replace("given: {users: {ann: {}}}", "given: {users: {ann: {}}, buckets: {box: {}}}");
        let found = faults(&scenario.replace(old, &format!("{name}: {new}")), &template);
        assert!(found.iter().any(|fault| fault.contains(expected)), "{new}: {found:#?}");
        let helped =
            ["did you mean", "there is `", "there are `", "name a user", "UNKNOWN_GROUP", "UNKNOWN_MANAGED_POLICY"];
        assert!(found.iter().all(|fault| helped.iter().any(|help| fault.contains(help))), "{new}: {found:#?}");
    }
}

/// What another error hides is not told as missing.
#[test]
fn one_fault_is_one_finding() {
    let scenario = SCENARIO.replace("given: {users: {ann: {}}}", "given: {usres: {ann: {}}}");
    let found = faults(&scenario, TEMPLATE);
    assert_eq!(found, ["scenario.yaml:3:9 UNKNOWN_KEY `given` has no key `usres` (did you mean `users`?)"]);
    let template = TEMPLATE.replace("AssumeRolePolicyDocument", "AssumeRolePolicyDocumnet");
    let found = faults(SCENARIO, &template);
    assert!(found.iter().all(|fault| !fault.contains("UNKNOWN_ROLE")), "{found:#?}");
}

#[test]
fn every_fault_of_scenario_template_and_names_comes_in_one_round() {
    let scenario = SCENARIO.replace("title: Faults", "titel: Faults").replace("{assume: Role,", "{assume: Roll,");
    let template = TEMPLATE.replace("Action: 's3:GetObject', Resource", "Actoin: 's3:GetObject', Resource");
    let found = faults(&scenario, &template);
    let codes: Vec<&str> = found.iter().filter_map(|fault| fault.split(' ').nth(1)).collect();
    assert_eq!(codes[..2], ["UNKNOWN_KEY", "UNKNOWN_ROLE"], "{found:#?}");
    assert!(found[2..].iter().any(|fault| fault.starts_with("template.yaml:11:")), "{found:#?}");
}

#[test]
fn a_fault_in_the_template_is_said_once_with_its_place_in_the_template() {
    let template = TEMPLATE.replace("Action: 's3:GetObject', Resource", "Actoin: 's3:GetObject', Resource");
    let scenario = SCENARIO
        .replace("  none: {}", "  none: {}\n  two: {}")
        .replace("none: {allow: all}", "none: {allow: all}\n  two: {allow: all}");
    let found = faults(&scenario, &template);
    assert!(!found.is_empty());
    assert!(found.iter().all(|fault| fault.starts_with("template.yaml:11:")), "{found:?}");
    let mut once = found.clone();
    once.dedup();
    assert_eq!(once, found);
}

#[test]
fn faults_of_the_scenario_and_of_its_template_come_together() {
    let scenario = SCENARIO.replace("title: Faults", "titel: Faults");
    let template = TEMPLATE.replace("!GetAtt Role.Arn", "!GetAtt Roll.Arn");
    let found = faults(&scenario, &template);
    assert_eq!(found.len(), 2, "{found:#?}");
    assert!(found[0].starts_with("scenario.yaml:1:1 UNKNOWN_KEY "));
    assert!(found[1].starts_with("template.yaml:15:") && found[1].contains("did you mean `Role`?"), "{found:#?}");
}

#[test]
fn a_patch_that_does_not_fit_is_named_in_the_scenario() {
    let found = faults(&SCENARIO.replace("none: {}", "none: {patch: [{op: remove, path: /Resources/X}]}"), TEMPLATE);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].starts_with("scenario.yaml:6:"), "{found:?}");
}

#[test]
fn a_template_that_is_not_there_is_named_where_the_scenario_asks_for_it() {
    let found = faults(&SCENARIO.replace("template.yaml", "other.yaml"), TEMPLATE);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].starts_with("scenario.yaml:2:18 NO_TEMPLATE there is no file `"), "{found:?}");
    assert!(found[0].contains("other.yaml"), "{found:?}");
}

#[test]
fn a_scenario_that_is_not_there_is_one_line() {
    let error = matrix::load(Path::new("/nowhere/at/all")).unwrap_err();
    assert_eq!(said(&error).len(), 1);
    assert!(error.to_string().starts_with("there is no file `/nowhere/at/all`"), "{error}");
}

/// A parameter gets its value in the scenario; a misspelt key there is one error and not two.
#[test]
fn a_parameter_without_a_value_is_told_where_to_give_it() {
    let template = format!("Parameters: {{Stage: {{Type: String}}}}\n{TEMPLATE}");
    assert_eq!(
        faults(SCENARIO, &template),
        ["template.yaml:1:14 PARAMETER_WITHOUT_VALUE parameter `Stage` has no default, and no value was given \
          (give it in the scenario: `template: {file: template.yaml, parameters: {Stage: …}}`)"]
    );
    let misspelt = SCENARIO.replace("template.yaml}", "template.yaml, parameter: {Stage: x}}");
    assert_eq!(
        faults(&misspelt, &template),
        ["scenario.yaml:2:33 UNKNOWN_KEY `template` has no key `parameter` (did you mean `parameters`?)"]
    );
}

#[test]
fn an_option_may_take_the_statement_under_test_away() {
    let path = "/Resources/Role/Properties/Policies/0/PolicyDocument/Statement/0";
    let one = "              - {Sid: One, Effect: Allow, Action: 's3:GetObject', Resource: '*'}\n";
    let template = TEMPLATE.replace(one, &format!("{one}{}", one.replace("One", "Two")));
    let removed = format!("none: {{patch: [{{op: remove, path: {path}}}]}}");
    assert_eq!(faults(&SCENARIO.replace("none: {}", &removed), &template), Vec::<String>::new());
    let with = removed.replace("{patch", "{condition: {Bool: {'aws:SecureTransport': 'true'}}, patch");
    let found = faults(&SCENARIO.replace("none: {}", &with), &template);
    assert!(found.len() == 1 && found[0].contains(" NO_STATEMENT "), "{found:#?}");
}

#[test]
fn a_container_that_is_not_there_is_said() {
    let said = faults_of("commands", "{container: Main}", "{container: Mian}");
    let words =
        "scenario.yaml:9:21 UNKNOWN_CONTAINER task definition `Works` has no container `Mian` (did you mean `Main`?)";
    assert!(said.contains(&words.to_owned()), "{said:#?}");
}

#[test]
fn only_tasks_have_containers() {
    let said = faults_of("commands", "secret: {task: WantsSecret}", "secret: {assume: TaskRole, by: works}");
    assert!(
        said[0].contains(
            "CONTAINER_OF_NO_TASK request `main` is a container's command, and caller `secret` is not a task"
        ),
        "{said:#?}"
    );
    changed("commands", "secret: {task: WantsSecret}", "other: {task: Works}");
}

/// Everything that is said of a scenario of `tests/data` with a part of its file replaced.
fn faults_of(name: &str, old: &str, new: &str) -> Vec<String> {
    said(&load_changed(name, old, new).unwrap_err())
}
