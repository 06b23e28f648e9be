//! Clusters. docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Operations.html

use super::*;

#[test]
fn a_cluster_comes_and_goes() {
    let mut kit = Kit::new(crate::SERVICES);
    let made = kit.setup("ecs:CreateCluster", json!({ "clusterName": "prod", "tags": tags(&[("a", "1")]) }));
    assert_eq!(made["cluster"]["clusterArn"], arn("cluster/prod"));
    assert_eq!(made["cluster"]["status"], "ACTIVE");
    assert_eq!(made["cluster"]["tags"], tags(&[("a", "1")]));
    assert_eq!(kit.setup("ecs:ListClusters", json!({})), json!({ "clusterArns": [arn("cluster/prod")] }));
    let plain = kit.setup("ecs:DescribeClusters", json!({ "clusters": ["prod", "nope"] }));
    assert_eq!(plain["clusters"][0]["tags"], json!([]), "tags only where asked for");
    assert_eq!(plain["failures"], json!([{ "arn": arn("cluster/nope"), "reason": "MISSING" }]));
    let with = kit.setup("ecs:DescribeClusters", json!({ "clusters": [arn("cluster/prod")], "include": ["TAGS"] }));
    assert_eq!(with["clusters"][0]["tags"], tags(&[("a", "1")]));
    let gone = kit.setup("ecs:DeleteCluster", json!({ "cluster": "prod" }));
    assert_eq!(gone["cluster"]["status"], "INACTIVE");
    assert_eq!(kit.setup("ecs:ListClusters", json!({})), json!({ "clusterArns": [] }));
    let again = kit.as_root("ecs:DeleteCluster", json!({ "cluster": "prod" }));
    check_fault(again, "ClusterNotFoundException", "Cluster not found.");
}

/// "Clusters with an `INACTIVE` status may remain discoverable in your account for a period of time."
/// docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeleteCluster.html
#[test]
fn of_very_many_deleted_clusters_the_last_are_told_of() {
    let mut kit = Kit::new(crate::SERVICES);
    let deletes = |kit: &mut Kit, name: &str| {
        kit.setup("ecs:CreateCluster", json!({ "clusterName": name }));
        kit.setup("ecs:DeleteCluster", json!({ "cluster": name }));
    };
    let status = |kit: &mut Kit, name: &str| {
        kit.setup("ecs:DescribeClusters", json!({ "clusters": [name] }))["clusters"][0]["status"].clone()
    };
    deletes(&mut kit, "first");
    deletes(&mut kit, "again");
    kit.setup("ecs:CreateCluster", json!({ "clusterName": "again" }));
    for number in 0..98 {
        deletes(&mut kit, &format!("c{number}"));
    }
    assert_eq!(status(&mut kit, "first"), "INACTIVE");
    deletes(&mut kit, "c98");
    assert_eq!(status(&mut kit, "first"), Value::Null);
    deletes(&mut kit, "c99");
    assert_eq!(status(&mut kit, "again"), "ACTIVE", "it was made again");
    assert_eq!(status(&mut kit, "c0"), "INACTIVE");
}

/// The page's two policies: only with the approved key, and never without one.
/// docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-create-storage-key.html
#[test]
fn the_key_of_ephemeral_storage_counts() {
    const KEY: &str = "ecs:fargate-ephemeral-storage-kms-key";
    let mut kit = Kit::new(crate::SERVICES);
    let mut only = testkit::allow(&["ecs:CreateCluster"]);
    only["Condition"] = json!({ "StringEquals": { KEY: "key-1" } });
    let mut without = json!({ "Effect": "Deny", "Action": "ecs:CreateCluster", "Resource": "*" });
    without["Condition"] = json!({ "Null": { KEY: "true" } });
    let only = kit.user("only", json!([only]));
    let never = kit.user("never", json!([testkit::allow(&["ecs:CreateCluster"]), without]));
    let storage = |key: &str| json!({ "managedStorageConfiguration": { "fargateEphemeralStorageKmsKeyId": key } });
    for (input, by_only, by_never) in [
        (json!({ "clusterName": "a", "configuration": storage("key-1") }), true, true),
        (json!({ "clusterName": "b", "configuration": storage("key-2") }), false, true),
        (json!({ "clusterName": "c" }), false, false),
    ] {
        assert_eq!(kit.call(&only, "ecs:CreateCluster", input.clone()).is_ok(), by_only, "{input}");
        assert_eq!(kit.call(&never, "ecs:CreateCluster", input.clone()).is_ok(), by_never, "{input}");
    }
}

#[test]
fn a_cluster_with_tasks_stays() {
    let mut kit = kit();
    let task = started(&mut kit, json!({}));
    let words = "The Cluster cannot be deleted while Tasks are active.";
    check_fault(
        kit.as_root("ecs:DeleteCluster", json!({ "cluster": "default" })),
        "ClusterContainsTasksException",
        words,
    );
    kit.setup("ecs:StopTask", json!({ "task": task["taskArn"] }));
    kit.setup("ecs:DeleteCluster", json!({ "cluster": "default" }));
}

#[test]
fn clusters_are_regional() {
    let mut kit = kit();
    kit.surroundings.region = "eu-west-1".to_owned();
    assert_eq!(kit.setup("ecs:ListClusters", json!({})), json!({ "clusterArns": [] }));
    let foreign = kit.as_root("ecs:ListTasks", json!({ "cluster": arn("cluster/default") })).expect_err("an error");
    assert_eq!(foreign.code, "InvalidParameterException");
}

#[test]
fn lists_come_in_pages() {
    let mut kit = Kit::new(crate::SERVICES);
    for name in ["a", "b", "c"] {
        kit.setup("ecs:CreateCluster", json!({ "clusterName": name }));
    }
    let first = kit.setup("ecs:ListClusters", json!({ "maxResults": 2 }));
    assert_eq!(first["clusterArns"], json!([arn("cluster/a"), arn("cluster/b")]));
    let second = kit.setup("ecs:ListClusters", json!({ "maxResults": 2, "nextToken": first["nextToken"] }));
    assert_eq!(second, json!({ "clusterArns": [arn("cluster/c")] }));
    assert!(kit.as_root("ecs:ListClusters", json!({ "nextToken": "x" })).is_err());
    assert!(kit.as_root("ecs:ListClusters", json!({ "maxResults": 0 })).is_err());
}
