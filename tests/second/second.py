#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""second.py VERDICT TABLES TRIALS SEED: decides the same small worlds as VERDICT does, and says where the two differ.

The rules are written here a second time, by their text, and share nothing with the library but the tables of facts.  A difference
is a mistake on one side, or a rule that can be read in two ways.
"""
import collections
import json
import os
import random
import subprocess
import sys
import tempfile

from context import Tables
from decide import answer
from policy import Fault, parse
import worlds

BATCH, SHOWN = 500, 3


def ask(verdict, texts):
    """What the command decides, in order."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "worlds.json")
        with open(path, "w", encoding="utf-8") as f:
            f.write("[\n%s\n]\n" % ",\n".join(texts))
        command = [verdict, "test", "--format", "json", "--jobs", "1", path]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    results = json.loads(done.stdout)["results"] if done.stdout else []
    if len(results) != len(texts):
        sys.exit("%d answers to %d questions\n%s" % (len(results), len(texts), done.stderr))
    return [r["actual"]["decision"] for r in results]


def opinion(tables, text):
    try:
        return answer(tables, parse(text))
    except Fault:
        return "error"


def main(verdict, folder, trials, seed):
    random.seed(seed)
    tables, told, differ = Tables(folder), collections.Counter(), 0
    while sum(told.values()) < trials:
        count = min(BATCH, trials - sum(told.values()))
        texts = [worlds.dump(dict(worlds.scenario(), expect="allow")) for _ in range(count)]
        for text, theirs in zip(texts, ask(verdict, texts)):
            mine = opinion(tables, text)
            told[mine] += 1
            if mine != theirs:
                differ += 1
                if differ <= SHOWN:
                    print("here %s, verdict says %s: %s" % (mine, theirs, text))
    counts = ", ".join("%d %s" % (n, decision) for decision, n in sorted(told.items()))
    print("%d worlds: %s; %d differ" % (sum(told.values()), counts, differ))
    return differ != 0 or len(told) < 4


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])))
