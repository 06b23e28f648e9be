//! The properties of ECS resources, with the names the ECS API has for them.
//!
//! docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ecs-taskdefinition.html and
//! docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RegisterTaskDefinition.html

use Type::{Boolean, Integer, List, Map, Structure, Text};

/// What a property holds.
#[derive(Clone, Copy)]
pub(super) enum Type {
    Text,
    Integer,
    Boolean,
    /// Keys of the user's own, with texts.
    Map,
    List(&'static Type),
    Structure(&'static [Field]),
}

/// One property.
pub(super) struct Field {
    /// Its name in CloudFormation.
    pub(super) name: &'static str,
    /// Its name in the ECS API.
    pub(super) api: &'static str,
    pub(super) kind: Type,
    pub(super) required: bool,
}

const fn may(name: &'static str, api: &'static str, kind: Type) -> Field {
    Field { name, api, kind, required: false }
}

const fn need(name: &'static str, api: &'static str, kind: Type) -> Field {
    Field { name, api, kind, required: true }
}

pub(super) const TASK_DEFINITION: &[Field] = &[
    may("ContainerDefinitions", "containerDefinitions", List(&Structure(CONTAINER_DEFINITION))),
    may("Cpu", "cpu", Text),
    may("EnableFaultInjection", "enableFaultInjection", Boolean),
    may("EphemeralStorage", "ephemeralStorage", Structure(EPHEMERAL_STORAGE)),
    may("ExecutionRoleArn", "executionRoleArn", Text),
    may("Family", "family", Text),
    may("InferenceAccelerators", "inferenceAccelerators", List(&Structure(INFERENCE_ACCELERATOR))),
    may("IpcMode", "ipcMode", Text),
    may("Memory", "memory", Text),
    may("NetworkMode", "networkMode", Text),
    may("PidMode", "pidMode", Text),
    may("PlacementConstraints", "placementConstraints", List(&Structure(TASK_DEFINITION_PLACEMENT_CONSTRAINT))),
    may("ProxyConfiguration", "proxyConfiguration", Structure(PROXY_CONFIGURATION)),
    may("RequiresCompatibilities", "requiresCompatibilities", List(&Text)),
    may("RuntimePlatform", "runtimePlatform", Structure(RUNTIME_PLATFORM)),
    may("Tags", "tags", List(&Structure(TAG))),
    may("TaskRoleArn", "taskRoleArn", Text),
    may("Volumes", "volumes", List(&Structure(VOLUME))),
];

const AUTHORIZATION_CONFIG: &[Field] = &[may("AccessPointId", "accessPointId", Text), may("IAM", "iam", Text)];

pub(super) const CONTAINER_DEFINITION: &[Field] = &[
    may("Command", "command", List(&Text)),
    may("Cpu", "cpu", Integer),
    may("CredentialSpecs", "credentialSpecs", List(&Text)),
    may("DependsOn", "dependsOn", List(&Structure(CONTAINER_DEPENDENCY))),
    may("DisableNetworking", "disableNetworking", Boolean),
    may("DnsSearchDomains", "dnsSearchDomains", List(&Text)),
    may("DnsServers", "dnsServers", List(&Text)),
    may("DockerLabels", "dockerLabels", Map),
    may("DockerSecurityOptions", "dockerSecurityOptions", List(&Text)),
    may("EntryPoint", "entryPoint", List(&Text)),
    may("Environment", "environment", List(&Structure(KEY_VALUE_PAIR))),
    may("EnvironmentFiles", "environmentFiles", List(&Structure(ENVIRONMENT_FILE))),
    may("Essential", "essential", Boolean),
    may("ExtraHosts", "extraHosts", List(&Structure(HOST_ENTRY))),
    may("FirelensConfiguration", "firelensConfiguration", Structure(FIRELENS_CONFIGURATION)),
    may("HealthCheck", "healthCheck", Structure(HEALTH_CHECK)),
    may("Hostname", "hostname", Text),
    need("Image", "image", Text),
    may("Interactive", "interactive", Boolean),
    may("Links", "links", List(&Text)),
    may("LinuxParameters", "linuxParameters", Structure(LINUX_PARAMETERS)),
    may("LogConfiguration", "logConfiguration", Structure(LOG_CONFIGURATION)),
    may("Memory", "memory", Integer),
    may("MemoryReservation", "memoryReservation", Integer),
    may("MountPoints", "mountPoints", List(&Structure(MOUNT_POINT))),
    need("Name", "name", Text),
    may("PortMappings", "portMappings", List(&Structure(PORT_MAPPING))),
    may("Privileged", "privileged", Boolean),
    may("PseudoTerminal", "pseudoTerminal", Boolean),
    may("ReadonlyRootFilesystem", "readonlyRootFilesystem", Boolean),
    may("RepositoryCredentials", "repositoryCredentials", Structure(REPOSITORY_CREDENTIALS)),
    may("ResourceRequirements", "resourceRequirements", List(&Structure(RESOURCE_REQUIREMENT))),
    may("RestartPolicy", "restartPolicy", Structure(RESTART_POLICY)),
    may("Secrets", "secrets", List(&Structure(SECRET))),
    may("StartTimeout", "startTimeout", Integer),
    may("StopTimeout", "stopTimeout", Integer),
    may("SystemControls", "systemControls", List(&Structure(SYSTEM_CONTROL))),
    may("Ulimits", "ulimits", List(&Structure(ULIMIT))),
    may("User", "user", Text),
    may("VersionConsistency", "versionConsistency", Text),
    may("VolumesFrom", "volumesFrom", List(&Structure(VOLUME_FROM))),
    may("WorkingDirectory", "workingDirectory", Text),
];

const CONTAINER_DEPENDENCY: &[Field] =
    &[may("Condition", "condition", Text), may("ContainerName", "containerName", Text)];

const DEVICE: &[Field] = &[
    may("ContainerPath", "containerPath", Text),
    may("HostPath", "hostPath", Text),
    may("Permissions", "permissions", List(&Text)),
];

const DOCKER_VOLUME_CONFIGURATION: &[Field] = &[
    may("Autoprovision", "autoprovision", Boolean),
    may("Driver", "driver", Text),
    may("DriverOpts", "driverOpts", Map),
    may("Labels", "labels", Map),
    may("Scope", "scope", Text),
];

const EFSVOLUME_CONFIGURATION: &[Field] = &[
    may("AuthorizationConfig", "authorizationConfig", Structure(AUTHORIZATION_CONFIG)),
    need("FilesystemId", "fileSystemId", Text),
    may("RootDirectory", "rootDirectory", Text),
    may("TransitEncryption", "transitEncryption", Text),
    may("TransitEncryptionPort", "transitEncryptionPort", Integer),
];

const ENVIRONMENT_FILE: &[Field] = &[may("Type", "type", Text), may("Value", "value", Text)];

const EPHEMERAL_STORAGE: &[Field] = &[may("SizeInGiB", "sizeInGiB", Integer)];

const FSX_AUTHORIZATION_CONFIG: &[Field] =
    &[need("CredentialsParameter", "credentialsParameter", Text), need("Domain", "domain", Text)];

const FSX_WINDOWS_FILE_SERVER_VOLUME_CONFIGURATION: &[Field] = &[
    may("AuthorizationConfig", "authorizationConfig", Structure(FSX_AUTHORIZATION_CONFIG)),
    need("FileSystemId", "fileSystemId", Text),
    need("RootDirectory", "rootDirectory", Text),
];

const FIRELENS_CONFIGURATION: &[Field] = &[may("Options", "options", Map), may("Type", "type", Text)];

const HEALTH_CHECK: &[Field] = &[
    may("Command", "command", List(&Text)),
    may("Interval", "interval", Integer),
    may("Retries", "retries", Integer),
    may("StartPeriod", "startPeriod", Integer),
    may("Timeout", "timeout", Integer),
];

const HOST_ENTRY: &[Field] = &[may("Hostname", "hostname", Text), may("IpAddress", "ipAddress", Text)];

const HOST_VOLUME_PROPERTIES: &[Field] = &[may("SourcePath", "sourcePath", Text)];

const INFERENCE_ACCELERATOR: &[Field] = &[may("DeviceName", "deviceName", Text), may("DeviceType", "deviceType", Text)];

const KERNEL_CAPABILITIES: &[Field] = &[may("Add", "add", List(&Text)), may("Drop", "drop", List(&Text))];

const KEY_VALUE_PAIR: &[Field] = &[may("Name", "name", Text), may("Value", "value", Text)];

const LINUX_PARAMETERS: &[Field] = &[
    may("Capabilities", "capabilities", Structure(KERNEL_CAPABILITIES)),
    may("Devices", "devices", List(&Structure(DEVICE))),
    may("InitProcessEnabled", "initProcessEnabled", Boolean),
    may("MaxSwap", "maxSwap", Integer),
    may("SharedMemorySize", "sharedMemorySize", Integer),
    may("Swappiness", "swappiness", Integer),
    may("Tmpfs", "tmpfs", List(&Structure(TMPFS))),
];

const LOG_CONFIGURATION: &[Field] = &[
    need("LogDriver", "logDriver", Text),
    may("Options", "options", Map),
    may("SecretOptions", "secretOptions", List(&Structure(SECRET))),
];

const MOUNT_POINT: &[Field] = &[
    may("ContainerPath", "containerPath", Text),
    may("ReadOnly", "readOnly", Boolean),
    may("SourceVolume", "sourceVolume", Text),
];

const NVIDIA_MPS_ALLOCATION: &[Field] =
    &[may("MaxComputePercent", "maxComputePercent", Integer), need("Memory", "memory", Integer)];

const PORT_MAPPING: &[Field] = &[
    may("AppProtocol", "appProtocol", Text),
    may("ContainerPort", "containerPort", Integer),
    may("ContainerPortRange", "containerPortRange", Text),
    may("HostPort", "hostPort", Integer),
    may("Name", "name", Text),
    may("Protocol", "protocol", Text),
];

const PROXY_CONFIGURATION: &[Field] = &[
    need("ContainerName", "containerName", Text),
    may("ProxyConfigurationProperties", "properties", List(&Structure(KEY_VALUE_PAIR))),
    may("Type", "type", Text),
];

const REPOSITORY_CREDENTIALS: &[Field] = &[may("CredentialsParameter", "credentialsParameter", Text)];

const RESOURCE_REQUIREMENT: &[Field] = &[
    may("SharingStrategy", "sharingStrategy", Structure(SHARING_STRATEGY)),
    need("Type", "type", Text),
    may("Value", "value", Text),
];

const RESTART_POLICY: &[Field] = &[
    may("Enabled", "enabled", Boolean),
    may("IgnoredExitCodes", "ignoredExitCodes", List(&Integer)),
    may("RestartAttemptPeriod", "restartAttemptPeriod", Integer),
];

const RUNTIME_PLATFORM: &[Field] =
    &[may("CpuArchitecture", "cpuArchitecture", Text), may("OperatingSystemFamily", "operatingSystemFamily", Text)];

const S3_FILES_VOLUME_CONFIGURATION: &[Field] = &[
    may("AccessPointArn", "accessPointArn", Text),
    need("FileSystemArn", "fileSystemArn", Text),
    may("RootDirectory", "rootDirectory", Text),
    may("TransitEncryptionPort", "transitEncryptionPort", Integer),
];

const SECRET: &[Field] = &[need("Name", "name", Text), need("ValueFrom", "valueFrom", Text)];

const SHARING_STRATEGY: &[Field] = &[need("NvidiaMps", "nvidiaMps", Structure(NVIDIA_MPS_ALLOCATION))];

const SYSTEM_CONTROL: &[Field] = &[may("Namespace", "namespace", Text), may("Value", "value", Text)];

const TAG: &[Field] = &[may("Key", "key", Text), may("Value", "value", Text)];

const TASK_DEFINITION_PLACEMENT_CONSTRAINT: &[Field] =
    &[may("Expression", "expression", Text), need("Type", "type", Text)];

const TMPFS: &[Field] = &[
    may("ContainerPath", "containerPath", Text),
    may("MountOptions", "mountOptions", List(&Text)),
    need("Size", "size", Integer),
];

const ULIMIT: &[Field] =
    &[need("HardLimit", "hardLimit", Integer), need("Name", "name", Text), need("SoftLimit", "softLimit", Integer)];

const VOLUME: &[Field] = &[
    may("ConfiguredAtLaunch", "configuredAtLaunch", Boolean),
    may("DockerVolumeConfiguration", "dockerVolumeConfiguration", Structure(DOCKER_VOLUME_CONFIGURATION)),
    may("EFSVolumeConfiguration", "efsVolumeConfiguration", Structure(EFSVOLUME_CONFIGURATION)),
    may(
        "FSxWindowsFileServerVolumeConfiguration",
        "fsxWindowsFileServerVolumeConfiguration",
        Structure(FSX_WINDOWS_FILE_SERVER_VOLUME_CONFIGURATION),
    ),
    may("Host", "host", Structure(HOST_VOLUME_PROPERTIES)),
    may("Name", "name", Text),
    may("S3FilesVolumeConfiguration", "s3filesVolumeConfiguration", Structure(S3_FILES_VOLUME_CONFIGURATION)),
];

const VOLUME_FROM: &[Field] = &[may("ReadOnly", "readOnly", Boolean), may("SourceContainer", "sourceContainer", Text)];

pub(super) const CLUSTER: &[Field] = &[
    may("CapacityProviders", "capacityProviders", List(&Text)),
    may("ClusterName", "clusterName", Text),
    may("ClusterSettings", "settings", List(&Structure(CLUSTER_SETTINGS))),
    may("Configuration", "configuration", Structure(CLUSTER_CONFIGURATION)),
    may(
        "DefaultCapacityProviderStrategy",
        "defaultCapacityProviderStrategy",
        List(&Structure(CAPACITY_PROVIDER_STRATEGY_ITEM)),
    ),
    may("ServiceConnectDefaults", "serviceConnectDefaults", Structure(SERVICE_CONNECT_DEFAULTS)),
    may("Tags", "tags", List(&Structure(TAG))),
];

const CAPACITY_PROVIDER_STRATEGY_ITEM: &[Field] = &[
    may("Base", "base", Integer),
    may("CapacityProvider", "capacityProvider", Text),
    may("Weight", "weight", Integer),
];

const CLUSTER_CONFIGURATION: &[Field] = &[
    may("ExecuteCommandConfiguration", "executeCommandConfiguration", Structure(EXECUTE_COMMAND_CONFIGURATION)),
    may("ManagedStorageConfiguration", "managedStorageConfiguration", Structure(MANAGED_STORAGE_CONFIGURATION)),
];

const CLUSTER_SETTINGS: &[Field] = &[may("Name", "name", Text), may("Value", "value", Text)];

const EXECUTE_COMMAND_CONFIGURATION: &[Field] = &[
    may("KmsKeyId", "kmsKeyId", Text),
    may("LogConfiguration", "logConfiguration", Structure(EXECUTE_COMMAND_LOG_CONFIGURATION)),
    may("Logging", "logging", Text),
];

const EXECUTE_COMMAND_LOG_CONFIGURATION: &[Field] = &[
    may("CloudWatchEncryptionEnabled", "cloudWatchEncryptionEnabled", Boolean),
    may("CloudWatchLogGroupName", "cloudWatchLogGroupName", Text),
    may("S3BucketName", "s3BucketName", Text),
    may("S3EncryptionEnabled", "s3EncryptionEnabled", Boolean),
    may("S3KeyPrefix", "s3KeyPrefix", Text),
];

const MANAGED_STORAGE_CONFIGURATION: &[Field] = &[
    may("FargateEphemeralStorageKmsKeyId", "fargateEphemeralStorageKmsKeyId", Text),
    may("KmsKeyId", "kmsKeyId", Text),
];

const SERVICE_CONNECT_DEFAULTS: &[Field] = &[may("Namespace", "namespace", Text)];
