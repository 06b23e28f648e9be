//! A folder that the CDK has synthesised.

use std::path::{Path, PathBuf};

use source::{Entry, Finding, Node, Severity, Value};
use template::assembly::{self, MANIFEST, Synthesised};

use super::beside::Beside;
use super::{Asked, Deployment, DeploymentError};
use crate::read::ReadError;

/// How the name of a template ends that the CDK writes.
const TEMPLATE: &str = ".template.json";

/// Stages lie in each other no deeper.
const DEEPEST: usize = 8;

/// The stack that is asked for, or the only one, with those before it.
pub(super) fn open(
    asked: &Asked<'_>,
    wanted: Option<&str>,
    beside: &mut Beside<'_>,
) -> Result<Option<Deployment>, DeploymentError> {
    let mut stacks = Vec::new();
    find(asked.path, 0, beside, &mut stacks)?;
    let names = || stacks.iter().map(|(_, one)| one.display_name.clone()).collect::<Vec<_>>();
    let chosen: Vec<_> = stacks.iter().filter(|(_, one)| wanted.is_none_or(|name| one.is_called(name))).collect();
    let (folder, stack) = match (&chosen[..], wanted) {
        ([one], _) => *one,
        ([], None) => return Err(DeploymentError::NoAssembly),
        ([], Some(wanted)) => return Err(DeploymentError::NoStack { wanted: wanted.to_owned(), known: names() }),
        (several, _) => {
            let names = several.iter().map(|(_, one)| one.display_name.clone()).collect();
            return Err(DeploymentError::SeveralStacks(names));
        }
    };
    let Some(mut deployment) = deployment(folder, stack, beside)? else { return Ok(None) };
    beside.say(stack.tags.iter().filter(|tag| !has_tag(&deployment.tree, &tag.value)).map(of_stack).collect());
    for (folder, one) in before(&stacks, folder, stack) {
        deployment.before.extend(self::deployment(folder, one, beside)?);
    }
    Ok(Some(deployment))
}

/// Whether a template itself gives anything a tag of a key.
fn has_tag(tree: &Node, key: &str) -> bool {
    let mut open = vec![tree];
    while let Some(node) = open.pop() {
        if node.get("Key").and_then(Node::text) == Some(key) {
            return true;
        }
        open.extend(node.items());
        open.extend(node.entries().iter().map(|entry| &entry.value));
    }
    false
}

/// "The propagation of stack-level tags to resources … varies by resource type."
/// docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-resource-tags.html
fn of_stack(tag: &template::Text) -> Finding {
    let message = format!("the stack's tag `{}` is not applied to the resources in it", tag.value);
    let finding = Finding::new(Severity::Warning, "STACK_TAGS", tag.span, message);
    finding
        .help("AWS puts it on some of them when it deploys the stack; tag the constructs themselves to have it tested")
}

/// The stacks of a folder and of its stages.
fn find(
    folder: &Path,
    depth: usize,
    beside: &mut Beside<'_>,
    stacks: &mut Vec<(PathBuf, Synthesised)>,
) -> Result<(), DeploymentError> {
    let manifest = match beside.manifest(&folder.join(MANIFEST)) {
        Err(ReadError::Missing(_)) => return Err(DeploymentError::NoAssembly),
        read => read?,
    };
    let Some(manifest) = manifest else { return Ok(()) };
    let (found, findings) = assembly::read(&manifest);
    beside.say(findings);
    stacks.extend(found.stacks.into_iter().map(|one| (folder.to_owned(), one)));
    for stage in found.stages.iter().filter(|_| depth < DEEPEST) {
        find(&folder.join(stage), depth + 1, beside, stacks)?;
    }
    Ok(())
}

/// What a stack depends on, and what that depends on, each after what it needs itself.
fn before<'s>(
    stacks: &'s [(PathBuf, Synthesised)],
    folder: &Path,
    stack: &Synthesised,
) -> Vec<&'s (PathBuf, Synthesised)> {
    // A stage's names are its own.
    let own: Vec<_> = stacks.iter().filter(|(known, _)| known == folder).collect();
    let needs = |one: &Synthesised, other: &Synthesised| one.dependencies.contains(&other.artifact);
    let mut needed = vec![false; own.len()];
    let mut open = vec![stack];
    while let Some(one) = open.pop() {
        for (at, (_, other)) in own.iter().enumerate() {
            if needs(one, other) && !std::mem::replace(&mut needed[at], true) {
                open.push(other);
            }
        }
    }
    let mut left: Vec<_> =
        own.into_iter().zip(needed).filter_map(|(one, is_needed)| is_needed.then_some(one)).collect();
    let mut ordered = Vec::new();
    // What depends on itself is never ready, and is left out.
    while let Some(at) = left.iter().position(|(_, one)| !left.iter().any(|(_, other)| needs(one, other))) {
        ordered.push(left.remove(at));
    }
    ordered
}

fn deployment(
    folder: &Path,
    stack: &Synthesised,
    beside: &mut Beside<'_>,
) -> Result<Option<Deployment>, DeploymentError> {
    let path = folder.join(&stack.template_file);
    let Some(mut tree) = beside.document(Path::new(&stack.template_file), &path)? else { return Ok(None) };
    beside.follow(&tree, folder);
    for manifest in &stack.assets {
        assets(&folder.join(manifest), beside)?;
    }
    place(&mut tree, &stack.construct_paths);
    Ok(Some(Deployment {
        stack_name: Some(stack.stack_name.clone()),
        account: stack.account.clone(),
        region: stack.region.clone(),
        parameters: stack.parameters.clone(),
        ..Deployment::of(tree)
    }))
}

/// The templates among what one synthesised template is uploaded with: the CDK names them in a file beside it.
pub(super) fn assets_of(template: &Path, beside: &mut Beside<'_>) -> Result<(), DeploymentError> {
    let name = template.file_name().and_then(|name| name.to_str()?.strip_suffix(TEMPLATE));
    match name.map(|name| assets(&template.with_file_name(format!("{name}.assets.json")), beside)) {
        // A file of that name may be somebody else's, and without it a nested stack is named as missing.
        None | Some(Ok(()) | Err(DeploymentError::Unread(_))) => Ok(()),
        Some(other) => other,
    }
}

fn assets(manifest: &Path, beside: &mut Beside<'_>) -> Result<(), DeploymentError> {
    let Some(tree) = beside.manifest(manifest)? else { return Ok(()) };
    // Only templates are of interest; other assets are code.
    let assets = assembly::assets(&tree).into_iter();
    for (name, file) in assets.filter(|(_, file)| file.ends_with(TEMPLATE)) {
        beside.give(&name, &manifest.with_file_name(file));
    }
    Ok(())
}

/// Notes beside each resource where it stands in the tree of constructs, where the template itself does not.
fn place(tree: &mut Node, paths: &[(String, String)]) {
    let Value::Map(sections) = &mut tree.value else { return };
    let Some(resources) = sections.iter_mut().find(|entry| entry.key == "Resources") else { return };
    let Value::Map(resources) = &mut resources.value.value else { return };
    for Entry { key, key_span, value } in resources {
        let Some((_, path)) = paths.iter().find(|(logical_id, _)| logical_id == key) else { continue };
        let Value::Map(parts) = &mut value.value else { continue };
        if parts.iter().all(|part| part.key != "Metadata") {
            let span = *key_span;
            let path = Node::new(Value::String(path.clone()), span);
            let path = Entry { key: "aws:cdk:path".to_owned(), key_span: span, value: path };
            let metadata = Node::new(Value::Map(vec![path]), span);
            parts.push(Entry { key: "Metadata".to_owned(), key_span: span, value: metadata });
        }
    }
}
