"""Actions, calls that are tracked, and the settings of the book."""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import re
import threading

import daybook
from case import BookCase, forget, told


class ActionTest(BookCase):
    def log(self) -> "list[dict[str, object]]":
        return self.lines("snapshots", "action_log.jsonl")

    def setUp(self) -> None:
        super().setUp()
        forget()

    def test_an_action_is_a_line(self) -> None:
        id = daybook.action("deploy", target="production", count=3, nested={"a": [1, None]})
        (line,) = self.log()
        self.assertRegex(id or "", r"^action_\d{8}_\d{6}_\d{6}_[0-9a-f]{6}$")
        self.assertEqual([*line], ["snapshot_id", "snapshot_type", "timestamp", "source", "metadata", "action", "checksum"])
        inner = line["action"]
        assert isinstance(inner, dict)
        self.assertEqual([*inner], ["type", "status", "started_at", "details"])
        self.assertEqual(inner["details"], {"target": "production", "count": 3, "nested": {"a": [1, None]}})

    def test_statuses(self) -> None:
        with told() as said:
            daybook.action("a")
            daybook.action("b", status=" FAILED ")
            daybook.action("c", error=ValueError("x"))
            daybook.action("d", "crashed")
        words = [line["action"]["status"] for line in self.log()]  # type: ignore[index]
        self.assertEqual(words, ["completed", "failed", "failed", "crashed"])
        self.assertIn('"crashed" is no status', said.getvalue())

    def test_secrets_are_masked(self) -> None:
        token = "ghp" + "_" + "a1B2c3D4e5" * 4
        daybook.action(f"see {token}", password="hunter2", note=f"export API_KEY={token}", error=token, run=token)
        text = (self.root / "snapshots/action_log.jsonl").read_text("utf-8")
        self.assertNotIn(token, text)
        self.assertNotIn("hunter2", text)
        self.assertIn("‹masked: github token›", text)

    def test_settings_of_the_book(self) -> None:
        for text, expected in [
            ("redaction: off", "hunter2"),
            ("redaction:\n  mask: off", "hunter2"),
            ("redaction: {mask: on}", "‹masked: secret›"),
            ("redaction: [what", "‹masked: secret›"),
        ]:
            (self.root / "daybook.yaml").write_text(text)
            forget()
            daybook.action("a", password="hunter2")
            self.assertEqual(self.log()[-1]["action"]["details"]["password"], expected)  # type: ignore[index]
        (self.root / "daybook.yaml").write_text(
            "durability: batch\nactionFiles: true\nredaction:\n  keys: ['customer_number', other]\n"
        )
        forget()
        id = daybook.action("a", customerNumber="4711", other=3, plain=1)
        details = self.log()[-1]["action"]["details"]  # type: ignore[index]
        self.assertEqual(details, {"customerNumber": "‹masked: secret›", "other": "‹masked: secret›", "plain": 1})
        self.assertEqual(json.loads((self.root / f"snapshots/{id}.json").read_text("utf-8")), self.log()[-1])

    def test_settings_are_read_without_a_yaml_parser_too(self) -> None:
        from daybook._book import _without_yaml

        for text in (
            "redaction:\n  keys:\n    - customer_number\n    - 'other'\n  mask: off\nsite: {title: x}",
            'redaction: {keys: [customer_number, "other"], mask: off}',
            'durability: sync\n\nredaction:\n\n  # why\n  mask: "off"\n  keys: [customer_number, other] # ours\n',
        ):
            self.assertEqual(_without_yaml(text)["redaction"], {"mask": "off", "keys": ["customer_number", "other"]})
        self.assertEqual(_without_yaml("durability: 'sync'")["durability"], "sync")

    def test_large_details_go_to_a_blob(self) -> None:
        daybook.action("big", text="ä" * 40_000)
        details = self.log()[0]["action"]["details"]  # type: ignore[index]
        digest = details["$blob"].removeprefix("sha256:")
        data = (self.root / f"snapshots/blobs/{digest}.json").read_bytes()
        self.assertEqual((hashlib.sha256(data).hexdigest(), len(data)), (digest, details["bytes"]))
        self.assertEqual(json.loads(data), {"text": "ä" * 40_000})

    def test_odd_values_are_recorded(self) -> None:
        class Odd:
            def __str__(self) -> str:
                raise RuntimeError

        loop: "list[object]" = []
        loop.append(loop)
        with told() as said:
            self.assertIsNotNone(daybook.action("odd", odd=Odd(), half="\ud800", zero="\0", nan=float("nan"), loop=loop))
            self.assertIsNotNone(daybook.action("", x=1))
            self.assertIsNotNone(daybook.action("y" * 500))
        self.assertEqual(said.getvalue(), "")
        self.assertEqual([len(line["action"]["type"]) for line in self.log()], [3, 6, 200])  # type: ignore[index]

    def test_tracked_calls(self) -> None:
        @daybook.track
        def works(x: int) -> int:
            return x + 1

        @daybook.track("named", split="test")
        def fails() -> None:
            raise KeyError("gone")

        @daybook.track
        async def later() -> str:
            await asyncio.sleep(0)
            return "done"

        self.assertEqual((works(1), asyncio.run(later())), (2, "done"))
        with self.assertRaises(KeyError):
            fails()
        with daybook.tracking("block", {"a": 1}) as details:
            details["b"] = 2
        found = [line["action"] for line in self.log()]
        starts, ends = found[::2], found[1::2]
        self.assertEqual([each["status"] for each in starts], ["executing"] * 4)  # type: ignore[index]
        self.assertEqual([each["status"] for each in ends], ["completed", "completed", "failed", "completed"])  # type: ignore[index]
        self.assertEqual([each["id"] for each in starts], [each["id"] for each in ends])  # type: ignore[index]
        self.assertTrue(all(each["duration_ms"] >= 0 for each in ends))  # type: ignore[index]
        self.assertEqual(ends[3]["details"], {"a": 1, "b": 2})  # type: ignore[index]
        self.assertTrue(re.match(r"KeyError: 'gone' \(test_actions.py:\d+\)", ends[2]["error"]))  # type: ignore[index]
        self.assertEqual(works.__name__, "works")

    def test_threads_share_the_log(self) -> None:
        def work() -> None:
            for _ in range(100):
                daybook.action("t")

        threads = [threading.Thread(target=work) for _ in range(5)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(len({line["snapshot_id"] for line in self.log()}), 500)

    def test_git_and_ci_are_named(self) -> None:
        git = self.root / ".git"
        (git / "refs/heads").mkdir(parents=True)
        (git / "HEAD").write_text("ref: refs/heads/topic\n")
        (git / "refs/heads/topic").write_text("a" * 40 + "\n")
        before = os.environ.copy()
        os.environ.update(
            DAYBOOK_ACTION="outer", GITHUB_ACTIONS="true", GITHUB_SERVER_URL="https://g", GITHUB_REPOSITORY="a/b", GITHUB_RUN_ID="7"
        )
        try:
            daybook.action("a")
        finally:
            os.environ.clear()
            os.environ.update(before)
        source = self.log()[0]["source"]
        assert isinstance(source, dict)
        self.assertEqual((source["commit"], source["branch"]), ("a" * 40, "topic"))
        self.assertEqual(source["action"], "outer")
        self.assertEqual((source["ci"], source["url"]), ("github-actions", "https://g/a/b/actions/runs/7"))
