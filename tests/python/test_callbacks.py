"""The loggers and callbacks for Lightning, Keras and Hugging Face, with the real packages where they are, else with their documented calls."""

from __future__ import annotations

import importlib.util
import os
import pickle
import sys
import types
import unittest
from pathlib import Path
from typing import Any, Dict, Iterator, List

from case import BookCase

IS_REAL = os.environ.get("DAYBOOK_REAL_FRAMEWORKS") == "1"


def has(*names: str) -> bool:
    """Whether the real packages are here and asked for: importing them takes seconds."""
    return IS_REAL and all(importlib.util.find_spec(name) is not None for name in names)


class StandIn(BookCase):
    """Puts small modules in the place of the real ones for one test."""

    def stand_in(self, name: str, **members: Any) -> types.ModuleType:
        for end in range(1, name.count(".") + 2):
            part = ".".join(name.split(".")[:end])
            if part not in sys.modules or not getattr(sys.modules[part], "is_stand_in", False):
                module = types.ModuleType(part)
                module.is_stand_in = True  # type: ignore[attr-defined]
                module.__path__ = []
                self.put(part, module)
        for member, value in members.items():
            setattr(sys.modules[name], member, value)
        return sys.modules[name]

    def put(self, name: str, module: types.ModuleType) -> None:
        before = sys.modules.get(name)
        sys.modules[name] = module
        parent, _, last = name.rpartition(".")
        if parent:
            setattr(sys.modules[parent], last, module)

        def back() -> None:
            if before is None:
                sys.modules.pop(name, None)
            else:
                sys.modules[name] = before

        self.addCleanup(back)

    def points(self, key: str) -> List[Dict[str, Any]]:
        """The history of a run without what is different each time."""
        return [
            {name: value for name, value in line.items() if name not in ("time", "_id", "_crc")}
            for line in self.lines(*key.split("/"), "metrics.jsonl")
        ]


class LightningTest(StandIn):
    def setUp(self) -> None:
        super().setUp()
        from daybook import lightning

        lightning._classes.clear()
        self.make = lightning.DaybookLogger

    def fake(self, rank: int = 0) -> None:
        class Logger:
            pass

        def rank_zero_only(function: Any) -> Any:
            def called(*args: Any, **kwargs: Any) -> Any:
                return function(*args, **kwargs) if rank == 0 else None

            return called

        rank_zero_only.rank = rank  # type: ignore[attr-defined]
        self.stand_in("lightning.pytorch.loggers.logger", Logger=Logger)
        self.stand_in("lightning.pytorch.utilities.rank_zero", rank_zero_only=rank_zero_only)

    def test_a_fit_as_lightning_calls_it(self) -> None:
        self.fake()
        logger = self.make("runs/a", tags=["x"], log_checkpoints=True)
        self.assertIsInstance(logger, sys.modules["lightning.pytorch.loggers.logger"].Logger)
        self.assertFalse((self.root / "runs").exists())
        logger.log_hyperparams({"lr": 0.1, "model": {"depth": 3}})
        logger.log_metrics({"train_loss": 0.5, "epoch": 0}, step=2)
        logger.log_metrics({"val_loss": 0.25, "epoch": 0}, 3)
        self.assertEqual(logger.save_dir, str(self.root / "runs/a"))
        (self.root / "a.ckpt").write_text("x")
        callback = types.SimpleNamespace(best_k_models={"a.ckpt": 0.25}, best_model_path="a.ckpt", last_model_path="")
        logger.after_save_checkpoint(callback)
        logger.after_save_checkpoint(callback)
        logger.finalize("success")
        main, beside = self.experiment("runs/a"), self.beside("runs/a")
        self.assertEqual((main["status"], main["tags"]), ("completed", ["x"]))
        self.assertEqual(beside["config"], {"lr": 0.1, "model": {"depth": 3}})
        self.assertEqual([(each["path"], each["tags"]) for each in beside["artifacts"]], [("a.ckpt", ["best"])])
        self.assertEqual(
            self.points("runs/a"), [{"step": 2, "epoch": 0, "train_loss": 0.5}, {"step": 3, "epoch": 0, "val_loss": 0.25}]
        )
        # A test behind the fit is still recorded.
        logger.log_metrics({"test_loss": 0.125}, 4)
        self.assertEqual(len(self.points("runs/a")), 3)

    def test_it_goes_to_spawned_processes(self) -> None:
        self.fake()
        logger = self.make("runs/a", tags=["x"])
        logger.log_metrics({"loss": 1.0}, 1)
        again = pickle.loads(pickle.dumps(logger))
        again.log_metrics({"loss": 0.5}, 2)
        logger.finalize("success")
        self.assertEqual([point["step"] for point in self.points("runs/a")], [1, 2])

    def test_how_it_ends(self) -> None:
        self.fake()
        for key, error, given, status in [
            ("runs/failed", ValueError("diverged"), "failed", "failed"),
            ("runs/aborted", KeyboardInterrupt(), "failed", "aborted"),
        ]:
            logger = self.make(key)
            logger.log_metrics({"loss": 1.0}, 1)
            try:
                raise error
            except BaseException:
                logger.finalize(given)
            self.assertEqual(self.experiment(key)["status"], status)
        self.assertIn("ValueError: diverged", self.beside("runs/failed")["error"])

    def test_other_processes_write_nothing(self) -> None:
        self.fake(rank=1)
        logger = self.make("runs/a")
        logger.log_hyperparams({"lr": 1})
        logger.log_metrics({"loss": 1.0}, 1)
        logger.finalize("success")
        self.assertIsNone(logger.experiment)
        self.assertIsNone(logger.save_dir)
        self.assertFalse((self.root / "runs").exists())

    @unittest.skipUnless(has("lightning", "torch"), "needs lightning")
    def test_the_real_one(self) -> None:
        import lightning as real  # type: ignore[import-not-found,unused-ignore]
        import torch  # type: ignore[import-not-found,unused-ignore]

        class Model(real.LightningModule):  # type: ignore[misc,name-defined,unused-ignore]
            def __init__(self, lr: float = 0.1, fail: bool = False) -> None:
                super().__init__()
                self.save_hyperparameters()
                self.layer = torch.nn.Linear(2, 1)

            def training_step(self, batch: Any, index: int) -> Any:
                loss = self.layer(batch[0]).pow(2).mean()
                self.log("train_loss", loss)
                if self.hparams.fail and index == 3:
                    raise ValueError("diverged")
                return loss

            def configure_optimizers(self) -> Any:
                return torch.optim.SGD(self.parameters(), lr=self.hparams.lr)

        data = torch.utils.data.DataLoader(torch.utils.data.TensorDataset(torch.randn(64, 2)), batch_size=8)

        def fit(key: str, model: Any) -> None:
            logger = self.make(key, log_checkpoints=True)
            options = {"enable_progress_bar": False, "enable_model_summary": False, "accelerator": "cpu"}
            real.Trainer(max_epochs=2, logger=logger, log_every_n_steps=2, **options).fit(model, data)

        fit("runs/a", Model())
        self.assertEqual(self.experiment("runs/a")["status"], "completed")
        self.assertEqual(self.beside("runs/a")["config"], {"lr": 0.1, "fail": False})
        self.assertEqual([point["step"] for point in self.points("runs/a")], [1, 3, 5, 7, 9, 11, 13, 15])
        (path,) = [each["path"] for each in self.beside("runs/a")["artifacts"]]
        self.assertRegex(path, r"^runs/a/checkpoints/epoch=1-step=16\.ckpt$")
        with self.assertRaises(ValueError):
            fit("runs/b", Model(fail=True))
        self.assertEqual(self.experiment("runs/b")["status"], "failed")
        self.assertIn("ValueError: diverged", self.beside("runs/b")["error"])


class KerasTest(StandIn):
    def setUp(self) -> None:
        super().setUp()
        from daybook import keras

        keras._classes.clear()
        self.make = keras.DaybookCallback

    def test_a_fit_as_keras_calls_it(self) -> None:
        class Callback:
            def __init__(self) -> None:
                self.params: Dict[str, Any] = {}
                self.model: Any = None

        self.stand_in("keras", callbacks=types.SimpleNamespace(Callback=Callback))
        callback = self.make("runs/a", every_batches=2)
        self.assertIsInstance(callback, Callback)
        callback.params = {"epochs": 2, "steps": 3, "verbose": 0}
        callback.model = types.SimpleNamespace(optimizer=types.SimpleNamespace(get_config=lambda: {"name": "sgd"}))
        callback.on_train_begin({})
        for epoch in range(2):
            for batch in range(3):
                callback.on_train_batch_end(batch, {"loss": 1.0})
            callback.on_epoch_end(epoch, {"loss": 0.5, "val_loss": 0.75})
        callback.on_train_end({})
        self.assertEqual(self.experiment("runs/a")["status"], "completed")
        self.assertEqual(self.beside("runs/a")["config"], {"epochs": 2, "steps": 3, "optimizer": {"name": "sgd"}})
        epochs = [point for point in self.points("runs/a") if "epoch" in point]
        self.assertEqual(epochs, [{"epoch": epoch, "loss": 0.5, "val_loss": 0.75} for epoch in range(2)])
        self.assertEqual([point["step"] for point in self.points("runs/a") if "step" in point], [2, 4, 6])

    @unittest.skipUnless(has("keras", "torch", "numpy"), "needs keras with torch")
    def test_the_real_one(self) -> None:
        os.environ.setdefault("KERAS_BACKEND", "torch")
        import keras as real  # type: ignore[import-not-found,unused-ignore]
        import numpy  # type: ignore[import-not-found,unused-ignore]

        model = real.Sequential([real.layers.Dense(1)])
        model.compile(optimizer=real.optimizers.SGD(0.01), loss="mse")
        x, y = numpy.ones((32, 2)), numpy.ones((32, 1))
        model.fit(x, y, epochs=3, validation_split=0.25, verbose=0, callbacks=[self.make("runs/a")])
        self.assertEqual([sorted(point) for point in self.points("runs/a")], [["epoch", "loss", "val_loss"]] * 3)
        self.assertEqual(self.experiment("runs/a")["total_epochs"], 3)
        self.assertEqual(self.beside("runs/a")["config"]["optimizer"]["name"], "sgd")


class HuggingFaceTest(StandIn):
    def setUp(self) -> None:
        super().setUp()
        from daybook import huggingface

        huggingface._classes.clear()
        self.make = huggingface.DaybookCallback

    def test_a_training_as_the_trainer_calls_it(self) -> None:
        class TrainerCallback:
            pass

        self.stand_in("transformers", TrainerCallback=TrainerCallback)
        callback = self.make("runs/a", log_checkpoints=True)
        self.assertIsInstance(callback, TrainerCallback)
        args = types.SimpleNamespace(output_dir="out", to_sanitized_dict=lambda: {"learning_rate": 0.1, "hub_token": "x"})
        state = types.SimpleNamespace(is_world_process_zero=True, global_step=2, epoch=0.5)
        callback.on_train_begin(args, state, None, model=None)
        callback.on_log(args, state, None, logs={"loss": 0.5, "epoch": 0.5, "note": "text"})
        (self.root / "out/checkpoint-2").mkdir(parents=True)
        (self.root / "out/checkpoint-2/model.bin").write_text("x")
        callback.on_save(args, state, None)
        callback.on_train_end(args, state, None)
        self.assertEqual(self.points("runs/a"), [{"step": 2, "epoch": 0.5, "loss": 0.5}])
        self.assertEqual(self.beside("runs/a")["config"], {"learning_rate": 0.1, "hub_token": "‹masked: secret›"})
        self.assertEqual([each["path"] for each in self.beside("runs/a")["artifacts"]], ["out/checkpoint-2"])
        self.assertEqual(self.experiment("runs/a")["status"], "completed")
        other = self.make("runs/b")
        other.on_train_begin(args, types.SimpleNamespace(is_world_process_zero=False), None)
        other.on_log(args, state, None, logs={"loss": 1.0})
        other.on_train_end(args, state, None)
        self.assertFalse((self.root / "runs/b").exists())

    @unittest.skipUnless(has("transformers", "torch", "accelerate"), "needs transformers, torch and accelerate")
    def test_the_real_one(self) -> None:
        import torch  # type: ignore[import-not-found,unused-ignore]
        import transformers as real  # type: ignore[import-not-found,unused-ignore]

        class Config(real.PretrainedConfig):  # type: ignore[misc,name-defined,unused-ignore]
            model_type = "tiny"

        class Model(real.PreTrainedModel):  # type: ignore[misc,name-defined,unused-ignore]
            config_class = Config

            def __init__(self, config: Any) -> None:
                super().__init__(config)
                self.layer = torch.nn.Linear(2, 1)
                self.post_init()

            def forward(self, x: Any = None, labels: Any = None) -> Any:
                found = self.layer(x)
                return {"loss": (found - labels).pow(2).mean(), "logits": found}

        data = [{"x": torch.randn(2), "labels": torch.randn(1)} for _ in range(32)]
        args = real.TrainingArguments(
            output_dir="out",
            num_train_epochs=2,
            per_device_train_batch_size=8,
            logging_steps=2,
            report_to=[],
            save_steps=4,
            use_cpu=True,
            disable_tqdm=True,
        )
        callback = self.make("runs/a", log_checkpoints=True)
        real.Trainer(model=Model(Config()), args=args, train_dataset=data, callbacks=[callback]).train()
        losses = [point for point in self.points("runs/a") if "loss" in point]
        self.assertEqual([point["step"] for point in losses], [2, 4, 6, 8])
        self.assertEqual(self.experiment("runs/a")["status"], "completed")
        self.assertEqual(len(self.beside("runs/a")["artifacts"]), 2)


class MissingTest(BookCase):
    def test_without_the_package_the_error_says_how_to_get_it(self) -> None:
        for module, name, package in (
            ("lightning", "DaybookLogger", "lightning"),
            ("keras", "DaybookCallback", "keras"),
            ("huggingface", "DaybookCallback", "transformers"),
        ):
            done = self.program(
                "import builtins, sys\nfrom daybook." + module + f" import {name}\n"
                "class Finder:\n"
                "    def find_spec(self, name, path=None, target=None):\n"
                "        if name.split('.')[0] in ('lightning', 'pytorch_lightning', 'keras', 'tensorflow', 'transformers'):\n"
                "            raise ImportError(name)\n"
                f"sys.meta_path.insert(0, Finder())\n{name}('runs/a')\n"
            )
            self.assertIn(f"pip install {package}", done.stderr)

    def test_nothing_of_them_is_imported_before_it_is_used(self) -> None:
        done = self.program(
            "import sys, daybook, daybook.lightning, daybook.keras, daybook.huggingface\n"
            "print([name for name in ('lightning', 'torch', 'keras', 'transformers', 'numpy') if name in sys.modules])"
        )
        self.assertEqual((done.stdout, done.stderr), ("[]\n", ""))


if __name__ == "__main__":
    unittest.main()
