//! What the README shows works.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::path::Path;

const README: &str = include_str!("../../../README.md");

/// What the README says of the template of its scenario.
const TEMPLATE: &str = r#"
Resources:
  Ann: {Type: AWS::IAM::User, Properties: {UserName: ann}}
  ReaderRole:
    Type: AWS::IAM::Role
    Properties:
      RoleName: reader
      AssumeRolePolicyDocument:
        Version: "2012-10-17"
        Statement:
          - {Effect: Allow, Principal: {AWS: !GetAtt Ann.Arn}, Action: ["sts:AssumeRole", "sts:TagSession"]}
      Policies:
        - PolicyName: Read
          PolicyDocument:
            Version: "2012-10-17"
            Statement:
              - {Effect: Allow, Action: "s3:GetObject", Resource: "arn:aws:s3:::reports/*"}
"#;

#[test]
fn its_scenario_comes_out_as_it_expects() {
    let folder = tempfile::tempdir().unwrap();
    write(&folder.path().join("infrastructure/reports.yaml"), TEMPLATE);
    let file = folder.path().join("scenarios/reports/scenario.yaml");
    write(&file, scenario());
    let prepared = scenario::load(&file).unwrap_or_else(|error| match error {
        scenario::LoadError::Faulty { sources, findings } => {
            panic!("{}", report::findings(&findings, &sources, report::Page::FILE))
        }
        error => panic!("{error}"),
    });
    let results = scenario::predict(&prepared).unwrap();
    assert_eq!(results.cells.len(), 2 * 3);
    assert!(results.ok(), "{}", report::matrix(&results, report::Page::FILE));
}

/// The block of YAML that an editor would check by the schema.
fn scenario() -> &'static str {
    let (_, from) = README.split_once("```yaml\n").unwrap();
    let (scenario, _) = from.split_once("```\n").unwrap();
    assert!(scenario.starts_with("# yaml-language-server: $schema=../scenario.schema.json\n"), "{scenario}");
    scenario
}

fn write(file: &Path, text: &str) {
    std::fs::create_dir_all(file.parent().unwrap()).unwrap();
    std::fs::write(file, text).unwrap();
}
