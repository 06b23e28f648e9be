//! Tasks whose containers somebody runs.

use std::sync::Arc;

use ::ecs::{Event, Order};
use serde_json::Value;

use crate::admin::tasks;
use crate::client::{World, ask, root, world};

fn arn(world: &World, id: &str) -> String {
    world.hosted.with(|world| ::ecs::task_brief(world, id).map(|brief| brief.arn)).unwrap_or_default()
}

#[tokio::test]
async fn orders_come_when_there_is_something_to_do() {
    let world = world().await;
    let task = arn(&world, &tasks(&world).await[0]);
    let brief = world.hosted.attend_task(&task).unwrap();
    assert_eq!(brief.containers[0].image, "i");
    assert_eq!(world.hosted.attend_task(&task), None, "it is attended once");
    let container = || "c".to_owned();
    assert_eq!(world.hosted.task_orders(&task).await, [Order::Start { container: container() }]);
    world.hosted.task_event(&task, &Event::Started { container: container() });

    let (hosted, waiting) = (Arc::clone(&world.hosted), task.clone());
    let orders = tokio::spawn(async move { hosted.task_orders(&waiting).await });
    let stop = format!("{{\"task\":\"{task}\",\"reason\":\"enough\"}}");
    let stopped = world.json("ecs", &root(), "AmazonEC2ContainerServiceV20141113.StopTask", &stop).await;
    assert!(stopped.text().contains("STOPPING"), "{}", stopped.text());
    assert_eq!(orders.await.unwrap(), [Order::Stop { container: container(), patience_seconds: 30 }]);
    world.hosted.task_event(&task, &Event::Exited { container: container(), code: 143, reason: None });
    assert_eq!(world.hosted.task_orders(&task).await, [], "nothing more: it has ended");
    let end = world.hosted.task_end(&task).unwrap();
    assert_eq!((end.stop_code, end.reason.as_str()), ("UserInitiated", "enough"));
    assert_eq!(world.hosted.task_orders(&"0".repeat(32)).await, [], "and nothing for a task that is not there");
}

#[tokio::test]
async fn a_container_reads_its_metadata() {
    let world = world().await;
    let [first, second] = tasks(&world).await.try_into().unwrap();
    let uri = world.hosted.container_metadata(&first, "c").unwrap();
    let other = world.hosted.container_metadata(&second, "c").unwrap();
    let path = uri.strip_prefix(&world.server.url()).unwrap();
    for (page, member) in [("", "DockerId"), ("/", "DockerId"), ("/task", "TaskARN"), ("/stats", "id")] {
        let answer = world.plain(ask("GET", &format!("{path}{page}"))).await;
        assert_eq!(answer.status, 200, "{page}: {}", answer.text());
        let content: Value = serde_json::from_slice(&answer.body).unwrap();
        assert!(content[member].is_string(), "{page}: {content}");
    }
    let key = path.split('/').nth(5).unwrap();
    let others = other.split('/').nth(7).unwrap();
    assert!(key.len() >= 32 && key != others);
    for wrong in [
        path.replace(key, others),
        path.replace(key, ""),
        path.replace(key, &key[1..]),
        path.replace(&first, &second),
        path.replace("/c", "/d"),
        path.replace("/v4/", "/v4/0"),
        format!("{path}/../c/task"),
        format!("{path}/task/"),
        format!("{path}/taskWithTags"),
        format!("{path}/%74ask"),
        path.replace("/_tagproof", "/_tagproof/x/.."),
    ] {
        let answer = world.plain(ask("GET", &wrong)).await;
        assert!((400..500).contains(&answer.status), "{wrong}: {}", answer.status);
        assert!(!answer.text().contains("TaskARN"), "{wrong}");
    }
    let post = world.plain(ask("POST", path)).await;
    assert_eq!(post.status, 405);
}
