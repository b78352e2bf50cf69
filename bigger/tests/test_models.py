"""The modules say what the library says, numbers that it has written just now; and a file goes through them unchanged."""

import json
import os
import subprocess
import sys
import tempfile
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path.insert(0, os.path.dirname(HERE))

import torch  # noqa: E402
from safetensors import safe_open  # noqa: E402
from weights import load, save  # noqa: E402


def reference(*told):
    command = ["cargo", "run", "--quiet", "--example", "reference-bigger", "--", *told]
    return subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout


class Models(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.folder.cleanup)
        reference("write", cls.folder.name)
        cls.names = sorted(name[:-5] for name in os.listdir(cls.folder.name) if name.endswith(".json"))

    def path(self, name):
        return os.path.join(self.folder.name, name)

    def test_they_say_what_the_library_says(self):
        self.assertEqual(len(self.names), 6)
        for name in self.names:
            model, _ = load(self.path(f"{name}.safetensors"))
            with open(self.path(f"{name}.json")) as file:
                expected = json.load(file)
            said = torch.tensor(expected["said"])
            heard = torch.tensor([[model.begin, *expected["heard"][:-1]]])
            told = {"told": torch.tensor([expected["told"]])} if getattr(model, "conditions", 0) else {}
            model.eval()
            with torch.inference_mode():
                once, _ = model(heard, model.memory(1), **told)
                # In three windows, with the memory carried.
                memory, parts = model.memory(1), []
                for part in range(3):
                    of = slice(16 * part, 16 * part + 16)
                    logits, memory = model(heard[:, of], memory, **{key: value[:, of] for key, value in told.items()})
                    parts.append(logits)
            for logits in [once, torch.cat(parts, 1)]:
                difference = (logits[0].log_softmax(-1) - said).abs().max().item()
                self.assertLess(difference, 1e-5, name)

    def test_a_file_goes_through_unchanged(self):
        for name in self.names:
            before = self.path(f"{name}.safetensors")
            model, entries = load(before)
            after = self.path("again.weights")
            save(model, after, entries | {"alphabet": "C4 | 1"})
            files = [safe_open(path, framework="pt") for path in (before, after)]
            abouts = [json.loads(file.metadata()["aeolian"]) for file in files]
            self.assertEqual(*abouts)
            self.assertEqual(files[1].metadata()["alphabet"], "C4 | 1")
            self.assertEqual(*(sorted(file.keys()) for file in files))
            for key in files[0].keys():
                self.assertTrue(torch.equal(*(file.get_tensor(key) for file in files)), f"{name}: {key}")

    def test_what_is_no_such_file_is_refused_by_name(self):
        path = self.path("wrong")
        with open(self.path("lstm.safetensors"), "rb") as file:
            whole = file.read()
        for content in [b"", b"no weights at all", whole[:-5]]:
            with open(path, "wb") as file:
                file.write(content)
            with self.assertRaisesRegex(SystemExit, "wrong: these weights cannot be read"):
                load(path)


if __name__ == "__main__":
    unittest.main()
