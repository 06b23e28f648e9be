//! An option's world that is left standing, for programs that act as its callers.

use std::net::{Ipv4Addr, SocketAddr};

use account::{AccessKey, Tracing};
use runner::{Access, Aws, AwsError, Standing};
use wire::{Hosting, Server};

use crate::kit::loaded;

const ACCOUNT: &str = "123456789012";

async fn stand(name: &str, option: &str) -> (Server, Standing) {
    let prepared = loaded(&format!("../../../../scenarios/{name}"));
    let option = prepared.options().position(|one| one == option).unwrap();
    let server = Server::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, 0))).await.unwrap();
    let root = AccessKey { id: "test".to_owned(), secret: "test".to_owned() };
    let hosting = Hosting { tracing: Tracing::Denials, log: None, upstream: None };
    let standing = runner::stand(&prepared, option, &server, root, hosting).await.unwrap();
    (server, standing)
}

/// Who AWS says that a program is which acts as the caller.
async fn who((server, standing): &(Server, Standing), caller: &str) -> Result<String, AwsError> {
    let access = &standing.callers.iter().find(|one| one.name == caller).unwrap().access;
    let url = server.url();
    let mut environment =
        vec![("AWS_ENDPOINT_URL", url.as_str()), ("AWS_REGION", "us-east-1"), ("AWS_EC2_METADATA_DISABLED", "true")];
    match access {
        Access::Key { key, token } => {
            environment.extend([("AWS_ACCESS_KEY_ID", key.id.as_str()), ("AWS_SECRET_ACCESS_KEY", &key.secret)]);
            environment.extend(token.as_deref().map(|token| ("AWS_SESSION_TOKEN", token)));
        }
        Access::Task(task) => {
            environment.push(("AWS_CONTAINER_CREDENTIALS_FULL_URI", &task.uri));
            environment.push(("AWS_CONTAINER_AUTHORIZATION_TOKEN", &task.token));
        }
        Access::Nobody(why) => return Ok(format!("nobody: {why}")),
    }
    Aws::find(Some(&environment), ACCOUNT).await.map(|aws| aws.caller)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_can_act_as_each_caller_that_there_is() {
    let fence = stand("ecs-launcher-fence", "fenced").await;
    let user = who(&fence, "launcher-ok").await.unwrap();
    assert!(user.starts_with(&format!("arn:aws:iam::{ACCOUNT}:user/")), "{user}");
    let task = who(&fence, "ok-task").await.unwrap();
    assert!(task.starts_with(&format!("arn:aws:sts::{ACCOUNT}:assumed-role/")), "{task}");
    fence.0.stop().await;

    let broker = stand("ecs-task-tag", "principal-tag-through-broker").await;
    let access = &broker.1.callers[0].access;
    assert!(matches!(access, Access::Key { token: Some(_), .. }), "a task that came to the broker has a session");
    let session = who(&broker, "status-ok").await.unwrap();
    assert!(session.starts_with(&format!("arn:aws:sts::{ACCOUNT}:assumed-role/")), "{session}");
    broker.0.stop().await;

    let roles = stand("ecs-task-tag", "role-per-status-reading-role").await;
    let refused = who(&roles, "untagged").await.unwrap();
    assert!(refused.starts_with("nobody: ecs:RunTask was refused: "), "{refused}");
    roles.0.stop().await;
}
