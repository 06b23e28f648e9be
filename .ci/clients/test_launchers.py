"""An account that runs the containers of its tasks: RunTask, logs, StopTask, and the end of it all, by the AWS CLI."""

import json
import os
import pathlib
import shutil
import subprocess
import sys
import time
import unittest

from account import Account

IMAGE = "public.ecr.aws/aws-cli/aws-cli"
SCRIPT = """
trap 'echo stopping; exit 9' TERM
aws sts get-caller-identity --query Arn --output text
while :; do echo tick; sleep 1; done
"""
LOGS = {"Effect": "Allow", "Action": "logs:*", "Resource": "*"}


class Tasks:
    """What holds of each launcher."""

    options = ()
    image = IMAGE

    def setUp(self):
        # Where this interpreter's AWS CLI is: a process finds it on the PATH of whoever serves.
        path = f"{pathlib.Path(sys.executable).parent}:{os.environ['PATH']}"
        self.account = self.enterContext(Account("--launcher", *self.options, PATH=path))
        self.aws("ecs", "create-cluster")
        self.aws("logs", "create-log-group", "--log-group-name", "g")
        role = self.account.role("task-role", LOGS)
        log = {"awslogs-group": "g", "awslogs-region": "us-east-1", "awslogs-stream-prefix": "p"}
        container = {
            "name": "c",
            "image": self.image,
            "entryPoint": ["bash", "-c"],
            "command": [SCRIPT],
            "logConfiguration": {"logDriver": "awslogs", "options": log},
        }
        self.aws(
            *("ecs", "register-task-definition", "--family", "f", "--memory", "512"),
            *("--task-role-arn", role, "--execution-role-arn", role),
            *("--container-definitions", json.dumps([container])),
        )

    def aws(self, *arguments):
        root = {name: self.account.variables[name] for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")}
        region = {"AWS_REGION": "us-east-1", "AWS_DEFAULT_REGION": "us-east-1"}
        done = self.account.aws(*arguments, "--output", "json", environment=root | region)
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads(done.stdout or "null")

    def run_task(self):
        return self.aws("ecs", "run-task", "--task-definition", "f")["tasks"][0]["taskArn"]

    def describe(self, task):
        return self.aws("ecs", "describe-tasks", "--tasks", task)["tasks"][0]

    def log(self, task):
        stream = "p/c/" + task.rsplit("/", 1)[1]
        events = self.aws("logs", "get-log-events", "--log-group-name", "g", "--log-stream-name", stream)["events"]
        return [event["message"] for event in events]

    def wait(self, what, until):
        deadline = time.monotonic() + 90
        while not until():
            self.assertLess(time.monotonic(), deadline, what)
            time.sleep(0.2)

    def test_a_task_runs_logs_and_stops(self):
        task = self.run_task()
        self.wait("it runs", lambda: self.describe(task)["lastStatus"] == "RUNNING")
        self.wait("its log is read while it runs", lambda: "tick" in self.log(task))
        session = task.rsplit("/", 1)[1]
        self.assertEqual(self.log(task)[0], f"arn:aws:sts::123456789012:assumed-role/task-role/{session}")
        self.aws("ecs", "stop-task", "--task", task)
        self.wait("it stops", lambda: self.describe(task)["lastStatus"] == "STOPPED")
        described = self.describe(task)
        self.assertEqual((described["stopCode"], described["containers"][0]["exitCode"]), ("UserInitiated", 9))
        self.assertEqual(self.log(task)[-1], "stopping")

    def test_with_the_account_all_ends(self):
        task = self.run_task()
        self.wait("it runs", lambda: self.describe(task)["lastStatus"] == "RUNNING")
        self.account.process.terminate()
        self.account.process.wait(timeout=20)
        self.wait("nothing is left", lambda: not self.left())


class Processes(Tasks, unittest.TestCase):
    options = ("process", "--image", f"{IMAGE}=aws")

    def left(self):
        return [line for line in subprocess.getoutput("ps -eo args").splitlines() if "echo stopping; exit 9" in line]


@unittest.skipUnless(os.environ.get("TAGPROOF_DOCKER") and shutil.which("docker"), "needs TAGPROOF_DOCKER and Docker")
class Containers(Tasks, unittest.TestCase):
    options = ("docker",)

    def left(self):
        ours = "label=tagproof.owner"
        return subprocess.getoutput(f"docker ps -aq --filter {ours}; docker network ls -q --filter {ours}")


if __name__ == "__main__":
    unittest.main()
