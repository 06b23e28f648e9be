//! What is said about a scenario that does not fit its template: all of it, with places.

use std::path::Path;

use crate::kit::said;

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
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("scenario.yaml"), scenario).unwrap();
    std::fs::write(folder.path().join("template.yaml"), template).unwrap();
    scenario::load(folder.path()).map_or_else(|error| said(&error), |_| Vec::new())
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
            "scenario.yaml:8:16 UNKNOWN_TASK_DEFINITION option `none` has no task definition `Tusk`, \
         neither given nor in the template (did you mean `Task`?)",
            "scenario.yaml:9:15 UNKNOWN_USER option `none` has no user `anne`, \
         neither given nor in the template (did you mean `ann`?)",
            "scenario.yaml:10:20 UNKNOWN_ROLE option `none` has no role `Roll`, \
         neither given nor in the template (did you mean `Role`?)",
        ]
    );
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
    assert_eq!(found.len(), 3, "{found:#?}");
    assert!(found[0].starts_with("scenario.yaml:1:1 UNKNOWN_KEY ") && found[1].starts_with("scenario.yaml:1:1 "));
    assert!(found[2].starts_with("template.yaml:15:") && found[2].contains("did you mean `Role`?"), "{found:#?}");
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
    assert!(found[0].starts_with("scenario.yaml:2:18 NO_TEMPLATE cannot read "), "{found:?}");
    assert!(found[0].contains("other.yaml"), "{found:?}");
}

#[test]
fn a_scenario_that_is_not_there_is_one_line() {
    let error = scenario::load(Path::new("/nowhere/at/all")).unwrap_err();
    assert_eq!(said(&error).len(), 1);
    assert!(error.to_string().starts_with("cannot read /nowhere/at/all: "), "{error}");
}
