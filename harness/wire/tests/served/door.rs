//! The address for containers: what each finds there, and what nobody does.

use serde_json::Value;
use wire::Door;

use crate::admin::tasks;
use crate::client::{Answer, Connection, World, ask, root, world};

async fn door(world: &World) -> Door {
    world.hosted.open_door("127.0.0.1:0".parse().unwrap()).await.unwrap()
}

async fn at(door: &Door, method: &str, target: &str) -> Answer {
    let mut connection = Connection::open(door.url().strip_prefix("http://").unwrap()).await;
    connection.send(&ask(method, target), &[]).await
}

#[tokio::test]
async fn whoever_knows_the_path_gets_the_tasks_credentials_and_metadata() {
    let world = world().await;
    let [first, second] = tasks(&world).await.try_into().unwrap();
    let door = door(&world).await;
    assert!(door.leads_to(&world.hosted) && !door.is_at_port_80());
    let paths = world.hosted.container_paths(&first, "c").unwrap();
    let credentials = paths.credentials.unwrap();
    let answer = at(&door, "GET", &credentials).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    let content: Value = serde_json::from_slice(&answer.body).unwrap();
    for member in ["AccessKeyId", "SecretAccessKey", "Token", "Expiration", "RoleArn"] {
        assert!(content[member].is_string(), "{member}: {content}");
    }
    let task = at(&door, "GET", &format!("{}/task", paths.metadata)).await;
    assert!(task.text().contains(&first) && !task.text().contains(&second), "{}", task.text());
    // Elsewhere the paths are nothing.
    let elsewhere = world.plain(ask("GET", &credentials)).await;
    assert!((400..500).contains(&elsewhere.status), "{}", elsewhere.status);

    let (place, secret) = credentials.rsplit_once('.').unwrap();
    let id = credentials.rsplit('/').next().unwrap();
    let realm = world.hosted.realm();
    for wrong in [
        credentials.replace(&first, &second),
        format!("{place}.{}", "x".repeat(secret.len())),
        format!("{place}.{}", &secret[1..]),
        format!("{credentials}x"),
        format!("{credentials}/"),
        format!("/v2/credentials/x/../{id}"),
        format!("//v2/credentials/{id}"),
        format!("/v2/%63redentials/{id}"),
        format!("/v2/credentials/0{id}"),
        "/v2/credentials/..".to_owned(),
        "/v2/credentials/".to_owned(),
        "/v2/credentials".to_owned(),
        "/v2/".to_owned(),
        format!("/v4/{id}"),
        format!("/_tagproof/credentials/{realm}/{first}"),
        format!("/_tagproof/tasks/{first}/environment"),
        "/_tagproof/health".to_owned(),
        "/_localstack/health".to_owned(),
    ] {
        let answer = at(&door, "GET", &wrong).await;
        assert!((400..500).contains(&answer.status), "{wrong}: {}", answer.status);
        assert!(!answer.text().contains("SecretAccessKey"), "{wrong}");
    }
    let unknown = at(&door, "GET", &format!("{place}.x")).await;
    let said: Value = serde_json::from_slice(&unknown.body).unwrap();
    assert_eq!((unknown.status, said["code"].as_str()), (400, Some("InvalidIdInRequest")), "as the ECS agent has it");
    assert_eq!(at(&door, "POST", &credentials).await.status, 405);
    assert_eq!(at(&door, "POST", "/_tagproof/reset").await.status, 405);
    let stop = format!("{{\"task\":\"{first}\"}}");
    world.json("ecs", &root(), "AmazonEC2ContainerServiceV20141113.StopTask", &stop).await;
    assert_eq!(at(&door, "GET", &credentials).await.status, 400, "a task that has stopped has none");
}

#[tokio::test]
async fn a_door_is_closed_with_its_listener_and_before() {
    let world = world().await;
    let first = door(&world).await;
    let address = first.url();
    first.close().await;
    let hosted = world.hosted.clone();
    let second = hosted.open_door(address.strip_prefix("http://").unwrap().parse().unwrap()).await.unwrap();
    world.server.stop().await;
    while second.leads_to(&hosted) {
        tokio::task::yield_now().await;
    }
    assert!(hosted.open_door("127.0.0.1:0".parse().unwrap()).await.is_err());
}
