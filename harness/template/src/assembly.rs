//! What the CDK writes into `cdk.out`: a manifest that names its stacks, stages with manifests of their own, and assets.
//!
//! docs.aws.amazon.com/cdk/v2/guide/configure-synth.html

use source::{Entry, Finding, Node};

use crate::files::is_relative;
use crate::shape::{Text, shown};

/// The file that names everything in the folder.
pub const MANIFEST: &str = "manifest.json";

/// A folder that the CDK has synthesised.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Assembly {
    /// Its stacks, in the manifest's order.
    pub stacks: Vec<Synthesised>,
    /// The folders of its stages, each with a manifest of its own.
    pub stages: Vec<String>,
}

/// A stack of an assembly.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Synthesised {
    /// The name in the manifest, by which others name what they depend on.
    pub artifact: String,
    /// The name that the CDK's commands take: `Stage/Stack`.
    pub display_name: String,
    /// The name of the stack in CloudFormation.
    pub stack_name: String,
    /// Its template, from the manifest's folder.
    pub template_file: String,
    /// The account it is for, if that is known.
    pub account: Option<String>,
    /// The region it is for, if that is known.
    pub region: Option<String>,
    /// Values for its parameters.
    pub parameters: Vec<Entry>,
    /// Keys of tags that the stack is given when it is deployed.
    pub tags: Vec<Text>,
    /// The artifacts that are deployed before it.
    pub dependencies: Vec<String>,
    /// The files that tell of its assets, from the manifest's folder.
    pub assets: Vec<String>,
    /// The path in the tree of constructs for each logical id, as the manifest tells it.
    pub construct_paths: Vec<(String, String)>,
}

impl Synthesised {
    /// Whether it is the stack of a name, in any of the ways that the CDK has for it.
    #[must_use]
    pub fn is_called(&self, name: &str) -> bool {
        [&self.display_name, &self.stack_name, &self.artifact].into_iter().any(|known| known == name)
    }
}

/// Reads a manifest; gives what could be read and everything there is to say.
#[must_use]
pub fn read(manifest: &Node) -> (Assembly, Vec<Finding>) {
    let mut assembly = Assembly::default();
    let mut findings = Vec::new();
    let Some(artifacts) = manifest.get("artifacts") else {
        let message = "this manifest has no `artifacts`: it is not one that the CDK has written";
        findings.push(
            Finding::error("NO_ASSEMBLY", manifest.span, message).help("point at the folder that `cdk synth` writes"),
        );
        return (assembly, findings);
    };
    for missing in manifest.get("missing").map(Node::items).unwrap_or_default() {
        let key = missing.get("key").and_then(Node::text).unwrap_or("?");
        let message = format!("the CDK has not looked up `{}`, and a dummy value stands for it", shown(key));
        let help = "run `cdk synth` with credentials for the account, and keep cdk.context.json";
        findings.push(Finding::error("MISSING_CONTEXT", missing.span, message).help(help));
    }
    for Entry { key, value, .. } in artifacts.entries() {
        match value.get("type").and_then(Node::text) {
            Some("aws:cloudformation:stack") => assembly.stacks.extend(stack(artifacts, key, value, &mut findings)),
            Some("cdk:cloud-assembly") => assembly.stages.extend(file(value, "directoryName", &mut findings)),
            _ => {}
        }
    }
    (assembly, findings)
}

/// A file or folder that an artifact's properties name. The CDK names only what is in its own folder.
fn file(artifact: &Node, property: &str, findings: &mut Vec<Finding>) -> Option<String> {
    let node = artifact.get("properties")?.get(property)?;
    let name = node.text()?;
    if is_relative(name) && !name.contains("..") {
        return Some(name.to_owned());
    }
    let message = format!("`{property}` names `{}`, which is not in the manifest's folder", shown(name));
    findings.push(Finding::error("NOT_IN_ASSEMBLY", node.span, message).help("synthesise the app again"));
    None
}

/// The assets that a stack's asset manifest names: the name that each is uploaded under, and its file.
#[must_use]
pub fn assets(manifest: &Node) -> Vec<(String, String)> {
    let files = manifest.get("files").map(Node::entries).unwrap_or_default();
    let path = |entry: &Entry| entry.value.get("source")?.get("path")?.text().map(str::to_owned);
    files.iter().filter_map(|entry| Some((entry.key.clone(), path(entry)?))).collect()
}

fn stack(artifacts: &Node, artifact: &str, node: &Node, findings: &mut Vec<Finding>) -> Option<Synthesised> {
    let properties = node.get("properties")?;
    let text = |node: &Node, name: &str| node.get(name).and_then(Node::text).map(str::to_owned);
    let stack_name = text(properties, "stackName").unwrap_or_else(|| artifact.to_owned());
    // "aws://account/region"
    let environment = text(node, "environment").unwrap_or_default();
    let mut parts = environment.trim_start_matches("aws://").split('/');
    let mut known = || parts.next().filter(|part| !part.is_empty() && !part.starts_with("unknown-")).map(str::to_owned);
    let dependencies: Vec<String> = node
        .get("dependencies")
        .map(Node::items)
        .unwrap_or_default()
        .iter()
        .filter_map(Node::text)
        .map(str::to_owned)
        .collect();
    let is_asset = |one: &&Node| one.get("type").and_then(Node::text) == Some("cdk:asset-manifest");
    let manifests = dependencies.iter().filter_map(|name| artifacts.get(name).filter(is_asset));
    let assets = manifests.filter_map(|manifest| file(manifest, "file", findings)).collect();
    Some(Synthesised {
        artifact: artifact.to_owned(),
        display_name: text(node, "displayName").unwrap_or_else(|| stack_name.clone()),
        template_file: file(node, "templateFile", findings)?,
        account: known(),
        region: known(),
        parameters: properties.get("parameters").map(Node::entries).unwrap_or_default().to_vec(),
        tags: properties
            .get("tags")
            .map(Node::entries)
            .unwrap_or_default()
            .iter()
            .map(|tag| Text::new(&*tag.key, tag.key_span))
            .collect(),
        assets,
        construct_paths: construct_paths(node),
        dependencies,
        stack_name,
    })
}

/// `"/Stack/Role/Resource": [{"type": "aws:cdk:logicalId", "data": "RoleABC"}]`
fn construct_paths(node: &Node) -> Vec<(String, String)> {
    let metadata = node.get("metadata").map(Node::entries).unwrap_or_default();
    let of = |entry: &Entry| {
        let told =
            entry.value.items().iter().find(|one| one.get("type").and_then(Node::text) == Some("aws:cdk:logicalId"))?;
        Some((told.get("data")?.text()?.to_owned(), entry.key.trim_start_matches('/').to_owned()))
    };
    metadata.iter().filter_map(of).collect()
}
