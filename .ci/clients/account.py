"""The emulated account, served by the real program, for the clients under test."""

import base64
import json
import os
import pathlib
import subprocess
import sys
import urllib.request

import boto3
from botocore.config import Config

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
BINARY = pathlib.Path(os.environ.get("TAGPROOF", REPOSITORY / "target/debug/tagproof"))
ACCOUNT = "123456789012"
REGION = "ap-northeast-1"

TASKS_MAY_ASSUME = {
    "Statement": [
        {"Effect": "Allow", "Principal": {"Service": "ecs-tasks.amazonaws.com"}, "Action": "sts:AssumeRole"}
    ]
}


class Account:
    """`tagproof serve` on a port of the system's choice, stopped at the end."""

    def __init__(self, *options, **variables):
        self.options = options
        self.environment = os.environ | variables

    def __enter__(self):
        command = [BINARY, "serve", "--port", "0", *self.options]
        self.process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=self.environment
        )
        printed = [self.process.stdout.readline() for _ in range(5)]
        self.variables = dict(line.removeprefix("export ").strip().split("=", 1) for line in printed)
        self.url = self.variables["AWS_ENDPOINT_URL"]
        return self

    def __exit__(self, *_):
        self.process.terminate()
        code = self.process.wait(timeout=10)
        self.process.stdout.close()
        assert code == 0, f"serve ended with {code} when asked to stop"

    def client(self, service, key=None, secret=None, token=None, **config):
        return boto3.client(
            service,
            endpoint_url=self.url,
            region_name=REGION,
            aws_access_key_id=key or self.variables["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=secret or self.variables["AWS_SECRET_ACCESS_KEY"],
            aws_session_token=token,
            config=Config(retries={"max_attempts": 1}, **config),
        )

    def role(self, name, *statements, trust=TASKS_MAY_ASSUME, tags=()):
        """A role with one inline policy."""
        iam = self.client("iam")
        tags = [{"Key": key, "Value": value} for key, value in dict(tags).items()]
        role = iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(trust), Tags=tags)["Role"]
        if statements:
            document = json.dumps({"Statement": list(statements)})
            iam.put_role_policy(RoleName=name, PolicyName="inline", PolicyDocument=document)
        return role["Arn"]

    def user(self, name, *statements):
        """A user with one inline policy; gives the user's ARN and the two parts of a key."""
        iam = self.client("iam")
        user = iam.create_user(UserName=name)["User"]
        document = json.dumps({"Statement": list(statements)})
        iam.put_user_policy(UserName=name, PolicyName="inline", PolicyDocument=document)
        key = iam.create_access_key(UserName=name)["AccessKey"]
        return user["Arn"], key["AccessKeyId"], key["SecretAccessKey"]

    def task(self, family, role, **tags):
        """A Fargate task; gives its ARN and the environment its container would have."""
        ecs = self.client("ecs")
        ecs.create_cluster(clusterName="default")
        ecs.register_task_definition(
            family=family,
            taskRoleArn=role,
            cpu="256",
            memory="512",
            networkMode="awsvpc",
            requiresCompatibilities=["FARGATE"],
            containerDefinitions=[{"name": "Test", "image": "public.ecr.aws/aws-cli/aws-cli"}],
        )
        started = ecs.run_task(
            taskDefinition=family,
            launchType="FARGATE",
            networkConfiguration={"awsvpcConfiguration": {"subnets": ["subnet-1"]}},
            tags=[{"key": key, "value": value} for key, value in tags.items()],
        )
        arn = started["tasks"][0]["taskArn"]
        return arn, self.container(arn.rsplit("/", 1)[1])

    def container(self, task):
        """The variables by which a program in the task's container finds its credentials."""
        login = f"{self.variables['AWS_ACCESS_KEY_ID']}:{self.variables['AWS_SECRET_ACCESS_KEY']}"
        authorization = {"Authorization": "Basic " + base64.b64encode(login.encode()).decode()}
        request = urllib.request.Request(f"{self.url}/_tagproof/tasks/{task}/environment", headers=authorization)
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.load(answer)

    def aws(self, *arguments, environment):
        """Runs the AWS CLI of this interpreter's environment with nothing of the user's own settings."""
        return self.run([pathlib.Path(sys.executable).with_name("aws"), *arguments], environment)

    def run(self, command, environment):
        """Runs a program as in a container: with nothing of the user's own settings."""
        with self.start(command, environment) as process:
            stdout, stderr = process.communicate(timeout=60)
        return subprocess.CompletedProcess(command, process.returncode, stdout, stderr)

    def start(self, command, environment):
        clean = {
            "PATH": os.environ["PATH"],
            "HOME": "/nonexistent",
            "AWS_ENDPOINT_URL": self.url,
            "AWS_REGION": REGION,
            "AWS_DEFAULT_REGION": REGION,
            "AWS_EC2_METADATA_DISABLED": "true",
        }
        return subprocess.Popen(
            command, env=clean | environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
