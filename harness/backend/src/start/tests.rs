use super::*;
use crate::versions::MOTO;

fn options() -> Options {
    Options::with_cache("/nowhere/at/all".into())
}

async fn refused(backend: Backend, options: Options) -> String {
    start(&backend, &options, &|_| ()).await.map(|running| running.label).unwrap_err().to_string()
}

#[tokio::test]
async fn the_embedded_account_is_a_backend_like_others() {
    let running = start(&Backend::Embedded, &options(), &|line| panic!("{line}")).await.unwrap();
    running.check().await.unwrap();
    assert_eq!((running.root.id.as_str(), running.label.as_str()), ("test", "embedded"));
    assert_eq!(running.last_log_lines(5).await, Vec::<String>::new());

    // And an endpoint to everybody who is not in its process.
    let backend: Backend = running.url.parse().unwrap();
    let endpoint = start(&backend, &options(), &|line| panic!("{line}")).await.unwrap();
    endpoint.check().await.unwrap();
    let url = running.url.clone();
    running.stop().await.unwrap();
    let error = endpoint.check().await.unwrap_err().to_string();
    assert!(error.starts_with(&format!("endpoint {url}: it gives no answer: ")), "{error}");
    endpoint.stop().await.unwrap();
}

#[tokio::test]
async fn nobody_at_an_endpoint_is_said() {
    let free = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let error = refused(Backend::Endpoint { url: format!("http://{free}") }, options()).await;
    assert!(error.starts_with(&format!("endpoint http://{free}: it gives no answer: ")), "{error}");
    assert!(error.contains("refused") && error.contains("help: "), "{error}");
}

#[tokio::test]
async fn what_cannot_be_had_is_refused_before_anything_is_started() {
    let version = |version: &str| Options { version: Some(version.to_owned()), ..options() };
    let token = "LocalStack 2026.3.0 (container): LocalStack after 4.14.0 does not start without a token\n  help: \
                 set LOCALSTACK_AUTH_TOKEN, or take the version that is the default";
    assert_eq!(refused(Backend::Localstack, version("2026.3.0")).await, token);
    let container = "LocalStack 4.14.0 (process): LocalStack runs in a container only\n  help: start Docker, and \
                     let it run there";
    assert_eq!(refused(Backend::Localstack, Options { way: Way::Process, ..options() }).await, container);
    let other = "moto 5.1.0 (process): as a process moto runs in version 5.2.5 only\n  help: start Docker for \
                 another version";
    assert_eq!(refused(Backend::Moto, Options { way: Way::Process, ..version("5.1.0") }).await, other);
}

#[test]
fn emulators_are_told_whether_to_enforce_and_for_whom() {
    let check = |emulator, enforcement, token: Option<&str>, expected: &[(&str, &str)]| {
        let options = Options { enforcement, localstack_token: token.map(str::to_owned), ..options() };
        let environment = Start { emulator, options: &options, version: "" }.environment();
        let found: Vec<_> = environment.iter().map(|(name, value)| (*name, value.as_str())).collect();
        assert_eq!(found, expected);
    };
    use Enforcement::{Off, On};
    check(&MOTO, On, Some("t"), &[("MOTO_ACCOUNT_ID", "123456789012")]);
    check(&MINISTACK, On, Some("t"), &[("AUTH", "true")]);
    check(&MINISTACK, Off, None, &[("AUTH", "false")]);
    check(&LOCALSTACK, Off, None, &[("DISABLE_EVENTS", "1"), ("ENFORCE_IAM", "0")]);
    let on = [("DISABLE_EVENTS", "1"), ("LOCALSTACK_AUTH_TOKEN", "t"), ("ENFORCE_IAM", "1")];
    check(&LOCALSTACK, On, Some("t"), &on);
}

#[test]
fn a_missing_part_is_told_from_other_ends() {
    for (line, lacks) in [
        ("ModuleNotFoundError: No module named 'flask'", true),
        ("ImportError: cannot import name 'x' from 'y'", true),
        ("OSError: [Errno 98] Address already in use", false),
        ("INFO no ImportError here", false),
    ] {
        assert_eq!(lacks_a_part(line), lacks, "{line}");
    }
}
