//! Clusters.

use account::input::read;
use account::{AccountRegion, Call, Check, Fault, World};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::fault::invalid_parameter;
use super::input::{self, PageInput, Tag, UNREADABLE, cluster_name, is_name};
use super::life::Status;
use super::region::{Cluster, InEcs};
use super::tags;
use super::task_list::TaskList;

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct CreateInput {
    cluster_name: Option<String>,
    tags: Vec<Tag>,
    capacity_providers: Vec<String>,
    #[serde(flatten)]
    body: Map<String, Value>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct DescribeInput {
    clusters: Vec<String>,
    include: Vec<String>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct ClusterInput {
    cluster: Option<String>,
}

/// Members of the request that are also members of a cluster.
const BODY: &[&str] = &["settings", "configuration", "defaultCapacityProviderStrategy", "serviceConnectDefaults"];

/// docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateCluster.html
pub(super) fn create_cluster(world: &mut World, call: &mut Call<'_>, input: Value) -> Result<Value, Fault> {
    let input: CreateInput = read(input, UNREADABLE)?;
    let place = AccountRegion::of(call)?;
    let name = input.cluster_name.unwrap_or_else(|| "default".to_owned());
    let arn = place.arn(&format!("cluster/{name}"));
    let given = input::tags(&input.tags);
    let mut check = Check::new("ecs:CreateCluster", &arn).passing(&given).tagged(&given);
    if !input.capacity_providers.is_empty() {
        check.keys.set_many("ecs:capacity-provider", capacity_providers(&place, &input.capacity_providers));
    }
    // docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-create-storage-key.html
    let storage = &input.body.get("configuration").unwrap_or(&Value::Null)["managedStorageConfiguration"];
    if let Some(key) = storage["fargateEphemeralStorageKmsKeyId"].as_str() {
        check = check.key("ecs:fargate-ephemeral-storage-kms-key", key);
    }
    world.authorize(call, check)?;
    if !given.is_empty() {
        tags::authorize_on_create(world, call, &arn, "CreateCluster", &given)?;
    }
    if !is_name(&name) {
        return Err(invalid_parameter("Invalid cluster name."));
    }
    input::check_tags(&input.tags)?;
    if let Some(cluster) = place.cluster(world, &name) {
        return Ok(json!({ "cluster": cluster.to_json(&[]) }));
    }
    let mut body = input.body;
    body.retain(|member, _| BODY.contains(&member.as_str()));
    body.insert("capacityProviders".to_owned(), json!(input.capacity_providers));
    let cluster = Cluster { name: name.clone(), arn, active: true, tags: given, body, tasks: TaskList::default() };
    let answer = json!({ "cluster": cluster.to_json(&["TAGS".to_owned(), "SETTINGS".to_owned()]) });
    place.region_mut(world)?.clusters.insert_mut(name, cluster);
    Ok(answer)
}

/// docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeClusters.html
pub(super) fn describe_clusters(world: &mut World, call: &mut Call<'_>, input: Value) -> Result<Value, Fault> {
    let mut input: DescribeInput = read(input, UNREADABLE)?;
    let place = AccountRegion::of(call)?;
    if input.clusters.is_empty() {
        input.clusters.push("default".to_owned());
    }
    let (mut clusters, mut failures) = (Vec::new(), Vec::new());
    for cluster in &input.clusters {
        let name = cluster_name(&place, Some(cluster))?;
        let arn = place.arn(&format!("cluster/{name}"));
        let known = place.region(world).and_then(|region| region.clusters.get(&name));
        let check = Check::new("ecs:DescribeClusters", &arn);
        world.authorize(call, known.iter().fold(check, |check, cluster| check.tagged(&cluster.tags)))?;
        match known {
            Some(cluster) => clusters.push(cluster.to_json(&input.include)),
            None => failures.push(json!({ "arn": arn, "reason": "MISSING" })),
        }
    }
    Ok(json!({ "clusters": clusters, "failures": failures }))
}

/// docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ListClusters.html
pub(super) fn list_clusters(world: &mut World, call: &mut Call<'_>, input: Value) -> Result<Value, Fault> {
    let page: PageInput = read(input, UNREADABLE)?;
    let place = AccountRegion::of(call)?;
    world.authorize(call, Check::new("ecs:ListClusters", "*"))?;
    let clusters = place.region(world).into_iter().flat_map(|region| region.clusters.values());
    page.of("clusterArns", clusters.filter(|cluster| cluster.active).map(|cluster| cluster.arn.clone()))
}

/// docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeleteCluster.html
pub(super) fn delete_cluster(world: &mut World, call: &mut Call<'_>, input: Value) -> Result<Value, Fault> {
    let input: ClusterInput = read(input, UNREADABLE)?;
    let place = AccountRegion::of(call)?;
    let name = cluster_name(&place, input.cluster.as_deref())?;
    let known = place.cluster(world, &name);
    let check = Check::new("ecs:DeleteCluster", place.arn(&format!("cluster/{name}")));
    world.authorize(call, known.iter().fold(check, |check, cluster| check.tagged(&cluster.tags)))?;
    let cluster = place.cluster_mut(world, &name)?;
    if !cluster.tasks.are_stopped() {
        let words = "The Cluster cannot be deleted while Tasks are active.";
        return Err(Fault::new(400, "ClusterContainsTasksException", words));
    }
    cluster.active = false;
    cluster.tasks = TaskList::default();
    let answer = json!({ "cluster": cluster.to_json(&[]) });
    place.region_mut(world)?.was_deleted(name);
    Ok(answer)
}

/// Capacity providers as `ecs:capacity-provider` holds them: ARNs.
pub(super) fn capacity_providers(place: &AccountRegion, names: &[String]) -> Vec<String> {
    let arn = |name: &String| place.arn(&format!("capacity-provider/{name}"));
    names.iter().map(|name| if name.starts_with("arn:") { name.clone() } else { arn(name) }).collect()
}

impl Cluster {
    fn to_json(&self, include: &[String]) -> Value {
        let included = |field: &str| include.iter().any(|asked| asked == field);
        let part = |member: &str, field: &str| match self.body.get(member) {
            Some(value) if included(field) => value.clone(),
            _ => json!([]),
        };
        let mut answer = json!({
            "clusterArn": self.arn,
            "clusterName": self.name,
            "status": if self.active { "ACTIVE" } else { "INACTIVE" },
            "registeredContainerInstancesCount": 0,
            "runningTasksCount": self.tasks.count(&[Status::Running]),
            "pendingTasksCount": self.tasks.count(&[Status::Provisioning, Status::Pending, Status::Activating]),
            "activeServicesCount": 0,
            "statistics": [],
            "tags": if included("TAGS") { input::tags_to_json(&self.tags) } else { json!([]) },
            "settings": part("settings", "SETTINGS"),
            "capacityProviders": self.body.get("capacityProviders").cloned().unwrap_or_else(|| json!([])),
            "defaultCapacityProviderStrategy":
                self.body.get("defaultCapacityProviderStrategy").cloned().unwrap_or_else(|| json!([])),
        });
        if let Some(configuration) = self.body.get("configuration").filter(|_| included("CONFIGURATIONS")) {
            answer["configuration"] = configuration.clone();
        }
        if let Some(defaults) = self.body.get("serviceConnectDefaults") {
            answer["serviceConnectDefaults"] = defaults.clone();
        }
        answer
    }
}
