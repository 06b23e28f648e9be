//! Manifests of the CDK, in the form of its own cloud assembly schema.

use super::*;
use crate::assembly;

const MANIFEST: &str = r#"{
  "version": "48.0.0",
  "artifacts": {
    "Web.assets": {"type": "cdk:asset-manifest", "properties": {"file": "Web.assets.json"}},
    "Web": {
      "type": "aws:cloudformation:stack",
      "environment": "aws://111122223333/eu-west-1",
      "properties": {"templateFile": "Web.template.json", "stackName": "web-prod", "parameters": {"Size": "2"}, "tags": {"team": "blue"}},
      "dependencies": ["Data", "Web.assets"],
      "metadata": {"/Web/Role/Resource": [{"type": "aws:cdk:logicalId", "data": "RoleABC"}], "/Web/Note": [{"type": "aws:cdk:info", "data": "x"}]},
      "displayName": "App/Web"
    },
    "Data": {
      "type": "aws:cloudformation:stack",
      "environment": "aws://unknown-account/unknown-region",
      "properties": {"templateFile": "Data.template.json"}
    },
    "assembly-Prod": {"type": "cdk:cloud-assembly", "properties": {"directoryName": "assembly-Prod"}},
    "Tree": {"type": "cdk:tree", "properties": {"file": "tree.json"}}
  },
  "missing": [{"key": "vpc-provider:account=1", "provider": "vpc-provider", "props": {}}]
}"#;

fn read(text: &str) -> (assembly::Assembly, Vec<Finding>) {
    let (node, findings) = source::json::read(FileId(0), text);
    assert_eq!(findings, []);
    assembly::read(&node.unwrap())
}

#[test]
fn a_manifest_names_stacks_and_stages() {
    let (assembly, findings) = read(MANIFEST);
    let [web, data] = &assembly.stacks[..] else { panic!("{assembly:?}") };
    assert_eq!(assembly.stages, ["assembly-Prod"]);
    for name in ["App/Web", "web-prod", "Web"] {
        assert!(web.is_called(name) && !data.is_called(name), "{name}");
    }
    assert_eq!(web.template_file, "Web.template.json");
    assert_eq!((web.account.as_deref(), web.region.as_deref()), (Some("111122223333"), Some("eu-west-1")));
    assert_eq!((data.account.as_deref(), data.region.as_deref()), (None, None));
    assert_eq!((data.stack_name.as_str(), data.display_name.as_str()), ("Data", "Data"));
    assert_eq!(web.assets, ["Web.assets.json"]);
    assert_eq!(web.construct_paths, [("RoleABC".to_owned(), "Web/Role/Resource".to_owned())]);
    assert_eq!(web.parameters[0].key, "Size");
    assert_eq!(web.tags[0].value, "team");
    // "a non-empty manifest missing[] (dummy context) means unresolved synth"
    assert_eq!(
        said(MANIFEST, &findings),
        [format!(
            "the CDK has not looked up `vpc-provider:account=1`, and a dummy value stands for it [run `cdk synth` with credentials for the account, and keep cdk.context.json] at {}",
            r#"{"key": "vpc-provider:account=1", "provider": "vpc-provider", "props": {}}"#
        )]
    );
}

#[test]
fn assets_are_known_by_what_they_are_uploaded_as() {
    let text = r#"{"files": {"0123": {"source": {"path": "WebNested.nested.template.json", "packaging": "file"}}, "4567": {"source": {"executable": ["x"]}}}}"#;
    let node = source::json::read(FileId(0), text).0.unwrap();
    assert_eq!(assembly::assets(&node), [("0123".to_owned(), "WebNested.nested.template.json".to_owned())]);
}

#[test]
fn what_is_no_manifest_is_told() {
    let (_, findings) = read("{}");
    assert_eq!(findings[0].message, "this manifest has no `artifacts`: it is not one that the CDK has written");
}

#[test]
fn a_manifest_names_nothing_outside_of_its_folder() {
    for name in ["/etc/hosts", "../x.template.json", "https://example.com/x"] {
        let (assembly, findings) = read(&MANIFEST.replace("Web.template.json", name));
        assert_eq!(assembly.stacks.len(), 1, "{name}");
        assert!(findings.iter().any(|one| one.code == "NOT_IN_ASSEMBLY"), "{name}: {findings:?}");
    }
}
