"""Training as it is used: one process, two, two machines, a worker that is killed; and the weights that come back to the library."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest
import wave

from test_models import ROOT, reference

TRAIN = os.path.join(ROOT, "bigger", "train.py")
TORCHRUN = [sys.executable, "-m", "torch.distributed.run"]
SMALL = "--units 48 --embedding 16 --batch 8 --window 32 --rate 0.005 --warm-up 10 --every 20 --device cpu".split()
ENVIRONMENT = os.environ | {"OMP_NUM_THREADS": "1", "PYTHONUNBUFFERED": "1"}
EVERY, STEPS = 20, 100


def export(*words):
    command = ["cargo", "run", "--quiet", "--", "export", *words]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)


def losses(path):
    """The mean surprise at each step; of a step that was made again the latest. And how often steps were made again."""
    found, again = {}, 0
    with open(path) as file:
        for line in file:
            about = json.loads(line)
            again += about["step"] in found
            found[about["step"]] = about["nats"]
    return found, again


def children(pid):
    with open(f"/proc/{pid}/task/{pid}/children") as file:
        return [int(child) for child in file.read().split()]


def end(process):
    """Ends torchrun and its workers, if they have not ended."""
    if process.poll() is None:
        process.terminate()  # it ends its workers
        try:
            process.wait(timeout=40)
        except subprocess.TimeoutExpired:
            process.kill()
    process.stdout.close()


class Trainings(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.folder = folder.name
        cls.shards = cls.at("shards")
        export(os.path.join(ROOT, "data", "tunes"), cls.shards, "--shard", "3000")
        cls.said = cls.train("one", [sys.executable], "--steps", str(STEPS))
        cls.expected, _ = losses(cls.at("one.losses"))

    @classmethod
    def at(cls, name):
        return os.path.join(cls.folder, name)

    @classmethod
    def command(cls, name, launcher, *words):
        files = ["--out", cls.at(f"{name}.safetensors"), "--losses", cls.at(f"{name}.losses")]
        return [*launcher, TRAIN, cls.shards, *files, *SMALL, *words]

    @classmethod
    def train(cls, name, launcher, *words):
        done = subprocess.run(cls.command(name, launcher, *words), env=ENVIRONMENT, capture_output=True, text=True)
        if done.returncode:
            raise AssertionError(done.stdout + done.stderr)
        return done.stdout

    def assert_same(self, name, steps=STEPS):
        found, again = losses(self.at(f"{name}.losses"))
        self.assertEqual(len(found), steps)
        worst = max(abs(found[step] - self.expected[step]) for step in found)
        print(f"{name}: the loss curve differs from that of one process by {worst:.1e} nats")
        self.assertLess(worst, 1e-4)
        return again

    def test_it_learns_and_the_library_hears_and_plays_it(self):
        first, last = self.expected[1], self.expected[STEPS]
        self.assertGreater(first, 3.5)
        self.assertLess(last, 2.7)
        nats = float(re.search(r"validation ([\d.]+) nats a symbol", self.said)[1])
        heard = json.loads(reference("hear", self.at("one.safetensors"), self.shards))
        self.assertAlmostEqual(heard["nats"], nats, delta=1e-4)
        self.assertGreater(heard["notes"], 3)

    def test_two_processes_with_half_the_batch_learn_as_one(self):
        launcher = [*TORCHRUN, "--standalone", "--nproc-per-node", "2"]
        self.train("two", launcher, "--steps", str(STEPS))
        self.assertEqual(self.assert_same("two"), 0)

    def test_a_killed_worker_costs_no_more_than_a_checkpoint(self):
        launcher = [*TORCHRUN, "--standalone", "--nproc-per-node", "2", "--max-restarts", "2", "--monitor-interval", "0.1"]
        running = subprocess.Popen(
            self.command("killed", launcher, "--steps", str(STEPS)), env=ENVIRONMENT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        self.addCleanup(end, running)
        path, deadline = self.at("killed.losses"), time.monotonic() + 60
        while not os.path.exists(path) or len(losses(path)[0]) < 45:
            self.assertLess(time.monotonic(), deadline, "it does not come to step 45")
            self.assertIsNone(running.poll(), "it ended before it could be killed")
            time.sleep(0.005)
        os.kill(children(running.pid)[-1], signal.SIGKILL)
        said, _ = running.communicate(timeout=60)
        self.assertEqual(running.returncode, 0, said)
        begun = re.search(r"going on after step (\d+)", said)
        self.assertIsNotNone(begun, said)
        self.assertGreaterEqual(int(begun[1]), 40)
        self.assertLessEqual(self.assert_same("killed"), EVERY)

    def test_two_machines_learn_as_one(self):
        if os.geteuid() or not shutil.which("ip"):
            self.skipTest("two network namespaces take `ip` and the rights of root")
        names = [f"aeolian-{os.getpid()}-{i}" for i in range(2)]
        links = [f"aeo{os.getpid() % 100000}{i}" for i in "ab"]

        def ip(*words):
            subprocess.run(["ip", *words], check=True, capture_output=True)

        try:
            for name in names:
                ip("netns", "add", name)
            ip("link", "add", links[0], "type", "veth", "peer", "name", links[1])
            for number, (name, link) in enumerate(zip(names, links), 1):
                ip("link", "set", link, "netns", name)
                ip("-n", name, "addr", "add", f"10.14.0.{number}/24", "dev", link)
                ip("-n", name, "link", "set", link, "up")
                ip("-n", name, "link", "set", "lo", "up")
        except (OSError, subprocess.CalledProcessError) as error:
            for name in names:
                subprocess.run(["ip", "netns", "del", name], capture_output=True)
            self.skipTest(f"no network namespaces here: {error}")
        machines = []
        try:
            for rank, (name, link) in enumerate(zip(names, links)):
                where = ["--nnodes", "2", "--node-rank", str(rank), "--master-addr", "10.14.0.1", "--master-port", "29514"]
                launcher = ["ip", "netns", "exec", name, *TORCHRUN, *where, "--nproc-per-node", "1"]
                environment = ENVIRONMENT | {"GLOO_SOCKET_IFNAME": link}
                command = self.command("machines", launcher, "--steps", str(STEPS))
                machines.append(subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True))
            said = [machine.communicate(timeout=90)[0] for machine in machines]
            self.assertEqual([machine.returncode for machine in machines], [0, 0], said)
        finally:
            for machine in machines:
                end(machine)
            for name in names:
                ip("netns", "del", name)
        self.assertEqual(self.assert_same("machines"), 0)

    def test_sound_is_learned_too(self):
        music, shards = self.at("sounds"), self.at("codes")
        for part, hertz in [("train", 200), ("valid", 250)]:
            os.makedirs(os.path.join(music, part))
            with wave.open(os.path.join(music, part, "tone.wav"), "wb") as file:
                file.setnchannels(1)
                file.setsampwidth(2)
                file.setframerate(8000)
                half = 4000 // hertz
                period = (9000).to_bytes(2, "little", signed=True) * half + (-9000).to_bytes(2, "little", signed=True) * half
                file.writeframes(period * (2000 // (2 * half)))
        export(music, shards, "--sounds")
        words = "--channels 8 --dilations 5 --often 1 --batch 1 --window 500 --steps 40 --rate 0.02 --warm-up 5 --every 20 --device cpu"
        out = self.at("sound.safetensors")
        command = [sys.executable, TRAIN, shards, "--out", out, *words.split()]
        done = subprocess.run(command, env=ENVIRONMENT, capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stderr)
        nats = float(re.search(r"validation ([\d.]+) nats a symbol", done.stdout)[1])
        self.assertLess(nats, 5.0)
        heard = json.loads(reference("hear", out, shards))
        self.assertAlmostEqual(heard["nats"], nats, delta=1e-4)

    def test_mixed_precision_learns_nearly_the_same(self):
        self.train("mixed", [sys.executable], "--steps", str(STEPS), "--precision", "bfloat16")
        found, _ = losses(self.at("mixed.losses"))
        worst = max(abs(found[step] - self.expected[step]) for step in found)
        print(f"bfloat16: the loss curve differs by at most {worst:.3f} nats")
        self.assertTrue(1e-5 < worst < 0.15, worst)

    def test_what_cannot_be_is_refused_with_a_reason(self):
        def refused(why, *words, shards=self.shards, launcher=(sys.executable,)):
            out = self.at("refused.safetensors")
            command = [*launcher, TRAIN, shards, "--out", out, *SMALL, *words]
            done = subprocess.run(command, env=ENVIRONMENT, capture_output=True, text=True)
            self.assertNotEqual(done.returncode, 0)
            self.assertIn(why, done.stdout + done.stderr)
            self.assertFalse(os.path.exists(out))

        refused("Give a folder that `cargo run -- export` has made", shards=self.folder)
        broken = self.at("broken")
        shutil.copytree(self.shards, broken)
        with open(os.path.join(broken, "train-00001.shard"), "ab") as file:
            file.truncate(100)
        refused("train-00001.shard: it is missing, or not of the", "--steps", "200", shards=broken)
        refused("training with other steps", "--steps", str(STEPS + 1), "--checkpoint", self.at("one.safetensors.checkpoint"))


if __name__ == "__main__":
    unittest.main()
