#!/usr/bin/env bash
# The learning-rate finder of pytorch-lightning 2.6.6 (`Tuner.lr_find`) and losses whose curve is known:
#
# - A loss below zero, as a normalizing flow's likelihood per dimension is, ends the search after two batches without a
#   word, and the suggestion is None: "four times the best loss" is the limit, and four times -0.7 lies below -0.7.
#   `early_stop_threshold=None` mends it.
# - A loss that is 1 all the time is reported as 0.505, 0.673, 0.758, ... 0.997: the correction of the running mean counts
#   one batch too many, so every curve begins with a climb to twice its first value. The limit, too, is in truth about
#   twice the first loss, not four times.
#
# Seen with torch 2.13.0 on a processor: losses of -1: 2 points, suggestion None, with no limit 100 points; losses of 1:
# the numbers above. This script fails when that changes. It needs Python 3.10 or newer.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/v"
"$folder/v/bin/python" -m pip install --quiet --disable-pip-version-check pytorch-lightning==2.6.6 torch==2.13.0 numpy >&2

cd "$folder"
"$folder/v/bin/python" -W ignore - 2>/dev/null <<'PY'
import pytorch_lightning as lightning
import torch
from pytorch_lightning.tuner import Tuner


class Constant(lightning.LightningModule):
    def __init__(self, loss):
        super().__init__()
        self.weight, self.lr, self.loss = torch.nn.Parameter(torch.zeros(())), 1e-3, loss

    def training_step(self, batch, index):
        return self.loss + 0.0 * self.weight

    def configure_optimizers(self):
        return torch.optim.SGD(self.parameters(), lr=self.lr)


def search(loss, **options):
    trainer = lightning.Trainer(
        accelerator="cpu", logger=False, enable_progress_bar=False, enable_checkpointing=False, enable_model_summary=False
    )
    batches = torch.utils.data.DataLoader(torch.zeros(200, 1), batch_size=1)
    found = Tuner(trainer).lr_find(Constant(loss), batches, **options)
    return found.results["loss"], found.suggestion()


losses, suggestion = search(-1.0)
print(f"loss -1: {len(losses)} points, suggestion {suggestion}")
assert len(losses) == 2 and suggestion is None
losses, _ = search(-1.0, early_stop_threshold=None)
print(f"loss -1, no limit: {len(losses)} points")
assert len(losses) == 100
losses, _ = search(1.0)
print("loss 1:", [round(loss, 3) for loss in losses[:3]], "...", round(losses[-1], 3))
assert [round(loss, 3) for loss in losses[:3]] == [0.505, 0.673, 0.758]
assert len(losses) == 100 and 0.99 < losses[-1] < 1.0
PY
