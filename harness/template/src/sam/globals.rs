//! The section `Globals`: properties that all resources of a type have.
//!
//! docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification-template-anatomy-globals.html

use std::collections::{HashMap, HashSet};

use source::{Entry, Finding, Node, Value};

use super::bounds::BUDGET;
use super::build::{At, length, set};
use super::intrinsic::is_call;
use super::resource::Resource;
use crate::shape::{must_be, shown};

const PAGE: &str = "https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/\
                    sam-specification-template-anatomy-globals.html";

/// What may stand in `Globals`: sections and their properties.
const SECTIONS: &[(&str, &[&str])] = &[
    (
        "Api",
        &[
            "AccessLogSetting",
            "AlwaysDeploy",
            "Auth",
            "BinaryMediaTypes",
            "CacheClusterEnabled",
            "CacheClusterSize",
            "CanarySetting",
            "Cors",
            "DefinitionUri",
            "Domain",
            "EndpointAccessMode",
            "EndpointConfiguration",
            "GatewayResponses",
            "MergeDefinitions",
            "MethodSettings",
            "MinimumCompressionSize",
            "Name",
            "OpenApiVersion",
            "PropagateTags",
            "SecurityPolicy",
            "TracingEnabled",
            "Variables",
        ],
    ),
    (
        "CapacityProvider",
        &[
            "InstanceRequirements",
            "KmsKeyArn",
            "LoggingConfig",
            "ManagedResourceTags",
            "OperatorRole",
            "PropagateTags",
            "ScalingConfig",
            "Tags",
            "VpcConfig",
        ],
    ),
    (
        "Function",
        &[
            "Architectures",
            "AssumeRolePolicyDocument",
            "AutoPublishAlias",
            "AutoPublishAliasAllProperties",
            "CapacityProviderConfig",
            "CodeSigningConfigArn",
            "CodeUri",
            "DeadLetterQueue",
            "DeploymentPreference",
            "Description",
            "DurableConfig",
            "Environment",
            "EphemeralStorage",
            "EventInvokeConfig",
            "FileSystemConfigs",
            "FunctionScalingConfig",
            "FunctionUrlConfig",
            "Handler",
            "KmsKeyArn",
            "Layers",
            "LoggingConfig",
            "MemorySize",
            "PermissionsBoundary",
            "PropagateTags",
            "ProvisionedConcurrencyConfig",
            "PublishToLatestPublished",
            "RecursiveLoop",
            "ReservedConcurrentExecutions",
            "RolePath",
            "Runtime",
            "RuntimeManagementConfig",
            "SnapStart",
            "SourceKMSKeyArn",
            "Tags",
            "TenancyConfig",
            "Timeout",
            "Tracing",
            "VersionDeletionPolicy",
            "VpcConfig",
        ],
    ),
    (
        "HttpApi",
        &[
            "AccessLogSettings",
            "Auth",
            "CorsConfiguration",
            "DefaultRouteSettings",
            "Domain",
            "FailOnWarnings",
            "PropagateTags",
            "RouteSettings",
            "StageVariables",
            "Tags",
        ],
    ),
    ("LayerVersion", &["PublishLambdaVersion"]),
    (
        "MicrovmImage",
        &[
            "AdditionalOsCapabilities",
            "BaseImageArn",
            "BaseImageVersion",
            "BuildRoleArn",
            "CpuConfigurations",
            "EgressNetworkConnectors",
            "EnvironmentVariables",
            "Hooks",
            "Logging",
            "PropagateTags",
            "Resources",
            "Tags",
        ],
    ),
    ("NetworkConnector", &["OperatorRole", "PropagateTags", "Tags"]),
    ("SimpleTable", &["SSESpecification"]),
    ("StateMachine", &["PropagateTags"]),
    (
        "WebSocketApi",
        &[
            "AccessLogSettings",
            "ApiKeySelectionExpression",
            "DefaultRouteSettings",
            "DisableExecuteApiEndpoint",
            "DisableSchemaValidation",
            "Domain",
            "FailOnWarnings",
            "IpAddressType",
            "PropagateTags",
            "RouteSelectionExpression",
            "RouteSettings",
            "StageVariables",
            "Tags",
        ],
    ),
];

/// A list that stands for the global one, where others are added to it.
const REPLACED: [&str; 2] = ["Function.Architectures", "CapacityProvider.InstanceRequirements.Architectures"];

/// A mapping of which the resource says what is in it.
const PRUNED: &str = "CapacityProvider.ManagedResourceTags";

/// Gives resources what `Globals` has for their type. `false`: it came to too much, which is reported.
pub(super) fn apply(tree: &Node, resources: &mut [Entry], findings: &mut Vec<Finding>) -> bool {
    let Some(globals) = tree.get("Globals") else { return true };
    if !matches!(globals.value, Value::Map(_)) {
        findings.push(must_be("`Globals`", "a mapping of types to properties", globals));
        return true;
    }
    check(globals, findings);
    let mut spent = 0_usize;
    for entry in resources {
        let Some(section) = Resource::new(entry).of_type().strip_prefix("AWS::Serverless::").map(str::to_owned) else {
            continue;
        };
        let Some(global) = globals.get(&section).filter(|global| matches!(global.value, Value::Map(_))) else {
            continue;
        };
        spent = spent.saturating_add(length(global));
        if spent > BUDGET {
            let message = "the template grows too large when `Globals` is applied";
            findings.push(Finding::error("TOO_LARGE", globals.span, message));
            return false;
        }
        take(entry, global, &section);
    }
    true
}

/// Names that `Globals` cannot have are errors of the deployment.
fn check(globals: &Node, findings: &mut Vec<Finding>) {
    for section in globals.entries() {
        let Some((_, properties)) = SECTIONS.iter().find(|(name, _)| *name == section.key) else {
            let message = format!("`Globals` has no section `{}`", shown(&section.key));
            let finding = Finding::error("UNKNOWN_GLOBAL", section.key_span, message).see(PAGE);
            findings.push(finding.suggest(&section.key, SECTIONS.iter().map(|(name, _)| *name)));
            continue;
        };
        if !matches!(section.value.value, Value::Map(_)) {
            findings.push(must_be(&format!("`Globals.{}`", section.key), "a mapping of properties", &section.value));
        }
        for property in section.value.entries().iter().filter(|property| !properties.contains(&&*property.key)) {
            let message = format!("`Globals.{}` cannot have `{}`", section.key, shown(&property.key));
            let finding = Finding::error("UNKNOWN_GLOBAL", property.key_span, message).see(PAGE);
            let near = source::suggest(&property.key, properties.iter().copied());
            findings.push(match near {
                Some(near) => finding.help(format!("did you mean `{near}`?")),
                None => finding.help("write it into each resource"),
            });
        }
    }
}

fn take(entry: &mut Entry, global: &Node, section: &str) {
    let at = At(entry.key_span);
    let ignored = entry.value.get("IgnoreGlobals").cloned();
    let is_ignored = |name: &str| {
        let ignored = ignored.as_ref();
        ignored.is_some_and(|node| node.text() == Some("*") || node.items().iter().any(|one| one.text() == Some(name)))
    };
    let taken = global.entries().iter().filter(|entry| !is_ignored(&entry.key)).cloned().collect();
    let taken = Node::new(Value::Map(taken), global.span);
    let Value::Map(parts) = &mut entry.value.value else { return };
    let own = parts.iter().find(|part| part.key == "Properties").map(|part| part.value.clone());
    let merged = match own {
        Some(own) if own.value != Value::Null => merged(&taken, &own, section),
        _ => taken,
    };
    set(parts, at.entry("Properties", merged));
}

/// Mappings are merged, lists are added to; anything else, and what is of another kind, is the resource's own.
fn merged(global: &Node, own: &Node, path: &str) -> Node {
    let value = match (&global.value, &own.value) {
        (Value::Map(globals), Value::Map(own_entries)) if !is_call(global) && !is_call(own) => {
            let keeps: HashSet<&str> = own_entries.iter().map(|entry| &*entry.key).collect();
            let is_pruned = path == PRUNED && !own_entries.is_empty();
            let globals = globals.iter().filter(|entry| !is_pruned || keeps.contains(&*entry.key));
            Value::Map(merged_entries(globals.cloned().collect(), own_entries, path))
        }
        (Value::List(globals), Value::List(items)) if !REPLACED.contains(&path) => {
            Value::List(globals.iter().chain(items).cloned().collect())
        }
        _ => return own.clone(),
    };
    Node::new(value, own.span)
}

/// The path of an entry, as far as it may be one of those that count here.
fn below(path: &str, key: &str) -> String {
    const LONGEST: usize = 64;
    if path.len() + key.len() < LONGEST { format!("{path}.{key}") } else { String::new() }
}

fn merged_entries(mut all: Vec<Entry>, own: &[Entry], path: &str) -> Vec<Entry> {
    let mut index: HashMap<String, usize> = all.iter().enumerate().map(|(at, entry)| (entry.key.clone(), at)).collect();
    for entry in own {
        match index.get(&entry.key) {
            Some(&at) => {
                let value = merged(&all[at].value, &entry.value, &below(path, &entry.key));
                all[at] = Entry { value, ..entry.clone() };
            }
            None => {
                index.insert(entry.key.clone(), all.len());
                all.push(entry.clone());
            }
        }
    }
    all
}
