"""Answers the questions of a file with `tagproof who-can --batch`, in partitions, on Apache Spark."""

import argparse
import subprocess
import sys

import pandas as pd
from pyspark.sql import SparkSession


def answering(program, folder):
    """A function for `mapInPandas`: a partition's lines in, their answers out, each with its number."""

    def answer(frames):
        frames = list(frames)
        if not frames:
            return
        lines = pd.concat(frames).sort_values("number")
        done = subprocess.run(
            [program, "who-can", "--batch", "--iam-collect", folder],
            input="".join(line + "\n" for line in lines["line"]),
            capture_output=True,
            text=True,
        )
        answers = done.stdout.splitlines()
        # A line that cannot be answered has its error as its answer, and the exit code is 2.
        if done.returncode not in (0, 2) or len(answers) != len(lines):
            raise RuntimeError(f"{program} ended with {done.returncode}: {done.stderr}")
        yield pd.DataFrame({"number": lines["number"].to_list(), "answer": answers})

    return answer


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("questions")
    parser.add_argument("answers")
    parser.add_argument("--program", default="tagproof")
    parser.add_argument("--iam-collect", required=True)
    parser.add_argument("--partitions", type=int, default=4)
    parser.add_argument("--master", default="local-cluster[2,1,1024]")
    arguments = parser.parse_args()
    spark = SparkSession.builder.master(arguments.master).appName("who-can").getOrCreate()
    with open(arguments.questions, encoding="utf-8") as file:
        lines = [line.strip() for line in file if line.strip()]
    frame = spark.createDataFrame(list(enumerate(lines)), "number long, line string")
    frame = frame.repartitionByRange(arguments.partitions, "number")
    answers = frame.mapInPandas(answering(arguments.program, arguments.iam_collect), "number long, answer string")
    with open(arguments.answers, "w", encoding="utf-8") as file:
        for row in answers.orderBy("number").toLocalIterator():
            file.write(row["answer"] + "\n")
    spark.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
