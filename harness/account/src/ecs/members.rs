//! The members that requests have.
//! docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Operations.html

use Members::{Any, Of};

/// What a member may hold.
pub(super) enum Members {
    /// Anything: a text, a number, or what is not looked into.
    Any,
    /// A structure with these members, or a list of such.
    Of(&'static [(&'static str, Members)]),
}

const TAGS: Members = Of(&[("key", Any), ("value", Any)]);
const NETWORK: Members =
    Of(&[("awsvpcConfiguration", Of(&[("subnets", Any), ("securityGroups", Any), ("assignPublicIp", Any)]))]);
const STRATEGY: Members = Of(&[("capacityProvider", Any), ("weight", Any), ("base", Any)]);
const NAMED: Members = Of(&[("name", Any), ("value", Any)]);
const TYPED: Members = Of(&[("type", Any), ("value", Any)]);
const RESOURCES: Members = Of(&[("type", Any), ("value", Any), ("sharingStrategy", Any)]);
const OVERRIDES: Members = Of(&[
    (
        "containerOverrides",
        Of(&[
            ("name", Any),
            ("command", Any),
            ("environment", NAMED),
            ("environmentFiles", TYPED),
            ("cpu", Any),
            ("memory", Any),
            ("memoryReservation", Any),
            ("resourceRequirements", RESOURCES),
        ]),
    ),
    ("cpu", Any),
    ("inferenceAcceleratorOverrides", Of(&[("deviceName", Any), ("deviceType", Any)])),
    ("executionRoleArn", Any),
    ("memory", Any),
    ("taskRoleArn", Any),
    ("ephemeralStorage", Of(&[("sizeInGiB", Any)])),
]);

/// Each operation with its members. Of a definition, what its containers and volumes hold is not looked into.
const OPERATIONS: &[(&str, Members)] = &[
    (
        "CreateCluster",
        Of(&[
            ("clusterName", Any),
            ("tags", TAGS),
            ("settings", NAMED),
            ("configuration", Any),
            ("capacityProviders", Any),
            ("defaultCapacityProviderStrategy", STRATEGY),
            ("serviceConnectDefaults", Of(&[("namespace", Any)])),
        ]),
    ),
    ("DeleteCluster", Of(&[("cluster", Any)])),
    ("DeregisterTaskDefinition", Of(&[("taskDefinition", Any)])),
    ("DescribeClusters", Of(&[("clusters", Any), ("include", Any)])),
    ("DescribeTaskDefinition", Of(&[("taskDefinition", Any), ("include", Any)])),
    ("DescribeTasks", Of(&[("cluster", Any), ("tasks", Any), ("include", Any)])),
    ("ListClusters", Of(&[("nextToken", Any), ("maxResults", Any)])),
    ("ListTagsForResource", Of(&[("resourceArn", Any)])),
    (
        "ListTaskDefinitionFamilies",
        Of(&[("familyPrefix", Any), ("status", Any), ("nextToken", Any), ("maxResults", Any)]),
    ),
    (
        "ListTaskDefinitions",
        Of(&[("familyPrefix", Any), ("status", Any), ("sort", Any), ("nextToken", Any), ("maxResults", Any)]),
    ),
    (
        "ListTasks",
        Of(&[
            ("cluster", Any),
            ("containerInstance", Any),
            ("family", Any),
            ("nextToken", Any),
            ("maxResults", Any),
            ("startedBy", Any),
            ("serviceName", Any),
            ("desiredStatus", Any),
            ("launchType", Any),
            ("daemonName", Any),
        ]),
    ),
    (
        "RegisterTaskDefinition",
        Of(&[
            ("family", Any),
            ("taskRoleArn", Any),
            ("executionRoleArn", Any),
            ("networkMode", Any),
            ("containerDefinitions", Any),
            ("volumes", Any),
            ("placementConstraints", Of(&[("type", Any), ("expression", Any)])),
            ("requiresCompatibilities", Any),
            ("cpu", Any),
            ("memory", Any),
            ("tags", TAGS),
            ("pidMode", Any),
            ("ipcMode", Any),
            ("proxyConfiguration", Of(&[("type", Any), ("containerName", Any), ("properties", NAMED)])),
            ("inferenceAccelerators", Of(&[("deviceName", Any), ("deviceType", Any)])),
            ("ephemeralStorage", Of(&[("sizeInGiB", Any)])),
            ("runtimePlatform", Of(&[("cpuArchitecture", Any), ("operatingSystemFamily", Any)])),
            ("enableFaultInjection", Any),
            ("trustedExecutionConfiguration", Any),
        ]),
    ),
    (
        "RunTask",
        Of(&[
            ("capacityProviderStrategy", STRATEGY),
            ("cluster", Any),
            ("count", Any),
            ("enableECSManagedTags", Any),
            ("enableExecuteCommand", Any),
            ("group", Any),
            ("launchType", Any),
            ("networkConfiguration", NETWORK),
            ("overrides", OVERRIDES),
            ("placementConstraints", Of(&[("type", Any), ("expression", Any)])),
            ("placementStrategy", Of(&[("type", Any), ("field", Any)])),
            ("platformVersion", Any),
            ("propagateTags", Any),
            ("referenceId", Any),
            ("startedBy", Any),
            ("tags", TAGS),
            ("taskDefinition", Any),
            ("clientToken", Any),
            ("volumeConfigurations", Any),
        ]),
    ),
    (
        "StartTask",
        Of(&[
            ("cluster", Any),
            ("containerInstances", Any),
            ("enableECSManagedTags", Any),
            ("enableExecuteCommand", Any),
            ("group", Any),
            ("networkConfiguration", NETWORK),
            ("overrides", OVERRIDES),
            ("propagateTags", Any),
            ("referenceId", Any),
            ("startedBy", Any),
            ("tags", TAGS),
            ("taskDefinition", Any),
            ("volumeConfigurations", Any),
        ]),
    ),
    ("StopTask", Of(&[("cluster", Any), ("task", Any), ("reason", Any)])),
    ("TagResource", Of(&[("resourceArn", Any), ("tags", TAGS)])),
    ("UntagResource", Of(&[("resourceArn", Any), ("tagKeys", Any)])),
];

/// The members of an operation that is here.
pub(super) fn of(operation: &str) -> Option<&'static Members> {
    OPERATIONS.iter().find(|(name, _)| *name == operation).map(|(_, members)| members)
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_operation_has_its_members() {
        for (operation, _) in crate::ecs::OPERATIONS {
            assert!(super::of(operation).is_some(), "{operation}");
        }
    }
}
