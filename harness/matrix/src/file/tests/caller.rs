//! The callers, steps and brokers of a file.

use super::*;

#[test]
fn a_caller_is_exactly_one_kind() {
    check(
        "{user: ann}",
        "{}",
        &["15:8 NO_CALLER_KIND caller `ann` does not say who it is \
         (give it `task: LOGICAL_ID`, `user: NAME`, `assume: ROLE` or `captured: CALLER`)"],
    );
    // The first guess of many: one error, with what was meant.
    check(
        "{user: ann}",
        "{role: Worker, by: deployer, tags: {team: billing}}",
        &["15:9 UNKNOWN_KEY caller `ann` has no key `role` (did you mean `assume: Worker`?)"],
    );
    check("{user: ann}", "{usr: ann}", &["15:9 UNKNOWN_KEY caller `ann` has no key `usr` (did you mean `user: ann`?)"]);
    check(
        "by: ok, session-tags: {Status: OK}",
        "by: ok, tags: {Status: OK}",
        &["16:37 UNKNOWN_KEY caller `chained` has no key `tags` (did you mean `session-tags`?)"],
    );
    check(
        "{user: ann}",
        "{user: ann, task: Task}",
        &[
            "15:8 TWO_CALLER_KINDS caller `ann` is more than one of a task, a user, a role session and a captured request (keep one of `task`, `user`)",
        ],
    );
    check(
        "by: ok,",
        "by: chained,",
        &["16:12 CALLER_RING caller `chained` would have to assume its role as itself \
         (`by` must lead to a task or a user)"],
    );
}

#[test]
fn a_captured_request_is_another_callers() {
    check(
        "{user: ann}",
        "{captured: okk, signed-for: nobody}",
        &[
            "15:19 UNKNOWN_CALLER there is no caller `okk` (did you mean `ok`?)",
            "15:36 UNKNOWN_WORD `signed-for` must be one of `broker` and `elsewhere`, not `nobody`",
        ],
    );
    check("{user: ann}", "{captured: ok}", &["15:8 MISSING_KEY caller `ann` needs the key `signed-for`"]);
    check(
        "{user: ann}",
        "{captured: ann, signed-for: broker}",
        &["15:8 CALLER_RING caller `ann` would have to be there before itself \
         (the callers that it names must not need it)"],
    );
}

#[test]
fn a_call_before_something_is_one_that_can_be_made() {
    check(
        "  ok: {task: Task, tags: {Status: OK}}",
        "  ok: {task: Task, before: [{by: okk, call: ecs:TagResource, resourceArn: ok}]}",
        &["14:29 MISSING_PARAMETER `ecs:TagResource` needs the parameter `tags` (add `tags: …`)"],
    );
    check(
        "head: {call: s3:HeadObject,",
        "head: {before: {call: ecs:StopTask}, call: s3:HeadObject,",
        &["18:18 WRONG_TYPE `before` must be a list, not a mapping (write `[{…}]`)"],
    );
    // What the task itself does is no ring; what needs it is one.
    let itself = "  ok: {task: Task, before: [{by: ok, call: ecs:StopTask, task: ok}]}";
    sound(&SOUND.replace("  ok: {task: Task, tags: {Status: OK}}", itself));
    check(
        "  ok: {task: Task, tags: {Status: OK}}",
        "  ok: {task: Task, before: [{by: chained, call: ecs:StopTask, task: ok}]}",
        &[
            "14:7 CALLER_RING caller `ok` would have to be there before itself \
             (the callers that it names must not need it)",
            "16:12 CALLER_RING caller `chained` would have to assume its role as itself \
             (`by` must lead to a task or a user)",
        ],
    );
}

#[test]
fn a_broker_says_what_it_needs_in_known_words() {
    check(
        "    given: {buckets: {box: {abac: true}}}",
        "    broker: {user: u, role: R, binds: once, needs: {tag: {}, last-status: UP}}",
        &[
            "12:39 UNKNOWN_WORD `binds` must be one of `nonce`, `audience` and `unsigned-audience`, not `once` \
             (did you mean `nonce`?)",
            "12:53 UNKNOWN_KEY `needs` has no key `tag` (did you mean `tags`?)",
            "12:75 UNKNOWN_WORD `last-status` must be one of `PROVISIONING`, `PENDING`, `ACTIVATING`, `RUNNING`, \
             `DEACTIVATING`, `STOPPING`, `DEPROVISIONING`, `STOPPED` and `DELETED`, not `UP`",
        ],
    );
    let whole = "    broker: {user: u, role: R, task-role: T, cluster: c, needs: {tags: {k: v}, last-status: RUNNING}, \
                 binds: audience}";
    assert_eq!(
        sound(&SOUND.replace("    given: {buckets: {box: {abac: true}}}", whole)).options[1].changes,
        ["tasks get a session of R from user u, if they are sessions of T, in cluster c, RUNNING, tagged k=v, \
         and have signed its name"]
    );
}
