use std::os::unix::fs::symlink;

use super::*;
use crate::versions::MOTO;

fn package() -> &'static Package {
    MOTO.package.as_ref().unwrap()
}

/// A whole one, as far as it is looked at.
fn whole(venv: &Venv<'_>) {
    fs::create_dir_all(venv.folder.join("bin")).unwrap();
    fs::write(venv.folder.join("complete"), package().requirements).unwrap();
    symlink(std::env::current_exe().unwrap(), venv.folder.join("bin/python")).unwrap();
}

#[test]
fn only_a_whole_one_with_the_right_versions_is_ready() {
    let check = |spoil: &dyn Fn(&Path), expected| {
        let cache = tempfile::tempdir().unwrap();
        let venv = Venv::new(&MOTO, package(), cache.path());
        whole(&venv);
        spoil(&venv.folder);
        assert_eq!(venv.state(), expected);
    };
    check(&|_| (), State::Ready);
    check(&|folder| fs::remove_dir_all(folder).unwrap(), State::Absent);
    check(&|folder| fs::remove_file(folder.join("complete")).unwrap(), State::Unusable("it is not whole"));
    check(&|folder| fs::write(folder.join("complete"), "").unwrap(), State::Unusable("it holds other versions"));
    check(
        &|folder| fs::write(folder.join("complete"), "moto==5.2.4\n").unwrap(),
        State::Unusable("it holds other versions"),
    );
    let dangling = |folder: &Path| {
        fs::remove_file(folder.join("bin/python")).unwrap();
        symlink("/nowhere/python3", folder.join("bin/python")).unwrap();
    };
    check(&dangling, State::Unusable("its Python is gone"));
    let file = |folder: &Path| {
        fs::remove_dir_all(folder).unwrap();
        fs::write(folder, "").unwrap();
    };
    check(&file, State::Unusable("it is not whole"));
}

#[tokio::test]
async fn a_whole_one_is_taken_without_a_word() {
    let cache = tempfile::tempdir().unwrap();
    let venv = Venv::new(&MOTO, package(), cache.path());
    whole(&venv);
    let python = venv.python(&|line| panic!("{line}")).await.unwrap();
    assert_eq!(python, cache.path().join("venvs/moto-5.2.5/bin/python"));
    venv.discard();
    assert_eq!(venv.state(), State::Unusable("it is not whole"));
}

#[test]
fn a_new_one_takes_the_place_of_what_was_there() {
    let check = |before: &dyn Fn(&Venv<'_>)| {
        let cache = tempfile::tempdir().unwrap();
        let venv = Venv::new(&MOTO, package(), cache.path());
        before(&venv);
        let aside = RunFolder::make(cache.path()).unwrap();
        fs::create_dir(aside.path().join("venv")).unwrap();
        fs::write(aside.path().join("venv/new"), "").unwrap();
        venv.put_in_place(aside.path()).unwrap();
        assert!(venv.folder.join("new").is_file() && !venv.folder.join("complete").exists());
    };
    check(&|_| ());
    check(&whole);
}

#[tokio::test]
async fn one_process_at_a_time_makes_one() {
    let cache = tempfile::tempdir().unwrap();
    let venv = Venv::new(&MOTO, package(), cache.path());
    let held = venv.lock(&|line| panic!("{line}")).await.unwrap();
    let (told, heard) = std::sync::mpsc::channel();
    let waiting = async {
        let progress = move |line: &str| told.send(line.to_owned()).unwrap();
        venv.lock(&progress).await.unwrap();
    };
    let releasing = async {
        while heard.try_recv().as_deref() != Ok("waiting for another process that installs from PyPI") {
            tokio::task::yield_now().await;
        }
        drop(held);
    };
    tokio::join!(waiting, releasing);
}
