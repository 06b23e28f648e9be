//! Requests that are a container's own command.

use std::sync::Arc;

use matrix::{ExitCode, Outcome, Results};
use runner::{Images, Launcher, On, Stop};
use wire::Server;

use crate::kit::loaded;

async fn run(launcher: Option<Arc<Launcher>>) -> Results {
    let server = Server::bind("127.0.0.1:0".parse().unwrap()).await.unwrap();
    runner::run(&loaded("commands"), On::Embedded(&server, launcher.as_ref()), Arc::new(|_| ()), &Stop::default())
        .await
        .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_outcome_is_what_became_of_the_task() {
    let mut images = Images::default();
    images.map("shell", "sh");
    let results = run(Some(Arc::new(Launcher::process(images, Arc::new(|_: &str| {}))))).await;
    let main = |caller: usize| results.cell(0, caller, 0).unwrap();
    let task = |caller: usize| main(caller).task.clone().unwrap();

    assert_eq!((&main(0).outcome, task(0).output.as_str()), (&Outcome::Allowed, "hello to OK\n"));
    assert_eq!(task(0).exit_code, Some(0));

    let failed = Outcome::CommandFailed { exit_code: ExitCode(Some(3)), message: "http://ENDPOINT".to_owned() };
    assert_eq!((&main(1).outcome, task(1).output.as_str()), (&failed, "one\nhttp://ENDPOINT\n"));
    assert_eq!(task(1).stopped_reason, "Essential container in task exited");

    let why = "no program stands for the image other:1: say which with --image other=PROGRAM";
    assert_eq!(main(2).outcome, Outcome::NotRun { why: why.to_owned() });
    assert_eq!(results.not_run(), Some((1, why)));

    let Outcome::NotStarted { message, .. } = &main(3).outcome else { panic!("{:?}", main(3).outcome) };
    assert!(message.starts_with("ResourceInitializationError: unable to pull secrets"), "{message}");

    // Each cell is asked of the world as it was: tasks that have run are at their beginning again.
    for caller in 0..4 {
        assert_eq!(results.cell(0, caller, 1).unwrap().outcome, Outcome::Allowed);
    }
    assert!(!results.ok(), "what failed is not as expected");
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_launcher_they_are_left_out() {
    let results = run(None).await;
    assert_eq!(results.not_run().map(|(cells, _)| cells), Some(4));
    assert!(results.ok(), "the others are as expected");
    let predicted = matrix::predict(&loaded("commands")).unwrap();
    assert_eq!(predicted.not_run(), results.not_run());
}
