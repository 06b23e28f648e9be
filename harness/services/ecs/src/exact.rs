//! Requests and answers of an emulator held to what was decided on. An emulator may take a part of a name for it, look in
//! whichever cluster, or run another revision than was looked at.

use account::{AccountRegion, Call, Fault};
use serde_json::{Map, Value, json};

use super::fault::invalid_parameter;
use super::input::{cluster_name, instance_arn, is_name};
use super::region::InEcs;

/// The request as it goes on, with what it was decided on in the place of what it names: the cluster by its name, the
/// definition with its revision, tasks by their ARNs. `here`: what the world made of it.
///
/// # Errors
/// The request names what there cannot be.
pub fn name_exactly(call: &Call<'_>, operation: &str, mut input: Value, here: &Value) -> Result<Value, Fault> {
    let place = AccountRegion::of(call)?;
    let Some(members) = input.as_object_mut() else { return Ok(input) };
    let text = |members: &Map<String, Value>, name: &str| members.get(name).and_then(Value::as_str).map(str::to_owned);
    if ["RunTask", "DescribeTasks", "ListTasks", "StopTask", "DeleteCluster"].contains(&operation) {
        let name = cluster_name(&place, text(members, "cluster").as_deref())?;
        if let Some(instance) = text(members, "containerInstance") {
            members.insert("containerInstance".to_owned(), json!(instance_arn(&place, &name, &instance)?));
        }
        members.insert("cluster".to_owned(), json!(name));
    }
    let exact = match operation {
        "CreateCluster" => ("clusterName", here["cluster"]["clusterName"].clone()),
        "DescribeClusters" => ("clusters", named_clusters(&place, members.get("clusters"))?.into()),
        "RunTask" => ("taskDefinition", revision(&here["tasks"][0]["taskDefinitionArn"])),
        "DescribeTaskDefinition" | "DeregisterTaskDefinition" => {
            ("taskDefinition", revision(&here["taskDefinition"]["taskDefinitionArn"]))
        }
        "DescribeTasks" => ("tasks", arns(&here["tasks"]).collect()),
        "StopTask" => ("task", here["task"]["taskArn"].clone()),
        _ => return Ok(input),
    };
    members.insert(exact.0.to_owned(), exact.1);
    Ok(input)
}

/// What an answer tells of what was asked for; all else is taken out. `sent`: the exact request; `here`: what the world
/// made of it.
///
/// # Errors
/// What it is about instead.
pub fn keep_what_was_asked(
    call: &Call<'_>,
    operation: &str,
    sent: &Value,
    here: &Value,
    mut there: Value,
) -> Result<Value, String> {
    let Ok(place) = AccountRegion::of(call) else { return Ok(there) };
    if !there.is_object() {
        return Err("what is no structure".to_owned());
    }
    match operation {
        "CreateCluster" | "DeleteCluster" => same(here, &there, "/cluster/clusterArn")?,
        "RegisterTaskDefinition" => same(here, &there, "/taskDefinition/family")?,
        "DescribeTaskDefinition" | "DeregisterTaskDefinition" => {
            same(here, &there, "/taskDefinition/taskDefinitionArn")?
        }
        "StopTask" => same(here, &there, "/task/taskArn")?,
        "RunTask" => {
            for task in there["tasks"].as_array().into_iter().flatten() {
                same(&here["tasks"][0], task, "/clusterArn")?;
                same(&here["tasks"][0], task, "/taskDefinitionArn")?;
            }
        }
        "DescribeClusters" => {
            let asked = &sent["clusters"];
            keep(&mut there["clusters"], |one| contains(asked, &one["clusterName"]));
        }
        "DescribeTasks" => {
            let asked = &sent["tasks"];
            keep(&mut there["tasks"], |one| contains(asked, &one["taskArn"]));
            keep(&mut there["failures"], |one| contains(asked, &one["arn"]));
            let missing = here["failures"].as_array().cloned().unwrap_or_default();
            match there["failures"].as_array_mut() {
                Some(failures) => failures.extend(missing),
                None => there["failures"] = missing.into(),
            }
        }
        "ListTasks" => {
            let start = place.arn(&format!("task/{}/", sent["cluster"].as_str().unwrap_or_default()));
            keep(&mut there["taskArns"], |one| {
                one.as_str().and_then(|arn| arn.strip_prefix(&start)).is_some_and(is_name)
            });
        }
        "ListTaskDefinitions" => {
            if let Some(family) = sent["familyPrefix"].as_str() {
                let start = place.arn(&format!("task-definition/{family}:"));
                keep(&mut there["taskDefinitionArns"], |one| one.as_str().is_some_and(|arn| arn.starts_with(&start)));
            }
        }
        _ => {}
    }
    Ok(there)
}

/// Without names it is the cluster called `default`.
fn named_clusters(place: &AccountRegion, named: Option<&Value>) -> Result<Vec<String>, Fault> {
    let named = named.and_then(Value::as_array).filter(|names| !names.is_empty());
    let Some(names) = named else { return Ok(vec![cluster_name(place, None)?]) };
    let text =
        |name: &Value| name.as_str().map(str::to_owned).ok_or_else(|| invalid_parameter("Invalid cluster name."));
    names.iter().map(|name| cluster_name(place, Some(&text(name)?))).collect()
}

/// `family:revision`.
fn revision(arn: &Value) -> Value {
    json!(arn.as_str().and_then(|arn| arn.rsplit('/').next()).unwrap_or_default())
}

fn arns(tasks: &Value) -> impl Iterator<Item = Value> {
    tasks.as_array().into_iter().flatten().map(|task| task["taskArn"].clone())
}

fn contains(list: &Value, one: &Value) -> bool {
    list.as_array().is_some_and(|list| list.contains(one))
}

fn keep(list: &mut Value, keeps: impl Fn(&Value) -> bool) {
    if let Some(list) = list.as_array_mut() {
        list.retain(keeps);
    }
}

/// Whether both have the same at a place; if not, what is there instead.
fn same(here: &Value, there: &Value, pointer: &str) -> Result<(), String> {
    let (wanted, told) = (here.pointer(pointer), there.pointer(pointer));
    if wanted.is_some() && wanted == told {
        return Ok(());
    }
    let shown = |value: Option<&Value>| value.and_then(Value::as_str).unwrap_or("nothing").to_owned();
    Err(format!("`{}` where `{}` was asked for", shown(told), shown(wanted)))
}
