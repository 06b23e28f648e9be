//! tagproof's own pages: who gets them.

use crate::client::{ACCOUNT, World, ask, root, world};
use base64::Engine;
use serde_json::Value;
use wire::Server;

/// Two running tasks with a role each; gives their ids.
pub(crate) async fn tasks(world: &World) -> Vec<String> {
    let trust = "%7B%22Version%22%3A%222012-10-17%22%2C%22Statement%22%3A%7B%22Effect%22%3A%22Allow%22%2C%22Principal%22\
                 %3A%7B%22Service%22%3A%22ecs-tasks.amazonaws.com%22%7D%2C%22Action%22%3A%22sts%3AAssumeRole%22%7D%7D";
    let made = world.iam(&format!("Action=CreateRole&RoleName=task&AssumeRolePolicyDocument={trust}")).await;
    assert_eq!(made.status, 200, "{}", made.text());
    let call = async |operation: &str, body: String| {
        let target = format!("AmazonEC2ContainerServiceV20141113.{operation}");
        let answer = world.json("ecs", &root(), &target, &body).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        serde_json::from_slice::<Value>(&answer.body).unwrap()
    };
    call("CreateCluster", "{}".to_owned()).await;
    let definition = format!(
        "{{\"family\":\"f\",\"taskRoleArn\":\"arn:aws:iam::{ACCOUNT}:role/task\",\"cpu\":\"256\",\"memory\":\"512\",\
         \"networkMode\":\"awsvpc\",\"requiresCompatibilities\":[\"FARGATE\"],\
         \"containerDefinitions\":[{{\"name\":\"c\",\"image\":\"i\"}}]}}"
    );
    call("RegisterTaskDefinition", definition).await;
    let run = "{\"taskDefinition\":\"f\",\"launchType\":\"FARGATE\",\"count\":2,\
               \"networkConfiguration\":{\"awsvpcConfiguration\":{\"subnets\":[\"subnet-1\"]}}}";
    let started = call("RunTask", run.to_owned()).await;
    let arns = started["tasks"].as_array().unwrap().iter();
    arns.map(|task| task["taskArn"].as_str().unwrap().rsplit('/').next().unwrap().to_owned()).collect()
}

fn basic(text: &str) -> String {
    format!("Basic {}", base64::engine::general_purpose::STANDARD.encode(text))
}

#[tokio::test]
async fn a_task_gets_its_credentials_with_its_token() {
    let world = world().await;
    let [first, second] = tasks(&world).await.try_into().unwrap();
    let login = basic("test:test");
    let environment = async |task: &str| {
        let target = format!("/_tagproof/tasks/{task}/environment");
        let answer = world.plain(ask("GET", &target).header("authorization", &login)).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        serde_json::from_slice::<Value>(&answer.body).unwrap()
    };
    let mine = environment(&first).await;
    let other = environment(&second).await;
    let uri = mine["AWS_CONTAINER_CREDENTIALS_FULL_URI"].as_str().unwrap();
    assert_eq!(uri, format!("{}/_tagproof/credentials/{}/{first}", world.server.url(), world.hosted.realm()));
    let token = mine["AWS_CONTAINER_AUTHORIZATION_TOKEN"].as_str().unwrap();
    let others = other["AWS_CONTAINER_AUTHORIZATION_TOKEN"].as_str().unwrap();

    let target = uri.strip_prefix(&world.server.url()).unwrap().to_owned();
    let answer = world.plain(ask("GET", &target).header("authorization", token)).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    let credentials: Value = serde_json::from_slice(&answer.body).unwrap();
    for member in ["AccessKeyId", "SecretAccessKey", "Token", "Expiration", "RoleArn"] {
        assert!(credentials[member].is_string(), "{member}: {}", answer.text());
    }
    let signer = crate::client::Signer {
        id: credentials["AccessKeyId"].as_str().unwrap().to_owned(),
        secret: credentials["SecretAccessKey"].as_str().unwrap().to_owned(),
        token: Some(credentials["Token"].as_str().unwrap().to_owned()),
    };
    let who = world.query("sts", &signer, "Action=GetCallerIdentity&Version=2011-06-15").await;
    let arn = format!("arn:aws:sts::{ACCOUNT}:assumed-role/task/{first}");
    assert_eq!(crate::client::element(&who.text(), "Arn"), arn);

    let realm = world.hosted.realm();
    let long = format!("{token}x");
    for (target, token) in [
        (target.clone(), None),
        (target.clone(), Some("")),
        (target.clone(), Some(others)),
        (target.clone(), Some(long.as_str())),
        (target.clone(), Some(&token[1..])),
        (format!("/_tagproof/credentials/{realm}/{second}"), Some(token)),
        (format!("/_tagproof/credentials/{realm}/"), Some(token)),
        (format!("/_tagproof/credentials/+{realm}/{first}"), Some(token)),
        (format!("/_tagproof/credentials/0{realm}/{first}"), Some(token)),
        (format!("/_tagproof/credentials/{}/{first}", realm + 1), Some(token)),
        (format!("/_tagproof/credentials/99999/{first}"), Some(token)),
        (format!("/_tagproof/credentials/{realm}/{second}/../{first}"), Some(token)),
        (format!("/_tagproof/credentials//{realm}/{first}"), Some(token)),
        (format!("/_tagproof/credentials/{realm}/{first}/"), Some(token)),
        (format!("/_tagproof/credentials/{realm}/%2e%2e/{first}"), Some(token)),
        (format!("/_tagproof/credentials/{realm}"), Some(token)),
    ] {
        let request = ask("GET", &target);
        let answer = match token {
            Some(token) => world.plain(request.header("authorization", token)).await,
            None => world.plain(request).await,
        };
        assert!((400..500).contains(&answer.status), "{target} {token:?}: {}", answer.status);
        assert!(!answer.text().contains("SecretAccessKey"));
    }
}

/// RFC 7617
#[tokio::test]
async fn what_is_for_the_root_user_asks_for_the_root_key() {
    let world = world().await;
    let task = tasks(&world).await.remove(0);
    let ann = world.user("ann").await;
    let environment = format!("/_tagproof/tasks/{task}/environment");
    let anns = basic(&format!("{}:{}", ann.id, ann.secret));
    let refused = ["test:wrong", "test:", "test", "nobody:test"].map(basic);
    let others = [anns.as_str(), "Bearer test:test", "Basic %%%", "Basic", ""];
    for (method, target) in [("GET", environment.as_str()), ("POST", "/_tagproof/reset")] {
        for authorization in refused.iter().map(String::as_str).chain(others) {
            let answer = world.plain(ask(method, target).header("authorization", authorization)).await;
            assert_eq!(answer.status, 401, "{target} {authorization}");
            assert!(!answer.text().contains("AWS_CONTAINER_AUTHORIZATION_TOKEN"), "{}", answer.text());
        }
        let answer = world.plain(ask(method, target)).await;
        assert_eq!((answer.status, answer.header("www-authenticate")), (401, "Basic realm=\"root key\""));
    }
    for login in [basic("test:test"), basic("test:test").replace("Basic", "basic")] {
        let answer = world.plain(ask("GET", &environment).header("authorization", &login)).await;
        assert!(
            answer.status == 200 && answer.text().contains("AWS_CONTAINER_AUTHORIZATION_TOKEN"),
            "nothing was reset"
        );
        let answer = world.plain(ask("GET", "/_tagproof/tasks/none/environment").header("authorization", &login)).await;
        assert_eq!(answer.status, 404);
    }
}

/// One listener may have many worlds: a run has one for each option.
#[tokio::test]
async fn a_root_key_resets_its_own_world() {
    let world = world().await;
    let _other = crate::client::host(&world.server, "other", &world.log);
    let ann = world.user("ann").await;
    let reset = async |key: &str| {
        let login = basic(key);
        let answer = world.plain(ask("POST", "/_tagproof/reset").header("authorization", &login)).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
    };
    let is_there = async || world.s3(&ann, ask("GET", "/")).await.text().contains("AccessDenied");
    assert!(is_there().await);
    reset("other:other").await;
    assert!(is_there().await);
    reset("test:test").await;
    assert!(!is_there().await);
}

#[tokio::test]
async fn health() {
    let world = world().await;
    let answer = world.plain(ask("GET", "/_localstack/health")).await;
    assert_eq!((answer.status, answer.header("content-type")), (200, "application/json"));
    assert!(answer.text().contains("\"s3\": \"running\""), "{}", answer.text());
    let value: Value = serde_json::from_slice(&answer.body).unwrap();
    assert!(value["edition"].is_string() && value["version"].is_string());
    let answer = world.plain(ask("GET", "/_tagproof/health")).await;
    assert_eq!((answer.status, answer.text().contains("\"running\"")), (200, true));
    assert_eq!(world.plain(ask("HEAD", "/_localstack/health")).await.status, 200);
    assert_eq!(world.plain(ask("GET", "/_tagproof/nothing")).await.status, 404);
    assert_eq!(world.plain(ask("POST", "/_tagproof/health")).await.status, 405);
    assert_eq!(world.plain(ask("GET", "/_tagproof/reset")).await.status, 405);
}

/// The listener is there before the emulator that the account stands in front of.
#[tokio::test]
async fn without_an_account_it_is_starting() {
    let server = wire::Server::bind("127.0.0.1:0".parse().unwrap()).await.unwrap();
    let address = server.url().strip_prefix("http://").unwrap().to_owned();
    for target in ["/_tagproof/health", "/_localstack/health"] {
        let answer = crate::client::Connection::open(&address).await.send(&ask("GET", target), &[]).await;
        assert_eq!((answer.status, answer.text().as_str()), (503, r#"{"status":"starting"}"#), "{target}");
    }
}

/// A web page that talks to this address, from another site or by a name of its own for it.
#[tokio::test]
async fn web_pages_are_refused() {
    let world = world().await;
    for (name, value) in [
        ("origin", "http://evil.example"),
        ("origin", "null"),
        ("host", "evil.example"),
        ("host", "evil.example:4566"),
        ("host", "127.0.0.1.evil.example"),
    ] {
        for (method, target) in [("GET", "/_tagproof/health"), ("POST", "/_tagproof/reset")] {
            let answer = world.plain(ask(method, target).header(name, value)).await;
            assert_eq!(answer.status, 403, "{name}: {value} {target}");
        }
    }
    for host in ["localhost:4566", "LOCALHOST", "[::1]:80", "localhost.localstack.cloud:4566"] {
        assert_eq!(world.plain(ask("GET", "/_tagproof/health").header("host", host)).await.status, 200, "{host}");
    }
}

/// A container calls its host by a name of its own.
#[tokio::test]
async fn elsewhere_than_on_loopback_names_count_as_well() {
    let server = Server::bind("0.0.0.0:0".parse().unwrap()).await.unwrap();
    assert!(server.url().starts_with("http://127.0.0.1:"), "{}", server.url());
    let log = std::sync::Arc::default();
    let hosted = crate::client::host(&server, "test", &log);
    let world = World { server, hosted, log };
    for (name, value, expected) in [
        ("host", "host.docker.internal", 200),
        ("host", "tagproof:4566", 200),
        ("host", "192.168.1.7:4566", 200),
        ("host", "evil.example:4566", 403),
        ("origin", "http://evil.example", 403),
    ] {
        let answer = world.plain(ask("GET", "/_tagproof/health").header(name, value)).await;
        assert_eq!(answer.status, expected, "{name}: {value}");
    }
}

#[tokio::test]
async fn reset_leaves_what_was_hosted() {
    let world = world().await;
    let ann = world.user("ann").await;
    assert_eq!(world.s3(&root(), ask("PUT", "/bucket")).await.status, 200);
    let login = basic("test:test");
    let reset = world.plain(ask("POST", "/_tagproof/reset").header("authorization", &login)).await;
    assert_eq!(reset.status, 200, "{}", reset.text());
    let list = world.s3(&root(), ask("GET", "/")).await;
    assert!(list.status == 200 && list.text().contains("<Buckets/>"), "{}", list.text());
    let gone = world.s3(&ann, ask("GET", "/")).await;
    assert_eq!(crate::client::element(&gone.text(), "Code"), "InvalidAccessKeyId");
}
