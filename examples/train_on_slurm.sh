#!/bin/bash
# A training on several machines under SLURM: sbatch examples/train_on_slurm.sh
# SLURM starts one process a device (srun); Lightning finds out from SLURM's variables which is which, and connects them.
#SBATCH --job-name=transflower
#SBATCH --nodes=4
#SBATCH --ntasks-per-node=2
#SBATCH --gpus-per-node=2
#SBATCH --cpus-per-task=8
#SBATCH --time=12:00:00
#SBATCH --signal=SIGUSR1@180
#SBATCH --requeue
# Three minutes before the time is over Lightning saves, asks to be queued again, and goes on from there: it looks into
# default_root_dir, which therefore is one of this job alone (a job that is queued again keeps its number).
set -euo pipefail

srun transflower-train fit --config training/hparams/small/transflower.yaml --data.folder prepared \
    --trainer.num_nodes 4 --trainer.devices 2 --trainer.accelerator gpu --trainer.strategy ddp \
    --trainer.default_root_dir "training/experiments/job-$SLURM_JOB_ID" --trainer.enable_progress_bar false
